"""A class with pages of every kind, made of its reports by the commands that make those of any class."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.classroom.written.answers import class_answers
from autograder.cli import main
from autograder.grading.class_record import ClassRecord
from autograder.grading.store import ReportStore
from autograder.report.handed_in import HandedIn
from autograder.report.model import Outcome, QuestionResult, Report, WrittenAnswer
from autograder.report.ungraded import UngradedFile
from autograder.submission.model import CODE, NotebookCell, Submission
from tests.helpers.course import CENTRED, SUMS, write_course
from tests.helpers.golden_class import ATTENTION, CLASS, SOFTMAX, attention, of, shapes, sums
from tests.helpers.in_words import LESSON, WHERE, WHY
from tests.helpers.reports import UNREAD, check, softmax
from tests.helpers.sheets import fill_in

LONG_NAME = "an_identifier_that_is_longer_than_a_line_of_any_telephone_or_of_most_sheets_of_paper"
WIDE_MATRIX = "  yours  " + "  ".join(f"{number / 7:.4f}" for number in range(24))
MIX_UP = f"The rows sum to 3.\n\n{WIDE_MATRIX}\n\nThe columns of `S` were made weights.\nWhich axis is of the keys?"
WORDS = (WrittenAnswer(WHY, 5), WrittenAnswer(WHERE, 2))
LONG_ANSWER = "Because variances add up, and the root of `n` is what is left of them. " * 40
CHECKS = tuple(
    check(name=f"test_{place}", title=f"Check {place} says what holds of `softmax` of any matrix", points=1)
    for place in range(6)
)
MANY = tuple(f"student{place:02}" for place in range(12))  # enough for statistics
ABSENT = tuple(f"absent{place:02}" for place in range(31))  # more than a list shows unfolded
ROSTER = """\
folder,ID,Full name,Section,Withdrawn
team7,1,ivo,Monday,
team7,2,jun,Tuesday,
hana,3,hana,Monday,
mio,4,mio,Tuesday,yes
"""


def with_everything(student: str, *more: QuestionResult) -> Report:
    """Each way in which a check can end, names and lines that are too long, answers in words, notes."""
    mixed_up = {"message": MIX_UP, "misconception": "softmax_over_the_queries"}
    return of(
        student,
        SOFTMAX,
        softmax(
            sums(Outcome.FAILED, **mixed_up),
            shapes(Outcome.FAILED, **mixed_up),
            check(Outcome.FAILED, name="test_once_more", title="Another one", message="The rows sum to 3."),
            check(Outcome.CRASHED, name="test_crash", title="Large arrays"),
            check(name="test_blames", title="Large numbers", message="Mend `scale` first.", upstream="scale"),
        ),
        QuestionResult(LONG_NAME, (check(title=LONG_NAME), check(Outcome.ERROR, name="test_b", message=LONG_NAME))),
        QuestionResult("unread", (UNREAD,)),
        QuestionResult("dropped", (check(Outcome.TIMEOUT, name="test_dropped"),)),
        *more,
        written=WORDS,
        notes=("`softmax` is defined twice: in code cell 1 and in code cell 2. The last one counts.", "Another note."),
        confined=False,
    )


def one_of_many(place: int) -> Report:
    """Some miss one check, some another, and all the last."""
    checks = [
        check(Outcome.FAILED, name=each.name, title=each.title, points=1) if number in (place % 3, place % 5) else each
        for number, each in enumerate(CHECKS)
    ]
    mix_up = check(Outcome.FAILED, name="test_nobody", title="Nobody passes", message=MIX_UP, misconception="axis")
    return of(MANY[place], SOFTMAX, softmax(*checks, mix_up), notes=() if place else ("A note.",))


OURS = check(Outcome.GRADER_ERROR, name="test_ours", title="Very large numbers", message="KeyError: 'the solution'")
REPORTS = (
    *CLASS,
    with_everything("hana"),
    with_everything("ben", QuestionResult("ours", (OURS,))),
    of("kim", SOFTMAX, softmax(*CHECKS), written=WORDS),
    of("team7", SOFTMAX, softmax(*CHECKS), written=WORDS),
    of("lea", SOFTMAX, softmax(*CHECKS[:3], OURS)),
    of("lea", ATTENTION, attention(Outcome.FAILED)),
    of("mio", SOFTMAX, softmax(*CHECKS)),
    *map(one_of_many, range(len(MANY))),
)
ANSWERS = {
    "ada": {"why_scale": "So that it does not grow."},
    "hana": {WHY: LONG_ANSWER, WHERE: "In attention.\n\n- as a `scale`"},
    "ben": {WHY: "Other words."},
    "kim": {WHY: "Words that nobody has read."},
    "team7": {WHY: "Words of a team.", WHERE: "In attention.\n\n- as a `scale`"},
}
CLASS_TOML = """\
timezone = "Europe/Berlin"
zeros = ["missing"]
roster = "roster.csv"

