"""What a worker says, checked word by word: the student's code may have written it. Portable."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from autograder.sandbox.execute import MAX_MESSAGE_CHARS, MAX_NAME_CHARS, MAX_SHAPES
from autograder.sandbox.protocol import CodeLine, Crash, Crashed, Missing, Place, Raised, Reply, Returned, Unsteady
from autograder.sandbox.wire.limits import MAX_DIMENSIONS, NO_LIMIT
from autograder.text import on_one_line, sanitise

MAX_BASES = 50  # classes that an exception claims to derive from
MAX_PLACES = 5  # of definitions of one function that are told
MAX_PARAMETERS = 50  # of a function
MAX_BUILT_ON = 1000  # names that one answer mentions


def read_reply(answer: dict[str, Any]) -> Reply:
    """What a worker says of a call, checked word by word: the student's code may have written it."""
    if not isinstance(answer.get("kind"), str):
        return Crashed(Crash.UNKNOWN_ANSWER)
    match answer:
        case {"kind": "returned", "value": value, "changed": list(changed)} if all(
            type(key) in (int, str) for key in changed
        ):
            return Returned(value, tuple(dict.fromkeys(changed)))
        case {"kind": "raised", "type": str(kind), "bases": tuple(bases), "message": str(message), "line": line}:
            names = tuple(_name(base) for base in bases[:MAX_BASES] if isinstance(base, str))
            return Raised(_name(kind), names, _message(message), _line(line), _shapes(answer.get("shapes")))
        case {"kind": "missing", "reason": str(reason)}:
            return Missing(_message(reason))
        case {"kind": "unsteady", "overwritten": bool(overwritten)}:
            return Unsteady(overwritten)
    return Crashed(Crash.UNKNOWN_ANSWER)


def read_repeated(
    answer: dict[str, Any], questions: Collection[str], labels: Collection[str]
) -> dict[str, list[Place]]:
    """Which questions a worker says are defined more than once, and where: what it cannot know is left out."""
    told = answer.get("repeated")
    found = {}
    for name, places in told.items() if isinstance(told, dict) else ():
        read = [
            Place(label, line)
            for label, line in filter(_is_pair, places if isinstance(places, list) else ())
            if isinstance(label, str) and label in labels and type(line) is int and line > 0
        ]
        if name in questions and len(read) > 1:
            found[name] = read[:MAX_PLACES]
    return found


def read_parameters(answer: dict[str, Any], questions: Collection[str]) -> dict[str, tuple[str, ...]]:
    """What the parameters of the questions are called in the student's own code: what is no name is left out."""
    return _read_names(answer.get("parameters"), questions, MAX_PARAMETERS)


def read_builds_on(answer: dict[str, Any], questions: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Which names a worker says that the answer to each question builds on: what is no name is left out."""
    return _read_names(answer.get("builds_on"), questions, MAX_BUILT_ON)


def _read_names(told: object, questions: Collection[str], most: int) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(filter(str.isidentifier, filter(_is_text, names)))[:most]
        for name, names in (told.items() if isinstance(told, dict) else ())
        if name in questions and isinstance(names, list)
    }


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_pair(value: object) -> bool:
    return isinstance(value, tuple) and len(value) == 2


def _line(line: object) -> CodeLine | None:
    match line:
        case {"label": str(label), "number": int(number), "text": str(text)}:
            return CodeLine(_name(label), number, _message(text))
    return None


def _shapes(told: object) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The shapes of arrays that a line names; what is no name and shape is left out."""
    pairs = [pair for pair in told[:MAX_SHAPES] if _is_pair(pair)] if isinstance(told, tuple) else []
    return tuple((_name(name), shape) for name, shape in pairs if _is_name(name) and _is_shape(shape))


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isidentifier()


def _is_shape(value: object) -> bool:
    is_short = isinstance(value, tuple) and len(value) <= MAX_DIMENSIONS
    return is_short and all(type(length) is int and 0 <= length < NO_LIMIT for length in value)  # type: ignore[attr-defined]


def _name(text: str) -> str:
    return on_one_line(text[:MAX_NAME_CHARS])


def _message(text: str) -> str:
    return sanitise(text[:MAX_MESSAGE_CHARS])
