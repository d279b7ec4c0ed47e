"""The marks that are kept beside the reports: they come back as they were, and old ones are not taken for new."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.classroom.marks.model import (
    Adjustment,
    ClassMarks,
    Mark,
    MarkStatus,
    Member,
    StudentMarks,
    WrittenMark,
)
from autograder.classroom.marks.record import (
    BEFORE,
    FILE,
    MarksRecord,
    begin_grading,
    end_grading,
    forget_before,
    load_marks,
    put_marks,
    read_marks_before,
    read_record,
    require_whole_run,
    save_marks,
)
from autograder.errors import UserError
from autograder.grading.store import ReportStore

texts = st.text(max_size=20)
numbers = st.floats(-1000, 1000)
marks = st.builds(
    Mark,
    student=texts,
    assignment=texts,
    status=st.sampled_from(MarkStatus),
    checks=st.none() | numbers,
    written=st.none() | numbers,
    mark=st.none() | numbers,
    possible=numbers,
    adjustments=st.lists(st.builds(Adjustment, texts, numbers), max_size=3).map(tuple),
    answers=st.lists(st.builds(WrittenMark, texts, st.none() | numbers, numbers, texts), max_size=2).map(tuple),
    is_late=st.booleans(),
    dropped=st.lists(texts, max_size=2).map(tuple),
)
members = st.builds(Member, texts, texts, texts, st.booleans())
students = st.builds(
    StudentMarks,
    members,
    st.lists(marks, max_size=3).map(lambda each: {mark.assignment: mark for mark in each}),
    st.none() | numbers,
    st.booleans(),
)
ONE = Mark("ana", "03_softmax", MarkStatus.GRADED, 10.0, 2.0, 11.0, 14.0, adjustments=(Adjustment("Late.", -1.0),))
CLASS = ClassMarks(("03_softmax",), (StudentMarks(Member("ana", "ana"), {"03_softmax": ONE}, 78.5, True),))


@given(st.builds(ClassMarks, st.lists(texts).map(tuple), st.lists(students, max_size=3).map(tuple)))
def test_marks_come_back_as_they_were(marks: ClassMarks) -> None:
    assert MarksRecord.from_json(MarksRecord(marks, {"../class.toml": "ab"}).to_json()).marks == marks


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", '{"schema": 2}', "[" * 100_000])
def test_a_damaged_file_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)

    assert read_record(ReportStore(tmp_path)) is None
    with pytest.raises(UserError, match="holds no marks yet: run `autograder marks"):
        load_marks(ReportStore(tmp_path))


def test_marks_are_those_of_the_files_that_they_were_made_of(tmp_path: Path) -> None:
    store, policy, sheet = ReportStore(tmp_path / "graded"), tmp_path / "class.toml", tmp_path / "written.csv"
    policy.write_text("free_days = 1")
    save_marks(store, MarksRecord.of(CLASS, store.root, [policy, sheet]))
    assert load_marks(store) == CLASS

    sheet.write_text("somebody has begun to grade")
    with pytest.raises(UserError, match=r"written\.csv has changed since .* run `autograder marks"):
        load_marks(store)
    sheet.unlink()
    policy.write_text("free_days = 2")
    with pytest.raises(UserError, match=r"class\.toml has changed since"):
        load_marks(store)


def test_the_term_may_move_to_another_folder(tmp_path: Path) -> None:
    term = tmp_path / "term"
    term.mkdir()
    (term / "class.toml").write_text("")
    store = ReportStore(term / "graded")
    save_marks(store, MarksRecord.of(CLASS, store.root, [term / "class.toml"]))

    moved = term.rename(tmp_path / "moved")

    assert load_marks(ReportStore(moved / "graded")) == CLASS


def test_the_folder_of_reports_may_be_a_link_to_another_disk(tmp_path: Path) -> None:
    disk, policy = tmp_path / "disk" / "graded", tmp_path / "term" / "class.toml"
    disk.mkdir(parents=True)
    policy.parent.mkdir()
    policy.write_text("")
    (tmp_path / "term" / "graded").symlink_to(disk)
    store = ReportStore(tmp_path / "term" / "graded")
    save_marks(store, MarksRecord.of(CLASS, store.root, [policy]))
    assert load_marks(store) == CLASS

    policy.write_text("free_days = 2")
    with pytest.raises(UserError, match=r"class\.toml has changed since"):
        load_marks(store)


def test_while_a_run_makes_them_anew_there_are_none_and_the_former_can_be_compared_with(tmp_path: Path) -> None:
    store = ReportStore(tmp_path)
    begin_grading(store)  # the first run
    assert read_record(store) is None
    with pytest.raises(UserError, match="has not come to its end"):
        require_whole_run(store)
    end_grading(store)
    save_marks(store, MarksRecord(CLASS, {}))
    begin_grading(store)

    with pytest.raises(UserError, match="has not come to its end, and reports are missing: run it again"):
        load_marks(store)
    begin_grading(store)  # that run was killed, and the next one begins
    record = read_record(store)
    assert record
    assert record.marks == CLASS

    end_grading(store)
    with pytest.raises(UserError, match="holds no marks yet: run `autograder marks"):
        load_marks(store)
    save_marks(store, MarksRecord(replace(CLASS, warnings=("Look.",)), {}))
    assert load_marks(store).warnings == ("Look.",)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_former_marks_stay_such_where_somebody_is_taken_out_of_them(tmp_path: Path) -> None:
    store = ReportStore(tmp_path)
    save_marks(store, MarksRecord(CLASS, {}))
    for is_whole in (True, False):
        if not is_whole:
            begin_grading(store)
        record = read_record(store)
        assert record
        put_marks(store, record.without("ana"))
        assert read_record(store) == record.without("ana")
        assert (tmp_path / FILE).exists() == is_whole


@pytest.mark.parametrize("name", ["ana", "team-1"])
def test_a_student_is_erased_by_name_or_folder(name: str) -> None:
    ana = StudentMarks(Member("ana", "team-1"), {"03_softmax": ONE}, 78.5, True)
    ben = StudentMarks(Member("ben", "ben"), {}, None, True)

    warnings = ("03_softmax: it is not known when the work was handed in: 2 (ana and ben)",)

    rest = MarksRecord(ClassMarks(("03_softmax",), (ana, ben), warnings), {}).without(name)

    assert rest.marks.students == (ben,)
    assert rest.marks.warnings == ()
    assert "ana" not in rest.to_json()


def graded_with(points: float) -> ClassMarks:
    marks = {"03_softmax": replace(ONE, mark=points)}
    return replace(CLASS, students=(replace(CLASS.students[0], marks=marks),))


def test_the_marks_before_the_last_run_that_moved_any_are_kept(tmp_path: Path) -> None:
    store = ReportStore(tmp_path)
    assert read_marks_before(store) is None
    for points in (11, 13, 15, 15):  # the last run moves none
        begin_grading(store)
        end_grading(store)
        save_marks(store, MarksRecord(graded_with(points), {}))
    assert read_marks_before(store) == graded_with(13)
    assert load_marks(store) == graded_with(15)


@pytest.mark.parametrize("is_damaged", [False, True])
def test_who_is_erased_is_in_no_earlier_marks_either(tmp_path: Path, is_damaged: bool) -> None:
    store = ReportStore(tmp_path)
    for points in (11, 13):
        save_marks(store, MarksRecord(graded_with(points), {}))
    if is_damaged:
        (tmp_path / BEFORE).write_text((tmp_path / BEFORE).read_text()[:-9])

    forget_before(store, "ana")
    put_marks(store, MarksRecord(graded_with(13), {}).without("ana"))

    assert not any("ana" in path.read_text() for path in tmp_path.iterdir())
    before = read_marks_before(store)
    assert (before is None) == is_damaged
    assert before is None or before.students == ()
