"""How a process ends, and what no answer of it may make the grader do."""

from __future__ import annotations

import signal
from dataclasses import replace

import pytest

from autograder.checking.messages import crashed
from autograder.sandbox.client import Sandbox
from autograder.sandbox.exchange.replies import read_reply
from autograder.sandbox.protocol import Crashed, Missing, Raised, Returned, TimedOut, Upstream
from tests.helpers.sandbox import HOSTILE, IMPORTS, LIMITS, Functions, ended, workers_of

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("os._exit(0)", "ended itself (exit code 0)"),
        ("os._exit(97)", "ended itself (exit code 97)"),
        ("imp('ctypes').string_at(0)", "was ended by"),
    ],
)
def test_a_process_that_ends_costs_one_call(functions: Functions, statement: str, reason: str) -> None:
    worker = functions(f"{HOSTILE}\ndef f(x):\n    if x: return x\n    {statement}\n    while True: pass\n")
    assert worker.call("f", [1], {}) == Returned(1)
    reply = worker.call("f", [0], {})
    assert isinstance(reply, Crashed)
    assert reason in crashed("f(0)", reply)
    assert worker.call("f", [2], {}) == Returned(2)


def test_a_fresh_process_knows_nothing_of_the_one_before(functions: Functions) -> None:
    worker = functions(
        f"{HOSTILE}\ncalls = []\n\ndef f(die):\n    calls.append(1)\n    return os._exit(1) if die else len(calls)"
    )
    assert [worker.call("f", [False], {}) for _ in range(2)] == [Returned(1), Returned(2)]
    assert isinstance(worker.call("f", [True], {}), Crashed)
    assert worker.call("f", [False], {}) == Returned(1)


def test_a_process_that_computes_for_too_long_is_stopped(functions: Functions) -> None:
    worker = functions("def f(x):\n    while x: pass\n")
    assert isinstance(worker.call("f", [1], {}), TimedOut)
    assert worker.call("f", [0], {}) == Returned(None)


def test_a_process_that_only_waits_is_stopped_as_well(functions: Functions) -> None:
    worker = functions(f"{HOSTILE}\ndef f(): imp('threading').Event().wait()\n")
    assert worker.call("f", [], {}) == TimedOut.of(LIMITS)


def test_a_process_may_live_as_long_as_its_calls_are_short(functions: Functions) -> None:
    """All calls of a submission add up to more computing than any one call may take."""
    brief = replace(LIMITS, cpu_seconds=0.05)
    busy = f"{HOSTILE}\ntime = imp('time')\n\ndef f():\n    end = time.process_time() + 0.012\n"
    busy += "    while time.process_time() < end: pass\n"
    with Sandbox(brief, IMPORTS) as sandbox, functions(busy, sandbox=sandbox) as worker:
        replies = [worker.call("f", [], {}) for _ in range(40)]
    assert Returned(None) in replies
    assert not [reply for reply in replies if isinstance(reply, Crashed)]


FOREVER = "sum(print.__self__.__import__('itertools').count())"  # in C, where no alarm is heard
# No alarm gets out: it may come as if from the line before the inner loop, which has to stand in the `try` as well.
ENDLESS = """
class M(type):
    def __neg__(cls):
        while True:
            try:
                int()
                while True: int()
            except BaseException: pass
"""


@pytest.mark.parametrize(
    ("cell", "ends_as"),
    [
        ("x = print.__self__.__import__('os')._exit(0)", Crashed),
        (f"{ENDLESS}\nclass A(metaclass=M): pass\n\nx = -A\n", TimedOut),
    ],
)
def test_a_submission_that_cannot_be_loaded_is_not_tried_again(
    functions: Functions, shared: Sandbox, cell: str, ends_as: type
) -> None:
    worker = functions("def f(): return 1\n", cell)
    first = worker.call("f", [], {})
    assert isinstance(first, ends_as)
    assert not workers_of(shared)
    assert worker.call("f", [], {}) is first


@pytest.mark.parametrize(
    "cell",
    [
        f"x = {FOREVER}",
        "x = print.__self__.__import__('threading').Event().wait()",
        f"class X:\n    x = {FOREVER}\n",
        f"forever = lambda f: {FOREVER}\n\n@forever\ndef x(): pass\n",
        f"def x(a={FOREVER}): pass\n",
    ],
)
def test_a_submission_that_cannot_be_loaded_in_time_is_loaded_without_what_it_computes(
    functions: Functions, cell: str
) -> None:
    kept = """
        SCALE = 2

        class Kept:
            def value(self): return max(SCALE, 1)

        double = lambda x: max(x, 2 * x)

        def f(): return double(Kept().value())
    """
    worker = functions(kept, cell)
    assert worker.call("f", [], {}) == Returned(4)
    missing = worker.call("x", [], {})
    assert isinstance(missing, Missing)
    assert "all that runs at top level took too long" in missing.reason or "class" in cell


