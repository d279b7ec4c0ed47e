"""A class in which everything happens, and the files that each format makes of it.

`python -m tests.helpers.golden_class` writes the files in tests/publish/golden/ again; read the difference before you
commit it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from autograder.classroom.csv_file import read_csv_file
from autograder.classroom.marks.model import Adjustment, Mark, MarkStatus, WrittenMark
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
from autograder.publish.lms.table import MarkTable
from autograder.report.model import CheckResult, Outcome, QuestionResult, Report, Status, WrittenAnswer
from autograder.sandbox.protocol import CodeLine
from tests.helpers.mark_tables import a_mark, a_student, mark_table
from tests.helpers.paths import ROOT
from tests.helpers.reports import check, report, softmax

GOLDEN = ROOT / "tests/publish/golden"
GIVEN_FILES = ROOT / "tests/publish/given"  # a roster, and what Canvas and Moodle let one download
INSTANT = "2026-06-01T14:33:11Z"
# Words as a student may write them, each an attempt at the format that they end up in.
NASTY = "</failure>]]>\x1b[31m\n::error::forged\n##[error]forged | `a|b` <img src=x> =1+1 %0A 50% of it, \u202eabc"
LINE = CodeLine("code cell 2", 3, "return S / 0")


def sums(outcome: Outcome, message: str = "", **more: object) -> CheckResult:
    fields = {"name": "test_sums", "title": "Each row sums to 1", "message": message, "visible": True, **more}
    return check(outcome, points=2, **fields)


def shapes(outcome: Outcome, message: str = "", **more: object) -> CheckResult:
    fields = {"name": "test_shapes[3x5]", "title": "All shapes (3x5)", "message": message, **more}
    return check(outcome, points=3, **fields)


def of(student: str, assignment: str, *questions: QuestionResult, **fields: object) -> Report:
    title = {"03_softmax": "Softmax", "04_attention": "Attention"}[assignment]
    return report(*questions, student=student, assignment=assignment, title=title, seconds=0.25, **fields)


def attention(outcome: Outcome) -> QuestionResult:
    return QuestionResult("attention", (check(outcome, points=10, name="test_attention", title="The whole head"),))


WRITTEN = (WrittenAnswer("why_scale", 2),)
UNRUN = "Not run: the submission could not be read."
CLASS: tuple[Report, ...] = (
    of("ada", "03_softmax", softmax(sums(Outcome.PASSED), shapes(Outcome.PASSED))),
    of("ada", "04_attention", attention(Outcome.PASSED), written=WRITTEN),
    of(
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
    of(
        "cy",
        "03_softmax",
        softmax(
            sums(Outcome.PASSED),
            shapes(Outcome.GRADER_ERROR, "The check itself failed. (KeyError: 'the secret answer')"),
        ),
    ),
    of(
        "di",
        "03_softmax",
        softmax(sums(Outcome.MISSING, UNRUN), shapes(Outcome.MISSING, UNRUN)),
        status=Status.UNREADABLE,
        error="The file is not a notebook: its JSON cannot be read (line 1).",
    ),
    of(
        "=eve,;\"'",
        "03_softmax",
        softmax(
            sums(Outcome.TIMEOUT, "softmax(S: (3, 5)) had no answer after 6 s."),
            shapes(Outcome.CRASHED, "The process was ended by SIGSEGV."),
        ),
        confined=False,
    ),
    of(
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


SOFTMAX, ATTENTION = "03_softmax", "04_attention"
LATE = Adjustment("Handed in a day late: 1 begun day at 10% of 10", -1)
AGREED = Adjustment(f"Your mark was set to 2 points: {NASTY}", 2)
ZERO = Adjustment("Nothing was handed in: that counts as 0 points.")
LOVELY = WrittenMark("why_scale", 1.5, 2, "Lovely <i>answer</i>\n(1.5/2)")


def of_attention(student: str, points: float | None, status: MarkStatus = MarkStatus.MISSING, **more: object) -> Mark:
    return a_mark(student, ATTENTION, points, 12, status, **{"possible_without_written": 10, **more})


def without_mark(student: str, status: MarkStatus = MarkStatus.MISSING) -> Mark:
    return a_mark(student, SOFTMAX, None, 5, status)


MARKS = (
    a_student(
        "ada",
        a_mark("ada", SOFTMAX, 5),
        of_attention(
            *("ada", 10.5, MarkStatus.GRADED),
            checks=10,
            written=1.5,
            mark_without_written=9,
            adjustments=(LATE,),
            answers=(LOVELY,),
        ),
    ),
    a_student(
        "bo",
        a_mark("bo", SOFTMAX, 2, checks=0, adjustments=(AGREED,)),
        of_attention("bo", None, MarkStatus.EXCUSED),
    ),
    a_student("cy", without_mark("cy", MarkStatus.GRADER_ERROR), of_attention("cy", None)),
    a_student("di", without_mark("di", MarkStatus.UNREADABLE), of_attention("di", None)),
    a_student("=eve,;\"'", a_mark("=eve,;\"'", SOFTMAX, 0), of_attention("=eve,;\"'", None)),
    a_student("fay", a_mark("fay", SOFTMAX, 0), of_attention("fay", 0, checks=None, adjustments=(ZERO,))),
    a_student("gus", without_mark("gus"), of_attention("gus", None)),
)


def marks(*assignments: str) -> MarkTable:
    return mark_table(MARKS, CLASS, *assignments)


ENVIRONMENT = {name: f"the {field}" for field, name in GIVEN.items()} | {
    "ASSIGNMENT_TYPE": "individual",
    "SUBMISSION_TAG": "submit/2026-06-01T14-32-05Z-a1b2c3d",
}

FORMATS: Mapping[str, Callable[[], str]] = {
    "junit.xml": lambda: "".join(junit_xml(lambda: CLASS)),
    "codequality.json": lambda: "".join(code_quality(CLASS, place)),
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
