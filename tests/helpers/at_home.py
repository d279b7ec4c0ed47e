"""Visible checks as students' own machines run them, on functions that we wrote: collected once, run for each."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from autograder.checking.at_home.known import read
from autograder.checking.at_home.naming import explained, is_wrong
from autograder.checking.at_home.observed import Observed
from autograder.checking.collection import AssignmentChecks, CheckRun
from autograder.checking.session import CheckSession
from autograder.course.known_mistakes import known_mistakes_file
from autograder.course.loader import Assignment
from autograder.course.stand_ins.mistaken import Mistaken
from autograder.report.model import CheckResult, QuestionResult
from autograder.sandbox.protocol import Answers
from autograder.submission.which_file import VISIBLE_CHECKS


class AtHome:
    """`at_home(question, answers)` gives the question's result, with the names that `check` gives there."""

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment
        self.known = read(known_mistakes_file(assignment))
        visible = assignment.folder / VISIBLE_CHECKS
        self._session = CheckSession(
            AssignmentChecks(assignment.parameters, visible, forms=self.known.forms, folder=assignment.home)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._session.close()

    def __call__(self, question: str, answers: Answers) -> QuestionResult:
        self.observed = Observed()
        (result,) = self._session.run(CheckRun(answers, observed=self.observed, question=question))
        return explained(result, self.observed, self.known)

    def mistaken(self, question: str, function: Callable[..., Any]) -> QuestionResult:
        """The same for a function in the place of the lesson's."""
        return self(question, Mistaken(self.assignment.reference, question, function))


def failing(result: QuestionResult) -> list[CheckResult]:
    return [check for check in result.checks if is_wrong(check)]
