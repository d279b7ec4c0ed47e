"""What a check is: how it is marked, collected and run, and which questions it is about."""

from __future__ import annotations

import hashlib
import reprlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest

from autograder.checking import author_messages
from autograder.checking.at_home.observed import Observed
from autograder.checking.follow_through import Rerun
from autograder.checking.recognition.misconceptions import Misconception
from autograder.checking.refused import refused
from autograder.checking.source import defined_twice, line_of, questions_called, run_last, taken
from autograder.errors import UserError
from autograder.language.current import translated
from autograder.language.listing import listed
from autograder.report.model import MAX_POINTS, CheckResult, Outcome, is_worth
from autograder.sandbox.protocol import Answers

FIXTURES = {"student", "reference", "rng"}
Marked = TypeVar("Marked", bound=Callable[..., None])


def points(worth: float) -> Callable[[Marked], Marked]:
    '''Mark a pytest function as a check.

    worth: the points that it earns if it passes, all of them or none; a whole number for Classroom 50

    The first line of its docstring is its title, which students read. Its arguments are fixtures: `student`, whose
    functions are the student's, called in a process of their own; `reference`, whose functions are the lesson's, in
    hidden checks only; `rng`, a `numpy.random.Generator` that is the same on every regrade, and in hidden checks
    another one for each student. It belongs to the last question that it calls. Parametrised, each case is worth the
    points.

        @points(2)
        def test_rows_sum_to_one(student, rng):
            """Each row sums to 1"""
            assert_allclose(student.softmax(rng.normal(size=(3, 5))).sum(axis=-1), 1.0)
    '''

    def mark(check: Marked) -> Marked:
        marked: Marked = pytest.mark.points(worth)(check)
        return marked

    return mark


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
    file: Path
    line: int
    case: str = ""  # which of the cases of a parametrised one it is: the end of its title

    def result(self, outcome: Outcome, message: str = "") -> CheckResult:
        earned = self.points if outcome is Outcome.PASSED else 0
        return CheckResult(self.name, self.said_title, self.points, earned, outcome, message, visible=self.visible)

    @property
    def said_title(self) -> str:
        """The title in the language that is spoken."""
        return translated(self.title.removesuffix(self.case)) + translated(self.case)


@dataclass(frozen=True)
class CheckRun:
    """One submission for the checks to be run on. `seed` makes the inputs of hidden checks fresh for it.

    With `rerun`, a check that fails is run again with right answers of earlier questions in the place of the
    student's own, so that one mistake costs once.
    """

    answers: Answers
    seed: str = ""
    misconceptions: Sequence[Misconception] = ()
    rerun: Rerun | None = None
    question: str = ""  # run the checks of this one only
    observed: Observed | None = None  # what is told of all that the answers do
    until_lost: bool = False  # no check is run after the first that costs points


@dataclass(frozen=True)
class AssignmentChecks:
    """The check files of one assignment, and what is known of its questions.

    `earlier` names the questions of the assignments before this one, each with its function's parameters.
    `parameters` names the questions in the lesson's order, each with its function's parameters. `functions` are the
    reference's own, for the fixture `reference`; `reference` is the same as a submission, to run a check on that
    fails: if it does so with the right answers, the check is to blame. `helpers` are the functions that the lesson
    gives to students, which a check may hand to theirs. `forms` are the shapes of right answers, by the keys of calls:
    all that is known of them on a student's own machine. `folder` is where the course's own functions are called, if
    they read files.
    """

    parameters: Mapping[str, Sequence[str]]
    visible: Path
    hidden: Sequence[Path] = ()
    earlier: Mapping[str, Sequence[str]] = field(default_factory=dict)
    functions: Mapping[str, Callable[..., Any]] | None = None
    reference: Answers | None = None
    helpers: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    forms: Mapping[str, Any] = field(default_factory=dict)
    folder: Path | None = None

    def upstream(self, question: str) -> dict[str, Sequence[str]]:
        """The questions that stand before one, in this assignment and in earlier ones."""
        before = takewhile(lambda item: item[0] != question, self.parameters.items())
        return {**self.earlier, **dict(before)}

    @property
    def files(self) -> list[Path]:
        return [self.visible, *self.hidden]

    @property
    def right_functions(self) -> dict[str, Callable[..., Any]]:
        """What the fixture `reference` has."""
        return {**self.helpers, **(self.functions or {})}


