"""What is left of a sandbox: no process and no descriptor."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from autograder.sandbox.client import Sandbox, Worker
from autograder.sandbox.homes import Where, start_ahead
from autograder.sandbox.kernel import start
from autograder.sandbox.protocol import Cell, Part, Returned, SandboxError
from tests.helpers.sandbox import IMPORTS, LIMITS, Functions, ended, workers_of, zygote

pytestmark = pytest.mark.slow

ZYGOTE = "autograder.sandbox.kernel.zygote"


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


def zygotes() -> set[psutil.Process]:
    """Those of this process."""
    return {each for each in psutil.Process().children() if ZYGOTE in each.cmdline()}


@pytest.fixture
def begun() -> Iterator[psutil.Process]:
    """A zygote that has begun before anybody opens a sandbox."""
    before = zygotes()
    start_ahead(Where.KERNEL)
    (process,) = zygotes() - before
    yield process
    start.drop_zygote()


def test_one_that_has_begun_is_taken_by_the_next_sandbox_and_by_no_other(begun: psutil.Process) -> None:
    before = zygotes()
    start_ahead(Where.KERNEL)
    assert zygotes() == before
    with Sandbox(LIMITS, IMPORTS) as first, Sandbox(LIMITS, IMPORTS) as second:
        assert zygote(first) == begun
        assert zygote(second) != begun
        with Worker(first, [Part((Cell("", "def f(): return 1"),))]) as worker:
            assert worker.call("f", [], {}) == Returned(1)
    assert not begun.is_running()


def test_one_that_nobody_takes_ends(begun: psutil.Process) -> None:
    start.drop_zygote()
    assert not begun.is_running()


@pytest.mark.parametrize(("where", "lacks"), [(Where.WASM, False), (None, True)], ids=["a guest", "a guest instead"])
def test_none_is_left_where_submissions_run_elsewhere(
    monkeypatch: pytest.MonkeyPatch, where: Where | None, lacks: bool
) -> None:
    if lacks:
        monkeypatch.setattr("autograder.sandbox.homes.unsupported", lambda _where: "no Landlock")
    before = zygotes()
    start_ahead(where)
    assert zygotes() == before


def test_it_begins_without_numpy_in_this_process() -> None:
    code = (
        "import sys; from autograder.sandbox.homes import start_ahead; start_ahead(None); print('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["False"]


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
from autograder.sandbox.protocol import Cell, Part

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
