"""However a call ends, it ends alike in a process and in a guest: the same reply, of which the same words are made."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.sandbox.client import Sandbox, Worker
from autograder.sandbox.homes import Where, unsupported
from autograder.sandbox.protocol import Cell, Crash, Crashed, Part, Raised, Reply, Returned
from tests.helpers.sandbox import IMPORTS, LIMITS

pytestmark = pytest.mark.slow

# To the wire, whichever it is: it stands in a frame below, as the call that is being answered does.
KIT = """
import json, struct
import numpy as np

imp = print.__self__.__import__
os, sys = imp("os"), imp("sys")

def below(name, has):
    frame = sys._getframe()
    while not hasattr(frame.f_locals.get(name), has):
        frame = frame.f_back
    return frame.f_locals[name]

def say(header, body=b""):
    below("end", "receive").send(struct.pack("!IQ", len(header), len(body)) + header + body)

def claim(**content):
    say(json.dumps({"dict": {"kind": "returned", "value": 42, "changed": {"list": []}, **content}}).encode())

def token():
    return below("message", "keys")["id"]
"""
ENDS = {
    "exits": "os._exit(3)",
    "aborts": "os.abort()",
    "computes for ever": "while True: pass",
    "computes for ever in C": "sum(iter(int, 1))",
    "computes for ever in NumPy": "[np.sort(np.arange(10**6)[::-1]) for _ in iter(int, 1)]",
    "computes for ever in one number": "9 ** 9 ** 9",
    "takes all memory": "kept = []\n    while True: kept.append(np.empty(1 << 20))",
    "takes it at once": "bytearray(1 << 30)",
    "calls itself": "return f()",
    "answers with too much": "return np.ones(5 << 17)",
    "answers with nothing of ours": "return object()",
    "floods both outputs": "for _ in range(100): os.write(1, b'x' * 10**5), os.write(2, b'x' * 10**5)",
    "prints": "print('x' * 10**6); print('x' * 10**6, file=sys.stderr)",
    "says no JSON": "say(b'[[[[')",
    "says what is no message": "say(b'[]')",
    "says bytes that nobody announced": "say(b'{\"dict\": {}}', bytes(8))",
    "says more than it may": "say(b'1', bytes(20 << 20))",
    "answers without a token": "claim()",
    "answers with a token of its own": "claim(id='x' * 16)",
    "answers with an unknown kind": "claim(id=token(), kind='loaded')",
    "says that it changed what it has not got": "claim(id=token(), changed={'list': [7]})",
    "answers by itself, and then again": "claim(id=token())",
    "raises at the wire": "below('end', 'receive').send(None)",
    "exits by an exception": "sys.exit(5)",
}


@pytest.fixture(scope="module")
def processes() -> Iterator[Sandbox]:
    if reason := unsupported(Where.KERNEL):
        pytest.skip(reason)
    with Sandbox(LIMITS, IMPORTS) as made:
        yield made


@pytest.mark.parametrize("statement", ENDS.values(), ids=ENDS)
def test_a_call_ends_as_in_a_process_and_the_next_one_is_answered(
    guests: Sandbox, processes: Sandbox, statement: str
) -> None:
    ends = [_ends(home, statement) for home in (processes, guests)]
    assert ends[0] == ends[1]


def _ends(home: Sandbox, statement: str) -> list[Reply]:
    """How the call ends, and two that come after it."""
    source = f"{KIT}\ndef f():\n    {statement}\n\ndef g():\n    return 2\n"
    with Worker(home, [Part((Cell("code cell 1", source),))]) as worker:
        replies = [worker.call(name, [], {}) for name in ("f", "g", "g")]
    assert replies[-1] == Returned(2)
    return [_in_short(each) for each in replies]


def _in_short(reply: Reply) -> Reply:
    """Of an exception, its kind and its line: what Python says differs from version to version.

    Of which signal a process dies that may not send itself one is the kernel's matter.
    """
    if isinstance(reply, Crashed) and reply.crash is Crash.ENDED_BY:
        return Crashed(Crash.ENDED_BY)
    return Raised(reply.type, reply.bases, "", reply.line) if isinstance(reply, Raised) else reply
