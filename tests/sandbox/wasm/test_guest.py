"""A WebAssembly guest: what it answers, how it ends, and that what it does beside that leads to nothing."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.sandbox.client import Sandbox, Worker
from autograder.sandbox.protocol import Cell, Crash, Crashed, Missing, Part, Raised, Returned, TimedOut
from autograder.sandbox.wasm.process import GuestProcess
from tests.helpers.sandbox import HOSTILE, LIMITS, Functions

pytestmark = [pytest.mark.portable, pytest.mark.slow]

DOOR = """
imp = print.__self__.__import__
os, sys = imp("os"), imp("sys")
call = imp("_host").call
"""
# Frames of the wire as a hostile submission would make them.
FRAME = """
import json, struct

def frame(content):
    header = json.dumps({"dict": content}).encode()
    return struct.pack("!IQ", len(header), 0) + header
"""


def test_a_call_brings_its_answer(functions: Functions) -> None:
    worker = functions("import numpy as np\ndef f(X, *, axis): return np.exp(X).sum(axis=axis)")
    X = np.arange(6.0).reshape(2, 3)
    reply = worker.call("f", [X], {"axis": 0})
    assert isinstance(reply, Returned)
    np.testing.assert_allclose(reply.value, np.exp(X).sum(axis=0))


def test_what_it_raises_is_told_with_its_line(functions: Functions) -> None:
    reply = functions("def f(x):\n    return 1 / x\n").call("f", [0], {})
    assert isinstance(reply, Raised)
    assert (reply.type, reply.message) == ("ZeroDivisionError", "division by zero")
    assert reply.line is not None
    assert (reply.line.label, reply.line.number) == ("code cell 1", 2)


# How it ends. The same words as of a process.


@pytest.mark.parametrize(
    ("statement", "crash", "detail"),
    [
        ("os._exit(3)", Crash.EXITED, "3"),
        ("os.abort()", Crash.ENDED_BY, "SIGABRT"),
        ("below(0)", Crash.ENDED_BY, "SIGSEGV"),
        ("np.lib.stride_tricks.as_strided(np.zeros(1), (2,), (1 << 30,)).sum()", Crash.ENDED_BY, "SIGSEGV"),
    ],
    ids=["exits", "aborts", "recursion in C", "memory that is not there"],
)
def test_a_guest_that_ends_costs_one_call(functions: Functions, statement: str, crash: Crash, detail: str) -> None:
    source = f"""
import numpy as np

def below(_):
    nested = []
    for _ in range(100000):
        nested = [nested]
    return repr(nested)

def f():
    {statement}

def g():
    return 1
"""
    worker = functions(DOOR + source)
    assert worker.call("f", [], {}) == Crashed(crash, detail)
    assert worker.call("g", [], {}) == Returned(1)


@pytest.mark.parametrize(
    "loop",
    [
        "while True: pass",
        "sum(iter(int, 1))",
        "[np.sort(np.arange(10**6)[::-1]) for _ in iter(int, 1)]",
        "9 ** 9 ** 9",
    ],
    ids=["in Python", "in C", "in NumPy", "in one number"],
)
def test_whatever_computes_for_too_long_is_ended(functions: Functions, loop: str) -> None:
    worker = functions(f"import numpy as np\ndef f():\n    {loop}\n\ndef g():\n    return 1\n")
    assert worker.call("f", [], {}) == TimedOut.of(LIMITS)
    assert worker.call("g", [], {}) == Returned(1)


def test_a_statement_that_takes_too_long_costs_its_names_alone(functions: Functions) -> None:
    worker = functions(
        "def spin():\n    while True: pass\n\nx = spin()\ny = 2\n\ndef f(): return x\n\ndef g(): return y"
    )
    reply = worker.call("f", [], {})
    assert isinstance(reply, Raised)
    assert "TimeoutError in code cell 1, line 4: took more than 0.2 s of computing" in reply.message
    assert worker.call("g", [], {}) == Returned(2)


def test_memory_is_bounded(functions: Functions) -> None:
    source = """
import numpy as np

def f(n):
    return np.ones(n << 17).nbytes

def g():
    kept = []
    while True:
        kept.append(bytearray(1 << 20))
