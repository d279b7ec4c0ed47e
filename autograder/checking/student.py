"""The fixture `student`: the student's functions as a check sees them, and how a check ends."""

from __future__ import annotations

import copy
import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.checking import author_messages, messages
from autograder.checking.comparison import Array, Difference, Tolerance, difference, shaped, to_arrays, tupled
from autograder.checking.memo import Memo
from autograder.checking.misconceptions import Misconception, recognise, same_exception
from autograder.checking.slips import Answer, Slip, find_slip
from autograder.report.model import MissingReason, Outcome
from autograder.sandbox.protocol import Answers, CodeLine, Crashed, Missing, Raised, Reply, Returned, TimedOut


class NotPassedError(AssertionError):
    """A check did not pass.

    `finding` is what the student reads; a `misconception` that explains it adds its lesson, a `slip` that is all that
    is wrong its statement. `margin` is how far off the answer is, in units of the tolerance. `line` is where the
    student's code raised, `reason` why a function is missing.
    """

    def __init__(
        self,
        outcome: Outcome,
        finding: str,
        misconception: Misconception | None = None,
        *,
        margin: float = math.inf,
        line: CodeLine | None = None,
        reason: MissingReason | None = None,
        slip: Slip | None = None,
        question: str = "",
    ) -> None:
        self.outcome = outcome
        self.known = misconception
        self.misconception = misconception.name if misconception else None
        self.lesson = misconception.lesson if misconception else ""
        more = self.lesson or (slip.statement if slip else "")
        self.message = f"{finding}\n{more}" if more else finding
        self.margin = margin
        self.line = line
        self.reason = reason
        self.slip = slip
        self.question = question
        super().__init__(self.message)


@dataclass
class Call:
    """A call that a check made, and what it returned."""

    args: Sequence[Any]
    kwargs: Mapping[str, Any]


@dataclass
class Record:
    """What the calls of one question have shown so far, over all checks of a submission."""

    changing: Call | None = None  # the first that changed its inputs
    right_calls: int = 0
    wrong_calls: int = 0
    slips: list[Slip] = field(default_factory=list)  # those that have cost a check

    def count(self, is_right: bool) -> None:
        """Count the answer to a call that can be done."""
        self.right_calls += is_right
        self.wrong_calls += not is_right


class Student:
    """`student.softmax` is the student's `softmax`, wherever it runs."""

    def __init__(
        self, parameters: Mapping[str, Sequence[str]], functions: Mapping[str, Callable[..., Any]] | None = None
    ) -> None:
        """`functions` are the reference's, where it is known: an answer of another shape than theirs ends the check."""
        self._parameters = parameters
        self._functions = functions or {}
        self._memo = Memo()
        self._answers: Answers
        self._misconceptions: Sequence[Misconception] = ()
        self.is_visible = False
        self.records: defaultdict[str, Record] = defaultdict(Record)
        self.begin_submission()

    def begin_submission(self) -> None:
        """Forget what the calls of the last one have shown."""
        self.records = defaultdict(Record)

    def begin(self, answers: Answers, misconceptions: Sequence[Misconception], *, visible: bool = False) -> None:
        """From now on, call the functions in `answers`, for a check that the student has or has not got."""
        self._answers = answers
        self._misconceptions = misconceptions
        self.is_visible = visible
        self.last_call: tuple[str, Any] | None = None  # the call as it is written down, and what it returned
        self.wrong: NotPassedError | None = None  # the first answer that a check used although it is not right
        self.excused: Slip | None = None  # what was overlooked, because another check has paid for it
        self.expects_errors = ""  # the function of which the check has only asked to raise

    def __getattr__(self, name: str) -> StudentFunction:
        if name not in self._parameters:
            raise AttributeError(author_messages.no_question(name, ", ".join(self._parameters)))
        return StudentFunction(self, name)


