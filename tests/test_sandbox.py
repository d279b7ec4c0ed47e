"""A worker does what honest NumPy code needs and no more, ends when it must, and costs nobody else anything."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from autograder.sandbox import selftest
from autograder.sandbox.client import Sandbox, Worker
from autograder.sandbox.kernel import confinement, landlock
from autograder.sandbox.loader import Cell, Part
from autograder.sandbox.protocol import Crashed, Missing, Opaque, Raised, Returned, SandboxError, TimedOut, Upstream
from autograder.settings import Limits

LIMITS = Limits(cpu_seconds=0.2, memory_mb=256, answer_mb=4)
IMPORTS = ("numpy", "math", "typing", "functools")
PATIENCE = 30  # seconds within which a process that was killed is gone
Functions = Callable[..., Worker]

# Around the list of imports, and to the call that is being answered, which stands in a frame below.
HOSTILE = """
imp = print.__self__.__import__
os, sys = imp("os"), imp("sys")

def message():
    frame = sys._getframe()
    while not isinstance(frame.f_locals.get("message"), dict):
        frame = frame.f_back
    return frame.f_locals["message"]
"""


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    with Sandbox(LIMITS, IMPORTS) as made:
        yield made


@pytest.fixture
def functions(shared: Sandbox) -> Iterator[Functions]:
    """Makes the functions that cells of source define, in a worker."""
    workers = []

    def make(*sources: str, sandbox: Sandbox = shared) -> Worker:
        cells = tuple(Cell(f"code cell {n}", textwrap.dedent(source)) for n, source in enumerate(sources, 1))
        workers.append(Worker(sandbox, [Part(cells)]))
        return workers[-1]

    yield make
    for worker in workers:
        worker.close()


def zygote(sandbox: Sandbox) -> psutil.Process:
    return psutil.Process(sandbox._zygote.pid)


def ended(processes: list[psutil.Process]) -> bool:
    """Whether processes end in time; one that nobody has buried yet has ended."""
    deadline = time.monotonic() + PATIENCE
    while any(map(alive, processes)):
        if time.monotonic() > deadline:
            return False
        os.sched_yield()
    return True


def alive(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def workers_of(sandbox: Sandbox) -> list[psutil.Process]:
    return zygote(sandbox).children(recursive=True)


# What comes back


def test_a_function_returns_what_it_computes(functions: Functions) -> None:
    worker = functions("import numpy as np\n\ndef f(x, scale=1): return scale * x.sum(axis=-1), len(x)")
    reply = worker.call("f", [np.arange(6.0).reshape(2, 3)], {"scale": 2})
    assert isinstance(reply, Returned)
    assert reply.value[0].tolist() == [6.0, 24.0]
    assert reply.value[1] == 2
    assert reply.changed == ()


def test_a_function_that_changes_its_arguments_is_told_of(functions: Functions) -> None:
    worker = functions("def f(x, y, z):\n    x += 1\n    z['a'][0] = 5\n")
    given = np.zeros(3)
    reply = worker.call("f", [given, given, {"a": np.ones(2)}], {})
    assert isinstance(reply, Returned)
    assert reply.changed == (0, 2)
    assert given.tolist() == [0, 0, 0]


def test_an_exception_is_told_with_its_line(functions: Functions) -> None:
    worker = functions("", "def f(x):\n    return 1 / x\n")
    reply = worker.call("f", [0], {})
    assert isinstance(reply, Raised)
    assert (reply.type, reply.message) == ("ZeroDivisionError", "division by zero")
    assert "ArithmeticError" in reply.bases
    assert reply.line
    assert (reply.line.label, reply.line.number, reply.line.text) == ("code cell 2", 2, "return 1 / x")


def test_a_function_that_is_not_there_is_missing(functions: Functions) -> None:
    worker = functions("f = 1\n", "def g(:\n    pass\n", "h = 1 / 0\n")
    reasons = {name: worker.call(name, [], {}) for name in ("f", "g", "h", "i")}
    assert all(isinstance(reply, Missing) for reply in reasons.values())
    said = {name: reply.reason for name, reply in reasons.items() if isinstance(reply, Missing)}
    assert "not a function" in said["f"]
    assert "SyntaxError in code cell 2, line 1" in said["g"]
    assert "ZeroDivisionError in code cell 3, line 1" in said["h"]
    assert said["i"] == ""


def test_what_is_no_number_comes_back_as_the_name_of_its_type(functions: Functions) -> None:
    reply = functions("class Thing: pass\n\ndef f(): return Thing()\n").call("f", [], {})
    assert reply == Returned(Opaque("Thing"))


def test_a_text_that_comes_back_is_short_and_printable(functions: Functions) -> None:
    """Whatever a report is to say of an answer, a stranger has written."""
    odd = "'\\n\\x1b[2J\\u202e' * 50_000"
    worker = functions(
        f"def f(): return type({odd}, (), {{}})()\n\n"
        f"def g(): raise type({odd}, (Exception,), {{}})({odd})\n\n"
        f"exec(compile('def h(): raise ValueError', {odd}, 'exec'))\n"
    )
    returned, raised = worker.call("f", [], {}), worker.call("g", [], {})
    assert isinstance(returned, Returned)
    assert isinstance(raised, Raised)
    for text in (returned.value.type, raised.type, raised.message, *raised.bases):
        assert len(text) <= 500
        assert text.replace("\n", "").isprintable()


def test_a_forged_list_of_changes_is_no_longer_than_the_arguments(functions: Functions) -> None:
    worker = functions(
        HOSTILE
        + """
