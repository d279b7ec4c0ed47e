"""The course proves itself: the proofs hold on the real one, and each kind of fault in a course is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course.certifying.proof import NONSENSE, NOTHING, REFERENCE, STUB, Proof
from autograder.course.certifying.proofs import prove
from autograder.course.loader import Course, load_course
from tests.helpers.course import add_misconception, edit

pytestmark = pytest.mark.slow


def proofs(course: Course) -> list[Proof]:
    return list(prove(course, course.assignments))


def problems(folder: Path) -> dict[str, str]:
    """What was handed in and does not hold, by `question handed_in`."""
    found = proofs(load_course(folder / "solutions"))
    return {f"{proof.question} {proof.handed_in}": proof.problem for proof in found if proof.problem}


def reasons(folder: Path) -> dict[str, str]:
    """The file, the line, the check and what it says, of what does not hold."""
    found = proofs(load_course(folder / "solutions"))
    return {
        f"{proof.question} {proof.handed_in}": f"{why.file.name}, line {why.line}, {why.check}: {why.message}"
        for proof in found
        if proof.problem and (why := proof.because)
    }


def test_the_proofs_cover_every_question_and_misconception(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """On one assignment: that the proofs of all of them hold, `make test` shows by the command itself."""
    monkeypatch.setattr("autograder.course.certifying.proofs.SEEDS", ("one",))
    assignment = course.assignment("02_scaled_scores")
    found = list(prove(course, [assignment]))
    assert {f"{proof.question} {proof.handed_in}: {proof.problem}" for proof in found if proof.problem} == set()
    for question in assignment.questions:
        rows = {proof.handed_in: proof for proof in found if proof.question == question}
        assert rows[REFERENCE].score == rows[REFERENCE].max_score > 0
        assert rows[STUB].score == rows[NONSENSE].score == 0
        assert {each.name for each in assignment.misconceptions if each.question == question} == (
            rows.keys() - {REFERENCE, STUB, NONSENSE}
        )


def test_every_question_of_the_course_has_a_misconception(course: Course) -> None:
    for assignment in course.assignments:
        assert {each.question for each in assignment.misconceptions} == set(assignment.questions)


def test_a_course_that_is_in_order_has_no_problems(small_course: Path) -> None:
    assert problems(small_course) == {}


def test_a_misconception_that_slips_through_weakened_checks_is_reported(small_course: Path) -> None:
    """In an array of one number, rows and columns are the same."""
    checks = small_course / "solutions/01_sums"
    edit(checks / "hidden_checks.py", "[(3, 5), (4, 4), (2, 3, 4)]", "[(1, 1)]")
    edit(
        checks / "visible_checks.py",
        "student.total(np.array([[1.0, 2.0]])), [3.0]",
        "student.total(np.ones((1, 1))), [1.0]",
    )
    assert problems(small_course) == {
        "total over_columns": "loses no point",
        "total nonsense": "a function that returns ones of the right shape passes test_total_example",
    }


def notes(folder: Path) -> dict[str, str]:
    found = proofs(load_course(folder / "solutions"))
    return {f"{proof.question} {proof.handed_in}": proof.note for proof in found if proof.note}


def test_a_question_that_is_made_worth_nothing_is_no_fault(small_course: Path) -> None:
    """What is dropped on the day of a regrade: `@points(0)` on each check of `total`."""
    checks = small_course / "solutions/01_sums"
    edit(checks / "hidden_checks.py", "@points(2)", "@points(0)")
    edit(checks / "visible_checks.py", "@points(1)\ndef test_total", "@points(0)\ndef test_total")
    assert problems(small_course) == {}
    assert notes(small_course) == {"total reference": "worth nothing: all of its checks have @points(0)"}


def test_a_misconception_that_only_checks_worth_nothing_catch_is_told_and_no_fault(small_course: Path) -> None:
    """Numbers whose mean is 1.5 either way: the visible check sees nothing, and the hidden one is worth nothing."""
    checks = small_course / "solutions/01_sums"
    edit(checks / "hidden_checks.py", "@points(1)", "@points(0)")
    edit(checks / "visible_checks.py", "[[1.0, 3.0]])), [2.0]", "[[0.0, 0.0]])), [0.0]")
    found = problems(small_course)
    assert "mean one_too_few" not in found
    assert notes(small_course) == {"mean one_too_few": "loses no point: only checks with @points(0) fail"}


def test_checks_worth_nothing_that_catch_nothing_are_a_fault_still(small_course: Path) -> None:
    checks = small_course / "solutions/01_sums"
    edit(checks / "hidden_checks.py", "@points(1)", "@points(0)")
    add_misconception(small_course, "right_after_all", "X.mean(axis=-1)")
    assert problems(small_course)["mean right_after_all"] == "loses no point"


def test_a_misconception_that_is_right_is_reported(small_course: Path) -> None:
    add_misconception(small_course, "right_after_all", "X.mean(axis=-1)")
    assert problems(small_course) == {"mean right_after_all": "loses no point"}


def test_two_misconceptions_that_compute_the_same_are_reported(small_course: Path) -> None:
    add_misconception(small_course, "doubled", "2 * X.mean(axis=-1)")
    add_misconception(small_course, "twice_the_mean", "X.mean(axis=-1) + X.mean(axis=-1)")
    assert problems(small_course) == {"mean doubled": "named as nothing", "mean twice_the_mean": "named as nothing"}


def test_a_misconception_close_to_the_tolerance_is_reported(small_course: Path) -> None:
    add_misconception(small_course, "nearly", "X.mean(axis=-1) * (1 + 1e-5)")
    found = problems(small_course)
    assert found.keys() == {"mean nearly"}
    assert found["mean nearly"].startswith("differs by only 10 times the tolerance")


def test_a_question_without_a_misconception_is_allowed_and_counted(small_course: Path) -> None:
    edit(small_course / "solutions/01_sums/misconceptions.py", '@misconception("mean")\n', "")
    assert problems(small_course) == {}
    assert notes(small_course) == {"mean -": "no misconception is known for this question"}
    assert [each.question for each in proofs(load_course(small_course / "solutions")) if each.handed_in == NOTHING] == [
        "mean"
    ]


def test_a_check_that_fails_by_itself_says_so_to_its_author_and_not_to_a_student(small_course: Path) -> None:
    edit(small_course / "solutions/01_sums/hidden_checks.py", "reference.mean, rng", "reference.mean, rgn")
    (proof,) = (
        each for each in proofs(load_course(small_course / "solutions")) if each.because and each.handed_in == REFERENCE
    )
    assert proof.because is not None
    assert proof.because.message == "NameError: name 'rgn' is not defined"


def test_a_reference_that_its_own_checks_refuse_is_reported(small_course: Path) -> None:
    edit(small_course / "solutions/01_sums/visible_checks.py", "[3.0]", "[4.0]")
    assert problems(small_course)["total reference"] == "the reference does not pass test_total_example either"
    assert reasons(small_course)["total reference"].startswith(
        "visible_checks.py, line 6, test_total_example: NotPassedError: 1 and 2 make 3. "
    )


def test_a_stub_that_earns_points_is_reported(small_course: Path) -> None:
    checks = small_course / "solutions/01_sums/hidden_checks.py"
    checks.write_text(
        checks.read_text()
        + '''

@points(1)
def test_total_forgiving(student):
    """Forgives everything"""
    import numpy as np

    try:
        student.total(np.zeros((2, 2)))
    except AssertionError:
        pass
'''
    )
    assert problems(small_course)["total stub"] == "earns 1 instead of 0"
    assert reasons(small_course)["total stub"].startswith("hidden_checks.py, line 19, test_total_forgiving: ")


def test_what_cannot_be_handed_over_is_reported_with_its_check(small_course: Path) -> None:
    hidden = small_course / "solutions/01_sums/hidden_checks.py"
    edit(hidden, "reference.mean, rng.normal(size=(3, 5))", "lambda X: 1.0, object()")
    found = reasons(small_course)["mean reference"]
    said = "an argument of type object cannot be handed to a student's function"
    assert found.startswith(f"hidden_checks.py, line 13, test_mean: {said}")


def test_a_reference_that_raises_by_accident_is_reported(small_course: Path) -> None:
    edit(small_course / "solutions/01_sums/lesson.py", "X.shape[-1]", "X.shape[-1] * xx")
    assert "raises NameError in the reference" in reasons(small_course)["mean reference"]


def test_a_check_that_is_broken_is_reported_with_its_error(small_course: Path) -> None:
    edit(small_course / "solutions/01_sums/hidden_checks.py", "reference.mean, rng", "reference.mean, no_rng")
    assert "no_rng" in reasons(small_course)["mean reference"]


def test_a_misconception_with_another_name_is_reported_with_what_a_student_would_read(small_course: Path) -> None:
    edit(small_course / "solutions/01_sums/misconceptions.py", "return X.sum(axis=0)", "return X.sum(axis=-1) + 1")
    add_misconception(small_course, "means", "X.mean(axis=-1) + 1")
    assert problems(small_course) == {}
