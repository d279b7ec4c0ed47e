"""Named wrong answers: what each computes, and what a student who gave it reads."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, TypeVar

from autograder.checking import author_messages
from autograder.checking.comparison.arrays import agrees
from autograder.checking.recognition.memo import Memo
from autograder.checking.recognition.slips import Answer
from autograder.language.current import translated
from autograder.sandbox.execute import execute
from autograder.sandbox.protocol import CodeLine, Raised, Reply, Returned

Variant = TypeVar("Variant", bound=Callable[..., Any])
UNPACKED_TOO_MANY = re.compile(r"(too many values to unpack \(expected \d+), got \d+\)")  # from Python 3.14 on


@dataclass(frozen=True)
class Misconception:
    """A wrong variant of a question's function. `statement` names the mistake, `hint` teaches.

    A `slip` is all right but for the form in which it is given.
    """

    name: str
    question: str
    function: Callable[..., Any]
    statement: str
    hint: str
    slip: bool = False
    further: tuple[Callable[..., Any], ...] = ()  # the same mistake with other constants

    @property
    def functions(self) -> tuple[Callable[..., Any], ...]:
        return self.function, *self.further

    @property
    def lesson(self) -> str:
        """What a student reads of it: a line on the mistake, and a line of hint."""
        return lesson_of(self.statement, self.hint)

    def may_stand_in(self, line: CodeLine | None) -> bool:
        """Whether a line may show this mistake."""
        return may_stand_in(self.statement, line)

    def reply(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        """What a student who thinks so would have answered."""
        return execute(self.function, args, kwargs)

    def excuses(self, answer: Answer) -> bool:
        """Whether an answer is what a student who makes no other mistake would have given: it is a slip to them."""
        wrong = self.reply(answer.args, answer.kwargs)
        if not isinstance(wrong, Returned) or not isinstance(answer.reply, Returned):
            return False
        return agrees(answer.value, wrong.value, answer.tolerance)


class Match(NamedTuple):
    """A misconception that answers a call as a student did, and with which constants."""

    misconception: Misconception
    function: Callable[..., Any]


def misconception(
    question: str, *, slip: bool = False, constants: Mapping[str, Sequence[Any]] | None = None
) -> Callable[[Variant], Variant]:
    '''Mark a function as a wrong variant of a question's function.

    question: the name of the question. The variant takes the same arguments, arrays of the same shapes, and returns
              what a student who makes this mistake would; where that student's code raises, it raises the same.

    slip:     whether all is right but the form in which the answer is given, such as the order of what is returned. It
              then costs the question's visible checks and the first hidden one in which it shows; the others take
              its answers for right ones.

    constants: other values of a keyword of the variant, which make the same mistake: `{"number": (-1e10, -1e4)}` for
              one that is defined with `*, number=-1e9`.

    Its docstring is what the student reads: the first paragraph states the mistake, the second gives a hint. Its name
    is what instructors read. It may call the functions of the lesson, `lesson.NAME`.

    Raises ValueError where the docstring lacks one of the two paragraphs.

        @misconception("softmax")
        def over_queries(S):
            """Each column sums to 1, not each row.

            Whose weights should sum to 1: those that one query gives, or those that one key gets?
            """
            return np.exp(S) / np.exp(S).sum(axis=-2, keepdims=True)
    '''

    def mark(function: Variant) -> Variant:
        statement, _, hint = inspect.cleandoc(function.__doc__ or "").partition("\n\n")
        if not statement or not hint.strip():
            raise ValueError(author_messages.no_hint(function.__name__))
        statement, hint = (" ".join(text.split()) for text in (statement, hint))
        further = tuple(
            partial(function, **{name: value}) for name, values in (constants or {}).items() for value in values
        )
        made = Misconception(function.__name__, question, function, statement, hint, slip, further)
        function.misconception = made  # type: ignore[attr-defined]
        return function

    return mark


def lesson_of(statement: str, hint: str) -> str:
    """What a student reads of a mistake: a line on it, and a line of hint."""
    return f"{translated(statement)}\n{translated(hint)}"


def may_stand_in(statement: str, line: CodeLine | None) -> bool:
    """Whether a line may show a mistake: where its statement quotes an attribute, such as `K.T`, the line has it."""
    code = " ".join(re.findall(r"`[^`]*`", statement))
    quoted = re.findall(r"\.([A-Za-z]\w*)", code)
    return line is None or not quoted or any(re.search(rf"\.{name}\b", line.text) for name in quoted)


def collect(namespace: Mapping[str, Any]) -> tuple[Misconception, ...]:
    """The misconceptions that a module defines, in its order."""
    marks = (getattr(value, "misconception", None) for value in namespace.values())
    return tuple(each for each in marks if isinstance(each, Misconception))


def alikes(
    candidates: Iterable[Misconception],
    alike: Callable[[Reply], bool],
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    memo: Memo,
) -> list[Match]:
    """The misconceptions whose answer to this call is `alike` the student's."""
    return [
        Match(each, function)
        for each in candidates
        for function in each.functions
        if alike(memo.reply(function, args, kwargs))
    ]


def the_only(matches: Iterable[Match]) -> Misconception | None:
    """The one misconception that matches.

    None when there is none, and none as well when several do: then what was asked cannot tell them apart, and a name
    would be a guess.
    """
    found = {match.misconception.name: match.misconception for match in matches}
    return next(iter(found.values())) if len(found) == 1 else None


def same_exception(reply: Reply, other: Reply) -> bool:
    """Whether two calls raised the same, with a message that holds sizes: without any, it would fit many a mistake."""
    return (
        isinstance(reply, Raised)
        and isinstance(other, Raised)
        and same_words(reply, other)
        and re.search(r"\d", reply.message) is not None
    )


def same_words(reply: Raised, other: Raised) -> bool:
    """Whether two exceptions are of one class and say the same, whichever versions of Python they come from."""
    one, another = (UNPACKED_TOO_MANY.sub(r"\1)", each.message) for each in (reply, other))
    return (reply.type, one) == (other.type, another)


def changes(reply: Reply) -> frozenset[int | str]:
    """The arguments that a call altered."""
    return frozenset(reply.changed) if isinstance(reply, Returned) else frozenset()
