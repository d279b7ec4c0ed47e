"""Sentences about files: labels, notes, and why one cannot be read: a code with fields, and two sentences for each.

Of the two, one is for a student who has handed the file in, the other for one who still has it: `check` reads by the
same rules.
"""

from __future__ import annotations

from enum import Enum


class Problem(Enum):
    """What is wrong with a file, and how it is said."""

    submitted: str
    own_file: str

    def __init__(self, submitted: str, own_file: str) -> None:
        self.submitted = submitted
        self.own_file = own_file

    NOTHING_THERE = (
        "There is no {assignment}.ipynb and no {assignment}.py.",
        "There is no {assignment}.ipynb and no {assignment}.py.",
    )
    OTHER_NAMES = (
        "There is no {assignment}.ipynb and no {assignment}.py. The folder holds {others}: rename your file.",
        "{assignment} holds {others}, and no {renamed}: rename your file to {renamed}.",
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
    NO_JSON = (
        "The file is not a notebook: its JSON cannot be read. Open it in Jupyter, save it, hand it in again.",
        "{file} is not a notebook: its JSON cannot be read. Open it in Jupyter, save it.",
    )
    NO_JSON_FROM_LINE = (
        "The file is not a notebook: its JSON cannot be read (line {line}). "
        "Open it in Jupyter, save it, hand it in again.",
        "{file} is not a notebook: its JSON cannot be read (line {line}). Open it in Jupyter, save it.",
    )
    NO_CELLS = (
        "The file is JSON but no notebook: it has no cells. Hand in the notebook itself.",
        "{file} is JSON but no notebook: it has no cells. Use the notebook itself.",
    )
    NOT_UTF_8 = (
        "{file} is written in UTF-16, which Python does not read: save it as UTF-8, then hand it in again.",
        "{file} is written in UTF-16, which Python does not read: save it as UTF-8.",
    )
    TOO_MANY_CELLS = (
        "{file} holds more than {limit} code cells: hand in your answers only.",
        "{file} holds more than {limit} code cells: keep your answers only.",
    )
    TOO_MUCH_CODE = (
        "{file} holds more than {limit_mb} MB of code: hand in your answers only.",
        "{file} holds more than {limit_mb} MB of code: keep your answers only.",
    )
    NO_CODE = (
        "{file} holds no code: save your notebook, then hand it in again.",
        "{file} holds no code: write your answers into it, and save it.",
    )


ANSWER_CUT = "(The answer goes on; it is longer than what is kept.)"


def code_cell(number: int) -> str:
    """Where a line stands, in every message about it."""
    return f"code cell {number}"


def not_graded(graded: str, other: str) -> str:
    """A note on two files for the same assignment."""
    return f"{graded} was graded, {other} was not."


def defined_more_than_once(question: str, places: str) -> str:
    """A note on a function of which there are several; `places` is a list of `place`."""
    return f"`{question}` is defined more than once ({places}): the last definition counts."


def place(label: str, line: int) -> str:
    return f"{label}, line {line}"


def no_earlier_work(assignments: str) -> str:
    """A note on earlier assignments that are not there."""
    return f"There is no work on {assignments} to build on: where yours would be called, right functions stood in."
