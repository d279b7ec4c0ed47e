"""One of the student's functions as a check sees it: it is called, and what comes back is settled or judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from autograder.checking import author_messages, messages
from autograder.checking.at_home.forms import formed
from autograder.checking.at_home.observed import Call, key_of
from autograder.checking.comparison import messages as values
from autograder.checking.comparison.arrays import Difference, exact, expected_of, shaped, usable
from autograder.checking.comparison.plain import Plain, normal
from autograder.checking.comparison.tolerance import Tolerance
from autograder.checking.recognition.judge import Changing, CourseFaultError, NotPassedError, Question, Record, error
from autograder.checking.recognition.slips import Answer, Slip
from autograder.report.model import MissingReason, Outcome
from autograder.sandbox.execute import copied, execute
from autograder.sandbox.protocol import Crashed, Missing, Raised, Reply, Returned, TimedOut
from autograder.sandbox.wire.values import Handle, NamedFunction

if TYPE_CHECKING:
    from autograder.checking.student import Student


class StudentFunction:
    """One of the student's functions."""

    looks_back = True  # to calls in which it changed its arguments

    def __init__(self, student: Student, name: str) -> None:
        self.student = student
        self.name = name
        self._crosses_as = NamedFunction(name)

    def __repr__(self) -> str:  # which pytest shows where an assert fails
        return f"student.{self.name}"

    @property
    def record(self) -> Record:
        return self.student.records[self.name]

    @property
    def question(self) -> Question:
        """What its answers are judged with."""
        own = [each for each in self.student._misconceptions if each.question == self.name]
        check, visible = self.student.check, self.student.is_visible
        return Question(self.name, check, visible, self.describe, own, self.record, self.student.memo)

    @property
    def parameters(self) -> Sequence[str]:
        return self.student._parameters[self.name]

    def parameter(self, key: int | str) -> str:
        """The name of an argument, given its position or its name."""
        names = self.parameters
        return names[key] if isinstance(key, int) and 0 <= key < len(names) else str(key)

    def describe(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
        return values.call(self.name, self.parameters, args, kwargs)

    def reply(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Returned | Raised:
        """Call the function. A missing, late or crashed answer ends the check."""
        return self.settle(self._ask(args, kwargs), args, kwargs)

    def trusted_arguments(
        self, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """What a check hands over, as the reference gets it."""
        trusted = self.student.arguments.trusted
        return tuple(map(trusted, args)), {name: trusted(value) for name, value in kwargs.items()}

    def _crossing(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        crossing = self.student.arguments.crossing
        return list(map(crossing, args)), {name: crossing(value) for name, value in kwargs.items()}

    def _ask(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        return self.student._answers.call(self.name, *self._crossing(args, kwargs))

    def repeat(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        """Call the function several times more: `Unsteady` where it does not answer as before."""
        return self.student._answers.repeat(self.name, *self._crossing(args, kwargs))

    def options(self, kwargs: Mapping[str, Any], names: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Keywords of an assertion, and those of the answer: one that it takes itself is its own.

        With `_` behind it, a keyword is the assertion's in any case.
        """
        own = self.parameters
        ours = {f"{name}_": name for name in names} | {name: name for name in names if name not in own}
        return (
            {ours[name]: value for name, value in kwargs.items() if name in ours},
            {name: value for name, value in kwargs.items() if name not in ours},
        )

    def settle(self, reply: Reply, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Returned | Raised:
        """What a call returned or raised. A missing, late or crashed answer ends the check."""
        match reply:
            case Missing():
                reason = MissingReason.NOT_LOADED if reply.reason else MissingReason.UNDEFINED
                raise NotPassedError(Outcome.MISSING, messages.missing(self.name, reply), reason=reason)
            case Raised() if "NotImplementedError" in reply.bases:
                message = reply.message or messages.not_implemented(self.name)  # an earlier one says where it belongs
                raise NotPassedError(Outcome.MISSING, message, reason=MissingReason.NOT_IMPLEMENTED)
            case TimedOut():
                finding = messages.timed_out(self.describe(args, kwargs), reply)
                raise NotPassedError(Outcome.TIMEOUT, finding, line=reply.line)
            case Crashed():
                finding = messages.crashed(self.describe(args, kwargs), reply)
                raise NotPassedError(Outcome.CRASHED, finding, line=reply.line)
            case Returned():
                self._observe(args, kwargs, reply)
                self.student.last_call = lambda: (self.describe(args, kwargs), reply.value)
                if reply.changed and self.looks_back and self.record.changing is None:
                    is_visible = self.student.is_visible
                    self.record.changing = Changing(copied(list(args)), copied(dict(kwargs)), is_visible)
                return reply
            case Raised():
                self._observe(args, kwargs, reply)
                return reply
        raise TypeError(f"a call cannot end as {type(reply).__name__}")

    def key(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
        """What names this call wherever it is made."""
        return key_of([self.name, *self._crossing(args, kwargs)])

    def _observe(self, args: Sequence[Any], kwargs: Mapping[str, Any], reply: Returned | Raised) -> None:
        if (observed := self.student.observed) is not None:
            observed.call(Call(self.student.check, self.name, self.key(args, kwargs), args, kwargs, reply))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The arrays that the function returns; the check ends when it returns anything else, or raises.

        In a hidden check, an answer that is not right lets no law pass either: the check fails at its end.
        """
        args, kwargs = self.trusted_arguments(args, kwargs)
        right = self._right(args, kwargs)
        if isinstance(right, Raised):
            raise CourseFaultError(author_messages.reference_raises(self.describe(args, kwargs), right))
        self.student.should_return(right)
        return self._after(self._ask(args, kwargs), args, kwargs, right)

    def _after(self, asked: Reply, args: Sequence[Any], kwargs: Mapping[str, Any], right: Reply | None = None) -> Any:
        """What a check gets of an answer."""
        reply = self.settle(asked, args, kwargs)
        if (made := self._made(right, reply, args, kwargs)) is not None:
            return made
        if isinstance(right, Returned):
            return self._lawful(args, kwargs, reply, right)
        if isinstance(reply, Raised):
            raise error(self.describe(args, kwargs), reply)
        value = usable(reply.value)
        if (form := self.student.form_of(self, args, kwargs)) is not None:
            value, wrong = formed(reply.value, form, self.describe(args, kwargs))
            self.student.misshapen = self.student.misshapen or wrong
        value = self._usable(value, args, kwargs, reply)
        if self.student.observed is not None:
            self.student.observed.hands(value)
        return value

    def _made(
        self, right: Reply | None, reply: Returned | Raised, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        """The student's object, where the answer is one, or should be; else nothing."""
        from autograder.checking.calls.objects import History, StudentObject  # which stand upon this module

        found = right.value if isinstance(right, Returned) else None
        value = reply.value if isinstance(reply, Returned) else None
        wanted = self.student.arguments.class_of(found)
        if not wanted and not (right is None and isinstance(value, Handle)):
            return None
        if not isinstance(value, Handle) or value.type != (wanted or value.type):
            self._require_object(right, reply, args, kwargs, wanted)
        assert isinstance(value, Handle)
        if found is not None:
            self.student.arguments.pair(found, value)
        history = History(self.describe(args, kwargs), tuple(args), dict(kwargs), is_of_class=value.type == self.name)
        return StudentObject(StudentFunction(self.student, value.type), value, found, history)

    def _require_object(
        self,
        right: Reply | None,
        reply: Returned | Raised,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        wanted: str,
    ) -> None:
        """End the check where something else came back than the object that should."""
        text = self.describe(args, kwargs)
        if isinstance(reply, Raised):
            raise error(text, reply)
        raise NotPassedError(Outcome.FAILED, messages.no_object(text, reply.value, wanted))

    def _right(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply | None:
        function = self.student._functions.get(self.name)
        if isinstance(function, type):  # an object has a state: it is nobody else's
            return execute(function, args, kwargs)
        return self.student.memo.reply(function, args, kwargs) if function else None

    def _answer(
        self,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        reply: Returned | Raised,
        expected: Any,
        tolerance: Tolerance | None = None,
    ) -> Answer:
        return Answer(self._ask, args, kwargs, reply, expected, tolerance)

    def _lawful(self, args: Sequence[Any], kwargs: Mapping[str, Any], reply: Returned | Raised, right: Returned) -> Any:
        """A student's answer where the right one is known: it has its shape, or the check ends."""
        expected = expected_of(right.value)
        answer = self._answer(args, kwargs, reply, expected)
        if isinstance(expected, Plain):
            return self._lawful_plain(args, kwargs, answer)
        arrays = shaped(reply.value, expected) if isinstance(reply, Returned) else None
        if self.student.is_visible:  # a student at home knows no more than that
            self.question.sees(answer)
            if isinstance(reply, Raised):
                raise error(self.describe(args, kwargs), reply)
            return self._usable(arrays, args, kwargs, reply)
        # Laws are about large inputs, too, and name only what other checks have named before.
        question = replace(self.question, misconceptions=self.record.named)
        verdict = question.judge(answer)
        wrong = self._excused(verdict)
        if wrong is None:
            return copied(expected) if verdict else exact(arrays, right.value)
        if arrays is None or isinstance(arrays, Difference) or wrong.slip:
            raise wrong
        self.student.wrong = self.student.wrong or wrong
        return arrays

    def _lawful_plain(self, args: Sequence[Any], kwargs: Mapping[str, Any], answer: Answer) -> Any:
        """The same where the right answer is no array: what is not right in a hidden check, ends it."""
        if self.student.is_visible:
            self.question.sees(answer)
            if isinstance(answer.reply, Raised):
                raise error(self.describe(args, kwargs), answer.reply)
            return self._usable(usable(answer.reply.value), args, kwargs, answer.reply)
        question = replace(self.question, misconceptions=self.record.named)
        wrong = self._excused(question.judge(answer))
        if wrong is not None:
            raise wrong
        return copied(normal(answer.expected.value))

    def _usable(self, arrays: Any, args: Sequence[Any], kwargs: Mapping[str, Any], reply: Returned) -> Any:
        """What a check computes from an answer of a shape that it does not expect may be nonsense, or very large."""
        if isinstance(arrays, Difference):
            raise NotPassedError(Outcome.FAILED, arrays.message(self.describe(args, kwargs)))
        if arrays is None and reply.value is not None:  # that nothing comes back may be what is asked for
            raise NotPassedError(Outcome.FAILED, messages.returned(self.describe(args, kwargs), reply.value))
        return arrays

    def right(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply | None:
        """What the reference's function answers, where a check may know it."""
        return None if self.student.is_visible else self._right(args, kwargs)

    def trusted(self, function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        """What a trusted function answers, which a check names."""
        return self.student.memo.reply(function, args, kwargs)

    def judge(
        self,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        reply: Returned | Raised,
        expected: Reply,
        *,
        raises: tuple[type[BaseException], ...] = (),
        tolerance: Tolerance | None = None,
        compare: Callable[[Any, Any], bool] | None = None,
    ) -> NotPassedError | None:
        """Why an answer is not the expected one; None also where all that is wrong with it has been paid for.

        Raises CourseFaultError where the expected one is none: only what it `raises` may be raised.
        """
        if isinstance(expected, Raised):
            if not {each.__name__ for each in raises} & {*expected.bases}:
                raise CourseFaultError(author_messages.reference_raises(self.describe(args, kwargs), expected))
            self.student.asked_to_raise = self.name
            return self.question.judge_refusal(self._answer(args, kwargs, reply, None), expected)
        assert isinstance(expected, Returned)
        if raises:
            told = author_messages.reference_raises_nothing(self.describe(args, kwargs), raises[0].__name__)
            raise CourseFaultError(told)
        wanted = Plain(expected.value, compare) if compare else expected_of(expected.value)
        answer = self._answer(args, kwargs, reply, wanted, tolerance)
        if isinstance(wanted, Plain) and not answer.may_be_given(expected):
            described = values.described(expected.value)
            raise CourseFaultError(author_messages.not_comparable(self.describe(args, kwargs), described))
        return self._excused(self.question.judge(answer))

    def _excused(self, verdict: NotPassedError | Slip | None) -> NotPassedError | None:
        """The check is to say so where it passes because another one has paid."""
        if isinstance(verdict, NotPassedError | None):
            return verdict
        self.student.excused = self.name, verdict.statement
        return None
