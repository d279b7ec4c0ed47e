"""Whole sentences of the commands that are for authors of courses."""

from __future__ import annotations

from pathlib import Path

from autograder.language.current import translatable

translatable(__name__)

# release, gradescope, classroom50

SOURCE_ALONE = "--source builds for nbgrader only, and goes with none of --bundle, --solutions and --open"
OPEN_ONE = "--open shows one notebook: name its assignment"
OPENING = "Opening a copy, as students get it: what you write there is gone when JupyterLab ends (Ctrl-C here)."
OUT_WITHOUT_SOLUTIONS = "--out names the folder of the worked notebooks: it goes with --solutions"
WORKED_STOPPED = "stopped; nothing was written"


def worked(assignment: str) -> str:
    return f"{assignment}: run"


def gradescope_written(out: Path) -> str:
    return f"{out}: upload it at Gradescope, Configure Autograder. It holds the solutions."


def classroom50_written(out: Path, files: int) -> str:
    return f"{out}: {files} files; commit it as CLASSROOM/autograders/ASSIGNMENT/. It holds no secret."


# certify

ALL_PROVED = "Every reference is full, stubs and nonsense 0, every mistake named."
SHAPE_OR_ERROR = "shape or error"


def _questions(count: int) -> str:
    return "1 question" if count == 1 else f"{count} questions"


def _misconceptions(count: int) -> str:
    return "1 misconception" if count == 1 else f"{count} misconceptions"


def proved(questions: int, misconceptions: int, outcome: str) -> str:
    asked, known = _questions(questions), _misconceptions(misconceptions)
    return f"{asked}, {known}. {outcome}"


def proved_without(questions: int, misconceptions: int, without: int, outcome: str) -> str:
    asked, known, bare = _questions(questions), _misconceptions(misconceptions), _questions(without)
    return f"{asked}, {known}, none for {bare}. {outcome}"


def proofs_fail(count: int) -> str:
    return f"Proofs that fail: {count}."


def does_not_hold(question: str, handed_in: str, problem: str) -> str:
    return f"✗ {question}, {handed_in}: {problem}"


def check_says(file: Path, line: int, check: str, message: str) -> str:
    return f"  {file}, line {line}, {check}: {message}"


def check_at(file: Path, line: int, check: str) -> str:
    return f"  {file}, line {line}, {check}: it passes there. Let it compare with what only right answers give"


def misconception_at(file: Path, line: int) -> str:
    return (
        f"  {file}, line {line}: this misconception. Let a check call with what it gets wrong; if there is nothing, "
        "it is right"
    )


def caught_by(caught: int, checks: int) -> str:
    return f"{caught} of {checks} checks"


def largest_error(tolerances: str) -> str:
    return f"{tolerances} × tolerance"


PROOF_COLUMNS = ("Question", "Handed in", "Score", "Caught by", "Largest error", "Proved")


# What `--watch` says.

CERTIFYING_ALL = "Certifying the course …"


def certifying(assignments: str) -> str:
    return f"Certifying {assignments} …"


def certified(folder: str, time: str) -> str:
    return f"Certified at {time}. Waiting until something in {folder} is saved; Ctrl-C ends it."