wire = sys.modules["autograder.sandbox.wire"]

def f(x):
    frame = wire.encode({"id": message()["id"], "kind": "returned", "value": 0, "changed": ["\\n" * 999] * 99}, 1 << 30)
    os.write(3, frame)
    os._exit(0)
"""
    )
    reply = worker.call("f", [1], {})
    assert isinstance(reply, Crashed) or (isinstance(reply, Returned) and set(reply.changed) <= {0})


def test_a_function_may_ask_for_another_one(functions: Functions) -> None:
    own = functions("def f(x): return 0\n\ndef g(x): return f(x) + 1\n")
    right = functions("def f(x): return x\n")
    upstream = Upstream({"f": ("x",)}, right)
    assert own.call("g", [5], {}, upstream) == Returned(6)
    assert own.call("g", [5], {}) == Returned(1)
    assert [(call.name, call.args) for call in upstream.calls] == [("f", (5,))]


# How a process ends


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
    assert reason in reply.reason
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
    assert worker.call("f", [], {}) == TimedOut(LIMITS.wall_seconds)


def test_a_process_may_live_as_long_as_its_calls_are_short(functions: Functions) -> None:
    """All calls of a submission add up to more computing than any one call may take."""
    brief = replace(LIMITS, cpu_seconds=0.05)
    busy = f"{HOSTILE}\ntime = imp('time')\n\ndef f():\n    end = time.process_time() + 0.012\n"
    busy += "    while time.process_time() < end: pass\n"
    with Sandbox(brief, IMPORTS) as sandbox, functions(busy, sandbox=sandbox) as worker:
        replies = [worker.call("f", [], {}) for _ in range(40)]
    assert Returned(None) in replies
    assert not [reply for reply in replies if isinstance(reply, Crashed)]


def test_all_calls_together_take_no_longer_than_their_limit(functions: Functions) -> None:
    brief = replace(LIMITS, cpu_seconds=0.02)
    source = "def f(x):\n    while x: pass\n"
    with Sandbox(brief, IMPORTS) as sandbox, functions(source, sandbox=sandbox) as worker:
        replies = [worker.call("f", [1], {}) for _ in range(60)]
        assert replies[0] in (TimedOut(brief.cpu_seconds), TimedOut(brief.wall_seconds))
        assert replies[-1] == worker.call("f", [0], {}) == TimedOut(brief.all_calls.cpu_seconds, altogether=True)


FOREVER = "sum(print.__self__.__import__('itertools').count())"  # in C, where no alarm is heard
ENDLESS = """
class M(type):
    def __neg__(cls):
        while True:
            try:
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
    for name in ("one", "many"):
        assert worker.call(name, [LIMITS.memory_mb // 8], {}) == Returned(LIMITS.memory_mb // 8 << 20)
        reply = worker.call(name, [LIMITS.memory_mb + 1], {})
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
np, wire = sys.modules["numpy"], sys.modules["autograder.sandbox.wire"]

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


# What honest code needs

HONEST = {
    "polynomial, imported when it is used": "np.polynomial.Polynomial([1.0, 2.0])(3.0)",
    "Fourier transform": "np.fft.fft(np.ones(4))",
    "masked arrays": "np.ma.masked_array([1.0, 2.0], [True, False]).sum()",
    "einsum": "np.einsum('...ij,...jk->...ik', np.ones((2, 3, 4)), np.ones((2, 4, 5)), optimize=True).sum()",
    "singular values": "np.linalg.svd(np.arange(6.0).reshape(2, 3))[1]",
    "eigenvalues": "np.linalg.eigh(np.eye(20))[0]",
    "solve": "np.linalg.solve(np.eye(5) + 1, np.ones(5))",
    "orthogonalise": "np.linalg.qr(np.ones((5, 5)))[0].shape",
    "norm": "np.linalg.norm(np.ones((5, 5)), axis=-1)",
    "large product": "(np.ones((600, 600)) @ np.ones((600, 600)))[0, 0]",
    "large product in single precision": "(np.ones((600, 600), np.float32) @ np.ones((600, 600), np.float32))[0, 0]",
    "products in a batch": "(np.ones((16, 50, 50)) @ np.ones((16, 50, 50)))[0, 0, 0]",
    "vectorize": "np.vectorize(lambda x: 2 * x)(np.arange(4.0))",
    "apply along axis": "np.apply_along_axis(np.sort, -1, np.ones((3, 4)))",
    "random numbers": "np.random.default_rng(3).normal(size=3)",
    "random numbers without a seed": "np.random.default_rng().normal(size=3).shape",
    "random numbers of old": "(np.random.seed(0), np.random.randn(3))[1]",
    "random permutation": "np.random.default_rng(0).permutation(5)",
    "testing": "np.testing.assert_allclose(1.0, 1.0)",
    "testing equality": "np.testing.assert_array_equal([1], [1])",
    "fourier": "np.abs(np.fft.fft(np.ones(8)))",
    "polynomials": "np.polynomial.Polynomial([1, 2])(3.0)",
    "fit": "np.polyfit([0, 1, 2], [0, 1, 2], 1)",
    "masked": "np.ma.masked_array([1, 2], [0, 1]).sum()",
    "windows": "np.lib.stride_tricks.sliding_window_view(np.arange(10), 3)",
    "text of arrays": "len(np.array2string(np.ones(2000), threshold=10))",
    "text of many numbers": "len(repr(np.random.default_rng(0).normal(size=(100, 100))))",
    "print": "print(np.ones(3), end='', flush=True)",
    "cache": "functools.lru_cache(maxsize=None)(lambda n: n)(1)",
    "partial": "functools.partial(np.sum, axis=0)(np.ones(3))",
    "reduce": "functools.reduce(np.matmul, [np.eye(2)] * 3)",
    "types": "[typing.Optional[int], list[int], typing.TypeVar('T'), typing.NamedTuple('N', [('a', int)])(1)][3].a",
    "mathematics": "math.erf(0.5) + math.log(2) + math.sqrt(2)",
    "many small arrays": "sum(np.ones(100).sum() for _ in range(1000))",
    "some large arrays": "[np.ones(2_000_000).sum() for _ in range(5)][-1]",
    "long list": "len([i for i in range(300_000)])",
    "recursion": "(lambda f: f(f, 900))(lambda f, n: 0 if n == 0 else 1 + f(f, n - 1))",
    "division by zero": "(np.ones(1) / 0)[0] > 0",
    "overflow": "np.exp(np.array([1000.0]))[0] > 0",
    "errors as asked": "str(np.errstate(all='raise'))[:1]",
    "conversion": "np.asarray([[1, 2], [3, 4]], dtype=np.float32).T.copy(order='F')",
    "sorting": "np.argsort(np.random.default_rng(0).normal(size=100_000))[:0]",
    "copying": "np.ones(3).copy().tolist()",
    "large arrays, one after another": "[np.ones(5_000_000).sum() for _ in range(8)][-1]",
    "save and load": "np.load(save())['a']",
}
SOURCE = """
import functools, math, typing
import numpy as np

def save():
    file = print.__self__.__import__("io").BytesIO()
    np.savez(file, a=np.ones(3))
    file.seek(0)
    return file
"""


@pytest.mark.parametrize("expression", HONEST.values(), ids=HONEST)
def test_honest_code_works(functions: Functions, expression: str) -> None:
    reply = functions(f"{SOURCE}\ndef f(): return {expression}\n").call("f", [], {})
    assert isinstance(reply, Returned), reply


# System calls that no honest work above is stopped by when they are missing, and why they are allowed all the same.
SPARE = {
    "clock_gettime": "where the vDSO has no clock",
    "close": "sockets, when Python forgets them",
    "exit_group": "an end that is no segmentation fault",
    "fstat": "files, where the C library is older than glibc 2.33",
    "futex": "a lock that has to be waited for",
    "getpid": "Python's modules, after a fork",
    "gettid": "Python's modules, after a fork",
    "lseek": "files that are read as text, and sources that are looked up",
    "madvise": "memory that goes back to the system",
    "mprotect": "heaps of other C libraries than this one",
    "mremap": "lists that grow without being copied",
    "rt_sigprocmask": "C libraries, around what no signal may interrupt",
}


@pytest.mark.parametrize("call", sorted(confinement.ALLOWED_CALLS.keys() - SPARE))
def test_every_system_call_that_is_allowed_is_needed(call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    change = f"from autograder.sandbox.kernel import confinement, zygote; confinement.ALLOWED_CALLS.pop({call!r}); "
    start = subprocess.Popen

    def without(command: list[str], **options: object) -> subprocess.Popen[bytes]:
        place = command.index("-m")
        main = ["-c", f"import sys; {change}zygote.main(sys.argv[1])"]
        return start([*command[:place], *main, *command[place + 2 :]], **options)  # type: ignore[call-overload]

    asked = "".join(f"def f{number}(): return {expression}\n" for number, expression in enumerate(HONEST.values()))
    stuck = "def spin():\n    while True: pass\n\nvalue = spin()\n"
    monkeypatch.setattr("autograder.sandbox.client.subprocess.Popen", without)
    with (
        pytest.raises(SandboxError) if call == "write" else nullcontext(),  # it cannot even say so
        Sandbox(LIMITS, IMPORTS) as sandbox,
        Worker(sandbox, [Part((Cell("", SOURCE + stuck + asked),))]) as worker,
    ):
        replies = (worker.call(f"f{number}", [], {}) for number in range(len(HONEST)))
        assert any(not isinstance(reply, Returned) for reply in replies)


@pytest.mark.parametrize("module", ["numpy", "numpy.linalg", "math", "typing", "functools"])
def test_what_may_be_imported_can_be_imported_when_called(functions: Functions, module: str) -> None:
    assert functions(f"def f():\n    import {module}\n    return 1\n").call("f", [], {}) == Returned(1)


# What is left


def test_nothing_is_left_of_a_sandbox() -> None:
    gc.collect()  # what other tests have left to be forgotten
    before = psutil.Process().num_fds()
    children = psutil.Process().children(recursive=True)
    with Sandbox(LIMITS, IMPORTS) as sandbox:
        for source in (
            "def f(): return 1",
            "def f():\n    while True: pass",
            "x = print.__self__.__import__('os')._exit(0)",
        ):
            with Worker(sandbox, [Part((Cell("", source),))]) as worker:
                worker.call("f", [], {})
        assert not workers_of(sandbox)
    assert psutil.Process().num_fds() == before
    assert psutil.Process().children(recursive=True) == children


def test_a_worker_holds_its_wire_and_nothing_else(shared: Sandbox, functions: Functions) -> None:
    worker = functions("def f(): return 1\n")
    worker.call("f", [], {})
    (process,) = workers_of(shared)
    held = {fd: os.readlink(f"/proc/{process.pid}/fd/{fd}") for fd in map(int, os.listdir(f"/proc/{process.pid}/fd"))}
    assert {fd: target.partition(":")[0] for fd, target in held.items()} == {
        0: os.devnull,
        1: os.devnull,
        2: os.devnull,
        3: "socket",
    }


def test_a_zygote_holds_no_more_than_at_first(shared: Sandbox, functions: Functions) -> None:
    functions("def f(): return 1\n").call("f", [], {})
    before = zygote(shared).num_fds()
    for _ in range(20):
        with functions("def f(): print.__self__.__import__('os')._exit(0)") as worker:
            worker.call("f", [], {})
    assert zygote(shared).num_fds() == before


STARTS_A_LOOP = """
import sys
from autograder.settings import Limits
from autograder.sandbox.client import Sandbox, Worker
from autograder.sandbox.loader import Cell, Part

with Sandbox(Limits(1000.0, 256, 4), ["numpy"]) as sandbox:
    worker = Worker(sandbox, [Part((Cell("", "def f(loop):\\n    while loop: pass"),))])
    worker.call("f", [False], {})
    print("looping", flush=True)
    worker.call("f", [True], {})
"""


def test_workers_end_when_the_grader_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", STARTS_A_LOOP], stdout=subprocess.PIPE, text=True) as grader:
        assert grader.stdout
        assert grader.stdout.readline() == "looping\n"
        below = psutil.Process(grader.pid).children(recursive=True)
        assert len(below) == 2
        grader.kill()
    assert ended(below)


def test_workers_end_when_the_zygote_is_killed() -> None:
    with Sandbox(LIMITS, IMPORTS) as sandbox:
        worker = Worker(sandbox, [Part((Cell("", "def f(): return 1"),))])
        worker.call("f", [], {})
        below = workers_of(sandbox)
        assert len(below) == 1
        zygote(sandbox).kill()
        assert ended(below)
        with pytest.raises(SandboxError):
            worker.close()


# Our own faults


@pytest.mark.parametrize("running", [False, True], ids=["before the first call", "between two calls"])
def test_a_dead_zygote_is_no_fault_of_a_student(running: bool) -> None:
    with Sandbox(LIMITS, IMPORTS) as sandbox:
        worker = Worker(sandbox, [Part((Cell("", "def f(): return 1"),))])
        if running:
            assert worker.call("f", [], {}) == Returned(1)
        below = [zygote(sandbox), *workers_of(sandbox)]
        below[0].kill()
        assert ended(below)
        for _ in range(2):
            with pytest.raises(SandboxError):
                worker.call("f", [], {})


def test_a_machine_without_landlock_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "version", lambda: 0)
    with pytest.raises(SandboxError, match="Landlock"):
        Sandbox(LIMITS, IMPORTS)
    with pytest.raises(SandboxError, match="Landlock"):
        selftest.require(LIMITS, IMPORTS)
    with Sandbox(LIMITS, IMPORTS, confined=False):
        pass


def test_a_module_that_is_not_there_is_refused() -> None:
    with pytest.raises(SandboxError, match="no_such_module"):
        Sandbox(LIMITS, ["numpy", "no_such_module"])


# The self-test


@dataclass(frozen=True)
class Examined:
    """What the self-test found, and which of the files that it tries to write are there afterwards."""

    findings: list[selftest.Examination]
    left: list[str]


@pytest.fixture(scope="module", params=[True, False], ids=["confined", "unconfined"])
def examined(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[bool, Examined]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        findings = selftest.examine(LIMITS, IMPORTS, confined=request.param)
    left = [str(file) for place in (home, Path("/tmp"), Path("/dev/shm")) for file in place.glob("autograder-probe*")]
    for file in left:
        os.remove(file)
    return request.param, Examined(findings, left)


def test_the_self_test_finds_every_promise_kept_or_most_of_them_broken(examined: tuple[bool, Examined]) -> None:
    confined, found = examined
    held = {finding.promise.text for finding in found.findings if finding.held}
    assert len(found.findings) == len(selftest.promises(LIMITS, "secret", "folder", 1))
    if confined:
        assert len(held) == len(found.findings)
        return
    # Resource limits, processes of its own and an emptied environment are there without confinement as well.
    kept = ("environment", "open file", "of memory", "answers with", "computes for", "dies alone")
    assert not [text for text in held if not any(word in text for word in kept)]
    assert all(finding.detail for finding in found.findings if not finding.held)


def test_the_self_test_leaves_nothing_behind(examined: tuple[bool, Examined]) -> None:
    assert not examined[1].left


def test_a_machine_that_keeps_its_promises_is_accepted() -> None:
    selftest.require(LIMITS, IMPORTS)


def test_a_machine_that_breaks_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = selftest.Examination(selftest.promises(LIMITS, "", "", 1)[0], held=False, detail="read 3 characters")
    monkeypatch.setattr(selftest, "examine", lambda *_, **__: [broken])
    with pytest.raises(SandboxError, match="read 3 characters"):
        selftest.require(LIMITS, IMPORTS)


def test_every_promise_is_tried() -> None:
    promises = selftest.promises(LIMITS, "secret", "folder", 1)
    assert len({promise.text for promise in promises}) == len(promises)
    assert all(promise.attempts for promise in promises)


# What the kernel lets through


@pytest.mark.parametrize("call", ["fcntl", "readlink", "kill", "socket", "clone", "execve", "prctl", "ioctl", "uname"])
def test_calls_that_reach_beyond_the_process_are_not_allowed(call: str) -> None:
    assert call not in confinement.ALLOWED_CALLS


def test_a_process_cannot_have_the_kernel_signal_others(functions: Functions) -> None:
    """Before Linux 6.12, nothing but the list of calls stands between F_SETOWN and any process of the same user."""
    worker = functions(
        f"{HOSTILE}\nfcntl = imp('fcntl')\n\ndef f(command, value): return fcntl.fcntl(3, command, value)\n"
    )
    for command, value in ((8, os.getpid()), (10, int(signal.SIGKILL)), (4, os.O_NONBLOCK | 0o20000)):
        reply = worker.call("f", [command, value], {})
        assert isinstance(reply, Raised)
        assert "PermissionError" in reply.bases


def test_deadlines_do_not_sleep(functions: Functions) -> None:
    """A thousand calls are a thousand round trips, not a thousand ticks of a clock."""
    worker = functions("def f(x): return x\n")
    assert worker.call("f", [0], {}) == Returned(0)
    idle = time.process_time()
    for value in range(1000):
        assert worker.call("f", [value], {}) == Returned(value)
    assert time.process_time() > idle
