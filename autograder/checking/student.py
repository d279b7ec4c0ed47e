"""The fixture `student`: the student's functions as a check sees them, and how a check ends."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograder.checking import author_messages, messages
from autograder.checking.comparison import Array, Difference, shaped, to_arrays, tupled
from autograder.checking.misconceptions import Misconception
from autograder.report.model import MissingReason, Outcome
from autograder.sandbox.execute import execute
from autograder.sandbox.protocol import Answers, CodeLine, Crashed, Missing, Raised, Returned, TimedOut


class NotPassedError(AssertionError):
    """A check did not pass.

    `finding` is what the student reads; a `misconception` that explains it adds its lesson. `margin` is how far off the
    answer is, in units of the tolerance. `line` is where the student's code raised, `reason` why a function is missing.
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
    ) -> None:
        self.outcome = outcome
        self.misconception = misconception.name if misconception else None
        self.lesson = misconception.lesson if misconception else ""
        self.message = f"{finding}\n{self.lesson}" if self.lesson else finding
        self.margin = margin
        self.line = line
        self.reason = reason
        super().__init__(self.message)


class Student:
    """`student.softmax` is the student's `softmax`, wherever it runs."""

    def __init__(
        self, parameters: Mapping[str, Sequence[str]], functions: Mapping[str, Callable[..., Any]] | None = None
    ) -> None:
        """`functions` are the reference's, where it is known: an answer of another shape than theirs ends the check."""
        self._parameters = parameters
        self._functions = functions or {}
        self._answers: Answers
        self._misconceptions: Sequence[Misconception] = ()
        self.last_call: tuple[str, Any] | None = None  # the call as it is written down, and what it returned

    def begin(self, answers: Answers, misconceptions: Sequence[Misconception]) -> None:
        """From now on, call the functions in `answers`."""
        self._answers = answers
        self._misconceptions = misconceptions
        self.last_call = None

    def __getattr__(self, name: str) -> StudentFunction:
        if name not in self._parameters:
            raise AttributeError(author_messages.no_question(name, ", ".join(self._parameters)))
        return StudentFunction(self, name)


class StudentFunction:
    """One of the student's functions."""

    def __init__(self, student: Student, name: str) -> None:
        self._student = student
        self.name = name

    @property
    def misconceptions(self) -> list[Misconception]:
        return [each for each in self._student._misconceptions if each.question == self.name]

    def parameter(self, key: int | str) -> str:
        """The name of an argument, given its position or its name."""
        names = self._student._parameters[self.name]
        return names[key] if isinstance(key, int) and 0 <= key < len(names) else str(key)

    def describe(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
        return messages.call(self.name, self._student._parameters[self.name], args, kwargs)

    def reply(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Returned | Raised:
        """Call the function. A missing, late or crashed answer ends the check."""
        text = self.describe(args, kwargs)
        reply = self._student._answers.call(self.name, args, kwargs)
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
        return reply

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The arrays that the function returns; the check ends when it returns anything else, or raises."""
        reply = self.reply(args, kwargs)
        if isinstance(reply, Raised):
            raise error(self.describe(args, kwargs), reply)
        arrays = self._arrays(reply, args, kwargs)
        if isinstance(arrays, Difference):
            raise NotPassedError(Outcome.FAILED, arrays.message(self.describe(args, kwargs)))
        if arrays is None:
            raise NotPassedError(Outcome.FAILED, messages.returned(self.describe(args, kwargs), reply.value))
        return arrays

    def _arrays(
        self, reply: Returned, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Array | tuple[Array, ...] | Difference | None:
        """What a check computes from an answer of a shape that it does not expect may be nonsense, or very large."""
        function = self._student._functions.get(self.name)
        right = execute(function, args, kwargs) if function else None
        if not isinstance(right, Returned):
            return to_arrays(reply.value)
        return shaped(reply.value, tupled(right.value))


def error(call_text: str, reply: Raised, misconception: Misconception | None = None) -> NotPassedError:
    """The end of a check whose answer raised."""
    return NotPassedError(Outcome.ERROR, messages.raised(call_text, reply), misconception, line=reply.line)