def test_memory_is_bounded_in_one_step_and_in_many(functions: Functions) -> None:
    worker = functions(
        """
        import numpy as np

        def one(mb): return np.empty(mb << 17).nbytes

        def many(mb): return sum(part.nbytes for part in [np.empty(1 << 17) for _ in range(mb)])
        """
    )
    # Small pieces may also lie where the process had free memory when it was bounded, a large one cannot.
    for name, too_much in (("one", LIMITS.memory_mb + 1), ("many", LIMITS.memory_mb * 9 // 8)):
        assert worker.call(name, [LIMITS.memory_mb // 8], {}) == Returned(LIMITS.memory_mb // 8 << 20)
        reply = worker.call(name, [too_much], {})
        assert isinstance(reply, Raised)
        assert "MemoryError" in reply.bases


def test_an_answer_that_is_too_large_says_so(functions: Functions) -> None:
    worker = functions("import numpy as np\n\ndef f(mb): return np.zeros(mb << 17)\n")
    assert isinstance(worker.call("f", [LIMITS.answer_mb - 1], {}), Returned)
    reply = worker.call("f", [LIMITS.answer_mb], {})
    assert isinstance(reply, Raised)
    assert reply.type == "AnswerTooLarge"


# What no answer may make the grader do


FRAMES = {
    "token as array": "{'id': np.zeros(3), 'kind': 'returned', 'value': 0, 'changed': []}",
    "token as empty array": "{'id': np.zeros(0), 'kind': 'returned', 'value': 0, 'changed': []}",
    "token as list of arrays": "{'id': [np.zeros(3)], 'kind': 'returned', 'value': 0, 'changed': []}",
    "kind as array": "{'id': token, 'kind': np.zeros(3), 'value': 0, 'changed': []}",
    "type as array": "{'id': token, 'kind': 'raised', 'type': np.zeros(3), 'bases': (), 'message': '', 'line': None}",
    "line as array": "{'id': token, 'kind': 'raised', 'type': '', 'bases': (), 'message': '', 'line': np.zeros(3)}",
    "bases as array": "{'id': token, 'kind': 'raised', 'type': '', 'bases': np.zeros(3), 'message': '', 'line': 0}",
    "changed as array": "{'id': token, 'kind': 'returned', 'value': 0, 'changed': np.zeros(3)}",
    "changed as arrays": "{'id': token, 'kind': 'returned', 'value': 0, 'changed': [np.zeros(3)]}",
    "reason as array": "{'id': token, 'kind': 'missing', 'reason': np.zeros(3)}",
    "asked as array": "{'id': token, 'kind': 'asked', 'name': np.zeros(3), 'args': [], 'kwargs': {}}",
    "nothing": "{}",
    "words only": "{'id': token}",
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("followed", [False, True], ids=["plain", "followed through"])
def test_every_frame_ends_in_a_reply(functions: Functions, frame: str, followed: bool) -> None:
    worker = functions(
        HOSTILE
        + f"""
np, wire = sys.modules["numpy"], sys.modules["autograder.sandbox.wire.frame"]

def f(lie):
    if not lie:
        return up(1)
    token = message()["id"]
    os.write(3, wire.encode({frame}, 1 << 30))
    os._exit(0)

def up(x): return x
"""
    )
    upstream = Upstream({"up": ("x",)}, functions("def up(x): return x\n")) if followed else None
    assert isinstance(worker.call("f", [True], {}, upstream), Crashed | Raised)
    replies = [worker.call("f", [False], {}, upstream) for _ in range(2)]
    assert replies[1] == Returned(1)


def test_a_process_that_dies_of_an_odd_signal_has_crashed(shared: Sandbox, functions: Functions) -> None:
    worker = functions("def f(): return 1\n")
    assert worker.call("f", [], {}) == Returned(1)
    (process,) = workers_of(shared)
    process.send_signal(signal.SIGRTMIN + 6)  # it has no name of its own
    assert ended([process])
    assert isinstance(worker.call("f", [], {}), Crashed)
    assert worker.call("f", [], {}) == Returned(1)


def test_a_change_is_told_once_however_often_it_is_said() -> None:
    reply = read_reply({"kind": "returned", "value": 0, "changed": [0, "X", 0] * 100_000})
    assert reply == Returned(0, (0, "X"))
