"""A worker that waits for the next submission: confined, untouched by the one before, and gone when nobody needs it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from autograder.sandbox.client import Sandbox, Worker
from autograder.sandbox.protocol import Cell, Crash, Crashed, Part, Returned, SandboxError
from tests.helpers.sandbox import IMPORTS, LIMITS, ended, workers_of, zygote
from tests.helpers.waiting import until


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(LIMITS, IMPORTS, ahead=True) as made:
        yield made


def worker(sandbox: Sandbox, source: str) -> Worker:
    return Worker(sandbox, [Part((Cell("", source),), ("f",))])


def pids(sandbox: Sandbox) -> set[int]:
    return {each.pid for each in workers_of(sandbox)}


def waiting(sandbox: Sandbox, made: Worker) -> psutil.Process:
    """The process that waits, once it is confined."""
    assert made._process is not None
    (left,) = [each for each in workers_of(sandbox) if each.pid != made._process.pid]
    until(lambda: "Seccomp:\t2" in Path(f"/proc/{left.pid}/status").read_text(), "its confinement")
    return left


def test_it_is_confined_and_is_the_next_one(sandbox: Sandbox) -> None:
    with worker(sandbox, "def f(): return 1") as first:
        assert first.call("f", [], {}) == Returned(1)
        left = waiting(sandbox, first)
        status = Path(f"/proc/{left.pid}/status").read_text()
        assert "NoNewPrivs:\t1" in status
        assert "CapEff:\t0000000000000000" in status
    with worker(sandbox, "def f(): return 2") as second:
        assert second.call("f", [], {}) == Returned(2)
        assert second._process is not None
        assert second._process.pid == left.pid


def test_it_has_seen_nothing_of_the_submission_before(sandbox: Sandbox) -> None:
    leaves = "import numpy as np\ndef f():\n    np.left = 1\n    return np.left"
    looks = "import numpy as np\ndef f(): return hasattr(np, 'left')"
    for _ in range(3):
        with worker(sandbox, leaves) as first:
            assert first.call("f", [], {}) == Returned(1)
        with worker(sandbox, looks) as second:
            assert second.call("f", [], {}) == Returned(False)


def test_how_a_process_ended_is_told_whatever_is_being_buried(sandbox: Sandbox) -> None:
    ends = "def f(code): print.__self__.__import__('os')._exit(code)"
    for code in (3, 0, 7):
        with worker(sandbox, "def f(): return 1") as first:
            first.call("f", [], {})
        with worker(sandbox, ends) as second:
            assert second.call("f", [code], {}) == Crashed(Crash.EXITED, str(code))


def test_nothing_is_left_but_the_one_that_waits(sandbox: Sandbox) -> None:
    with worker(sandbox, "def f(): return 1") as first:
        first.call("f", [], {})
    before = zygote(sandbox).num_fds()
    for _ in range(20):
        with worker(sandbox, "def f(): return 1") as each:
            each.call("f", [], {})
            assert len(pids(sandbox)) <= 3, "one answers, one waits, one may still be buried"
    sandbox.spawn().end()  # by then, all that was asked for before has been done
    assert len(pids(sandbox)) <= 1
    assert zygote(sandbox).num_fds() == before
    assert len(sandbox.home._unanswered) <= 2


def test_it_ends_with_the_sandbox_and_with_the_zygote() -> None:
    with Sandbox(LIMITS, IMPORTS, ahead=True) as sandbox, worker(sandbox, "def f(): return 1") as first:
        first.call("f", [], {})
        below = [*workers_of(sandbox), waiting(sandbox, first)]
    assert ended(below)
    with Sandbox(LIMITS, IMPORTS, ahead=True) as sandbox:
        first = worker(sandbox, "def f(): return 1")
        first.call("f", [], {})
        below = [*workers_of(sandbox), waiting(sandbox, first)]
        zygote(sandbox).kill()
        assert ended(below)
        with pytest.raises(SandboxError):
            first.close()
        with pytest.raises(SandboxError):
            worker(sandbox, "def f(): return 1").call("f", [], {})


WAITS = """
from autograder.settings import Limits
from autograder.sandbox.client import Sandbox, Worker
from autograder.sandbox.protocol import Cell, Part

with Sandbox(Limits(1000.0, 256, 4), ["numpy"], ahead=True) as sandbox:
    Worker(sandbox, [Part((Cell("", "def f(): return 1"),))]).call("f", [], {})
    print("waiting", flush=True)
    input()
"""


def test_it_ends_when_the_grader_is_killed() -> None:
    command = [sys.executable, "-c", WAITS]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as grader:
        assert grader.stdout
        assert grader.stdout.readline() == "waiting\n"
        below = psutil.Process(grader.pid).children(recursive=True)
        assert 2 <= len(below) <= 3, "the zygote, a worker, and one that waits or will soon"
        grader.kill()
    assert ended(below)
