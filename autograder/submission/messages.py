"""Sentences about files: labels, notes, and why one cannot be read: a code with fields, and two sentences for each.

Of the two, one is for a student who has handed the file in, the other for one who still has it: `check` reads by the
same rules.
"""

from __future__ import annotations

from enum import Enum

from autograder.language.current import translatable

translatable(__name__)


class Problem(Enum):
    """What is wrong with a file, and how it is said."""

    submitted: str
    own_file: str

    def __init__(self, submitted: str, own_file: str) -> None:
        self.submitted = submitted
        self.own_file = own_file

    NOTHING_THERE = (
        "There is no {assignment}.ipynb and no {assignment}.py, for the folder is empty: hand in your notebook.",
        "There is no {assignment}.ipynb and no {assignment}.py.",
    )
    OTHER_NAMES = (
        "There is no {assignment}.ipynb and no {assignment}.py. The folder holds {others}: rename your file.",
        "{assignment} holds {others}, and no {renamed}: rename your file to {renamed}.",
    )
    HOLDS_ANOTHER = (
        "There is no {assignment}.ipynb and no {assignment}.py. {file} answers {questions} of {other}: "
        "hand in your work on {assignment}.",
        "There is no {assignment}.ipynb and no {assignment}.py. {file} answers {questions} of {other}.",
    )
    SEVERAL = (
        "Which file is your work on {assignment}? There are {files}: keep one of them, as {assignment}.ipynb (or .py), "
        "and hand it in again.",
        "Which file is your work on {assignment}? There are {files}: keep one of them, as {assignment}.ipynb (or .py).",
    )
    NOT_LOOKED_AT = (
        "{file} (and {more} more) was not looked at, for there are too many files, or some take too long: "
        "keep one of them, and hand it in again.",
        "{file} (and {more} more) was not looked at, for there are too many files, or some take too long: "
        "keep one of them.",
    )
    NO_FOLDER = (
        "{assignment} is a link or a file where a folder is expected: hand in a folder with your file in it.",
        "{assignment} is a link or a file where a folder is expected: put your file into a folder.",
    )
    NO_WORK = (
        "There is no {assignment}.ipynb and no {assignment}.py. The folder holds {others}: "
        "hand in the notebook itself.",
        "There is no {assignment}.ipynb and no {assignment}.py. The folder holds {others}.",
    )
    LINK = (
        "{file} is a link; hand in the file itself.",
        "{file} is a link; use the file itself.",
    )
    CANNOT_OPEN = (
        "{file} cannot be opened ({reason}).",
        "{file} cannot be opened ({reason}).",
    )
    NOT_A_FILE = (
        "{file} is not a file; hand in the notebook itself.",
        "{file} is not a file; use the notebook itself.",
    )
    TOO_LARGE = (
        "{file} has {size_mb} MB, more than the {limit_mb} MB that are read: "
        "clear its outputs (Edit, Clear Outputs of All Cells), save, and hand it in again.",
        "{file} has {size_mb} MB, more than the {limit_mb} MB that are read: "
        "clear its outputs (Edit, Clear Outputs of All Cells), save.",
    )
    EMPTY = (
        "{file} is empty: save your work, then hand it in again.",
        "{file} is empty: save your work.",
    )
    EMPTY_NOTEBOOK = (
        "{file} is empty: save your work if it is still open in Jupyter, else look for an older copy (in the folder "
        ".ipynb_checkpoints beside it, in git, among your downloads), and hand it in again.",
        "{file} is empty: save your work if it is still open in Jupyter, else look for an older copy (in the folder "
        ".ipynb_checkpoints beside it, in git, among your downloads), or take {file} from your course again.",
    )
    WEB_PAGE = (
        "The file is a web page, not a notebook: download the notebook itself (in Jupyter: File, Download; on GitHub: "
        "Download raw file), and hand that in.",
        "{file} is a web page, not a notebook: download the notebook itself (in Jupyter: File, Download; on GitHub: "
        "Download raw file).",
    )
    PDF = (
        "{file} is a PDF, and no notebook: hand in the notebook itself (in Jupyter: File, Download).",
        "{file} is a PDF, and no notebook: put the notebook itself in its place (in Jupyter: File, Download).",
    )
    BINARY = (
        "{file} is no text, so it is neither a notebook nor Python code: another file has its name, or it is damaged. "
        "Look for your work under another name, or for an older copy, and hand that in.",
        "{file} is no text, so it is neither a notebook nor Python code: another file has its name, or it is damaged. "
        "Look for your work under another name, or for an older copy (in the folder .ipynb_checkpoints beside it, in "
        "git, among your downloads).",
    )
    CONFLICT = (
        "The file holds a conflict marker of git (line {line}), so that no program can open it as a notebook: keep one "
        "of the two versions (git checkout --ours, or --theirs), or settle each conflict in a text editor; see that "
        "Jupyter opens it, and hand it in again.",
        "{file} holds a conflict marker of git (line {line}), so that Jupyter cannot open it: keep one of the two "
        "versions whole (git checkout --ours {file}, or --theirs), or settle each conflict in a text editor.",
    )
    CUT_OFF = (
        "The file is cut off: its end is missing. Save your notebook if it is still open in Jupyter, else look for an "
        "older copy (in the folder .ipynb_checkpoints beside it, in git, among your downloads), and hand it in again.",
        "{file} is cut off: its end is missing. Save your notebook if it is still open in Jupyter, else look for an "
        "older copy (in the folder .ipynb_checkpoints beside it, in git, among your downloads). If there is none, take "
        "{file} from your course again, and copy your answers into it: a text editor still shows them.",
    )
    WRONG_NOTEBOOK = (
        "{file} answers nothing of {assignment}, but {questions} of {other}: hand in your work on {assignment}.",
        "{file} answers nothing of {assignment}, but {questions} of {other}: put it into {other}, and your work on "
        "{assignment} here.",
    )
    NO_JSON = (
        "The file is not a notebook: its JSON cannot be read, and Jupyter cannot open it. Look for an older copy (in "
        "the folder .ipynb_checkpoints beside it, in git, among your downloads), and hand that in.",
        "{file} is not a notebook: its JSON cannot be read, and Jupyter cannot open it. Look for an older copy (in the "
        "folder .ipynb_checkpoints beside it, in git, among your downloads), or take {file} from your course again.",
    )
    NO_JSON_FROM_LINE = (
        "The file is not a notebook: its JSON cannot be read (line {line}), and Jupyter cannot open it. Mend that line "
        "in a text editor, or look for an older copy (in the folder .ipynb_checkpoints beside it, in git, among your "
        "downloads), and hand that in.",
        "{file} is not a notebook: its JSON cannot be read (line {line}), and Jupyter cannot open it. Mend that line "
        "in a text editor, or look for an older copy (in the folder .ipynb_checkpoints beside it, in git, among your "
        "downloads). If there is none, take {file} from your course again, and copy your answers into it.",
    )
    SCRIPT_AS_NOTEBOOK = (
        "{file} is not a notebook, but Python code: name it {renamed}, and hand it in again.",
        "{file} is not a notebook, but Python code: name it {renamed}.",
    )
    NOTEBOOK_AS_SCRIPT = (
        "{file} is not Python code, but a notebook: name it {renamed}, and hand it in again.",
        "{file} is not Python code, but a notebook: name it {renamed}.",
    )
    NO_CELLS = (
        "The file is JSON but no notebook: it has no cells. Hand in the notebook itself.",
        "{file} is JSON but no notebook: it has no cells. Use the notebook itself.",
    )
    WITHOUT_CELLS = (
        "{file} holds no code, and not a single cell: look for an older copy (in the folder .ipynb_checkpoints beside "
        "it, in git, among your downloads), and hand that in.",
        "{file} holds no code, and not a single cell: look for an older copy (in the folder .ipynb_checkpoints beside "
        "it, in git, among your downloads), or take {file} from your course again.",
    )
    NOT_UTF_8 = (
        "{file} is written in UTF-16 and does not say so: save it as UTF-8, then hand it in again.",
        "{file} is written in UTF-16 and does not say so: save it as UTF-8.",
    )
    ARCHIVE = (
        "{file} is an archive: unpack it, and hand in the notebook itself.",
        "{file} is an archive: unpack it, and use the notebook itself.",
    )
    TAKES_TOO_MUCH = (
        "{file} cannot be read within {seconds} seconds and {memory_mb} MB: open it in Jupyter, clear its outputs "
        "(Edit, Clear Outputs of All Cells), save, and hand it in again.",
        "{file} cannot be read within {seconds} seconds and {memory_mb} MB: open it in Jupyter, clear its outputs "
        "(Edit, Clear Outputs of All Cells), save.",
    )
    NOT_UNDERSTOOD = (
        "{file} cannot be read ({error}): see whether Jupyter opens it, and save it there; else look for an older "
        "copy. Hand that in.",
        "{file} cannot be read ({error}): see whether Jupyter opens it, and save it there; else look for an older "
        "copy (in the folder .ipynb_checkpoints beside it, in git, among your downloads).",
    )
    TOO_MANY_CELLS = (
        "The file holds more than {limit} cells: hand in your answers only.",
        "{file} holds more than {limit} cells: keep your answers only.",
    )
    TOO_MUCH_CODE = (
        "{file} holds more than {limit_mb} MB of code: hand in your answers only.",
        "{file} holds more than {limit_mb} MB of code: keep your answers only.",
    )
    NO_CODE = (
        "{file} holds no code: save your notebook, then hand it in again.",
        "{file} holds no code: write your answers into it, and save it.",
    )


