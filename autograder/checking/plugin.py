"""The pytest plugin that grades: its hooks collect the checks, its fixtures are what a check is written with."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from autograder.checking import author_messages, messages
from autograder.checking.at_home.observed import watching
from autograder.checking.collection import (
    AssignmentChecks,
    Check,
    CheckRun,
    ChecksError,
    begins_at,
    check_of,
    in_order,
    is_plain,
    problems_of,
    rng_of,
)
from autograder.checking.comparison.compared import Compared
from autograder.checking.follow_through import FollowThrough, own_mistake
from autograder.checking.hindsight import ended_by, look_back
from autograder.checking.recognition import messages as recognition_messages
from autograder.checking.recognition.judge import CourseFaultError, NotPassedError, Record
from autograder.checking.source import broken, questions_called
from autograder.checking.student import Student
from autograder.language.current import translated
from autograder.report.model import CheckResult, Outcome
from autograder.sandbox.execute import called_in
from autograder.sandbox.protocol import Answers, SandboxError
from autograder.sandbox.wire.limits import CannotCrossError

USERS_OPTIONS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")  # they could move a mark, and no report would say so
MAX_TIMEOUTS_PER_QUESTION = 2  # checks of one question that may run out of time before its other checks are not run


class GradingPlugin:
    """The hooks and fixtures. When all checks are collected, `loop` is called with the session, to run them in it."""

    def __init__(self, assignment: AssignmentChecks, loop: Callable[[pytest.Session], None]) -> None:
        self.checks: dict[str, Check] = {}
        self.problems: list[str] = []
        self.margins: dict[str, float] = {}  # of the last run's failures: how far off, in units of the tolerance
        self.compared: dict[str, Compared] = {}  # of those of visible checks: the numbers beside those in the check
        self._assignment = assignment
        self._loop = loop
        self._student = Student.of(assignment)
        self._functions = SimpleNamespace(**assignment.right_functions)
        self._rng: np.random.Generator
        self._plain: set[str] = set()
        self._results: dict[str, CheckResult] = {}  # of the checks that have run so far
        self._refusals: dict[str, str] = {}  # checks that asked for an error, and the function that was to raise it
        self._ended: BaseException | None = None
        self._environment: dict[str, str] = {}

    # Collecting

    @contextmanager
    def without_users_options(self) -> Iterator[None]:
        """No options of pytest's that somebody has set for tests of their own, until it has read all."""
        self._environment = {name: os.environ.pop(name) for name in USERS_OPTIONS if name in os.environ}
        try:
            yield
        finally:
            self._restore_environment()

    def _restore_environment(self) -> None:
        os.environ.update(self._environment)
        self._environment = {}

    def pytest_configure(self, config: pytest.Config) -> None:
        self._restore_environment()
        config.addinivalue_line("markers", "points(worth): what a check is worth")

    def pytest_exception_interact(self, call: pytest.CallInfo[object], report: pytest.TestReport) -> None:
        if isinstance(report, pytest.CollectReport) and call.excinfo is not None:
            error = call.excinfo.value
            file = Path(os.sep, report.nodeid)  # the root directory of this pytest is that of the system
            self.problems.append(broken(file, error.__cause__ or error))  # pytest has its own error around that

    def pytest_internalerror(self, excrepr: object) -> bool:
        self.problems.append(str(excrepr).strip().splitlines()[-1])
        return True  # pytest need not show it

    def pytest_collection_modifyitems(self, items: list[pytest.Function]) -> None:
        for item in items:
            try:
                check = check_of(item, self._assignment)
                if check.name in self.checks:
                    raise ChecksError(author_messages.name_taken(item.path, begins_at(item), item.name))
                self.checks[item.name] = check
                if is_plain(item):
                    self._plain.add(item.name)
            except ChecksError as error:
                self.problems.append(str(error))
        in_order(items, self.checks, self._assignment)
        of_files = (problems_of(file, self._assignment) for file in dict.fromkeys(item.path for item in items))
        if of_all := [problem for problems in of_files for problem in problems]:
            self.problems = of_all  # what else there is may follow from it
            return
        self.problems += [
            author_messages.no_check_about(self._assignment.visible.parent, question)
            for question in self._assignment.parameters
            if not any(check.question == question for check in self.checks.values())
        ]

    # Running

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if not self.problems:
            self._loop(session)
        return True

    def run_all(self, session: pytest.Session, run: CheckRun) -> dict[str, CheckResult]:
        """Run every check on one submission; returns the results by the checks' names."""
        late: Counter[str] = Counter()
        self._results = results = {}
        self.margins = {}
        self.compared = {}
        self._refusals = {}
        self._student.begin_submission()
        items = [item for item in session.items if isinstance(item, pytest.Function)]
        if run.question:
            items = [item for item in items if self.checks[item.name].question == run.question]
        # What is computed from a student's inf and nan is nobody's news.
        with np.errstate(all="ignore"), called_in(self._assignment.folder):
            for item, following in zip(items, [*items[1:], None], strict=True):
                check = self.checks[item.name]
                if late[check.question] >= MAX_TIMEOUTS_PER_QUESTION:
                    results[check.name] = check.result(Outcome.TIMEOUT, messages.not_tried_again(check.question))
                    continue
                results[check.name] = result = self._result(check, item, following, run)
                if run.until_lost and result.earned < result.points:
                    return results
                late[check.question] += result.outcome is Outcome.TIMEOUT
            look_back(results, self.checks, self._refusals, self._student.records, self._student.memo)
        return {name: result.called_in_language() for name, result in results.items()}

    def _result(
        self, check: Check, item: pytest.Function, following: pytest.Function | None, run: CheckRun
    ) -> CheckResult:
        def attempt(answers: Answers) -> BaseException | None:
            return self._run(check, item, following, answers, run)

        ended = attempt(run.answers)
        if self._student.asked_to_raise:
            self._refusals[check.name] = self._student.asked_to_raise
        result = self._judge(check, ended, attempt)
        parameters = self._assignment.upstream(check.question)
        if result.outcome not in (Outcome.PASSED, Outcome.GRADER_ERROR) and parameters and run.rerun is not None:
            called = questions_called(item.path)[item.function.__name__]
            chain = FollowThrough(run.rerun, parameters, called)
            again = self._aside(chain, attempt)
            cause = chain.root_cause() if chain.upstream_calls else ""
            if again is None and chain.upstream_calls and (cause or self._is_paid_upstream(chain, attempt)):
                self.margins.pop(check.name, None)
                message = messages.upstream_missing if cause and chain.is_missing(cause) else messages.upstream
                return replace(check.result(Outcome.PASSED, message(check.question, cause)), upstream=cause)
            if again is not None and cause and not result.misconception:
                ended = own_mistake(check.question, cause, again)
                result = self._judge(check, ended, attempt)
        if isinstance(ended, NotPassedError) and ended.slip:
            self._student.records[ended.question].slips.append(ended.slip)
        return result

    def _judge(
        self, check: Check, ended: BaseException | None, attempt: Callable[[Answers], BaseException | None]
    ) -> CheckResult:
        """The result of a check that ended so. What the reference does not pass either is not the student's fault."""
        result = self._charged(check, ended)
        if result.outcome not in (Outcome.FAILED, Outcome.ERROR) or self._assignment.reference is None:
            return result
        wrong = self._aside(self._assignment.reference, attempt)
        if wrong is None:
            return result
        self.margins.pop(check.name, None)
        return check.result(Outcome.GRADER_ERROR, messages.grader_error(f"{type(wrong).__name__}: {wrong}"))

    def _charged(self, check: Check, ended: BaseException | None) -> CheckResult:
        """The result of a check that ended so, if it is the student's answers that it ended so for."""
        match ended:
            case None:
                message = recognition_messages.excused(*self._student.excused) if self._student.excused else ""
                return check.result(Outcome.PASSED, message)
            case NotPassedError():
                self.margins[check.name] = ended.margin
                if check.visible and ended.compared:
                    self.compared[check.name] = ended.compared
                return replace(
                    check.result(ended.outcome, ended.message),
                    misconception=ended.misconception,
                    lesson=ended.lesson,
                    line=ended.line,
                    reason=ended.reason,
                )
            case AssertionError() | pytest.fail.Exception():
                return check.result(Outcome.FAILED, translated(str(ended)))
            case SandboxError() | CourseFaultError():
                return check.result(Outcome.GRADER_ERROR, messages.grader_error(str(ended)))
            case CannotCrossError():
                reason = author_messages.cannot_cross(str(ended))
                return check.result(Outcome.GRADER_ERROR, messages.grader_error(reason))
        # The check tripped over something.
        last_call = self._student.last_call
        message = messages.unusable(*last_call()) if last_call else messages.NOTHING_CALLED
        return check.result(Outcome.FAILED, message)

    def _is_paid_upstream(self, chain: FollowThrough, attempt: Callable[[Answers], BaseException | None]) -> bool:
        """Whether it is upstream that a mistake lies which no single call shows, and whether it has been paid for.

        Arrays that are written into again are such a mistake. It is upstream if the check fails with the student's own
        functions in another process as well, and paid for if one of them has lost points, or is of another assignment.
        """
        names = {call.name for call in chain.upstream_calls} | set(chain.called)
        is_elsewhere = not names & self._assignment.parameters.keys()
        has_lost = any(
            self.checks[name].question in chain.parameters and result.outcome is not Outcome.PASSED
            for name, result in self._results.items()
        )
        return (is_elsewhere or has_lost) and self._aside(chain.rerun.student, attempt) is not None

    def _aside(self, answers: Answers, attempt: Callable[[Answers], BaseException | None]) -> BaseException | None:
        """How a check ends on other functions, of which the student's records learn nothing."""
        records = self._student.records
        self._student.records = defaultdict(Record, {name: each.copy() for name, each in records.items()})
        try:
            return attempt(answers)
        finally:
            self._student.records = records

    def _run(
        self, check: Check, item: pytest.Function, following: pytest.Function | None, answers: Answers, run: CheckRun
    ) -> BaseException | None:
        """Run one item; returns the exception that it ended with."""
        observed = run.observed if answers is run.answers else None
        self._student.begin(answers, run.misconceptions, check.name, visible=check.visible, observed=observed)
        self._rng = rng_of(check, run.seed)
        self._ended = None
        with watching(observed):
            if item.name in self._plain:
                self._call(item)
            else:
                item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        return ended_by(self._ended, self._student)

    def _call(self, item: pytest.Function) -> None:
        """What pytest's protocol comes to for an item that uses our fixtures only, in a tenth of the time."""
        fixtures = {"student": self._student, "reference": self._functions, "rng": self._rng}
        given = item.callspec.params if hasattr(item, "callspec") else {}
        try:
            item.obj(**{name: given[name] if name in given else fixtures[name] for name in item.fixturenames})
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
