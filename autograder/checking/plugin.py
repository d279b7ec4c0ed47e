"""The pytest plugin that grades: its hooks collect the checks, its fixtures are what a check is written with."""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.checking import messages
from autograder.checking.misconceptions import Misconception
from autograder.checking.student import NotPassedError, Student
from autograder.report import CheckResult, Outcome
from autograder.sandbox.calls import Answers, SandboxError

PATIENCE = 2  # checks of one question that may run out of time before its other checks are not run


class ChecksError(Exception):
    """The check files cannot be used; the message says which, where and why."""


@dataclass(frozen=True)
class Check:
    """One collected check: what a report says of it before it has run."""

    name: str
    title: str
    points: float
    question: str
    visible: bool

    def result(self, outcome: Outcome, message: str = "", misconception: str | None = None) -> CheckResult:
        earned = self.points if outcome is Outcome.PASSED else 0
        return CheckResult(
            self.name, self.title, self.points, earned, outcome, message, misconception, visible=self.visible
        )


@dataclass(frozen=True)
class Run:
    """One submission for the checks to be run on. `seed` makes the inputs of hidden checks fresh for it."""

    answers: Answers
    seed: str = ""
    misconceptions: Sequence[Misconception] = ()


@dataclass(frozen=True)
class Material:
    """What checks are made from: the check files, and what is known of the questions.

    `parameters` names the questions in the lesson's order, each with its function's parameters. `functions` are the
    reference's own, for the fixture `reference`; `reference` is the same as a submission, to run a check on that fails
    unexpectedly: if it does so with the right answers, the check is to blame.
    """

    parameters: Mapping[str, Sequence[str]]
    visible: Path
    hidden: Path | None = None
    functions: Mapping[str, Callable[..., Any]] | None = None
    reference: Answers | None = None

    @property
    def files(self) -> list[Path]:
        return [self.visible, self.hidden] if self.hidden else [self.visible]


@cache
def questions_called(path: Path) -> dict[str, tuple[str, ...]]:
    """For each check in a file, the names that it calls as `student.<name>`, in the order in which they stand."""
    checks = (node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.FunctionDef))
    return {check.name: tuple(dict.fromkeys(_called(check))) for check in checks}


def _called(check: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(check):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "student":
            yield node.attr


class GradingPlugin:
    """The hooks and fixtures. When all checks are collected, `loop` is called with the session, in which they can be run."""

    def __init__(self, material: Material, loop: Callable[[pytest.Session], None]) -> None:
        self.checks: dict[str, Check] = {}
        self.problems: list[str] = []
        self.margins: dict[str, float] = {}  # of the last run's failures: how far off, in units of the tolerance
        self._material = material
        self._loop = loop
        self._student: Student
        self._seed = ""
        self._ended: BaseException | None = None

    # Collecting

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "points(worth): what a check is worth")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.problems.append(f"{report.nodeid}: {str(report.longrepr).strip().splitlines()[-1]}")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            try:
                check = self._check(item)
                if check.name in self.checks:
                    raise ChecksError("has the name of another check")
                self.checks[item.name] = check
            except ChecksError as error:
                self.problems.append(f"{item.path.name}: check `{item.name}` {error}")
        self.problems += [
            f"no check is about the question `{question}`"
            for question in self._material.parameters
            if not any(check.question == question for check in self.checks.values())
        ]

    def _check(self, item: pytest.Item) -> Check:
        assert isinstance(item, pytest.Function)
        mark = item.get_closest_marker("points")
        if mark is None:
            raise ChecksError("does not say what it is worth: put @points(…) above it")
        if not item.function.__doc__:
            raise ChecksError("has no docstring: its first line is the title that the student reads")
        called = questions_called(item.path)[item.function.__name__]
        questions = [question for question in self._material.parameters if question in called]
        if not questions:
            raise ChecksError("is about no question: it must call `student.<question>` itself")
        title = item.function.__doc__.strip().splitlines()[0].rstrip(".")
        case = f" ({item.callspec.id})" if hasattr(item, "callspec") else ""
        return Check(item.name, title + case, mark.args[0], questions[-1], visible=item.path == self._material.visible)

    # Running

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if not self.problems:
            self._loop(session)
        return True

    def run_all(self, session: pytest.Session, run: Run) -> Iterator[tuple[str, CheckResult]]:
        """Run every check on one submission; yields each one's name and result."""
        late: Counter[str] = Counter()
        self.margins = {}
        for item, following in zip(session.items, [*session.items[1:], None], strict=True):
            check = self.checks[item.name]
            if late[check.question] >= PATIENCE:
                yield check.name, check.result(Outcome.TIMEOUT, messages.not_tried_again(check.question))
                continue
            result = self._result(check, item, following, run)
            late[check.question] += result.outcome is Outcome.TIMEOUT
            yield check.name, result

    def _result(self, check: Check, item: pytest.Item, following: pytest.Item | None, run: Run) -> CheckResult:
        ended = self._run(check, item, following, run.answers, run)
        match ended:
            case None:
                return check.result(Outcome.PASSED)
            case NotPassedError():
                self.margins[check.name] = ended.margin
                return check.result(ended.outcome, ended.message, ended.misconception)
            case AssertionError():
                return check.result(Outcome.FAILED, str(ended))
            case SandboxError():
                return check.result(Outcome.GRADER_ERROR, messages.grader_error(str(ended)))
        # The check tripped over something. If it does so with the right answers as well, it is the check that is wrong.
        last_call = self._student.last_call
        if self._material.reference is None or self._run(check, item, following, self._material.reference, run) is None:
            return check.result(Outcome.FAILED, messages.unusable(last_call))
        return check.result(Outcome.GRADER_ERROR, messages.grader_error(f"{type(ended).__name__}: {ended}"))

    def _run(
        self, check: Check, item: pytest.Item, following: pytest.Item | None, answers: Answers, run: Run
    ) -> BaseException | None:
        """Run one item; returns the exception that it ended with."""
        self._student = Student(answers, self._material.parameters, run.misconceptions)
        self._seed = f"{'' if check.visible else run.seed}:{check.name}"
        self._ended = None
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        return self._ended

    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> None:
        if call.excinfo is not None and self._ended is None:
            self._ended = call.excinfo.value

    @pytest.fixture
    def student(self) -> Student:
        return self._student

    @pytest.fixture
    def reference(self) -> SimpleNamespace:
        if self._material.functions is None:
            raise ChecksError("visible checks know no reference")
        return SimpleNamespace(**self._material.functions)

    @pytest.fixture
    def rng(self) -> np.random.Generator:
        return np.random.default_rng(list(hashlib.sha256(self._seed.encode()).digest()))