READER_NOT_STARTED = "the process that reads submissions could not be started: is autograder installed as a whole?"
CELL_LEFT_OUT = "(This cell is left out: the notebook has more text than is kept.)"
ANSWER_CUT = "(The answer goes on; it is longer than what is kept.)"


def code_cell(number: int) -> str:
    """Where a line stands, in every message about it."""
    return f"code cell {number}"


def not_graded(graded: str, other: str) -> str:
    """A note on two files for the same assignment."""
    return f"{graded} was graded, {other} was not."


def read_instead_of_none(graded: str, assignment: str) -> str:
    """A note on a file with another name, or in another place, that was graded."""
    return f"{graded} was graded, for there is no {assignment}.ipynb and no {assignment}.py where it should be."


def read_instead_of_untouched(graded: str, other: str) -> str:
    return f"{graded} was graded, for nothing is answered in {other}."


def read_instead_of_broken(graded: str, other: str) -> str:
    return f"{graded} was graded, for {other} cannot be read."


def counts_instead(file: str) -> str:
    """Why a file with work in it was not graded."""
    return f"It was not graded: {file} was. If that is right, delete this one; else put it in the other's place."


def belongs_elsewhere(other: str, questions: str) -> str:
    """What to do with a file that answers another assignment than the one whose folder it lies in."""
    return f"It answers {questions} of {other}: put it into the folder of {other}, and grade again."


def one_of_several(assignment: str) -> str:
    return (
        f"It was not graded: there are several files with work on {assignment}, and none where it should be. "
        f"Keep one, as {assignment}.ipynb (or .py), and grade again."
    )


def defined_more_than_once(question: str, places: str) -> str:
    """A note on a function of which there are several; `places` is a list of `place`."""
    return f"`{question}` is defined more than once ({places}): the last definition counts."


def place(label: str, line: int) -> str:
    return f"{label}, line {line}"


def no_earlier_work(assignments: str) -> str:
    """A note on earlier assignments that are not there."""
    return f"There is no work on {assignments} to build on: where yours would be called, right functions stood in."
