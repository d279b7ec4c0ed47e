"""Sentences of `check`, for a student at home."""

from __future__ import annotations

from pathlib import Path

from autograder.language.current import translatable

translatable(__name__)


def settings_broken(problem: str) -> str:
    return f"{problem}; take the file from your course again"


def no_settings(settings: str, start: Path) -> str:
    return f"there is no {settings} in {start} or above it: keep it where you got it, in assignments/"


def checks_broken(checks: Path) -> str:
    return f"{checks} is no Python: take the file from your course again"


def checks_broken_from_line(checks: Path, line: int) -> str:
    return f"{checks} is no Python (line {line}): take the file from your course again"


def no_checks(checks: str, folder: Path) -> str:
    return f"{checks} is not in {folder}: keep it beside your notebook"


def no_checks_beside(checks: str, folder: Path, file: str) -> str:
    return f"{checks} is not in {folder}: keep it beside {file}"


def no_checks_for(name: str, known: str) -> str:
    return f"there are no checks for `{name}`; there are for {known}"


def not_a_function(kind: str) -> str:
    return f"`check` takes a function itself, as in check(softmax), not its name or what it returns: this is {kind}"


def handout_broken(file: Path) -> str:
    return f"{file} is not what was released: take the file from your course again"


def not_your_work(file: str) -> str:
    return f"{file} is not a notebook or .py file of yours: name the one that you write in"


def in_no_course(file: str, checks: str) -> str:
    return f"{file} is not in an assignment's folder: put it into the one of its assignment, beside {checks}"


def in_no_assignment(file: str, folder: Path) -> str:
    return f"{file} is not in an assignment's folder: put it into {folder} or so"


def former_folder(name: str, today: str) -> str:
    return f"{name} is of an earlier edition of this course; its questions are in {today} now: copy your answers there."


def not_in_an_assignment(folder: Path, assignments: str) -> str:
    return f"{folder} is none of the assignments {assignments}: start Jupyter there"


def not_asked_before(assignment: str, name: str) -> str:
    return f"no assignment before {assignment} asks for a function `{name}`"


def not_written_yet(name: str, home: str) -> str:
    return f"Your `{name}` is not written yet. It belongs into {home}: write it there and save, then go on here."


def no_data(file: str, assignment: str) -> str:
    return f"no data/{file} lies in {assignment} or in an assignment before it: take its folder from your course again"


def known_mistakes_lost(file: str, assignment: str) -> str:
    return (
        f"No mistake has its name here, for {file} is not in {assignment}. Take the file from your course again: your "
        "own work stays as it is."
    )


def known_mistakes_damaged(file: str, assignment: str) -> str:
    return (
        f"No mistake has its name here, for {file} in {assignment} is damaged, or of another edition. Take the file "
        "from your course again: your own work stays as it is."
    )


# Which file counts.


def another_counts(counting: str, file: str) -> str:
    return f"{counting} is what counts, and not {file}: keep all your work in one of them, and delete the other."


def counts_before_untouched(counting: str, other: str) -> str:
    return f"{counting} is checked, and would be graded, for nothing is answered in {other}."


def counts_before_work(counting: str, other: str) -> str:
    return (
        f"{counting} is checked, and would be graded; {other} is not, though something is answered in it: keep all "
        "your work in one of them, and delete the other."
    )


def counts_before_broken(counting: str, problem: str) -> str:
    """`problem` is a whole sentence on the other file."""
    return f"{counting} is checked, and would be graded. {problem}"


def work_under_another_name(file: str, other: str) -> str:
    return f"Nothing is answered in {file}, but in {other}: delete {file}, and give its name to that one."


def not_utf_8(file: str) -> str:
    return f"{file} is written in UTF-16, which Jupyter and Python do not open: save it as UTF-8 in a text editor."


def conflict_in_code(cell: str, marker: str) -> str:
    return (
        f"In {cell}, two versions stand one below the other, as git left them (`{marker}`): keep one of them, and take "
        "the lines with the markers away."
    )


def conflict_in_text(marker: str) -> str:
    return (
        f"In a cell of text, two versions stand one below the other, as git left them (`{marker}`): keep one of them, "
        "and take the lines with the markers away."
    )


