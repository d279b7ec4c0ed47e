"""Sentences of `check`, for a student at home."""

from __future__ import annotations

from pathlib import Path


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


# What runs, and is not what stands in the notebook.


def another_has_its_name(name: str) -> str:
    return f"This is not the `{name}` that your notebook has now, but an earlier one: run `check({name})` again."


def run_again_and_failed(name: str) -> str:
    return (
        f"A cell with `{name}` failed when it was run last, so this is the `{name}` from before: mend that cell, and "
        "run it again."
    )


def run_again_without(name: str) -> str:
    return (
        f"The cell that defined `{name}` was run again, and defines it no more, so this is the `{name}` from before. "
        "Was it renamed, or moved? Restart the kernel, and run all cells."
    )


def gone_from_file(name: str, file: str, clock: str) -> str:
    return (
        f"{file}, as it was saved at {clock}, has no `{name}` any more: it lives in memory only. Restart the kernel, "
        "and run all cells."
    )


def another_in_file(name: str, file: str, clock: str) -> str:
    return f"{file}, as it was saved at {clock}, has another `{name}` than the one that runs here: run its cell again."


def last_one_counts(name: str, file: str) -> str:
    return (
        f"{file} defines `{name}` more than once, and the last one counts, which is not the one that runs here: keep "
        "one of them, restart the kernel, and run all cells."
    )


def only_in_memory(value: str, name: str, file: str, clock: str) -> str:
    return (
        f"`{name}` uses `{value}`, which no cell of {file} defines, as it was saved at {clock}: it lives in memory "
        "only. Restart the kernel, and run all cells."
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

YOUR_CELL = "your cell"


def one_passes(question: str) -> str:
    return f"`{question}`: its visible check passes. The hidden ones look closer."


def all_pass(question: str, passed: int) -> str:
    return f"`{question}`: all {passed} visible checks pass. The hidden ones look closer."


def some_pass(question: str, passed: int, checks: int) -> str:
    return f"`{question}`: {passed} of {checks} visible checks pass."


def not_yet(reason: str) -> str:
    return f"Not yet. {reason}"
