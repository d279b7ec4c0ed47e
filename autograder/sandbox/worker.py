"""The worker's side: holds the student's functions, answers the grader's calls, and knows nothing worth stealing.

Portable: how the process came to be, and what it may do, is its home's matter.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from autograder.language.current import speak_as
from autograder.sandbox.execute import raised
from autograder.sandbox.given.files import Files
from autograder.sandbox.loader import findable, in_no_folder, load
from autograder.sandbox.namespace import Namespace
from autograder.sandbox.protocol import Cell, Locate, Missing, Part, Raised, Reply, Returned, Unsteady, Upstream
from autograder.sandbox.wire import frame as wire
from autograder.sandbox.wire.limits import NO_LIMIT, WireError
from autograder.settings import Limits


class WireEnd(Protocol):
    """The worker's end of the wire."""

    def receive(self) -> dict[str, Any] | None:
        """The next message; None when the other side has hung up."""
        ...

    def send(self, frame: bytes) -> None: ...


@dataclass(frozen=True)
class Descriptor:
    """An end that is one descriptor, in both directions."""

    number: int

    def receive(self) -> dict[str, Any] | None:
        return _receive(self.number)

    def send(self, frame: bytes) -> None:
        _send(self.number, frame)


def greet(end: WireEnd, failure: str = "") -> None:
    """Tell the grader, before any of the submission is here, that this process is confined, or why it is not."""
    end.send(wire.encode({"id": "", "failure": failure}, 1 << 16))


def serve(
    end: WireEnd,
    limits: Limits,
    imports: Collection[str],
    files: Files | None = None,
    tell: Callable[[Namespace], dict[str, Any]] = lambda _space: {},
    slowness: float = 1,
) -> None:
    """Load the submission that the first message brings, then answer calls until the grader hangs up.

    `files` are those that stand in for the system's in this process, `tell` is what it says of itself when loaded.
    Where Python is slower than elsewhere, it has as many times more.
    """
    message = end.receive()
    if message is None:
        return
    parts = [
        Part(
            tuple(Cell(**cell) for cell in part["cells"]),
            tuple(part["questions"]),
            tuple(part["handed"]),
            part["assignment"],
        )
        for part in message["parts"]
    ]
    speak_as(message["speech"])
    how = {"whole": message["whole"], "computing": message["computing"]}
    beside = files.beside if files else in_no_folder
    space = load(parts, imports, limits.cpu_seconds, slowness=slowness, beside=beside, **how)
    if files:
        files.settle(parts[-1].assignment)
    repeated = {name: [tuple(place) for place in places] for name, places in space.repeated.items()}
    end.send(_frame(message["id"], {"kind": "loaded", "repeated": repeated, **tell(space)}, limits))
    with findable(space):
        while (message := end.receive()) is not None:
            upstream = None
            if message["upstream"]:
                upstream = Upstream(message["upstream"], _UpstreamClient(end, message["id"], limits))
            if message["repeat"]:
                reply = space.repeat(message["name"], message["args"], message["kwargs"], upstream)
            else:
                reply = space.call(message["name"], message["args"], message["kwargs"], upstream)
            end.send(encode_reply(message["id"], reply, space.locate, limits))


@dataclass(frozen=True)
class _UpstreamClient:
    """The reference's functions, by call-back: only arguments and answers cross the wire."""

    end: WireEnd
    token: str
    limits: Limits

    def call(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        content = {"kind": "upstream_call", "name": name, "args": list(args), "kwargs": dict(kwargs)}
        self.end.send(_frame(self.token, content, self.limits))
        answer = self.end.receive()
        if answer is None:
            raise EOFError("the grader has hung up")
        if answer["kind"] == "returned":
            return Returned(answer["value"])
        return Raised(answer["type"], (), answer["message"])


def encode_reply(token: str, reply: Reply, locate: Locate, limits: Limits) -> bytes:
    """The frame that carries a reply. What cannot be carried becomes an exception: the student learns why."""
    try:
        return _frame(token, _describe(reply), limits)
    except WireError as error:
        too_long = Raised("AnswerTooLarge", ("AnswerTooLarge",), str(error))
        return _frame(token, _describe(too_long), limits)
    except BaseException as error:  # a returned object that fights being read
        return _frame(token, _describe(raised(error, locate)), limits)


def _describe(reply: Reply) -> dict[str, Any]:
    match reply:
        case Returned(value, changed):
            return {"kind": "returned", "value": value, "changed": list(changed)}
        case Raised():
            return {"kind": "raised", **asdict(reply)}
        case Missing(reason):
            return {"kind": "missing", "reason": reason}
        case Unsteady(overwritten):
            return {"kind": "unsteady", "overwritten": overwritten}
    raise TypeError(f"a call in this process cannot end as {type(reply).__name__}")


def _frame(token: str, content: dict[str, Any], limits: Limits) -> bytes:
    return wire.encode({"id": token, **content}, limits.answer_bytes)


def _receive(descriptor: int) -> dict[str, Any] | None:
    prefix = read_exactly(descriptor, wire.PREFIX.size)
    if prefix is None:
        return None
    rest = read_exactly(descriptor, wire.lengths(prefix, NO_LIMIT))
    return None if rest is None else wire.decode(prefix, rest, NO_LIMIT)


def read_exactly(descriptor: int, length: int) -> bytes | None:
    """Exactly `length` bytes; None when the other side has hung up."""
    parts = []
    while length:
        part = os.read(descriptor, min(length, 1 << 20))
        if not part:
            return None
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _send(descriptor: int, frame: bytes) -> None:
    view = memoryview(frame)
    while view:
        view = view[os.write(descriptor, view) :]
