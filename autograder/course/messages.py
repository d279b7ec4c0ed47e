"""Sentences about a course, for its author."""

from __future__ import annotations

from pathlib import Path

from autograder.language.current import translatable

translatable(__name__, "WORKED")


def no_course(settings: str, start: Path) -> str:
    return f"no {settings} in {start} or above it: run this in the course's folder"


PUBLIC_SEED = (
    "The seed in solutions/course.toml is one that everybody can read, and hidden inputs are drawn from it: put a text "
    "of your own there, and keep it. All is then graded again."
)


def unknown_assignment(name: str, known: str) -> str:
    return f"there is no assignment {name!r} in this course; it has {known}"


def no_assignment(settings: Path, name: str) -> str:
    return f"{settings} names the assignment {name}, and there is no such folder beside it: was it moved or renamed?"


def missing_file(folder: Path, file: str) -> str:
    return f"{folder} has no {file}"


def file_and_folder(folder: Path, file: str, name: str) -> str:
    return f"{folder} has {file} and a folder {name}: keep one of them"


def read_not_there(settings: str, file: Path) -> str:
    return f"{settings}: reads names {file}, and there is no such file: put it there, or take its name out"


def read_not_a_file(settings: str, file: Path) -> str:
    return f"{settings}: reads names {file}, which is no file: name each file in it"


def read_leads_out(settings: str, file: Path, data: Path) -> str:
    return f"{settings}: reads names {file}, a link that leads out of {data}: put a copy of the file there"


def no_jupyterlab(install_name: str) -> str:
    return f'--open needs JupyterLab, which is not installed here: pip install "{install_name}"'


def not_opened(folder: Path, reason: str) -> str:
    return f"{folder} cannot be copied to be opened: {reason}"


def cannot_read(path: Path, reason: str) -> str:
    return f"{path} cannot be read: {reason}"


def not_utf8(path: Path, line: int) -> str:
    return f"{path}, line {line} is not UTF-8: save the file as UTF-8"


def no_questions(lesson: Path) -> str:
    return f"{lesson} has no question: put `# %% name` above a function that students are to write"


def no_heading(lesson: Path) -> str:
    return f"{lesson}: no cell begins with a heading (`# # Title`)"


def no_function(lesson: Path, question: str) -> str:
    return f"{lesson}: the question `{question}` has no function: its cell does not define it"


def broken_function(lesson: Path, question: str, reason: str) -> str:
    return f"{lesson}: the question `{question}` has no function: {reason}"


def no_question(misconceptions: Path, line: int, name: str, question: str, known: str) -> str:
    return f"{misconceptions}, line {line}: `{name}` is of {question!r}, which is no question: the lesson has {known}"


def not_importable(settings: Path, line: int, module: str) -> str:
    return (
        f"{settings}, line {line}: answers may import `{module}`, which is not installed here: install it, or take it "
        "out of `imports`"
    )


def no_solution(lesson: Path, line: int, cell: str) -> str:
    return (
        f"{lesson}, line {line}: the cell `{cell}` has no solution: put ### BEGIN SOLUTION and ### END SOLUTION around "
        "what students are to write"
    )


def no_check(lesson: Path) -> str:
    return (
        f"{lesson}: no cell before the first question has `from autograder import check`, which the cells behind "
        "answers need"
    )


def mark_scheme_outside(lesson: Path, line: int) -> str:
    return (
        f"{lesson}, line {line}: a mark scheme in this cell is not within its solution: put ### BEGIN MARK SCHEME and "
        "### END MARK SCHEME between ### BEGIN SOLUTION and ### END SOLUTION"
    )


def cannot_release(lesson: Path, reason: str) -> str:
    return f"{lesson}: {reason}"


def not_released(path: object, reason: str | None) -> str:
    return f"what is released cannot be written: {path}: {reason}"


# Of worked notebooks.

MODEL_ANSWER = "**A model answer**"
WORKED = "# Made by `autograder release --solutions`: it replaces all that lies in this folder.\n"


def mark_scheme_open(lesson: Path, line: int) -> str:
    return f"{lesson}, line {line}: a mark scheme in this cell has no ### BEGIN MARK SCHEME or no ### END MARK SCHEME"


def cell_raises(lesson: Path, line: int, error: str, detail: str) -> str:
    return f"{lesson}, line {line}: the cell that begins there ends in {error}: {detail}"


