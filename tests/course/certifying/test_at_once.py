"""Proofs in processes of their own: what ends one, or holds Python itself up, is told in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course.certifying.at_once import prove_at_once
from autograder.course.certifying.proofs import prove
from autograder.course.lesson import CourseError
from autograder.course.loader import load_course
from tests.helpers.course import edit

pytestmark = pytest.mark.slow
COMPARES = "    assert_matches(student.mean, reference.mean"


def test_all_proofs_come_in_the_lessons_order(small_course: Path) -> None:
    course = load_course(small_course / "solutions")
    proofs = prove_at_once(course, course.assignments)
    assert [repr(proof) for proof in proofs] == [repr(proof) for proof in prove(course, course.assignments)]
    assert list(dict.fromkeys(proof.assignment for proof in proofs)) == ["01_sums", "02_centred"]


def test_a_check_that_ends_its_process_is_told(small_course: Path) -> None:
    edit(small_course / "solutions/01_sums/hidden_checks.py", COMPARES, f"    __import__('os')._exit(3)\n{COMPARES}")
    course = load_course(small_course / "solutions")
    with pytest.raises(
        CourseError, match=r"^the process that proved 01_sums was ended: does a check or a misconception"
    ):
        prove_at_once(course, [course.assignment("01_sums")])


def test_what_holds_up_python_itself_is_ended_and_told_by_its_line(small_course: Path) -> None:
    """A regular expression that looks for ever, in which no other thread of the process runs."""
    hidden = small_course / "solutions/01_sums/hidden_checks.py"
    edit(hidden, COMPARES, f"    __import__('re').match('(a|aa)+$', 'a' * 99 + 'b')\n{COMPARES}")
    with open(small_course / "solutions/course.toml", "a") as settings:
        settings.write("submission_seconds = 8\n")
    course = load_course(small_course / "solutions")
    with pytest.raises(CourseError) as refused:
        prove_at_once(course, [course.assignment("01_sums")])
    said = "this has not ended after 8 s, in check `test_mean`: is there a loop?"
    assert str(refused.value) == f"{hidden}, line 16: {said}"