"""
    worker = functions(source)
    assert worker.call("f", [LIMITS.memory_mb // 2], {}) == Returned(LIMITS.memory_mb // 2 << 20)
    for name, args in (("f", [2 * LIMITS.memory_mb]), ("g", [])):
        reply = worker.call(name, args, {})
        assert isinstance(reply, Raised)
        assert "MemoryError" in reply.bases


def test_too_large_an_answer_is_told(functions: Functions) -> None:
    reply = functions("import numpy as np\ndef f(): return np.ones(5 << 17)").call("f", [], {})
    assert isinstance(reply, Raised)
    assert reply.type == "AnswerTooLarge"


# What it may not do


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/passwd')",
        "open('notebook.ipynb', 'w')",
        "os.listdir('/')",
        "os.listdir('/usr/local/lib')",
        "open('/usr/local/lib/python315.zip', 'rb')",
        "open('/autograder/sandbox/worker.py')",
        "os.stat('/')",
        "os.open('x', os.O_RDONLY)",
        "os.mkdir('x')",
        "os.remove('x')",
        "os.rename('x', 'y')",
        "os.readlink('x')",
        "os.read(3, 10)",
        "os.write(3, b'x')",
        "os.write(4, b'x')",
        "os.fstat(5)",
        "imp('time').sleep(0.01)",
        "imp('select').select([], [], [], 0.01)",
    ],
)
def test_it_reaches_no_file_and_waits_for_nothing(functions: Functions, attempt: str) -> None:
    reply = functions(f"{DOOR}\ndef f():\n    {attempt}\n").call("f", [], {})
    assert isinstance(reply, Raised)
    assert {"OSError", "ImportError"} & set(reply.bases)


@pytest.mark.parametrize(
    "attempt", ["os.fork()", "os.execv('x', ['x'])", "imp('subprocess').run(['x'])", "os.kill(1, 9)", "imp('mmap')"]
)
def test_it_starts_and_signals_nothing(functions: Functions, attempt: str) -> None:
    reply = functions(f"{DOOR}\ndef f():\n    {attempt}\n").call("f", [], {})
    assert isinstance(reply, Raised)
    assert {"OSError", "ImportError", "AttributeError"} & set(reply.bases)


def test_it_has_no_environment(functions: Functions) -> None:
    assert functions(f"{DOOR}\ndef f(): return dict(os.environ)").call("f", [], {}) == Returned({})


# A guest is for one submission.


def test_nobody_gets_a_guest_that_somebody_has_used(functions: Functions) -> None:
    leaves = "import numpy as np\ndef f():\n    np.left = 1\n    np.exp = None\n    return np.left"
    looks = "import numpy as np\ndef f(): return hasattr(np, 'left'), np.exp is None"
    for _ in range(4):
        first = functions(leaves)
        assert first.call("f", [], {}) == Returned(1)
        first.close()
        second = functions(looks)
        assert second.call("f", [], {}) == Returned((False, False))
        second.close()


def test_what_one_has_left_in_its_memory_no_other_finds(functions: Functions) -> None:
    """All of a guest's memory can be read from within it: there is nothing of others in it."""
    source = """
import numpy as np

def leave(n, value):
    global left
    left = np.full(n, value, np.uint64)

def find(value):
    top = np.zeros(1 << 20, np.uint64)
    place = top.__array_interface__["data"][0] // 8
    everything = np.lib.stride_tricks.as_strided(top, (place,), (-8,))
    return int((everything == np.uint64(value)).sum())
"""
    value, count = 0xFEED_BEEF_5EED_1E55, 1 << 19
    first = functions(source)
    first.call("leave", [count, value], {})
    found = first.call("find", [value], {})
    assert isinstance(found, Returned)
    assert found.value >= count  # so that it would be found
    first.close()
    for _ in range(3):
        other = functions(source)
        found = other.call("find", [value], {})
        assert isinstance(found, Returned)
        assert found.value < 10  # the question itself
        other.close()


def test_its_process_is_used_again_and_that_of_one_at_work_is_not(functions: Functions, guests: Sandbox) -> None:
    def process_of(worker: Worker) -> GuestProcess:
        assert isinstance(worker._process, GuestProcess)
        return worker._process

    seen = set()
    for _ in range(6):
        worker = functions("def f(): return 1")
        worker.call("f", [], {})
        seen.add(process_of(worker)._host.pid)
        worker.close()
    assert len(seen) <= 2
    # This one answers, and goes on computing unasked: whoever comes next must not wait for it.
    answer = "frame({'id': message()['id'], 'kind': 'missing', 'reason': ''})"
    goes_on = f"def f():\n    imp('_host').call({answer})\n    while True: pass\n"
    busy = functions(f"{HOSTILE}{FRAME}\n{goes_on}")
    assert busy.call("f", [], {}) == Missing("")
    pid = process_of(busy)._host.pid
    busy.close()
    for _ in range(3):
        worker = functions("def f(): return 1")
        assert worker.call("f", [], {}) == Returned(1)
        assert process_of(worker)._host.pid != pid
        worker.close()