def in_order(items: list[pytest.Function], checks: Mapping[str, Check], assignment: AssignmentChecks) -> None:
    """Sort what was collected.

    A question's checks all run before those of the next: what stands in for it there comes too late to be used.
    Those that look back at its other checks come last.
    """
    order = list(assignment.parameters)

    def place(item: pytest.Function) -> tuple[int, bool]:
        question = checks[item.name].question if item.name in checks else order[0]
        return order.index(question), item.function.__name__ in run_last(item.path)

    items.sort(key=place)


def rng_of(check: Check, seed: str) -> np.random.Generator:
    """What a check draws its inputs from: those of visible checks are the same for everybody."""
    digest = hashlib.sha256(f"{'' if check.visible else seed}:{check.name}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest)))


def is_plain(item: pytest.Function) -> bool:
    """Whether an item needs nothing of pytest but the call: our own fixtures, no mark that decides how it is run."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    fixtures = set(item.fixturenames) - parameters.keys()
    return fixtures <= FIXTURES and {mark.name for mark in item.iter_markers()} <= {"points", "parametrize"}


def begins_at(item: pytest.Function) -> int:
    """The line in which a check begins, its decorators included."""
    return line_of(item.path, item.originalname) or item.function.__code__.co_firstlineno


def problems_of(file: Path, assignment: AssignmentChecks) -> list[str]:
    """What is wrong in a file of checks that no check alone shows."""
    problems = [author_messages.defined_twice(file, line, name) for name, line in defined_twice(file).items()]
    if assignment.functions is None:  # on a student's machine nobody knows them
        return problems
    functions = {**assignment.helpers, **assignment.functions}
    known = {"student": dict.fromkeys([*assignment.parameters, *functions]), "reference": dict.fromkeys(functions)}
    return problems + [
        author_messages.no_function(file, each.line, each.fixture, each.name, listed(known[each.fixture]))
        for each in taken(file)
        if each.name not in known[each.fixture] and not each.name.startswith("_")
    ]


def check_of(item: pytest.Function, assignment: AssignmentChecks) -> Check:
    """The check that an item of pytest's is. Raises ChecksError."""
    mark, line = item.get_closest_marker("points"), begins_at(item)
    if reason := refused(item):
        raise ChecksError(reason)
    if mark is None:
        raise ChecksError(author_messages.no_points(item.path, line, item.name))
    worth = (*mark.args, None)[0]
    if not is_worth(worth):
        shown = reprlib.repr(worth)
        raise ChecksError(author_messages.not_points(item.path, line, item.function.__name__, shown, MAX_POINTS))
    docstring = (item.function.__doc__ or "").strip()
    if not docstring:
        raise ChecksError(author_messages.no_title(item.path, line, item.name))
    visible = item.path == assignment.visible
    if visible and "reference" in item.fixturenames:
        raise ChecksError(author_messages.visible_with_reference(item.path, line, item.name))
    called = questions_called(item.path).get(item.function.__name__, ())
    questions = [question for question in assignment.parameters if question in called]
    if not questions:
        raise ChecksError(author_messages.about_no_question(item.path, line, item.name, listed(assignment.parameters)))
    title = docstring.splitlines()[0].rstrip(".")
    case = f" ({item.callspec.id})" if hasattr(item, "callspec") else ""
    return Check(item.name, title + case, worth, questions[-1], visible, item.path, line, case)
