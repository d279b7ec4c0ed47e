"""The calls that a question's checks make of the reference, over many draws; and how a mutant answers them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from autograder.checking.at_home.observed import Call, Observed
from autograder.checking.collection import CheckRun
from autograder.checking.comparison import messages as values
from autograder.checking.comparison.arrays import difference, expected_of
from autograder.checking.comparison.plain import Plain
from autograder.checking.comparison.tolerance import Tolerance
from autograder.course.loader import Assignment
from autograder.course.mutants.forked import Timed
from autograder.course.stand_ins.mistaken import Mistaken
from autograder.report.model import QuestionResult
from autograder.sandbox.execute import called_in, copied
from autograder.sandbox.namespace import parameters_of
from autograder.sandbox.objects import CALLED, owner_of
from autograder.sandbox.protocol import Answers, Raised, Reply, Returned, Upstream
from autograder.sandbox.wire.values import Handle
from autograder.settings import Limits

Run = Callable[[CheckRun], tuple[QuestionResult, ...]]


@dataclass
class DrawnCall:
    """One call of a check, and how the check compares what comes back."""

    name: str
    args: Sequence[Any]
    kwargs: Mapping[str, Any]
    seed: str
    check: str = ""
    tolerance: Tolerance | None = None
    compare: Callable[[Any, Any], bool] | None = None
    is_compared: bool = False  # by the check, with the right answer


@dataclass(frozen=True)
class _Recorded:
    """The reference's answers; every call is kept."""

    answers: Answers
    calls: list[DrawnCall]
    seed: str

    def call(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        self.calls.append(DrawnCall(name, copied(list(args)), copied(dict(kwargs)), self.seed))
        return self.answers.call(name, args, kwargs, upstream)

    def repeat(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        return self.call(name, args, kwargs, upstream)


@dataclass
class _Watched(Observed):
    """Learns from the checks how the last call is compared."""

    recorded: list[DrawnCall] = field(default_factory=list)

    def call(self, made: Call) -> None:
        super().call(made)
        self.recorded[-1].check = made.check

    def judged(self, tolerance: Tolerance | None, compare: Callable[[Any, Any], bool] | None) -> None:
        last = self.recorded[-1]
        last.tolerance, last.compare, last.is_compared = tolerance, compare, True


@dataclass(frozen=True)
class DrawnCalls:
    """All calls over some draws, in the order in which they are made, and the reference's replies."""

    assignment: Assignment
    question: str
    calls: Sequence[DrawnCall]
    right: Sequence[Reply]

    def first_difference(self, function: Callable[..., Any], limits: Limits) -> DrawnCall | None:
        """The first call that a mutant answers otherwise than the reference, as its check would compare it.

        A call that takes too long ends this process.
        """
        answers = Timed(Mistaken(self.assignment.reference, self.question, function), limits)
        with called_in(self.assignment.home):
            for call, right in zip(self.calls, self.right, strict=True):
                reply = answers.call(call.name, call.args, call.kwargs)
                if self._can_be_told(call) and not _is_alike(call, reply, right):
                    return call
        return None

    def _can_be_told(self, call: DrawnCall) -> bool:
        """Whether anybody but the check itself can tell a right answer to the question."""
        return owner_of(call.name) == self.question and (call.is_compared or not self._many_are_right)

    @cached_property
    def _many_are_right(self) -> bool:
        """Whether all comparisons are the author's own: then a law that another check asks for says what is right."""
        own = [each.compare for each in self.calls if each.is_compared]
        return bool(own) and None not in own

    def described(self, call: DrawnCall) -> str:
        """A call as a student would write it down."""
        if call.name == self.question:
            return values.call(call.name, self.assignment.parameters[self.question], call.args, call.kwargs)
        method = getattr(self.assignment.functions[self.question], call.name.rpartition(CALLED)[2], None)
        names = parameters_of(method)[1:]  # without the object itself, which is the first argument
        return values.call(call.name, names, call.args[1:], call.kwargs)


def draw(assignment: Assignment, question: str, run: Run, seeds: Sequence[str]) -> DrawnCalls:
    """Let the checks of a question call the reference, with the inputs of each seed."""
    reference = Mistaken(assignment.reference, question, assignment.functions[question])
    calls: list[DrawnCall] = []
    for seed in seeds:
        run(CheckRun(_Recorded(reference, calls, seed), seed, question=question, observed=_Watched(recorded=calls)))
    again = Mistaken(assignment.reference, question, assignment.functions[question])
    with called_in(assignment.home):
        replies = [again.call(call.name, call.args, call.kwargs) for call in calls]
    return DrawnCalls(assignment, question, calls, replies)


def _is_alike(call: DrawnCall, reply: Reply, right: Reply) -> bool:
    if isinstance(right, Raised):
        return isinstance(reply, Raised) and right.type in reply.bases
    if not isinstance(right, Returned):
        return type(reply) is type(right)
    if not isinstance(reply, Returned) or reply.changed != right.changed:
        return False
    if isinstance(right.value, Handle):
        return isinstance(reply.value, Handle) and reply.value.type == right.value.type
    tolerance = call.tolerance or Tolerance.of([*call.args, *call.kwargs.values()])
    expected = Plain(right.value, call.compare) if call.compare else expected_of(right.value)
    return difference(reply.value, expected, tolerance, nan_is_nan=True) is None


def answer_all(drawn: DrawnCalls, function: Callable[..., Any], before: Callable[[DrawnCall], None]) -> None:
    """Make all calls again, of a function that stands in for the question's; `before` hears of each."""
    answers = Mistaken(drawn.assignment.reference, drawn.question, function)
    with called_in(drawn.assignment.home):
        for call in drawn.calls:
            before(call)
            answers.call(call.name, call.args, call.kwargs)
