"""Sentences of the nbgrader integration: to instructors on its console, and to students in their notebooks."""

from __future__ import annotations

from pathlib import Path

from autograder.language.current import translatable

translatable(__name__)

# In notebooks, for students and for those who grade by hand.

UNCONFINED = "Graded without confinement: the code ran with all the rights of the grader."
ANSWER_NOT_FOUND = (
    "*No answer to this question was found in what was handed in. Look through the other cells before you grade it.*"
)
ANSWER_NEARBY = "*The answer to this question stands in other cells, near this one.*"


def not_shown(student: str, assignment: str, reason: str) -> str:
    return f"{student} {assignment}: it could not be written for nbgrader ({reason}); the report stands"


def unreadable(reason: str) -> str:
    return f"**This submission could not be read.** {reason}"


def points_of(score: str, max_score: str) -> str:
    return f"{score} of {max_score} points"


# On the console, for instructors.

CONFINED_HELP = "False grades without the sandbox: only for work that you trust."
PROCESS_KILLED = "the grading process was killed (is there enough memory?): try again"
NOT_AUTOGRADE = "this step is one of `nbgrader autograde`, and runs in no other command"


def not_graded(check: str, problem: str) -> str:
    return f"not graded, and that is no fault of the student's: {check}: {problem}"


def other_notebook(notebook: str, assignment: str) -> str:
    return f"{notebook}.ipynb is no notebook of this course: the one of {assignment} is {assignment}.ipynb"


def not_released(path: Path, assignment: str) -> str:
    return f"there is no {path}: run `nbgrader generate_assignment {assignment}`"


def other_version(assignment: str, cells: str) -> str:
    return (
        f"the gradebook knows another version of {assignment} than the one released ({cells}): "
        f"run `nbgrader generate_assignment {assignment} --force`"
    )


def other_points(question: str, assignment: str) -> str:
    return (
        f"the checks of `{question}` have other points than {assignment} as it was released: "
        f"run `nbgrader generate_assignment {assignment} --force`"
    )


def gradebook_unusable(url: str, reason: str) -> str:
    return f"the gradebook {url} cannot be used: {reason}"


def gradebook_has_other_cells(assignment: str, cells: str) -> str:
    return (
        f"the gradebook holds submissions for a {assignment} with other cells ({cells}): "
        "keep the questions that it was handed out with, or begin a new gradebook"
    )


def former_assignment(name: str, today: str) -> str:
    return (
        f"the gradebook holds {name}, of an earlier edition of this course; its questions are in {today} now. "
        "Its scores stay as they are: begin a new gradebook for the new edition (docs/upgrading.md)"
    )


# On marks. `file` is the class's policy.

GRADEBOOK = "nbgrader's gradebook"  # where points by hand stand, told to students too
NO_URL = "write an @, :, / or % in its password as %40, %3A, %2F or %25"


def no_gradebook(path: Path) -> str:
    return f"there is no gradebook {path}: `autograder grade --gradebook` makes one"


def late_rule_failed(error: str, detail: str) -> str:
    return f"nbgrader's plugin for late submissions, of nbgrader_config.py, failed ({error}: {detail})"


def unknown_students(count: int, names: str) -> str:
    return (
        f"the gradebook holds work of one student who is not in this class, and it stays as it is: {names}"
        if count == 1
        else f"the gradebook holds work of {count} students who are not in this class, and it stays as it is: {names}"
    )


def two_due_dates(assignment: str, gradebook: str, policy: str, file: Path) -> str:
    return (
        f"{assignment}: it is due {gradebook} by the gradebook, and {policy} by {file}, which counts: "
        "give both the same date"
    )


def extension_unknown(assignment: str, students: str, file: Path) -> str:
    return (
        f"{assignment}: the gradebook gives an extension to {students}, and {file}, which counts, gives none: "
        "put it under [[extensions]] there"
    )


def team_of_several_marks(assignment: str, folder: str, marks: str) -> str:
    return (
        f"{assignment}: the members of {folder} have marks of their own ({marks}), and nbgrader has one row for all: "
        "it stays as it is; marks.csv has each"
    )


def mark_of(student: str, mark: str) -> str:
    return f"{student} {mark}"


def not_in_gradebook(assignment: str) -> str:
    return (
        f"the gradebook does not know {assignment}, and has no marks of it: run `autograder grade` with "
        f"`--assignment {assignment} --gradebook`"
    )


# Why there is no mark.
WITHOUT_MARK = {
    "graded": "graded",
    "missing": "missing",
    "excused": "excused",
    "unreadable": "unreadable",
    "grader_error": "grader_error",
    "awaits_hand_grading": "awaits_hand_grading",
}


def without_mark(student: str, assignment: str, status: str) -> str:
    return f"{student} {assignment} ({status})"


def numbers_without_marks(count: int, work: str) -> str:
    return (
        f"nbgrader's export shows a number where there is no mark, which marks.csv leaves empty: {work}"
        if count == 1
        else f"nbgrader's export shows {count} numbers where there is no mark, which marks.csv leaves empty: {work}"
    )
