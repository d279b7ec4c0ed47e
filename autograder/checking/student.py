"""The fixture `student`: the student's functions as a check sees them, and how a check ends."""

from __future__ import annotations

import numbers
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import numpy as np

from autograder.checking import author_messages
from autograder.checking.at_home.observed import Observed
from autograder.checking.calls.arguments import Arguments
from autograder.checking.calls.function import StudentFunction
from autograder.checking.collection import AssignmentChecks
from autograder.checking.recognition.judge import NotPassedError, Record
from autograder.checking.recognition.memo import Memo
from autograder.checking.recognition.misconceptions import Misconception
from autograder.language.listing import listed
from autograder.sandbox.protocol import Answers, Reply, Returned
from autograder.sandbox.wire.values import NamedFunction


class Student:
    """`student.softmax` is the student's `softmax`, wherever it runs."""

    def __init__(
        self,
        parameters: Mapping[str, Sequence[str]],
        functions: Mapping[str, Callable[..., Any]] | None = None,
        helpers: Mapping[str, Callable[..., Any]] | None = None,
        forms: Mapping[str, Any] | None = None,
    ) -> None:
        """`functions` are the reference's, where it is known: an answer of another shape than theirs ends the check.

        `helpers` are those that the lesson gives to students, `forms` tell by the keys of calls of what shape right
        answers are, where no more than that is known.
        """
        self._parameters = parameters
        self.forms = forms or {}
        self._functions = functions or {}
        self.arguments = Arguments(None if functions is None else {**(helpers or {}), **functions}, functions or {})
        self.memo = Memo()
        self._answers: Answers
        self._misconceptions: Sequence[Misconception] = ()
        self.check = ""
        self.is_visible = False
        self.records: defaultdict[str, Record] = defaultdict(Record)
        self.begin_submission()

    @classmethod
    def of(cls, assignment: AssignmentChecks) -> Self:
        """Whoever answers the questions of an assignment."""
        return cls(assignment.parameters, assignment.functions, assignment.helpers, assignment.forms)

    def begin_submission(self) -> None:
        """Forget what the calls of the last one have shown."""
        self.records = defaultdict(Record)

    def begin(
        self,
        answers: Answers,
        misconceptions: Sequence[Misconception],
        check: str = "",
        *,
        visible: bool = False,
        observed: Observed | None = None,
    ) -> None:
        """From now on, call the functions in `answers`, for a check that the student has or has not got.

        What they do is `observed`, if somebody wants to know.
        """
        self.check = check
        self.observed = observed
        self._answers = answers
        self._misconceptions = misconceptions
        self.is_visible = visible
        self.last_call: Callable[[], tuple[str, Any]] | None = None  # as it is written down, and what it returned
        self.wrong: NotPassedError | None = None  # the first answer that a check used although it is not right
        self.misshapen: NotPassedError | None = None  # and the first of another shape than a right one has
        self.excused: tuple[str, str] | None = None  # whose slip was overlooked, for another check has paid, and which
        self._right_numbers: set[float] = set()
        self.arguments.begin()
        self.asked_to_raise = ""  # the function of which the check has asked for an error

    def should_return(self, right: Reply | None) -> None:
        """Note what a call that a check uses the answer of should have returned, if that is a number."""
        value = right.value if isinstance(right, Returned) else None
        if isinstance(value, numbers.Real) or (isinstance(value, np.ndarray) and not value.ndim):
            self._right_numbers.add(float(value))

    def told(self, ended: BaseException | None) -> BaseException | None:
        """How a check ended, without the number that it asks for where the student is not to know that."""
        if self.is_visible or not isinstance(ended, NotPassedError) or ended.quoted is None:
            return ended
        number, finding = ended.quoted
        if type(number) in (bool, int, float) and float(number) not in self._right_numbers:
            return ended
        return NotPassedError(ended.outcome, finding, margin=ended.margin)

    def form_of(self, function: StudentFunction, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """An array of the shape of the right answer to a call, or several; None where it is not known."""
        return self.forms.get(function.key(args, kwargs)) if self.forms else None

    def __getattr__(self, name: str) -> StudentFunction | NamedFunction:
        if name in self._parameters:
            return StudentFunction(self, name)
        if self.arguments.may_name(name):  # a function to be handed to one of them
            return NamedFunction(name)
        raise AttributeError(author_messages.no_question(name, listed(self._parameters)))
