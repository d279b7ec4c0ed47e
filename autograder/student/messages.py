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


# The table of checks.

YOUR_CELL = "your cell"
YOUR_FILE = "your file"


def cell_of_session(number: int) -> str:
    return f"your cell [{number}]"


def one_passes(question: str) -> str:
    return f"`{question}`: its visible check passes. The hidden ones look closer."


def all_pass(question: str, passed: int) -> str:
    return f"`{question}`: all {passed} visible checks pass. The hidden ones look closer."


def some_pass(question: str, passed: int, checks: int) -> str:
    return f"`{question}`: {passed} of {checks} visible checks pass."


def not_yet(reason: str) -> str:
    return f"Not yet. {reason}"
