"""A class in which everything happens, and the files that each format makes of it.

`python -m tests.formats.golden_class` writes the files in golden/ again; read the difference before you commit it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from autograder.classroom.csv_file import read_csv_file
from autograder.classroom.roster import read_roster
from autograder.publish.ci.annotations import Location
from autograder.publish.ci.github import annotate, class_summary, student_summary
from autograder.publish.ci.gitlab import code_quality
from autograder.publish.ci.junit import junit_xml
from autograder.publish.classroom50.result import GIVEN, result_json
from autograder.publish.gradescope.results import results_json
from autograder.publish.lms.canvas import canvas_csv, fill_canvas_csv
from autograder.publish.lms.long_csv import questions_csv
from autograder.publish.lms.moodle import fill_moodle_worksheet, moodle_csv
from autograder.publish.lms.scores import ScoreTable
from autograder.report.model import CheckResult, Outcome, QuestionResult, Report, Status, WrittenAnswer
from autograder.sandbox.protocol import CodeLine

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
GIVEN_FILES = HERE / "given"  # a roster, and what Canvas and Moodle let one download
INSTANT = "2026-06-01T14:33:11Z"
# Words as a student may write them, each an attempt at the format that they end up in.
NASTY = "</failure>]]>\x1b[31m\n::error::forged\n##[error]forged | `a|b` <img src=x> =1+1 %0A 50% of it, \u202eabc"
LINE = CodeLine("code cell 2", 3, "return S / 0")


def check(name: str, title: str, points: float, outcome: Outcome, message: str = "", **more: object) -> CheckResult:
    earned = points if outcome is Outcome.PASSED else 0
    made = CheckResult(name, title, points, earned, outcome, message, **more)  # type: ignore[arg-type]  # fields of it
    return replace(made, lesson="\n".join(message.split("\n")[-2:])) if made.misconception else made


def softmax(*checks: CheckResult) -> QuestionResult:
    return QuestionResult("softmax", checks)


def sums(outcome: Outcome, message: str = "", **more: object) -> CheckResult:
    return check("test_sums", "Each row sums to 1", 2, outcome, message, visible=True, **more)


def shapes(outcome: Outcome, message: str = "", **more: object) -> CheckResult:
    return check("test_shapes[3x5]", "All shapes (3x5)", 3, outcome, message, **more)


def report(student: str, assignment: str, *questions: QuestionResult, **more: object) -> Report:
    title = {"03_softmax": "Softmax", "04_attention": "Attention"}[assignment]
    fields: dict[str, object] = {"status": Status.GRADED, "seconds": 0.25, **more}
    return Report(student, assignment, title, questions=questions, **fields)  # type: ignore[arg-type]  # as above


def attention(outcome: Outcome) -> QuestionResult:
    return QuestionResult("attention", (check("test_attention", "The whole head", 10, outcome),))


WRITTEN = (WrittenAnswer("why_scale", 2),)
UNRUN = "Not run: the submission could not be read."
CLASS: tuple[Report, ...] = (
    report("ada", "03_softmax", softmax(sums(Outcome.PASSED), shapes(Outcome.PASSED))),
    report("ada", "04_attention", attention(Outcome.PASSED), written=WRITTEN),
    report(
        "bo",
        "03_softmax",
        softmax(
            sums(
                Outcome.FAILED, "The rows sum to 3.\nThe columns were made weights.\nWhich axis?", misconception="axis"
            ),
            shapes(Outcome.ERROR, f"softmax(S: (3, 5)) raised ValueError: {NASTY}", line=LINE),
        ),
        notes=("03_softmax.ipynb was graded, 03_softmax.py was not.",),
    ),
    report(
        "cy",
        "03_softmax",
        softmax(
            sums(Outcome.PASSED),
            shapes(Outcome.GRADER_ERROR, "The check itself failed. (KeyError: 'the secret answer')"),
        ),
    ),
    report(
        "di",
        "03_softmax",
        softmax(sums(Outcome.MISSING, UNRUN), shapes(Outcome.MISSING, UNRUN)),
        status=Status.UNREADABLE,
        error="The file is not a notebook: its JSON cannot be read (line 1).",
    ),
    report(
        "=eve,;\"'",
        "03_softmax",
        softmax(
            sums(Outcome.TIMEOUT, "softmax(S: (3, 5)) had no answer after 6 s."),
            shapes(Outcome.CRASHED, "The process was ended by SIGSEGV."),
        ),
        confined=False,
    ),
    report(
        "fay",
        "03_softmax",
        softmax(
            sums(Outcome.MISSING, "`softmax` is still to be written."),
            shapes(Outcome.MISSING, "`softmax` is still to be written."),
        ),
    ),
)
ABSENT = ("gus",)


def place(of: Report, _question: str, line: CodeLine | None) -> Location | None:
    """Where everything lies in this class."""
    return Location(f"submitted/{of.student}/{of.assignment}/{of.assignment}.ipynb", 10 + line.number if line else 7)


def find(student: str, assignment: str = "03_softmax") -> Report:
    return next(each for each in CLASS if (each.student, each.assignment) == (student, assignment))


def marks(*assignments: str) -> ScoreTable:
    return ScoreTable({(r.student, r.assignment): r for r in CLASS if not assignments or r.assignment in assignments})


ENVIRONMENT = {name: f"the {field}" for field, name in GIVEN.items()} | {
    "ASSIGNMENT_TYPE": "individual",
    "SUBMISSION_TAG": "submit/2026-06-01T14-32-05Z-a1b2c3d",
}


FORMATS: Mapping[str, Callable[[], str]] = {
    "junit.xml": lambda: junit_xml(CLASS),
    "codequality.json": lambda: code_quality(CLASS, place),
    "annotations.txt": lambda: annotate(CLASS, place),
    "class_summary.md": lambda: class_summary(CLASS, ABSENT),
    "student_summary.md": lambda: student_summary([find("bo"), find("fay")]),
    "gradescope.json": lambda: results_json(find("bo"), "after_published"),
    "gradescope_unreadable.json": lambda: results_json(find("di"), "after_due_date"),
    "classroom50.json": lambda: result_json(find("bo"), ENVIRONMENT, INSTANT),
    "canvas.csv": lambda: canvas_csv(marks(), read_roster(GIVEN_FILES / "roster.csv")).text,
    "canvas_filled.csv": lambda: (
        fill_canvas_csv(
            marks(), read_roster(GIVEN_FILES / "roster.csv"), read_csv_file(GIVEN_FILES / "canvas_export.csv"), COLUMN
        ).text
    ),
    "moodle.csv": lambda: moodle_csv(marks(), read_roster(GIVEN_FILES / "roster.csv")).text,
    "moodle_filled.csv": lambda: (
        fill_moodle_worksheet(
            marks("03_softmax"),
            read_roster(GIVEN_FILES / "roster.csv"),
            read_csv_file(GIVEN_FILES / "moodle_worksheet.csv"),
        ).text
    ),
    "questions.csv": lambda: questions_csv(marks(), read_roster(GIVEN_FILES / "roster.csv")).text,
}
COLUMN = {"04_attention": "One head of attention"}


if __name__ == "__main__":
    for name, make in FORMATS.items():
        (GOLDEN / name).write_text(make(), encoding="utf-8", newline="")
