"""Whether a student's function is right, as far as its visible checks tell: anew for each cell. Portable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from autograder.checking.collection import ChecksError
from autograder.report.findings import plain_message
from autograder.report.model import CheckResult, Outcome, QuestionResult
from autograder.student.check import check
from autograder.student.previous import checks_of

Function = Callable[..., Any]


@dataclass(frozen=True)
class Verdict:
    """What the visible checks say of a function. `home` is the earlier assignment that asks for it, if it is not this.

    Where they cannot be run, there is no `result`, and `unchecked` says why.
    """

    name: str
    home: str = ""
    result: QuestionResult | None = None
    unchecked: str = ""

    @property
    def checks(self) -> tuple[CheckResult, ...]:
        return self.result.checks if self.result else ()

    @property
    def passed(self) -> int:
        return sum(each.outcome is Outcome.PASSED for each in self.checks)

    @property
    def is_unwritten(self) -> bool:
        return bool(self.checks) and all(each.outcome is Outcome.MISSING for each in self.checks)

    @property
    def is_wrong(self) -> bool:
        return self.passed < len(self.checks) and not self.is_unwritten

    @property
    def is_endless(self) -> bool:
        return any(each.outcome is Outcome.TIMEOUT for each in self.checks)

    @property
    def first_fault(self) -> tuple[str, str]:
        """The title of the first check that does not pass, and what it says, on one line."""
        fault = next(each for each in self.checks if each.outcome is not Outcome.PASSED)
        return fault.title or fault.name, " ".join(plain_message(fault).split("\n"))


def verdict_on(function: Function) -> Verdict:
    """Run the visible checks of a question on a function, as `check` does.

    One of an earlier assignment (`previous`) is judged by the checks that lie beside its own notebook, among the
    functions of that notebook.
    """
    return _judged(function, str(getattr(function, "__name__", "")))


def _judged(function: Function, name: str) -> Verdict:
    try:
        checks = checks_of(name)
        is_own = checks.parent == Path.cwd()
        judged = function if is_own else getattr(function, "__wrapped__", function)  # as `previous` has found it
        return Verdict(name, "" if is_own else checks.parent.name, check(judged, checks).question)
    except ChecksError as error:
        return Verdict(name, unchecked=str(error))


def home_of(name: str) -> str:
    """The assignment that asks for a function; nothing where none does."""
    try:
        return checks_of(name).parent.name
    except ChecksError:
        return ""


def rests_on(function: Function) -> list[object]:
    """A function, or a class, and what its code mentions in the notebook, and what that mentions, and so on."""
    found: list[object] = [function]
    spaces = [names for _, names in _codes(function)]
    for each in found:  # it grows
        for code, names in _codes(each):
            if names is spaces[0]:
                mentioned = (names[name] for name in code.co_names if name in names)
                found += [value for value in mentioned if not any(value is known for known in found)]
    return found


def codes_of(function: Function) -> dict[CodeType, str]:
    """The code of a function and of those that it rests on, each with the name of the function."""
    own = getattr(function, "__wrapped__", function)
    return {code: str(getattr(each, "__name__", "")) for each in (*rests_on(own), own) for code, _ in _codes(each)}


def _codes(value: object) -> Iterator[tuple[CodeType, dict[str, Any]]]:
    """The code of a function or of a class's methods, that of functions inside it too, with the names around it."""
    functions = vars(value).values() if isinstance(value, type) else [value]
    for each in functions:
        if isinstance(each, FunctionType):
            todo = [each.__code__]
            for code in todo:  # it grows
                todo += [inner for inner in code.co_consts if isinstance(inner, CodeType)]
                yield code, each.__globals__
