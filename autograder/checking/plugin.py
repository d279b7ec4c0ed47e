"""The pytest plugin that grades: its hooks collect the checks, its fixtures are what a check is written with."""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import takewhile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.checking import messages
from autograder.checking.follow import Again, FollowThrough
from autograder.checking.misconceptions import Misconception
from autograder.checking.student import NotPassedError, Student
from autograder.errors import UserError
from autograder.report import CheckResult, Outcome
from autograder.sandbox.protocol import Answers, CodeLine, SandboxError

FIXTURES = {"student", "reference", "rng"}
PATIENCE = 2  # checks of one question that may run out of time before its other checks are not run


class ChecksError(UserError):
    """The check files cannot be used; the message says which, where and why."""


@dataclass(frozen=True)
class Check:
    """One collected check: what a report says of it before it has run."""

    name: str
    title: str
    points: float
    question: str
    visible: bool

    def result(
        self,
        outcome: Outcome,
        message: str = "",
        misconception: str | None = None,
        line: CodeLine | None = None,
    ) -> CheckResult:
        earned = self.points if outcome is Outcome.PASSED else 0
        return CheckResult(
            self.name, self.title, self.points, earned, outcome, message, misconception, self.visible, line
        )


@dataclass(frozen=True)
class Run:
    """One submission for the checks to be run on. `seed` makes the inputs of hidden checks fresh for it.

    With `again`, a check that fails is run again with right answers of earlier questions in the place of the
    student's own, so that one mistake costs once.
    """

    answers: Answers
    seed: str = ""
    misconceptions: Sequence[Misconception] = ()
    again: Again | None = None
    question: str = ""  # run the checks of this one only


@dataclass(frozen=True)
class Material:
    """What checks are made from: the check files, and what is known of the questions.

    `earlier` names the questions of the assignments before this one, each with its function's parameters.
    `parameters` names the questions in the lesson's order, each with its function's parameters. `functions` are the
    reference's own, for the fixture `reference`; `reference` is the same as a submission, to run a check on that
    fails unexpectedly: if it does so with the right answers, the check is to blame.
    """

    parameters: Mapping[str, Sequence[str]]
    visible: Path
    hidden: Path | None = None
    earlier: Mapping[str, Sequence[str]] = field(default_factory=dict)
    functions: Mapping[str, Callable[..., Any]] | None = None
    reference: Answers | None = None

    def upstream(self, question: str) -> dict[str, Sequence[str]]:
        """The questions that stand before one, in this assignment and in earlier ones."""
        before = takewhile(lambda item: item[0] != question, self.parameters.items())
        return {**self.earlier, **dict(before)}

    @property
    def files(self) -> list[Path]:
        return [self.visible, self.hidden] if self.hidden else [self.visible]


def questions_called(path: Path) -> dict[str, tuple[str, ...]]:
    """For each check in a file, the names that it calls as `student.<name>`, in the order in which they stand."""
    return _questions_called(path.read_bytes())


@cache
def _questions_called(source: bytes) -> dict[str, tuple[str, ...]]:
    checks = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef))
    return {check.name: tuple(dict.fromkeys(_called(check))) for check in checks}


def _defined_twice(path: Path) -> list[str]:
    """The checks of a file that a later one of the same name hides."""
    names = Counter(node.name for node in ast.parse(path.read_bytes()).body if isinstance(node, ast.FunctionDef))
    return [name for name, count in names.items() if count > 1]


