"""Runs the visible checks as a student does at home, where nobody knows the reference, and keeps what they call."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from types import TracebackType
from typing import Any, NamedTuple, Self

from autograder.checking.collection import AssignmentChecks, CheckRun
from autograder.checking.session import CheckSession
from autograder.course.loader import Assignment
from autograder.report.model import Outcome, QuestionResult
from autograder.sandbox.execute import copied
from autograder.sandbox.namespace import Namespace
from autograder.sandbox.objects import Objects
from autograder.sandbox.protocol import Reply, Upstream
from autograder.sandbox.repeat import Kept
from autograder.submission.which_file import VISIBLE_CHECKS


class Call(NamedTuple):
    """A call of a question's function, with copies of its arguments, and what came of it."""

    args: list[Any]
    kwargs: dict[str, Any]
    reply: Reply


class Listening:
    """The functions of a submission; what is called of one of them is written down."""

    def __init__(self, space: Namespace, question: str) -> None:
        self._space = space
        self._question = question
        self.calls: list[Call] = []

    def call(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        given, named = copied(list(args)), copied(dict(kwargs))
        reply = self._space.call(name, args, kwargs)
        if name == self._question:
            self.calls.append(Call(given, named, reply))
        return reply

    def repeat(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        return self._space.repeat(name, args, kwargs)


class VisibleChecks:
    """The visible checks of assignments, each collected once. A context manager."""

    def __init__(self) -> None:
        self._sessions: dict[str, CheckSession] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def run(self, assignment: Assignment, question: str, space: Namespace) -> tuple[QuestionResult, list[Call]]:
        """The result of a question, and the calls that its checks made before they ended."""
        if assignment.name not in self._sessions:
            functions = assignment.functions.items()
            parameters = {name: tuple(inspect.signature(function).parameters) for name, function in functions}
            checks = AssignmentChecks(parameters, assignment.folder / VISIBLE_CHECKS)
            self._sessions[assignment.name] = self._stack.enter_context(CheckSession(checks))
        listening = Listening(space, question)
        (result,) = self._sessions[assignment.name].run(CheckRun(listening, question=question))
        return result, listening.calls

    def run_with(
        self, assignment: Assignment, question: str, function: Callable[..., Any]
    ) -> tuple[QuestionResult, list[Call]]:
        """The same for the reference, with a function in the place of the question's own."""
        values = {**assignment.reference.values, question: function}
        return self.run(
            assignment, question, replace(assignment.reference, values=values, objects=Objects(), kept=Kept())
        )


def failed(result: QuestionResult) -> set[str]:
    """The names of the checks that did not pass."""
    return {check.name for check in result.checks if check.outcome is not Outcome.PASSED}