def test_random_numbers_differ_from_guest_to_guest(functions: Functions) -> None:
    source = "import random\nimport numpy as np\ndef f(): return random.random(), np.random.default_rng().random()"
    replies = [functions(source).call("f", [], {}) for _ in range(2)]
    values = [reply.value for reply in replies if isinstance(reply, Returned)]
    assert len({each for value in values for each in value}) == 4


# Its door, from the code of a submission


@pytest.mark.parametrize(
    ("attack", "crash"),
    [
        ("call(b'nonsense')", Crash.NO_FRAME),
        ("call(b'\\xff' * 4096)", Crash.NO_FRAME),
        ("call(frame({'kind': 'returned', 'value': 42, 'changed': {'list': []}}))", Crash.NOT_ASKED),
        ("call(frame({'id': 'x' * 16, 'kind': 'returned', 'value': 42}))", Crash.NOT_ASKED),
        ("call(bytes(20 << 20))", Crash.NO_FRAME),
        ("call(struct.pack('!IQ', 10, 1 << 40) + b'x' * 10)", Crash.NO_FRAME),
        ("call(struct.pack('!IQ', 4, 0) + b'[[[[')", Crash.NO_FRAME),
    ],
    ids=["text", "bytes", "no token", "a forged token", "a flood", "a length that is a lie", "no JSON"],
)
def test_what_is_put_through_the_door_is_not_believed(functions: Functions, attack: str, crash: Crash) -> None:
    worker = functions(f"{DOOR}{FRAME}\ndef f():\n    {attack}\n    return 1\n\ndef g(): return 2\n")
    reply = worker.call("f", [], {})
    assert isinstance(reply, Crashed)
    assert reply.crash is crash
    assert worker.call("g", [], {}) == Returned(2)


def test_an_answer_before_it_is_asked_is_no_answer_to_the_next_question(functions: Functions) -> None:
    """Said in time, it waits at the door, and is what the next call gets: its token cannot be known."""
    answers = "frame({'id': message()['id'], 'kind': 'returned', 'value': 42, 'changed': {'list': []}})"
    floods = f"def f():\n    answer = {answers}\n    for _ in range(100): imp('_host').call(answer)\n"
    worker = functions(f"{HOSTILE}{FRAME}\n{floods}\ndef g(): return 2\n")
    assert worker.call("f", [], {}) == Returned(42)
    assert worker.call("g", [], {}) == Crashed(Crash.NOT_ASKED)
    assert worker.call("g", [], {}) == Returned(2)


def test_a_question_that_the_submission_takes_is_not_answered_by_waiting(functions: Functions) -> None:
    """It may take the next question itself, which is none yet: then it waits, and its time passes."""
    worker = functions(f"{DOOR}\ndef f(): return call(b'')\n\ndef g(): return 2\n")
    assert worker.call("f", [], {}) == TimedOut.of(LIMITS)
    assert worker.call("g", [], {}) == Returned(2)


def test_what_raises_at_the_door_ends_a_call_and_not_the_run(functions: Functions) -> None:
    source = f"{DOOR}\ndef f(what):\n    return call(what)\n\ndef g(): return 2\n"
    worker = functions(source)
    for what in (1, None, "text", [1]):
        reply = worker.call("f", [what], {})
        assert isinstance(reply, Raised)
        assert reply.type == "TypeError"
    assert worker.call("g", [], {}) == Returned(2)


def test_a_hostile_module_of_the_door_s_is_its_own_guest_s_alone(functions: Functions) -> None:
    """What stands in for our code in a guest answers for that submission, which it could do anyway."""
    first = functions(
        f"{DOOR}\nimp('autograder.sandbox.wire.frame', None, None, ['x']).encode = None\ndef f(): return 1\n"
    )
    assert isinstance(first.call("f", [], {}), Returned | Crashed)
    assert functions("def f(): return 1").call("f", [], {}) == Returned(1)


# Python's versions


@pytest.mark.parametrize(
    "source",
    ["x = t'{1}'", "try: pass\nexcept A, B: pass", "lazy import json", "x = [*y for y in z]"],
    ids=["a template", "classes without parentheses", "a lazy import", "unpacking in a comprehension"],
)
def test_syntax_that_the_graders_python_has_not_is_none(functions: Functions, source: str) -> None:
    try:
        compile(source, "", "exec")
    except SyntaxError:
        worker = functions(f"{source}\n", "def f(): return x")
        assert isinstance(worker.call("f", [], {}), Raised)
    else:
        pytest.skip("this Python has it")


def test_the_parts_of_one_submission_know_each_other(guests: Sandbox) -> None:
    parts = [
        Part((Cell("a", "def g(x): return 2 * x"),), ("g",)),
        Part((Cell("b", "def f(x): return g(x) + 1"),), ("f",)),
    ]
    with Worker(guests, parts) as worker:
        assert worker.call("f", [3], {}) == Returned(7)