def _called(check: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(check):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "student":
            yield node.attr


class GradingPlugin:
    """The hooks and fixtures. When all checks are collected, `loop` is called with the session, to run them in it."""

    def __init__(self, material: Material, loop: Callable[[pytest.Session], None]) -> None:
        self.checks: dict[str, Check] = {}
        self.problems: list[str] = []
        self.margins: dict[str, float] = {}  # of the last run's failures: how far off, in units of the tolerance
        self._material = material
        self._loop = loop
        self._student = Student(material.parameters, material.functions)
        self._functions = SimpleNamespace(**(material.functions or {}))
        self._rng: np.random.Generator
        self._plain: set[str] = set()
        self._ended: BaseException | None = None

    # Collecting

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "points(worth): what a check is worth")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.problems.append(f"{report.nodeid}: {str(report.longrepr).strip().splitlines()[-1]}")

    def pytest_collection_modifyitems(self, items: list[pytest.Function]) -> None:
        for item in items:
            try:
                check = self._check(item)
                if check.name in self.checks:
                    raise ChecksError("has the name of another check")
                self.checks[item.name] = check
                if _is_plain(item):
                    self._plain.add(item.name)
            except ChecksError as error:
                self.problems.append(f"{item.path.name}: check `{item.name}` {error}")
        # A question's checks all run before those of the next: what stands in for it there comes too late to be used.
        order = list(self._material.parameters)
        items.sort(key=lambda item: order.index(self.checks[item.name].question) if item.name in self.checks else 0)
        self.problems += [
            f"{file.name}: check `{name}` stands there twice: only the second would run"
            for file in {item.path for item in items}
            for name in _defined_twice(file)
        ]
        self.problems += [
            f"{self._material.visible.parent.name}: no check is about the question `{question}`"
            for question in self._material.parameters
            if not any(check.question == question for check in self.checks.values())
        ]

    def _check(self, item: pytest.Function) -> Check:
        mark = item.get_closest_marker("points")
        if mark is None:
            raise ChecksError("does not say what it is worth: put @points(…) above it")
        if not item.function.__doc__:
            raise ChecksError("has no docstring: its first line is the title that the student reads")
        visible = item.path == self._material.visible
        if visible and "reference" in item.fixturenames:
            raise ChecksError("is visible and asks for `reference`, which students do not have")
        called = questions_called(item.path)[item.function.__name__]
        questions = [question for question in self._material.parameters if question in called]
        if not questions:
            raise ChecksError("is about no question: it must call `student.<question>` itself")
        title = item.function.__doc__.strip().splitlines()[0].rstrip(".")
        case = f" ({item.callspec.id})" if hasattr(item, "callspec") else ""
        return Check(item.name, title + case, mark.args[0], questions[-1], visible)

    # Running

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if not self.problems:
            self._loop(session)
        return True

    def run_all(self, session: pytest.Session, run: Run) -> Iterator[tuple[str, CheckResult]]:
        """Run every check on one submission; yields each one's name and result."""
        late: Counter[str] = Counter()
        self.margins = {}
        items = [item for item in session.items if isinstance(item, pytest.Function)]
        if run.question:
            items = [item for item in items if self.checks[item.name].question == run.question]
        for item, following in zip(items, [*items[1:], None], strict=True):
            check = self.checks[item.name]
            if late[check.question] >= PATIENCE:
                yield check.name, check.result(Outcome.TIMEOUT, messages.not_tried_again(check.question))
                continue
            result = self._result(check, item, following, run)
            late[check.question] += result.outcome is Outcome.TIMEOUT
            yield check.name, result

    def _result(self, check: Check, item: pytest.Function, following: pytest.Function | None, run: Run) -> CheckResult:
        def attempt(answers: Answers) -> BaseException | None:
            return self._run(check, item, following, answers, run)

        result = self._judge(check, attempt(run.answers), attempt)
        parameters = self._material.upstream(check.question)
        if result.outcome in (Outcome.PASSED, Outcome.GRADER_ERROR) or not parameters or run.again is None:
            return result
        called = questions_called(item.path)[item.function.__name__]
        chain = FollowThrough(run.again, parameters, called)
        if attempt(chain) is not None or not (blamed := chain.blamed()):
            return result
        self.margins.pop(check.name, None)
        return check.result(Outcome.PASSED, messages.upstream(check.question, blamed))

    def _judge(
        self, check: Check, ended: BaseException | None, attempt: Callable[[Answers], BaseException | None]
    ) -> CheckResult:
        """The result of a check that ended so."""
        match ended:
            case None:
                return check.result(Outcome.PASSED)
            case NotPassedError():
                self.margins[check.name] = ended.margin
                return check.result(ended.outcome, ended.message, ended.misconception, ended.line)
            case AssertionError() | pytest.fail.Exception():
                return check.result(Outcome.FAILED, str(ended))
            case SandboxError():
                return check.result(Outcome.GRADER_ERROR, messages.grader_error(str(ended)))
        # The check tripped over something. If it does so with the right answers as well, it is the check that is wrong.
        last_call = self._student.last_call
        if self._material.reference is None or attempt(self._material.reference) is None:
            return check.result(Outcome.FAILED, messages.unusable(last_call))
        return check.result(Outcome.GRADER_ERROR, messages.grader_error(f"{type(ended).__name__}: {ended}"))

    def _run(
        self, check: Check, item: pytest.Function, following: pytest.Function | None, answers: Answers, run: Run
    ) -> BaseException | None:
        """Run one item; returns the exception that it ended with."""
        self._student.begin(answers, run.misconceptions)
        seed = hashlib.sha256(f"{'' if check.visible else run.seed}:{check.name}".encode()).digest()
        self._rng = np.random.Generator(np.random.PCG64(int.from_bytes(seed)))
        self._ended = None
        with np.errstate(all="ignore"):  # what a check computes from a student's inf and nan is nobody's news
            if item.name in self._plain:
                self._call(item)
            else:
                item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        return self._ended

    def _call(self, item: pytest.Function) -> None:
        """What pytest's protocol comes to for an item that uses our fixtures only, in a tenth of the time."""
        ours = {"student": self._student, "reference": self._functions, "rng": self._rng}
        given = item.callspec.params if hasattr(item, "callspec") else {}
        item.funcargs = {name: given[name] if name in given else ours[name] for name in item.fixturenames}
        try:
            item.runtest()
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # pytest.fail and pytest.skip included: `_judge` tells what it means
            self._ended = error

    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> None:
        if call.excinfo is not None and self._ended is None:
            self._ended = call.excinfo.value

    @pytest.fixture
    def student(self) -> Student:
        return self._student

    @pytest.fixture
    def reference(self) -> SimpleNamespace:
        return self._functions

    @pytest.fixture
    def rng(self) -> np.random.Generator:
        return self._rng


def _is_plain(item: pytest.Function) -> bool:
    """Whether an item needs nothing of pytest but the call: our own fixtures, no mark that decides how it is run."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    fixtures = set(item.fixturenames) - parameters.keys()
    return fixtures <= FIXTURES and {mark.name for mark in item.iter_markers()} <= {"points", "parametrize"}
