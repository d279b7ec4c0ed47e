"""The checks of one assignment, collected once and run for any number of submissions.

pytest keeps control of its main loop. A `CheckSession` therefore lets it run in a thread of its own, where the loop
waits for submissions instead of ending. Only pytest's public interface is used.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from contextvars import Context, copy_context
from queue import SimpleQueue
from threading import Thread
from typing import Any, Self

import pytest

from autograder.checking import author_messages
from autograder.checking.collection import AssignmentChecks, Check, CheckRun, ChecksError
from autograder.checking.comparison.compared import Compared
from autograder.checking.plugin import GradingPlugin
from autograder.report.model import CheckResult, Outcome, QuestionResult

PYTEST_ARGUMENTS = (
    *("--import-mode=importlib", "--assert=plain", "--capture=no", "--disable-plugin-autoload"),
    *("-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:faulthandler", "-p", "no:warnings", "-p", "no:logging"),
    *("-p", "no:doctest", "-p", "no:unittest", "-p", "no:threadexception", "-p", "no:unraisableexception"),
    *("-p", "no:debugging", "-p", "no:junitxml", "-p", "no:pastebin", "-p", "no:setuponly", "-p", "no:setupplan"),
    *("-c", os.devnull, "--rootdir", os.sep),
)


class CheckSession:
    """The checks of one assignment, ready to run. A context manager; one submission at a time."""

    def __init__(self, assignment: AssignmentChecks) -> None:
        """Collect the checks. Raises ChecksError."""
        self._assignment = assignment
        self._plugin = GradingPlugin(assignment, self._serve)
        self._requests: SimpleQueue[tuple[Context, CheckRun] | None] = SimpleQueue()
        self._answers: SimpleQueue[Any] = SimpleQueue()
        self._thread = Thread(target=self._main, daemon=True)
        self._thread.start()
        self.checks: tuple[Check, ...] = self._take()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._requests.put(None)
        self._thread.join()

    def run(self, run: CheckRun) -> tuple[QuestionResult, ...]:
        """Run every check on one submission, or those of the run's question."""
        self._requests.put((copy_context(), run))  # the language that is spoken here is spoken there
        results: dict[str, CheckResult] = self._take()
        checks = tuple(check for check in self.checks if check.name in results)
        questions = by_question(self._assignment, checks, lambda check: results[check.name])
        return tuple(each for each in questions if run.question in ("", each.name))

    def unrun(self, outcome: Outcome, message: str) -> tuple[QuestionResult, ...]:
        """The results of a submission that no check could be run on."""
        return by_question(self._assignment, self.checks, lambda check: check.result(outcome, message))

    @property
    def margins(self) -> dict[str, float]:
        """For each check that failed in the last run, how far off the answer was, in units of the tolerance."""
        return self._plugin.margins

    def _take(self) -> Any:
        answer = self._answers.get()
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _main(self) -> None:
        try:
            _run_pytest(self._assignment, self._plugin)
        except BaseException as error:  # raised again in the thread that waits
            self._answers.put(error)

    def _serve(self, session: pytest.Session) -> None:
        self._answers.put(tuple(self._plugin.checks.values()))
        while (request := self._requests.get()) is not None:
            context, run = request
            try:
                self._answers.put(context.run(self._plugin.run_all, session, run))
            except BaseException as error:  # raised again in the thread that waits
                self._answers.put(error)


def in_this_thread(
    assignment: AssignmentChecks, work: Callable[[Callable[[CheckRun], tuple[QuestionResult, ...]]], None]
) -> None:
    """Collect the checks, and do some `work` with what runs them, in this thread: a fork has no other.

    Raises ChecksError, and what the work raises.
    """
    failed: list[BaseException] = []

    def loop(session: pytest.Session) -> None:
        def run(run: CheckRun) -> tuple[QuestionResult, ...]:
            results = plugin.run_all(session, run)
            checks = tuple(check for check in plugin.checks.values() if check.name in results)
            questions = by_question(assignment, checks, lambda check: results[check.name])
            return tuple(each for each in questions if run.question in ("", each.name))

        try:
            work(run)
        except BaseException as error:  # pytest would make a line of it
            failed.append(error)

    plugin = GradingPlugin(assignment, loop)
    _run_pytest(assignment, plugin)
    if failed:
        raise failed[0]


def run_once(assignment: AssignmentChecks, run: CheckRun) -> tuple[QuestionResult, ...]:
    """Collect the checks and run them once, in this thread, so that Ctrl-C stops them. Raises ChecksError."""
    return run_comparing(assignment, run)[0]


def run_comparing(
    assignment: AssignmentChecks, run: CheckRun
) -> tuple[tuple[QuestionResult, ...], dict[str, Compared]]:
    """The same, with what the visible checks that failed have compared, by their names."""
    results: dict[str, CheckResult] = {}
    plugin = GradingPlugin(assignment, lambda session: results.update(plugin.run_all(session, run)))
    if _run_pytest(assignment, plugin) == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    checks = tuple(check for check in plugin.checks.values() if check.name in results)
    questions = by_question(assignment, checks, lambda check: results[check.name])
    failed = {name: each for name, each in plugin.compared.items() if results[name].outcome is Outcome.FAILED}
    return tuple(each for each in questions if run.question in ("", each.name)), failed


def by_question(
    assignment: AssignmentChecks, checks: tuple[Check, ...], result: Callable[[Check], CheckResult]
) -> tuple[QuestionResult, ...]:
    return tuple(
        QuestionResult(question, tuple(result(check) for check in checks if check.question == question))
        for question in assignment.parameters
    )


def _run_pytest(assignment: AssignmentChecks, plugin: GradingPlugin) -> int:
    folder = str(assignment.visible.parent.parent)  # the course: no conftest.py above it counts
    files = tuple(map(str, assignment.files))
    ours = (*files, f"{folder}{os.sep}") if assignment.hidden else files  # a student's own modules are left alone
    forget_modules(*ours)  # pytest keeps what it imported, be it broken or out of date
    bytecode = sys.dont_write_bytecode
    sys.dont_write_bytecode = True  # nor may Python: it tells an old file by the second in which it was written
    arguments = [*PYTEST_ARGUMENTS, f"--confcutdir={folder}", *files]
    if assignment.hidden:
        arguments[:0] = ["-o", f"pythonpath={shlex.quote(folder)}"]  # checks may share modules
    try:
        with plugin.without_users_options():
            code = pytest.main(arguments, plugins=[plugin])
    finally:
        sys.dont_write_bytecode = bytecode
        forget_modules(*ours)  # another course may have modules of the same names
    if plugin.problems or not plugin.checks:
        raise ChecksError(
            "\n".join(dict.fromkeys(plugin.problems)) or author_messages.nothing_collected(assignment.files[0])
        )
    return code


def forget_modules(*places: str) -> None:
    """Let nobody find the modules again that were imported from some files or folders (which end with a separator)."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if file.startswith(places) and "site-packages" not in file:
            del sys.modules[name]
