"""Grades a function that takes the place of the lesson's, in this process: it is we who wrote it."""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType
from typing import Self

from autograder.checking.collection import CheckRun
from autograder.checking.follow_through import Rerun
from autograder.checking.session import CheckSession
from autograder.course.loader import Assignment, load_course
from autograder.report.model import QuestionResult
from autograder.sandbox.loader import load
from autograder.sandbox.namespace import Namespace
from autograder.sandbox.protocol import Cell
from tests.helpers.paths import ROOT

HEAD = "import math\nimport numpy as np\n\n"


class Grade:
    """`grade(question, source)` gives the question's result; `grade.all(question, source)` those of its assignment."""

    def __init__(self) -> None:
        self._course = load_course(ROOT / "solutions")
        self._sessions: dict[str, CheckSession] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def __call__(self, question: str, source: str, seed: str = "ada") -> QuestionResult:
        (result,) = self._run(question, source, seed, only=question)
        return result

    def all(self, question: str, source: str, seed: str = "ada") -> tuple[QuestionResult, ...]:
        return self._run(question, source, seed)

    def _run(self, question: str, source: str, seed: str, only: str = "") -> tuple[QuestionResult, ...]:
        assignment = next(each for each in self._course.assignments if question in each.questions)
        if assignment.name not in self._sessions:
            self._sessions[assignment.name] = self._stack.enter_context(assignment.check_session())
        answers = submission(assignment, source)
        rerun = Rerun(answers, assignment.reference)
        run = CheckRun(answers, seed, assignment.misconceptions, rerun, question=only)
        return self._sessions[assignment.name].run(run)


def submission(assignment: Assignment, source: str) -> Namespace:
    """The lesson's own solution with a cell more."""
    part = assignment.part((*assignment.parts[-1].cells, Cell("code cell 99", HEAD + source)))
    return load([*assignment.parts[:-1], part], ["numpy", "math", "random", "typing"], 60)