[late]
percent = 10

[assignments.03_softmax]
due = 2026-10-12T23:59:00
extra_credit = ["test_once_more"]
drop = ["dropped"]

[assignments.04_attention]
due = 2196-10-12T23:59:00

[[extensions]]
student = "ivo"
assignment = "03_softmax"
days = 3
reason = "ill"

[[excused]]
student = "lea"
assignment = "04_attention"
reason = "moved house"

[[excused]]
student = "fay"
assignment = "*"

[[overrides]]
student = "gus"
assignment = "03_softmax"
points = 2
reason = "shown to us on your machine"

[[overrides]]
student = "hana"
assignment = "03_softmax"
question = "unread"
points = 1
reason = "agreed in the office hour"
"""
UNGRADED = UngradedFile("kim", SOFTMAX, f"kim/{LONG_NAME}.zip", "An archive is not opened: hand in `03_softmax.ipynb`.")
LATE = datetime(2026, 10, 14, 12, tzinfo=UTC)


def make_class(folder: Path) -> None:
    """Grade nothing, and write all pages that a class leaves behind: `graded/`, `written.html`, `feedback.zip`."""
    write_course(folder, files={SOFTMAX: {**SUMS, "lesson.py": LESSON}, ATTENTION: CENTRED})
    (folder / "class.toml").write_text(CLASS_TOML)
    (folder / "roster.csv").write_text(ROSTER)
    store = ReportStore(folder / "graded")
    for each in REPORTS:
        store.save(each, _work_of(each))
    keys = [(each.student, each.assignment) for each in REPORTS]
    record = ClassRecord(
        "A class in which everything happens",
        tuple(dict.fromkeys([*(student for student, _ in keys), "gus", *ABSENT])),
        tuple(keys),
        ungraded=(UNGRADED,),
        questions={SOFTMAX: ("softmax", LONG_NAME, "unread", "dropped", WHY, WHERE), ATTENTION: ("attention",)},
        handed_in={key: HandedIn(LATE) for key in keys if key[0] in ("ben", "hana", "team7")},
    )
    store.save_class(record)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        _run("written", "graded", "--out", "written.csv")
        read = {
            answer.id: {"points": f"{answer.possible - 1:g}", "comment": "Nearly.\n\nSee the `root`."}
            for answer in class_answers(store, REPORTS).answers
            if "hana" in answer.students
        }
        fill_in(Path("written.csv"), read)
        _run("marks", "graded", "--class", "class.toml")
        _run("feedback", "graded", "--out", "feedback.zip", expected=1)  # most are in no roster, and have no address
        _run("written", "graded", "--out", "written.csv", "--names")


def _work_of(report: Report) -> Submission:
    cells = (
        NotebookCell(CODE, f"def softmax(S):\n    return S  # {'a comment that goes on ' * 20}", "code cell 1"),
        NotebookCell(CODE, f"{LONG_NAME} = 1", "code cell 2"),
    )
    return Submission(f"{report.assignment}.ipynb", cells, "a digest", answers=ANSWERS.get(report.student, {}))


def _run(*arguments: str, expected: int = 0) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == expected, result.output
