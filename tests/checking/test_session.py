"""One session of checks grades any number of submissions, also those that cannot be read."""

from __future__ import annotations

from collections.abc import Callable

from autograder.checking.collection import CheckRun
from autograder.checking.session import CheckSession
from autograder.report.model import Outcome
from autograder.sandbox.client import Worker
from tests.helpers.checks import f


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
