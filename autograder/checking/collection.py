"""What a check is: how it is marked, collected and run, and which questions it is about."""

from __future__ import annotations

import ast
import hashlib
import reprlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cache
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
from autograder.errors import UserError
from autograder.report.model import CheckResult, Outcome
from autograder.sandbox.protocol import Answers

LOOKS_BACK = "assert_no_side_effects"
TAKING_ARGUMENTS = {"assert_matches": 2, LOOKS_BACK: 1}  # behind the functions that they are about
FIXTURES = {"student", "reference", "rng"}
MAX_POINTS = 10_000  # of one check, or one answer
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


def is_worth(points: object) -> bool:
    """Whether something can be worth so many points: a number that a report can hold, and that can be added up."""
    return isinstance(points, int | float) and not isinstance(points, bool) and 0 <= points <= MAX_POINTS


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

    def result(self, outcome: Outcome, message: str = "") -> CheckResult:
        earned = self.points if outcome is Outcome.PASSED else 0
        return CheckResult(self.name, self.title, self.points, earned, outcome, message, visible=self.visible)


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


def questions_called(path: Path) -> dict[str, tuple[str, ...]]:
    """For each check in a file, the names that it calls as `student.<name>`, in the order in which they stand.

    What the functions of the file call to which it hands `student` are among them.
    """
    return _questions_called(path.read_bytes())


@cache
def _questions_called(source: bytes) -> dict[str, tuple[str, ...]]:
    functions = {node.name: node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)}
    return {name: tuple(dict.fromkeys(_called_through(node, functions, {name}))) for name, node in functions.items()}


def _called_through(
    check: ast.FunctionDef, functions: Mapping[str, ast.FunctionDef], passed: AbstractSet[str]
) -> Iterator[str]:
    yield from _called(check)
    for call in (node for node in ast.walk(check) if isinstance(node, ast.Call)):
        helper = functions.get(getattr(call.func, "id", ""))
        if helper and helper.name not in passed and any(map(_is_student, _arguments(call))):
            yield from _called_through(helper, functions, passed | {helper.name})


def _arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(each.value for each in call.keywords)]


def _is_student(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "student"


def functions_handed(path: Path) -> tuple[str, ...]:
    """The functions of the student's that the checks in a file hand to others, as `student.<name>`."""
    return _functions_handed(path.read_bytes())


@cache
def _functions_handed(source: bytes) -> tuple[str, ...]:
    try:
        tree = ast.parse(source)
    except SyntaxError:  # it is told where checks are collected
        return ()
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    handed = (inner for call in calls for each in _given(call) for inner in _outermost(each) if _is_students(inner))
    return tuple(dict.fromkeys(node.attr for node in handed))  # type: ignore[attr-defined]


def run_last(path: Path) -> frozenset[str]:
    """The checks in a file that look back at the question's other calls, and run when all others have."""
    return _run_last(path.read_bytes())


@cache
def _run_last(source: bytes) -> frozenset[str]:
    checks = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef))
    return frozenset(
        check.name
        for check in checks
        if any(LOOKS_BACK in (getattr(node, "id", ""), getattr(node, "attr", "")) for node in ast.walk(check))
    )


def defined_twice(path: Path) -> list[str]:
    """The checks of a file that a later one of the same name hides."""
    names = Counter(node.name for node in ast.parse(path.read_bytes()).body if isinstance(node, ast.FunctionDef))
    return [name for name, count in names.items() if count > 1]


def _called(check: ast.FunctionDef) -> Iterator[str]:
    """What is called of the student's, in the order in which it stands; not what is handed to such a call."""
    calls = [node for node in ast.walk(check) if isinstance(node, ast.Call)]
    handed = {id(inner) for call in calls for each in _given(call) for inner in _outermost(each)}
    yield from (node.attr for node in ast.walk(check) if _is_students(node) and id(node) not in handed)  # type: ignore[attr-defined]


def _given(call: ast.Call) -> list[ast.expr]:
    """The arguments that a call hands to a function of the student's."""
    if not _is_students(call.func):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name not in TAKING_ARGUMENTS:
            return []
        return [*call.args[TAKING_ARGUMENTS[name] :], *(each.value for each in call.keywords)]
    return _arguments(call)


def _outermost(argument: ast.expr) -> list[ast.expr]:
    """An argument, or the entries of a list, a tuple or a dict that is one."""
    if isinstance(argument, ast.List | ast.Tuple):
        return argument.elts
    return argument.values if isinstance(argument, ast.Dict) else [argument]


def _is_students(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and _is_student(node.value)


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


def check_of(item: pytest.Function, assignment: AssignmentChecks) -> Check:
    """The check that an item of pytest's is. Raises ChecksError."""
    if reason := refused(item):
        raise ChecksError(reason)
    mark = item.get_closest_marker("points")
    if mark is None:
        raise ChecksError(author_messages.no_points(item.path.name, item.name))
    worth, line = (*mark.args, None)[0], item.function.__code__.co_firstlineno
    if not is_worth(worth):
        shown = reprlib.repr(worth)
        raise ChecksError(author_messages.not_points(item.path, line, item.function.__name__, shown, MAX_POINTS))
    docstring = (item.function.__doc__ or "").strip()
    if not docstring:
        raise ChecksError(author_messages.no_title(item.path.name, item.name))
    visible = item.path == assignment.visible
    if visible and "reference" in item.fixturenames:
        raise ChecksError(author_messages.visible_with_reference(item.path.name, item.name))
    called = questions_called(item.path).get(item.function.__name__, ())
    questions = [question for question in assignment.parameters if question in called]
    if not questions:
        raise ChecksError(author_messages.about_no_question(item.path.name, item.name))
    title = docstring.splitlines()[0].rstrip(".")
    case = f" ({item.callspec.id})" if hasattr(item, "callspec") else ""
    return Check(item.name, title + case, worth, questions[-1], visible)
