"""The checks of a course as tests of pytest's: each runs on what `--on` names, and fails as it would in grading.

What grading sees only when all checks have run is not told: which name fits all answers, and whether another check or
an earlier question has paid for a mistake already.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import autograder
from autograder.checking.collection import Check, check_of, in_order, rng_of
from autograder.checking.hindsight import ended_by
from autograder.checking.student import Student
from autograder.course.by_pytest import messages
from autograder.course.by_pytest.handed_in import GivenAnswers, Named
from autograder.course.loader import HIDDEN_CHECKS, Assignment, load_course
from autograder.errors import UserError
from autograder.report.model import number
from autograder.sandbox.execute import called_in
from autograder.submission.which_file import VISIBLE_CHECKS

PACKAGE = Path(autograder.__file__).parent


@dataclass
class AssignmentRun:
    """The checks of one assignment, and what they are run on."""

    assignment: Assignment
    handed_in: GivenAnswers
    student: Student
    checks: dict[str, Check] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)

    def begin(self, check: Check) -> None:
        self.student.begin(self.handed_in.answers, self.assignment.misconceptions, check.name, visible=check.visible)


class CourseChecks:
    """The hooks and fixtures for the checks of one course."""

    def __init__(self, config: pytest.Config, folder: Path) -> None:
        """Raises UsageError."""
        with _said_by_pytest():
            self._course = load_course(folder)
        self._named = Named(self._course, config.getoption("--on"), config.invocation_params.dir)
        self._runs: dict[Path, AssignmentRun] = {}
        for pattern in (VISIBLE_CHECKS, HIDDEN_CHECKS, f"{Path(HIDDEN_CHECKS).stem}/*.py"):
            config.addinivalue_line("python_files", pattern)
        config.addinivalue_line("markers", "points(worth): what a check is worth")
        config.option.importmode = "importlib"  # files of several assignments bear the same names
        sys.path.insert(0, str(folder))  # checks may share modules

    def pytest_unconfigure(self) -> None:
        self._named.close()

    @pytest.hookimpl(trylast=True)  # behind -k and -m
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Only the checks of assignments that have what was named stay, in grading's order. Raises UsageError."""
        of_course: defaultdict[Path, list[pytest.Function]] = defaultdict(list)
        others = []
        for item in items:
            if isinstance(item, pytest.Function) and (folder := self._folder_of(item)):
                of_course[folder].append(item)
            else:
                others.append(item)
        asked = [each for each in self._course.assignments if each.folder in of_course]
        with _said_by_pytest():
            chosen = self._named.among(asked)
            for assignment in chosen:
                self._runs[assignment.folder] = self._run(assignment, of_course[assignment.folder])
        items[:] = [*others, *(item for each in chosen for item in of_course[each.folder])]
        config.hook.pytest_deselected(
            items=[item for each in asked if each not in chosen for item in of_course[each.folder]]
        )

    def _run(self, assignment: Assignment, items: list[pytest.Function]) -> AssignmentRun:
        """What the checks of an assignment are run on. Raises UserError where they cannot be used."""
        checks = assignment.checks
        run = AssignmentRun(assignment, self._named.for_assignment(assignment), Student.of(checks))
        for item in items:
            run.checks[item.name] = check_of(item, checks)
        items.sort(key=lambda item: checks.files.index(item.path))
        in_order(items, run.checks, checks)
        return run

    def _folder_of(self, item: pytest.Item) -> Path | None:
        return next((each.folder for each in self._course.assignments if item.path.is_relative_to(each.folder)), None)

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, object, object]:
        run = self._runs.get(self._folder_of(pyfuncitem) or Path())
        if run is None:
            return (yield)
        run.begin(run.checks[pyfuncitem.name])
        ended: BaseException | None = None
        with np.errstate(all="ignore"), called_in(run.assignment.home):  # as in grading
            try:
                yield
            except (Exception, pytest.fail.Exception) as error:
                ended = error
        told = ended_by(ended, run.student)
        if told is None:
            run.passed.add(pyfuncitem.name)
            return True
        if ended is None:  # no line of the check's is to blame
            pytest.fail(str(told), pytrace=False)
        _end_in_check(ended)
        raise told.with_traceback(ended.__traceback__) from None

    @pytest.fixture
    def student(self, request: pytest.FixtureRequest) -> Student:
        return self._asking(request).student

    @pytest.fixture
    def reference(self, request: pytest.FixtureRequest) -> SimpleNamespace:
        return SimpleNamespace(**self._asking(request).assignment.checks.right_functions)

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> np.random.Generator:
        run = self._asking(request)
        return rng_of(run.checks[request.node.name], run.handed_in.seed)

    def _asking(self, request: pytest.FixtureRequest) -> AssignmentRun:
        folder = self._folder_of(request.node)
        if folder is None:
            pytest.fail(messages.no_check_of_course(request.node.name, str(self._course.folder)), pytrace=False)
        return self._runs[folder]

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """What each question earned, and which checks are worth their points several times."""
        if terminalreporter.config.option.collectonly or terminalreporter.config.option.verbose < 0:
            return
        for run in self._runs.values():
            terminalreporter.section(messages.run_on(run.assignment.name, run.handed_in.told), sep="-")
            for line in _lines(run):
                terminalreporter.line(line)


def _lines(run: AssignmentRun) -> Iterator[str]:
    for question in run.assignment.questions:
        checks = [check for check in run.checks.values() if check.question == question]
        if checks:
            earned = sum(check.points for check in checks if check.name in run.passed)
            yield messages.points(question, number(earned), number(sum(check.points for check in checks)))
        yield from _cases(checks)


def _cases(checks: Sequence[Check]) -> Iterator[str]:
    cases = Counter((check.name.partition("[")[0], check.points) for check in checks if "[" in check.name)
    return (messages.cases(name, count, number(points)) for (name, points), count in cases.items())


def _end_in_check(error: BaseException) -> None:
    """Let the traceback of what a check has found end in the author's own line."""
    last, frame = None, error.__traceback__
    while frame and isinstance(error, AssertionError):
        if not Path(frame.tb_frame.f_code.co_filename).is_relative_to(PACKAGE):
            last = frame
        frame = frame.tb_next
    if last:
        last.tb_next = None


@contextmanager
def _said_by_pytest() -> Iterator[None]:
    """What is the author's to mend, pytest says in a line, and ends."""
    try:
        yield
    except UserError as error:
        raise pytest.UsageError(str(error)) from None
