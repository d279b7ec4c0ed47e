"""Whose marks move between two runs."""

from __future__ import annotations

from dataclasses import replace

from autograder.classroom.marks.changes import mark_changes
from autograder.classroom.marks.model import Adjustment, ClassMarks, Mark, MarkStatus, Member, StudentMarks

ANA = Mark("ana", "03_softmax", MarkStatus.GRADED, 10.0, 2.0, 12.0, 14.0)
MISSING = Mark("ben", "03_softmax", MarkStatus.MISSING, None, None, None, 14.0)


def of(*marks: Mark) -> ClassMarks:
    students = (StudentMarks(Member(each.student, each.student), {each.assignment: each}, None, True) for each in marks)
    return ClassMarks(("03_softmax",), tuple(students))


def test_what_is_the_same_is_no_change() -> None:
    assert not mark_changes(of(ANA, MISSING), of(MISSING, ANA))


def test_a_mark_that_moves_is_one_with_its_new_reasons() -> None:
    late = replace(ANA, mark=11.0, adjustments=(Adjustment("Late.", -1.0),))

    (change,) = mark_changes(of(ANA, MISSING), of(late, MISSING))

    assert (change.before, change.after, change.moves) == (ANA, late, -1.0)
    assert change.new_reasons == ("Late.",)
    assert change.gone_reasons == ()
    (back,) = mark_changes(of(late), of(ANA))
    assert (back.moves, back.new_reasons, back.gone_reasons) == (1.0, (), ("Late.",))


def test_another_status_or_maximum_is_a_change_and_another_reason_alone_is_none() -> None:
    excused = replace(MISSING, status=MarkStatus.EXCUSED)
    assert [change.moves for change in mark_changes(of(MISSING), of(excused))] == [0.0]
    assert mark_changes(of(ANA), of(replace(ANA, possible=12.0)))
    assert not mark_changes(of(ANA), of(replace(ANA, adjustments=(Adjustment("In the office hour."),))))


def test_who_comes_or_goes_without_a_mark_is_no_news() -> None:
    assert not mark_changes(of(ANA), of(ANA, MISSING))
    assert not mark_changes(of(ANA, MISSING), of(ANA))
    (came,) = mark_changes(of(), of(ANA))
    (went,) = mark_changes(of(ANA), of())
    assert (came.moves, went.moves) == (12.0, -12.0)
    assert (came.either, went.either) == (ANA, ANA)
