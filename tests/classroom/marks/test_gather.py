"""From a folder of reports, rules and points by hand to marks: what is taken from where."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from autograder.classroom.marks.gather import NOTHING_BY_HAND, MadeMarks, deadline_of, make_marks
from autograder.classroom.marks.model import ByHand, ClassMarks, Member
from autograder.classroom.marks.rules import ClassRules
from autograder.classroom.policy.model import AssignmentPolicy, Extension, LateRule, Policy
from autograder.classroom.written.answers import class_answers
from autograder.errors import UserError
from autograder.grading.class_record import ClassRecord
from autograder.report.handed_in import HandedIn
from tests.helpers.in_words import NAME, WHERE, WHY, a_class_in_words, store_of
from tests.helpers.marks import points, scored
from tests.helpers.sheets import fill_in, make_sheet, rows_of

NOW = datetime(2026, 11, 1, tzinfo=UTC)
DUE = datetime(2026, 10, 12, 23, 59, tzinfo=ZoneInfo("Europe/Berlin"))
STUDENTS = ("ada", "ben", "cem", "dan", "eve")
EVERYBODY = tuple(Member(name, name) for name in STUDENTS)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ada and Ben gave the same answer to `why`; Cem left it empty."""
    return a_class_in_words(tmp_path_factory.mktemp("gather"))


@pytest.fixture
def sheet(graded: Path) -> Iterable[Path]:
    """The sheet of the class, in which nobody has filled in anything."""
    path = graded / "written.csv"
    make_sheet(path, class_answers(store_of(graded), store_of(graded), [NAME]))
    yield path
    path.unlink()


def made(
    graded: Path, gradebook: ByHand = NOTHING_BY_HAND, policy: Policy | None = None, **fields: object
) -> MadeMarks:
    store = store_of(graded)
    record = ClassRecord("", STUDENTS, (), questions={NAME: ("total", "mean", WHY, WHERE)}, **fields)  # type: ignore[arg-type]
    return make_marks(
        store, record, list(store), ClassRules(policy or Policy(), EVERYBODY, graded / "class.toml"), NOW, gradebook
    )


def points_for(marks: ClassMarks, question: str = WHY) -> dict[str, float | None]:
    answers = {mark.student: mark.answers for mark in marks}
    return {name: each.points for name in ("ada", "ben", "cem") for each in answers[name] if each.question == question}


def give(sheet: Path, question: str, text: str, number: str) -> None:
    (row,) = (row for row in rows_of(sheet) if row["question"] == question and text in row["answer"])
    fill_in(sheet, {row["answer_id"]: {"points": number}})


def test_without_a_sheet_answers_await_points_but_for_those_left_empty(graded: Path) -> None:
    result = made(graded)
    assert result.notes == ()
    assert points_for(result.marks) == {"ada": None, "ben": None, "cem": 0}


def test_points_in_the_sheet_are_for_all_who_gave_the_answer(graded: Path, sheet: Path) -> None:
    give(sheet, WHY, "Because variances", "3.5")
    assert points_for(made(graded).marks) == {"ada": 3.5, "ben": 3.5, "cem": 0}


def test_a_sheet_that_cannot_be_meant_is_refused(graded: Path, sheet: Path) -> None:
    give(sheet, WHY, "Because variances", "30")
    with pytest.raises(UserError, match=r"written\.csv"):
        made(graded)


def test_points_of_a_gradebook_stand_beside_those_of_the_sheet(graded: Path, sheet: Path) -> None:
    """What both say counts once, what they say otherwise not at all, and what one of them says counts."""
    give(sheet, WHY, "Because variances", "3")
    book = {("ada", NAME, WHY): 3.0, ("ben", NAME, WHY): 4.0, ("ada", NAME, WHERE): 1.0}
    by_hand = ByHand({key: points(given, source="the gradebook") for key, given in book.items()})
    result = made(graded, by_hand)
    assert points_for(result.marks) == {"ada": 3, "ben": None, "cem": 0}
    assert points_for(result.marks, WHERE) == {"ada": 1, "ben": None, "cem": None}
    (line,) = result.marks.warnings
    assert "ben [4 in the gradebook, 3 in written.csv]" in line


def test_times_are_those_of_the_record(graded: Path) -> None:
    policy = Policy(late=LateRule(percent=10), assignments={NAME: AssignmentPolicy(due=DUE)})
    times = {("ada", NAME): HandedIn(DUE + timedelta(hours=1)), ("ben", NAME): HandedIn(DUE)}
    marks = made(graded, policy=policy, handed_in=times).marks
    assert {mark.student: mark.is_late for mark in marks if mark.student in ("ada", "ben")} == {
        "ada": True,
        "ben": False,
    }
    assert any("not known when" in line for line in marks.warnings), "of the others"


def test_assignments_are_in_the_order_of_the_course_and_what_it_does_not_have_comes_last(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    reports = [scored(1, assignment=name) for name in ("03", "former", "10", "earlier")]
    record = ClassRecord("", ("ana",), (), questions={"10": (), "04": (), "03": ()})
    rules = ClassRules(Policy(), (Member("ana", "ana"),), tmp_path / "class.toml")
    assert make_marks(store, record, reports, rules, NOW).marks.assignments == ("10", "03", "earlier", "former")


def test_the_deadline_of_a_person_has_their_extension_and_the_grace_in_it_and_its_own_zone() -> None:
    policy = Policy(
        zone=ZoneInfo("Europe/Berlin"),
        assignments={"03": AssignmentPolicy(due=DUE, late=LateRule(grace_minutes=15))},
        extensions=(Extension("ben", "03", days=2),),
    )
    rules = ClassRules(policy, (Member("ana", "ana"), Member("ben", "team")), Path("class.toml"))
    of = deadline_of(rules, ["03", "04"], NOW)
    assert of("ana", "03") == DUE + timedelta(minutes=15)
    assert of("ben", "03") == DUE + timedelta(days=2, minutes=15)
    assert (found := of("ana", "03")) is not None
    assert found.tzinfo == DUE.tzinfo
    assert of("ana", "04") is None
    assert of("team", "03") is None, "nobody is called so"
