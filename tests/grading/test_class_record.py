"""The record of a class: all that is said in it comes back, whichever version wrote it, and nothing else is taken."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course.lesson import CourseError
from autograder.course.loader import Course, load_course
from autograder.grading.class_record import ClassRecord, questions_of
from autograder.grading.store import RECORD, ReportStore
from autograder.report.handed_in import HandedIn
from autograder.report.ungraded import UngradedFile
from tests.helpers.reports import check, with_checks

A, B = "01_sums", "02_centred"
NINE = datetime(2026, 10, 5, 9, 30, 1, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
RECORD_OF_ALL = ClassRecord(
    "A small course",
    ("ana", "zoë", "nobody"),
    (("ana", A), ("ana", B), ("zoë", A)),
    (
        UngradedFile("zoë", A, "zoë/01_sums.zip", "It is an archive."),
        UngradedFile("zoë", "", "zoë.py", "Nothing says what it is for.", "canvas.zip"),
    ),
    {A: ("total", "mean", "why"), B: ("centre",)},
    {
        ("ana", A): HandedIn(NINE),
        ("ana", B): HandedIn(NINE, is_claim=True),
        ("zoë", A): HandedIn(unread="yesterday", is_late=True),
        ("nobody", A): HandedIn(),
    },
    "../class.toml",
    policy_is_named=True,
    graded={A: NINE.replace(microsecond=0), B: datetime(2026, 10, 6, tzinfo=UTC)},
)
TEXT = st.text(max_size=8)
# With their offsets only: an hour that clocks show twice equals none of another zone, for Python.
MOMENTS = st.datetimes(timezones=st.timezones()).map(
    lambda time: time.replace(tzinfo=timezone(time.utcoffset() or timedelta()))
)
TIMES = st.builds(HandedIn, st.none() | MOMENTS, st.booleans(), TEXT)


def test_all_of_it_comes_back() -> None:
    assert ClassRecord.from_json(RECORD_OF_ALL.to_json()) == RECORD_OF_ALL


@given(st.dictionaries(st.tuples(TEXT, TEXT), TIMES, max_size=3), st.dictionaries(TEXT, st.tuples(TEXT), max_size=3))
def test_whatever_the_names_and_times(times: dict[tuple[str, str], HandedIn], questions: dict[str, Any]) -> None:
    record = ClassRecord("", (), (), (), questions, times)
    read = ClassRecord.from_json(record.to_json())
    assert read == record
    assert list(read.questions) == list(questions), "in the order of the course"


def test_records_of_earlier_versions_are_read() -> None:
    data = json.loads(RECORD_OF_ALL.to_json())
    for name in ("policy", "policy_is_named", "handed_in", "questions", "ungraded", "graded"):
        del data[name]
        read = ClassRecord.from_json(json.dumps(data))
        assert (read.title, read.students, read.reports) == (
            RECORD_OF_ALL.title,
            RECORD_OF_ALL.students,
            RECORD_OF_ALL.reports,
        )
    assert (read.policy, read.handed_in, read.questions, read.ungraded, read.graded) == ("", {}, {}, (), {})


def replaced(name: str, value: object) -> Callable[[dict[str, Any]], object]:
    def change(data: dict[str, Any]) -> None:
        data[name] = value

    return change


def time(**changed: object) -> Callable[[dict[str, Any]], object]:
    def change(data: dict[str, Any]) -> None:
        data["handed_in"][0][2].update(changed)

    return change


DAMAGED = {
    "no title": lambda data: data.pop("title"),
    "students that are none": replaced("students", 3),
    "a report of nobody": replaced("reports", [["ana"]]),
    "questions as a list": replaced("questions", [["total"]]),
    "a question that is a number": replaced("questions", {A: 1}),
    "times as a table": replaced("handed_in", {"ana": {}}),
    "a time of nobody": replaced("handed_in", [[A, HandedIn().to_json()]]),
    "a time without its parts": replaced("handed_in", [["ana", A, {}]]),
    "a time that is a text": replaced("handed_in", [["ana", A, "2026-10-05"]]),
    "a time without a zone": time(time="2026-10-05T09:00:00"),
    "a time that is none": time(time="yesterday"),
    "a time that is a number": time(time=1_790_000_000),
    "graded at no time": replaced("graded", {A: "yesterday"}),
    "graded in no zone": replaced("graded", {A: "2026-10-05T09:00:00"}),
    "late, perhaps": time(is_late="perhaps"),
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_record_is_none(damage: Callable[[dict[str, Any]], object], tmp_path: Path) -> None:
    data = json.loads(RECORD_OF_ALL.to_json())
    damage(data)
    with pytest.raises(ValueError):  # noqa: PT011  (whatever is wrong in it)
        ClassRecord.from_json(json.dumps(data))
    store = ReportStore(tmp_path)
    store.save(with_checks(check(), student="ana"))
    (tmp_path / RECORD).write_text(json.dumps(data))
    assert store.load_class().students == ("ana",), "the reports tell who is in the class"


@pytest.mark.parametrize("text", ["", "null", "[]", "{", "[" * 100_000, '"title"'])
def test_another_text_is_no_record(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (whatever it is)
        ClassRecord.from_json(text)


def test_without_a_student_nothing_of_theirs_is_left() -> None:
    left = RECORD_OF_ALL.without("zoë")
    assert "zo" not in left.to_json()
    assert left.handed_in.keys() == {("ana", A), ("ana", B), ("nobody", A)}
    assert (left.questions, left.policy) == (RECORD_OF_ALL.questions, RECORD_OF_ALL.policy)


def test_a_run_over_some_assignments_keeps_the_times_of_the_others() -> None:
    fresh = {("ana", A): HandedIn(datetime(2026, 10, 6, tzinfo=UTC))}
    reports = {("ana", A), ("ana", B)}  # nobody's is gone
    assert RECORD_OF_ALL.times_with(fresh, reports) == fresh | {("ana", B): HandedIn(NINE, is_claim=True)}


def test_only_what_a_run_has_graded_anew_has_a_new_time() -> None:
    now = datetime(2026, 10, 7, 12, 0, 0, 5, tzinfo=UTC)
    assert RECORD_OF_ALL.graded_with((), now) == RECORD_OF_ALL.graded
    assert RECORD_OF_ALL.graded_with({B}, now) == RECORD_OF_ALL.graded | {B: now.replace(microsecond=0)}


def test_times_of_grading_are_told_as_the_clocks_of_the_class_show_them() -> None:
    """An hour that clocks show twice has its offset, which is all that comes back."""
    twice = [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)]
    record = ClassRecord("", (), (), graded=dict(zip((A, B), twice, strict=True))).in_zone(ZoneInfo("Europe/Berlin"))
    assert [time.isoformat() for time in record.graded.values()] == [
        "2026-10-25T02:30:00+02:00",
        "2026-10-25T02:30:00+01:00",
    ]
    assert ClassRecord.from_json(record.to_json()).in_zone(ZoneInfo("Europe/Berlin")) == record


def test_the_questions_of_a_course_are_those_of_its_lessons(course: Course) -> None:
    found = questions_of(course)
    assert tuple(found) == course.names
    for assignment in course.assignments:
        names = found[assignment.name]
        words = {answer.name for answer in assignment.written}
        assert tuple(name for name in names if name not in words) == assignment.questions
        assert set(names) == {*assignment.questions, *words}
        assert len(names) == len(set(names))
    assert any(assignment.written for assignment in course.assignments)


def test_a_lesson_that_cannot_be_read_is_named(small_course: Path) -> None:
    course = load_course(small_course / "solutions")
    lesson = small_course / "solutions" / B / "lesson.py"
    lesson.unlink()
    lesson.mkdir()
    with pytest.raises(CourseError, match=r"lesson\.py cannot be read"):
        questions_of(course)
