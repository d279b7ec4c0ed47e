"""What of pytest a check can use, and what is refused, with its line and a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.checking.collection import CheckRun, ChecksError
from autograder.course.loader import load_course
from autograder.report.model import Outcome
from tests.helpers.course import edit

MEAN = "def test_mean(student, reference, rng):"
CALL = "    assert_matches(student.mean, reference.mean, rng.normal(size=(3, 5)))"


def refusal(folder: Path) -> str:
    course = load_course(folder / "solutions")
    with pytest.raises(ChecksError) as refused, course.assignment("01_sums").check_session():
        pass
    return str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "line", "how"),
    [
        (MEAN, f'@pytest.mark.skip(reason="later")\n{MEAN}', 13, "@pytest.mark.skip"),
        (MEAN, f'@pytest.mark.skipif(True, reason="later")\n{MEAN}', 13, "@pytest.mark.skipif"),
        (MEAN, f"@pytest.mark.xfail\n{MEAN}", 13, "@pytest.mark.xfail"),
        (CALL, f'    pytest.skip("later")\n{CALL}', 16, "pytest.skip"),
        (CALL, f'    pytest.xfail("later")\n{CALL}', 16, "pytest.xfail"),
        (CALL, f'    if rng is None:\n        pytest.exit("enough")\n{CALL}', 17, "pytest.exit"),
        (CALL, f'    pytest.importorskip("scipy")\n{CALL}', 16, "pytest.importorskip"),
    ],
)
def test_a_check_that_would_neither_pass_nor_fail(small_course: Path, old: str, new: str, line: int, how: str) -> None:
    checks = small_course / "solutions/01_sums/hidden_checks.py"
    edit(checks, old, new)
    assert refusal(small_course) == (
        f"{checks}, line {line}: check `test_mean` has {how}: a check passes or fails, for everybody alike; "
        "take it out of the file, or let it be worth nothing, by @points(0)"
    )


@pytest.mark.parametrize("fixture", ["capsys", "capfd", "caplog", "recwarn"])
def test_what_answers_print_is_not_there_to_be_read(small_course: Path, fixture: str) -> None:
    checks = small_course / "solutions/01_sums/hidden_checks.py"
    edit(checks, MEAN, MEAN.replace("rng", f"rng, {fixture}"))
    assert refusal(small_course) == (
        f"{checks}, line 13: check `test_mean` asks for `{fixture}`: answers run in a process of their own, and what "
        "they print, log or warn of is not kept; let them return it"
    )


def test_a_check_may_call_through_functions_of_its_file(small_course: Path) -> None:
    """They may hand `student` on, to themselves as well."""
    checks = small_course / "solutions/01_sums/hidden_checks.py"
    edit(checks, CALL, "    compare(student, reference, rng, times=2)")
    with checks.open("a") as file:
        file.write(
            "\n\ndef compare(student, reference, rng, times):\n"
            "    compare_once(student=student, right=reference, rng=rng)\n"
            "    if times > 1:\n        compare(student, reference, rng, times - 1)\n\n\n"
            "def compare_once(student, right, rng):\n"
            "    assert_matches(student.mean, right.mean, rng.normal(size=(3, 5)))\n"
        )
    assignment = load_course(small_course / "solutions").assignment("01_sums")
    with assignment.check_session() as session:
        questions = session.run(CheckRun(assignment.reference))
    found = {check.name: (question.name, check.outcome) for question in questions for check in question.checks}
    assert found["test_mean"] == ("mean", Outcome.PASSED)


def test_a_helper_of_another_file_is_named_as_what_is_missing(small_course: Path) -> None:
    checks = small_course / "solutions/01_sums/hidden_checks.py"
    edit(checks, CALL, "    compare(student, reference, rng)")
    edit(checks, "import pytest\n", "import pytest\nfrom shared import compare\n")
    (small_course / "solutions/shared.py").write_text("def compare(student, right, rng):\n    student.mean([1.0])\n")
    assert (
        "check `test_mean` is about no question: it must call `student.<question>` itself, or hand `student` to a "
        in (refusal(small_course))
    )


def test_an_exception_is_asked_for_by_raises(small_course: Path) -> None:
    """`pytest.raises` around a student's call is refused with what to write instead."""
    checks = small_course / "solutions/01_sums/hidden_checks.py"
    edit(checks, CALL, "    with pytest.raises(AttributeError):\n        student.mean(5)")
    assignment = load_course(small_course / "solutions").assignment("01_sums")
    with assignment.check_session() as session:
        questions = session.run(CheckRun(assignment.reference))
    messages = {check.name: check.message for question in questions for check in question.checks}
    assert "or say `raises=AttributeError` in the check" in messages["test_mean"]
