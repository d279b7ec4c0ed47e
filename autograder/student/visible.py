"""A run of visible checks: what they say, with the names of known mistakes, and what they have compared. Portable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.checking.at_home.naming import explained
from autograder.checking.at_home.observed import Observed
from autograder.checking.collection import AssignmentChecks, CheckRun
from autograder.checking.session import run_comparing
from autograder.language.current import current, speaking
from autograder.report.model import QuestionResult
from autograder.sandbox.protocol import Answers
from autograder.student.known_mistakes import read_known_mistakes
from autograder.student.side_by_side.excerpt import SideBySide, side_by_side
from autograder.student.workspace import questions


@dataclass(frozen=True)
class VisibleRun:
    """What visible checks said, and the numbers of those that failed, by their names."""

    questions: tuple[QuestionResult, ...]
    pairs: Mapping[str, SideBySide]

    def of(self, name: str) -> QuestionResult:
        return next(question for question in self.questions if question.name == name)


def run_visible(
    checks: Path, answers: Answers, parameters: Mapping[str, Sequence[str]], question: str = ""
) -> VisibleRun:
    """Run a file of visible checks, or those of one question in it. Raises ChecksError when it cannot be used.

    `parameters` are what those of the questions are called in the student's code, as far as it is known.
    """
    named = {name: parameters.get(name, ()) for name in questions(checks)}
    known, observed = read_known_mistakes(checks), Observed()
    assignment = AssignmentChecks(named, checks, forms=known.forms)
    with speaking(current(), checks.parent):
        results, compared = run_comparing(assignment, CheckRun(answers, question=question, observed=observed))
        told = tuple(explained(result, observed, known) for result in results)
    return VisibleRun(told, {name: side_by_side(each) for name, each in compared.items()})
