"""Known mistakes as data: what each answers in the visible checks, so that a student's own machine recognises it.

Nobody's code is in it, and no right answer: only calls, by a digest, wrong answers, and of right ones the shapes and a
checksum. It is written as values are that cross between processes (`sandbox/wire/`).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.checking.at_home.checksum import fits
from autograder.checking.at_home.observed import Call
from autograder.checking.comparison.arrays import agrees
from autograder.checking.recognition.misconceptions import lesson_of, may_stand_in, same_exception, same_words
from autograder.sandbox.protocol import Raised, Returned
from autograder.sandbox.wire.frame import PREFIX, decode, encode
from autograder.sandbox.wire.limits import WireError
from autograder.sandbox.wire.values import Instance, Items

KNOWN_MISTAKES = "known_mistakes.bin"  # beside the visible checks
MAX_BYTES = 16 << 20
MIN_ALIKE = 2  # numbers: a single one may be alike by chance
FORM = 1  # of the file; another one is not read


class KnownMistakesError(Exception):
    """It is no file of known mistakes, or one of another form."""


@dataclass(frozen=True)
class WrongAnswer:
    """How a mistake answers one call: it returns or raises this. A right value of which only the `changed` arguments
    are wrong is not told.
    """

    reply: Returned | Raised
    is_value_told: bool = True

    def is_like(self, call: Call) -> bool:
        """Whether a student's function answered so."""
        reply = call.reply
        if not isinstance(self.reply, Returned) or not isinstance(reply, Returned):
            return same_exception(reply, self.reply)
        if not self.is_value_told:
            return set(reply.changed) == set(self.reply.changed)
        return agrees(reply.value, self.reply.value, call.tolerance, nan_is_nan=True)

    def is_contradicted_by(self, call: Call) -> bool:
        """Whether a student's function answered otherwise. NumPy's words are others from version to version."""
        if isinstance(self.reply, Raised) and isinstance(call.reply, Raised):
            return self.reply.type != call.reply.type
        return not self.is_like(call)

    def ends_like(self, call: Call) -> bool:
        """Whether the student's function answered so, or raised the same in words that would fit many a mistake."""
        if isinstance(self.reply, Raised) and isinstance(call.reply, Raised):
            return same_words(self.reply, call.reply)
        return self.is_like(call)

    @property
    def entries(self) -> int:
        """How many numbers, or letters, are alike if all is. An exception, or a changed argument, is not by chance."""
        if isinstance(self.reply, Raised) or not self.is_value_told:
            return MIN_ALIKE
        return _entries(self.reply.value)


def _entries(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(_entries, value.values()))
    if isinstance(value, list | tuple | set | frozenset):
        return sum(map(_entries, value))
    if isinstance(value, Instance | Items):
        return sum(map(_entries, value.parts))
    return len(value) if isinstance(value, str | bytes) else int(np.size(value))


@dataclass(frozen=True)
class KnownMistake:
    """One misconception: its words, and for each set of its constants its answers by the keys of calls.

    None stands for an answer that is right.
    """

    name: str
    question: str
    statement: str
    hint: str
    variants: Sequence[Mapping[str, WrongAnswer | None]]

    @property
    def lesson(self) -> str:
        return lesson_of(self.statement, self.hint)

    def may_be(self, call: Call) -> bool:
        """Whether it may stand in the line that raised."""
        return not isinstance(call.reply, Raised) or may_stand_in(self.statement, call.reply.line)


@dataclass(frozen=True)
class KnownMistakes:
    """All that is known of the questions of one assignment, in its visible checks.

    `forms` gives for the key of a call an empty array of the shape of the right answer, or a tuple of them, and
    `checksums` what tells whether an answer is right.
    """

    mistakes: Sequence[KnownMistake] = ()
    forms: Mapping[str, Any] = field(default_factory=dict)
    checksums: Mapping[str, float] = field(default_factory=dict)

    def is_right(self, call: Call) -> bool | None:
        """Whether a student's function answered rightly; None where that is not known."""
        if call.key not in self.checksums or call.key not in self.forms:
            return None
        if not isinstance(call.reply, Returned):
            return False
        return fits(call.reply.value, self.forms[call.key], self.checksums[call.key], call.tolerance)


def written(known: KnownMistakes) -> bytes:
    """The file. The same mistakes give the same bytes. Raises WireError where it would be too large."""
    mistakes = [
        {
            "name": each.name,
            "question": each.question,
            "statement": each.statement,
            "hint": each.hint,
            "variants": [{key: _packed(answer) for key, answer in answers.items()} for answers in each.variants],
        }
        for each in known.mistakes
    ]
    forms = {
        key: [list(each.shape) for each in form] if isinstance(form, tuple) else tuple(form.shape)
        for key, form in known.forms.items()
    }
    message = {"form": FORM, "mistakes": mistakes, "forms": forms, "checksums": dict(known.checksums)}
    return encode(message, MAX_BYTES)


def _packed(answer: WrongAnswer | None) -> Any:
    if answer is None:
        return None
    if isinstance(answer.reply, Raised):
        return {"type": answer.reply.type, "bases": list(answer.reply.bases), "message": answer.reply.message}
    value = {"value": answer.reply.value} if answer.is_value_told else {}
    return {"changed": list(answer.reply.changed), **value}


def read(content: bytes) -> KnownMistakes:
    """What stands in a file. Raises KnownMistakesError."""
    if len(content) > MAX_BYTES:
        raise KnownMistakesError("too large")
    try:
        found = decode(content[: PREFIX.size], content[PREFIX.size :], MAX_BYTES)
        if found["form"] != FORM:
            raise KnownMistakesError("of another form")
        mistakes = [
            KnownMistake(
                str(each["name"]),
                str(each["question"]),
                str(each["statement"]),
                str(each["hint"]),
                [{key: _unpacked(answer) for key, answer in answers.items()} for answers in each["variants"]],
            )
            for each in found["mistakes"]
        ]
        forms = {
            key: tuple(map(_blank, form)) if isinstance(form, list) else _blank(form)
            for key, form in found["forms"].items()
        }
        checksums = {key: float(number) for key, number in found["checksums"].items()}
    except (WireError, struct.error, LookupError, TypeError, ValueError, AttributeError) as error:
        raise KnownMistakesError(type(error).__name__) from error
    return KnownMistakes(mistakes, forms, checksums)


def _unpacked(answer: Any) -> WrongAnswer | None:
    if answer is None:
        return None
    if "type" in answer:
        return WrongAnswer(Raised(str(answer["type"]), tuple(map(str, answer["bases"])), str(answer["message"])))
    changed = tuple(each if isinstance(each, int) else str(each) for each in answer["changed"])
    return WrongAnswer(Returned(answer.get("value"), changed), "value" in answer)


def _blank(shape: Sequence[int]) -> Any:
    """An array of a shape that takes no memory: nobody looks at its numbers."""
    return np.broadcast_to(np.float64(0), tuple(shape))