# Answers in words.


def written(name: str) -> str:
    return f"`{name}` is answered in words. A person reads it."


def not_written_in_words(name: str, stub: str) -> str:
    return f"`{name}` is not answered yet: write in its cell, in the place of {stub}."


def words_need_a_notebook(name: str, assignment: str) -> str:
    return (
        f"`{name}` is answered in words, and a .py file has no place for it: put your functions into "
        f"{assignment}.ipynb, write your answer there, and hand that in."
    )


# The table of checks.


def one_passes(question: str) -> str:
    return f"`{question}`: its visible check passes. The hidden ones look closer."


def all_pass(question: str, passed: int) -> str:
    return f"`{question}`: all {passed} visible checks pass. The hidden ones look closer."


def some_pass(question: str, passed: int, checks: int) -> str:
    return f"`{question}`: {passed} of {checks} visible checks pass."


def not_yet(reason: str) -> str:
    return f"Not yet. {reason}"


# An earlier function that is to be mended first: in the place of a verdict.


def mend_first(question: str, name: str, assignment: str) -> str:
    return f"Mend `{name}` in {assignment} first: `{question}` builds on it."


def mend_first_here(question: str, name: str) -> str:
    return f"Mend `{name}` above first: `{question}` builds on it."


def says(file: str, title: str, message: str) -> str:
    return f"In {file}, its check “{title}” says: {message}"


def says_here(title: str, message: str) -> str:
    return f"Its check “{title}” says: {message}"


def write_first(question: str, name: str, assignment: str) -> str:
    return f"Write `{name}` in {assignment} first: `{question}` builds on it, and it is not written yet."


def write_first_here(question: str, name: str) -> str:
    return f"Write `{name}` above first: `{question}` builds on it, and it is not written yet."


def no_notebook_before(question: str, name: str, assignment: str) -> str:
    return f"Write `{name}` in {assignment} first: `{question}` builds on it, and no notebook of yours is there."


def unreadable_before(question: str, name: str, assignment: str) -> str:
    return f"`{question}` builds on `{name}`, and your work on {assignment} cannot be checked. Mend that first:"


def fetch_again(question: str, name: str, assignment: str) -> str:
    return (
        f"`{question}` builds on `{name}`, which passes as it is saved in {assignment}, and not as it is here: "
        "run the cell with `previous` again, then this one."
    )


def until_then(question: str) -> str:
    return f"Until then, the checks of `{question}` cannot tell what is its own mistake:"


def builds_on_it_too(question: str, name: str, assignment: str) -> str:
    return f"`{question}` builds on `{name}` in {assignment}, too: mend that first."


def builds_on_it_too_here(question: str, name: str) -> str:
    return f"`{question}` builds on `{name}` above, too: mend that first."


# Yours and expected, side by side.

YOURS, EXPECTED = "yours", "expected"
DIFFERENT, DIFFERS = "≠", "differs"  # the sign in an entry, and what a screen reader says
LEGEND = "≠ marks what differs by more than the check allows."
ONE_NUMBER = "one number"


def side_by_side(title: str) -> str:
    return f"Yours and expected, for “{title}”"


def numbers(count: int) -> str:
    return "1 number" if count == 1 else f"{count} numbers"


def rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def columns(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"


def some_numbers(first: int, last: int, count: int) -> str:
    return f"numbers {first} to {last} of {count}"


def some_rows(first: int, last: int, count: int) -> str:
    return f"rows {first} to {last} of {count}"


def some_columns(first: int, last: int, count: int) -> str:
    return f"columns {first} to {last} of {count}"


def matrix(name: str, rows: str, columns: str) -> str:
    return f"{name}: {rows} × {columns}"


def row_of_numbers(name: str, numbers: str) -> str:
    return f"{name}: {numbers}"


def no_numbers(shape: tuple[int, ...]) -> str:
    return f"no numbers: shape {shape}"


def yours_at(index: str) -> str:
    return f"yours[{index}]"


def expected_at(index: str) -> str:
    return f"expected[{index}]"


def first_that_differs(shape: tuple[int, ...], index: str) -> str:
    return f"Both have shape {shape}. Of their matrices, [{index}] is the first that differs:"