class StudentFunction:
    """One of the student's functions."""

    def __init__(self, student: Student, name: str) -> None:
        self._student = student
        self.name = name

    def recognise(
        self, alike: Callable[[Reply], bool], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Misconception | None:
        """The one misconception of the question whose answer to this call is alike."""
        candidates = [each for each in self._student._misconceptions if each.question == self.name]
        return recognise(candidates, alike, args, kwargs, self._student._memo)

    @property
    def record(self) -> Record:
        return self._student.records[self.name]

    def parameter(self, key: int | str) -> str:
        """The name of an argument, given its position or its name."""
        names = self._student._parameters[self.name]
        return names[key] if isinstance(key, int) and 0 <= key < len(names) else str(key)

    def describe(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
        return messages.call(self.name, self._student._parameters[self.name], args, kwargs)

    def reply(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Returned | Raised:
        """Call the function. A missing, late or crashed answer ends the check."""
        return self.settle(self._ask(args, kwargs), args, kwargs)

    def _ask(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        return self._student._answers.call(self.name, args, kwargs)

    def repeat(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        """Call the function several times more: `Unsteady` where it does not answer as before."""
        return self._student._answers.repeat(self.name, args, kwargs)

    def settle(self, reply: Reply, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Returned | Raised:
        """What a call returned or raised. A missing, late or crashed answer ends the check."""
        text = self.describe(args, kwargs)
        match reply:
            case Missing():
                reason = MissingReason.NOT_LOADED if reply.reason else MissingReason.UNDEFINED
                raise NotPassedError(Outcome.MISSING, messages.missing(self.name, reply), reason=reason)
            case Raised() if "NotImplementedError" in reply.bases:
                message = reply.message or messages.not_implemented(self.name)  # an earlier one says where it belongs
                raise NotPassedError(Outcome.MISSING, message, reason=MissingReason.NOT_IMPLEMENTED)
            case TimedOut():
                raise NotPassedError(Outcome.TIMEOUT, messages.timed_out(text, reply))
            case Crashed():
                raise NotPassedError(Outcome.CRASHED, messages.crashed(text, reply))
            case Returned():
                self._student.last_call = (text, reply.value)
                if reply.changed and self.record.changing is None:
                    self.record.changing = Call(copy.deepcopy(args), copy.deepcopy(kwargs))
                return reply
            case Raised():
                return reply
        raise TypeError(f"a call cannot end as {type(reply).__name__}")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The arrays that the function returns; the check ends when it returns anything else, or raises.

        In a hidden check, an answer that is not right lets no law pass either: the check fails at its end.
        """
        right = self._right(args, kwargs)
        reply = self.reply(args, kwargs)
        if isinstance(right, Returned):
            return self._lawful(args, kwargs, reply, right)
        if isinstance(reply, Raised):
            raise error(self.describe(args, kwargs), reply)
        return self._usable(to_arrays(reply.value), args, kwargs, reply)

    def _right(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply | None:
        function = self._student._functions.get(self.name)
        return self._student._memo.reply(function, args, kwargs) if function else None

    def _lawful(self, args: Sequence[Any], kwargs: Mapping[str, Any], reply: Returned | Raised, right: Returned) -> Any:
        """A student's answer where the right one is known: it has its shape, or the check ends."""
        if self._student.is_visible:  # a student at home knows no more than that
            self.record.count(Answer(self._ask, args, kwargs, reply, tupled(right.value)).is_right_with(reply))
            if isinstance(reply, Raised):
                raise error(self.describe(args, kwargs), reply)
            return self._usable(shaped(reply.value, tupled(right.value)), args, kwargs, reply)
        verdict = self.judge(args, kwargs, reply, right)
        if not isinstance(verdict, NotPassedError | None):
            return copy.deepcopy(tupled(right.value))  # another check has paid for the slip: what is behind it counts
        arrays = shaped(reply.value, tupled(right.value)) if isinstance(reply, Returned) else None
        if verdict is None:
            return _exact(arrays, right.value)
        if arrays is None or isinstance(arrays, Difference) or verdict.slip:
            raise verdict
        self._student.wrong = self._student.wrong or verdict
        return arrays

    def _usable(
        self,
        arrays: Array | tuple[Array, ...] | Difference | None,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        reply: Returned,
    ) -> Any:
        """What a check computes from an answer of a shape that it does not expect may be nonsense, or very large."""
        if isinstance(arrays, Difference):
            raise NotPassedError(Outcome.FAILED, arrays.message(self.describe(args, kwargs)))
        if arrays is None:
            raise NotPassedError(Outcome.FAILED, messages.returned(self.describe(args, kwargs), reply.value))
        return arrays

    def right(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply | None:
        """What the reference's function answers, where a check may know it."""
        return None if self._student.is_visible else self._right(args, kwargs)

    def trusted(self, function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        """What a trusted function answers, which a check names."""
        return self._student._memo.reply(function, args, kwargs)

    def judge(
        self, args: Sequence[Any], kwargs: Mapping[str, Any], reply: Returned | Raised, expected: Reply
    ) -> NotPassedError | Slip | None:
        """Why an answer is not right; the slip, when another check has paid for all that is wrong; None when it is."""
        tolerance = Tolerance.of([*args, *kwargs.values()])
        text = self.describe(args, kwargs)
        outcome, line, margin = Outcome.FAILED, None, math.inf
        match reply, expected:
            case Raised(), Raised():
                if expected.type in reply.bases:
                    self._student.expects_errors = self.name
                    return None
                outcome, finding, line = Outcome.ERROR, messages.raised(text, reply), reply.line
            case Raised(), _:
                outcome, finding, line = Outcome.ERROR, messages.raised(text, reply), reply.line
            case Returned(), Raised():
                finding = messages.should_raise(text, expected.type, reply.value)
            case Returned(), Returned():
                different = difference(reply.value, tupled(expected.value), tolerance)
                if different is None:
                    self.record.count(True)
                    return None
                finding, margin = different.message(text), different.margin
        slip = None
        if isinstance(expected, Returned):
            answer = Answer(self._ask, args, kwargs, reply, tupled(expected.value))
            for paid in self.record.slips:
                if paid.excuses(answer):
                    self._student.excused = paid
                    self.record.count(True)
                    return paid
            self.record.count(False)
            slip = find_slip(answer)

        def alike(wrong: Reply) -> bool:
            if isinstance(reply, Returned) and isinstance(wrong, Returned):
                return difference(reply.value, tupled(wrong.value), tolerance, nan_is_nan=True) is None
            return same_exception(reply, wrong)

        known = self.recognise(alike, args, kwargs)
        if known and known.slip:
            slip = known
        return NotPassedError(
            outcome, finding, known, margin=margin, line=line, slip=slip, question=self.name if slip else ""
        )


def _exact(arrays: Any, right: Any) -> Any:
    """Right answers without what is left of an error: two that are near enough each may be too far from each other."""
    if isinstance(arrays, tuple):
        return tuple(map(_exact, arrays, right))
    return np.array(right) if arrays.dtype.kind == "f" else arrays


def error(call_text: str, reply: Raised, misconception: Misconception | None = None) -> NotPassedError:
    """The end of a check whose answer raised."""
    return NotPassedError(Outcome.ERROR, messages.raised(call_text, reply), misconception, line=reply.line)
