"""What the kernel lets through: all that honest NumPy code needs, and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import nullcontext

import pytest

from autograder.sandbox import selftest
from autograder.sandbox.client import Sandbox, Worker
from autograder.sandbox.homes import Where
from autograder.sandbox.kernel import confinement, landlock
from autograder.sandbox.protocol import Cell, Part, Raised, Returned, SandboxError
from tests.helpers.sandbox import HOSTILE, IMPORTS, LIMITS, Functions

pytestmark = pytest.mark.slow

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
        main = ["-c", f"{change}zygote.main()"]
        return start([*command[:place], *main, *command[place + 2 :]], **options)  # type: ignore[call-overload]

    asked = "".join(f"def f{number}(): return {expression}\n" for number, expression in enumerate(HONEST.values()))
    stuck = "def spin():\n    while True: pass\n\nvalue = spin()\n"
    monkeypatch.setattr("autograder.sandbox.kernel.start.subprocess.Popen", without)
    with (
        pytest.raises(SandboxError) if call == "write" else nullcontext(),  # it cannot even say so
        Sandbox(LIMITS, IMPORTS) as sandbox,
        Worker(sandbox, [Part((Cell("", SOURCE + stuck + asked),))]) as worker,
    ):
        replies = (worker.call(f"f{number}", [], {}) for number in range(len(HONEST)))
        assert any(not isinstance(reply, Returned) for reply in replies)


# What reaches beyond the process


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


def test_a_machine_without_landlock_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "version", lambda: 0)
    with pytest.raises(SandboxError, match="Landlock"):
        Sandbox(LIMITS, IMPORTS)
    with pytest.raises(SandboxError, match="Landlock"):
        selftest.require(LIMITS, IMPORTS)
    with Sandbox(LIMITS, IMPORTS, where=Where.NONE):
        pass
