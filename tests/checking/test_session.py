"""One session of checks grades any number of submissions, also those that cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import current_thread

import pytest

from autograder.checking.collection import CheckRun
from autograder.checking.session import CheckSession, in_this_thread, run_comparing
from autograder.report.model import Outcome, QuestionResult
from autograder.sandbox.client import Worker
from tests.helpers.checks import ADD_HALF, f, write_checks


def test_a_submission_that_could_not_be_read_has_all_checks_missing(session: Callable[..., CheckSession]) -> None:
    (question,) = session().unrun(Outcome.MISSING, "Not run.")
    (check,) = question.checks
    assert (question.name, question.score, question.max_score) == ("f", 0, 3)
    assert (check.outcome, check.message, check.title) == (Outcome.MISSING, "Not run.", "Half more")


def test_one_session_grades_any_number_of_submissions(
    session: Callable[..., CheckSession], answers: Callable[[str], Worker]
) -> None:
    """What one student's work does to a check leaves no trace in the next one's results."""
    bodies = ["return X + 0.5", "while True: pass", "return X", "raise KeyError", "return X + 0.5"]
    outcomes = [session().run(CheckRun(answers(f(body))))[0].checks[0].outcome for body in bodies]
    assert outcomes == [Outcome.PASSED, Outcome.TIMEOUT, Outcome.FAILED, Outcome.ERROR, Outcome.PASSED]


WORKED = '''
@points(1)
def test_{name}(student):
    """Half more"""
    assert_allclose(student.f(np.full(2, {given})), [{given} + 0.5] * 2)
'''


def test_only_what_stands_in_a_visible_check_is_kept_beside_the_answer(
    tmp_path: Path, answers: Callable[[str], Worker]
) -> None:
    """Arrays of hidden checks go nowhere; what the student has in the visible ones goes to the student only."""
    visible, hidden = WORKED.format(name="seen", given=2.0), WORKED.format(name="unseen", given=4.0)
    checks = write_checks(tmp_path, hidden, ADD_HALF, visible, answers(ADD_HALF))
    (question,), compared = run_comparing(checks, CheckRun(answers(f("return X + 1"))))
    assert [check.outcome for check in question.checks] == [Outcome.FAILED, Outcome.FAILED]
    assert list(compared) == ["test_seen"]
    assert compared["test_seen"].yours.tolist() == [3, 3]
    assert compared["test_seen"].expected.tolist() == [2.5, 2.5]
    assert "2.5" not in repr(question)
    assert "4.5" not in repr(question)


def test_until_points_are_lost_no_more_checks_are_run_than_need_be(
    tmp_path: Path, answers: Callable[[str], Worker]
) -> None:
    hidden = "".join(
        WORKED.format(name=name, given=given) for name, given in (("one", 0.0), ("two", 1.0), ("three", 2.0))
    )
    checks = write_checks(tmp_path, hidden, ADD_HALF, "", answers(ADD_HALF))
    with CheckSession(checks) as session:
        wrong = CheckRun(answers(f("return X + 0.5 * (X < 1)")), until_lost=True)
        assert [check.outcome for check in session.run(wrong)[0].checks] == [Outcome.PASSED, Outcome.FAILED]
        right = CheckRun(answers(ADD_HALF), until_lost=True)
        assert [check.outcome for check in session.run(right)[0].checks] == [Outcome.PASSED] * 3


def test_work_with_checks_is_done_in_the_same_thread_and_its_error_is_raised(
    tmp_path: Path, answers: Callable[[str], Worker]
) -> None:
    checks = write_checks(tmp_path, WORKED.format(name="one", given=0.0), ADD_HALF, "", answers(ADD_HALF))
    found = []

    def work(run: Callable[[CheckRun], tuple[QuestionResult, ...]]) -> None:
        (question,) = run(CheckRun(answers(ADD_HALF)))
        found.append((current_thread(), question.score))
        raise LookupError("what the work found")

    with pytest.raises(LookupError, match="what the work found"):
        in_this_thread(checks, work)
    assert found == [(current_thread(), 1)]