def cell_raises_bare(lesson: Path, line: int, error: str) -> str:
    return f"{lesson}, line {line}: the cell that begins there ends in {error}"


def cell_too_slow(lesson: Path, line: int, seconds: int) -> str:
    return f"{lesson}, line {line}: the cell that begins there takes longer than {seconds} s"


def cell_kills(lesson: Path, line: int) -> str:
    return f"{lesson}, line {line}: the cell that begins there ended its kernel: it may take too much memory"


def no_kernel(lesson: Path, reason: str) -> str:
    return f"{lesson} cannot be run: its kernel does not start: {reason}"


def bundle_not_written(path: object, reason: str | None) -> str:
    return f"the bundle cannot be written: {path}: {reason}"


NOTHING = "nothing"  # is what answers may import


def and_read(files: str) -> str:
    return f", and of all files read {files}, as the notebooks do"


def not_installed(distribution: str) -> str:
    return (
        f"there is no installed package {distribution} to pack: install it, from the package index or, in a checkout, "
        "with pip install -e ."
    )


def installed_as_another(distribution: str, installed: str, version: str) -> str:
    return f"{distribution} is installed as {installed}, and is {version}: install it again"


def no_folder(package: Path) -> str:
    return f"{package} is no folder that could be packed: install the package, unpacked"


def no_requirement(file: Path, line: str) -> str:
    return f"{file}: `{line}` names no package: options and files of this machine do not travel with an archive"


def not_there(path: Path) -> str:
    return f"{path} is not there: what students get is what is packed; first `autograder release`"


def not_a_file(path: Path) -> str:
    return f"{path} is not a file"


def not_a_folder(path: Path) -> str:
    return f"{path} is not a folder"


def visible_checks_alone(checks: Path, reason: str) -> str:
    return f"{checks} does not work by itself, as students have it, without the course's other files: {reason}"


def known_mistakes_too_large(assignment: Path, reason: str) -> str:
    return (
        f"{assignment}: what its misconceptions answer in the visible checks is too much to be handed out ({reason}): "
        "let visible checks call with smaller arrays"
    )


# What is wrong in a lesson.


def unknown_marker(lesson: Path, line: int, marker: str) -> str:
    return (
        f"{lesson}, line {line}: `{marker}` begins no cell: a marker is `# %%`, `# %% name`, `# %% [markdown]` "
        "or `# %% name [markdown] points=…`"
    )


def no_points(lesson: Path, line: int, cell: str) -> str:
    return f"{lesson}, line {line}: the written answer `{cell}` does not say what it is worth: add points=…"


def not_points(lesson: Path, line: int, points: str, most: int) -> str:
    return (
        f"{lesson}, line {line}: points={points} is no number of points: write one from 0 to {most}, such as points=5"
    )


def solution_not_ended(lesson: Path, line: int, cell: str) -> str:
    return f"{lesson}, line {line}: ### BEGIN SOLUTION has no ### END SOLUTION in the cell `{cell}`"


def solution_not_begun(lesson: Path, line: int, cell: str) -> str:
    return f"{lesson}, line {line}: ### END SOLUTION has no ### BEGIN SOLUTION before it in the cell `{cell}`"


def solution_in_solution(lesson: Path, line: int, begun: int) -> str:
    return (
        f"{lesson}, line {line}: ### BEGIN SOLUTION stands in the solution that begins in line {begun}: "
        "end that one first, with ### END SOLUTION"
    )


def solution_without_name(lesson: Path, line: int) -> str:
    return (
        f"{lesson}, line {line}: a solution stands in a cell that is no answer: give the cell a name, `# %% name`, "
        "or take out this mark"
    )


def unknown_mark(lesson: Path, line: int, end: str) -> str:
    return f"{lesson}, line {line}: a solution is marked with three signs and a blank: write ### {end} SOLUTION"


def hidden_tests(lesson: Path, line: int) -> str:
    return f"{lesson}, line {line}: hidden tests in a lesson would be handed out: put them into hidden_checks.py"


def name_taken(lesson: Path, line: int, name: str, first: int) -> str:
    return f"{lesson}, line {line}: `{name}` is the name of the cell in line {first} already: choose another"


def points_out_of_place(lesson: Path, line: int) -> str:
    return (
        f"{lesson}, line {line}: points=… belongs to a written answer, `# %% name [markdown] points=…`; "
        "what code is worth, its checks say"
    )
