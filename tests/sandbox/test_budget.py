"""What one submission may take altogether, and which clocks say when a call has taken too long."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from autograder.checking.messages import timed_out
from autograder.sandbox.client import Budget, Sandbox
from autograder.sandbox.exchange import deadline
from autograder.sandbox.exchange.deadline import Clock, Deadline, OutOfTimeError
from autograder.sandbox.protocol import Cell, Crashed, Part, Returned, TimedOut
from tests.helpers.sandbox import HOSTILE, IMPORTS, LIMITS, PATIENCE, Functions, workers_of

pytestmark = pytest.mark.slow

FOR_EVER = "imp('threading').Event().wait()"
ALTOGETHER = replace(LIMITS, submission_seconds=0.6)
PATIENT = replace(ALTOGETHER, cpu_seconds=100)  # a call may take a hundred times as long as the submission


def test_calls_that_compute_take_no_longer_together_than_a_submission_may(functions: Functions) -> None:
    brief = replace(ALTOGETHER, cpu_seconds=0.02)
    with Sandbox(brief, IMPORTS) as sandbox, functions("def f(x):\n    while x: pass\n", sandbox=sandbox) as worker:
        replies = [worker.call("f", [1], {}) for _ in range(60)]
        assert replies[0] == TimedOut.of(brief)
        assert replies[-1] == worker.call("f", [0], {}) == worker.repeat("f", [0], {}) == TimedOut.of_all(brief)


def test_calls_that_wait_and_kill_their_process_count_as_well(functions: Functions) -> None:
    """None of them computes, and none runs out of the time that it has for itself."""
    source = f"{HOSTILE}\ndef f():\n    imp('threading').Event().wait(0.2)\n    os._exit(0)\n"
    with Sandbox(ALTOGETHER, IMPORTS) as sandbox, functions(source, sandbox=sandbox) as worker:
        replies = [worker.call("f", [], {}) for _ in range(10)]
        assert isinstance(replies[0], Crashed)
        assert sum(isinstance(reply, Crashed) for reply in replies) <= 3
        assert replies[-1] == TimedOut.of_all(ALTOGETHER)
        assert not workers_of(sandbox)


@pytest.mark.parametrize(
    "source", [f"def f(): {FOR_EVER}", f"x = {FOR_EVER}\n\ndef f(): return x"], ids=["in a call", "while loading"]
)
def test_nothing_begins_with_more_time_than_is_left(functions: Functions, source: str) -> None:
    with Sandbox(PATIENT, IMPORTS) as sandbox, functions(f"{HOSTILE}\n{source}\n", sandbox=sandbox) as worker:
        assert worker.call("f", [], {}) == TimedOut.of_all(PATIENT)
        assert not workers_of(sandbox)


def test_workers_of_one_submission_share_its_time() -> None:
    parts = [Part((Cell("", f"{HOSTILE}\ndef f(): {FOR_EVER}\n\ndef g(): return 1\n"),))]
    with Sandbox(PATIENT, IMPORTS) as sandbox, sandbox.submission(parts, parts) as workers:
        assert workers.student.call("f", [], {}) == TimedOut.of_all(PATIENT)
        assert {worker.call("g", [], {}) for worker in workers} == {TimedOut.of_all(PATIENT)}


def test_the_next_submission_has_time_again() -> None:
    parts = [Part((Cell("", f"{HOSTILE}\ndef f(): {FOR_EVER}\n\ndef g(): return 1\n"),))]
    with Sandbox(PATIENT, IMPORTS) as sandbox:
        for _ in range(2):
            with sandbox.submission(parts, parts) as workers:
                assert workers.student.call("g", [], {}) == Returned(1)
                assert workers.student.call("f", [], {}) == TimedOut.of_all(PATIENT)


def test_the_time_of_a_submission_passes_outside_of_its_calls_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    budget = Budget(LIMITS)
    assert budget.exceeded is None
    passed = time.monotonic() + LIMITS.submission_seconds
    monkeypatch.setattr(time, "monotonic", lambda: passed)
    assert budget.exceeded == TimedOut.of_all(LIMITS)


def test_where_code_is_slower_a_submission_has_as_many_times_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    budget, now = Budget(LIMITS, 3), time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 2 * LIMITS.submission_seconds)
    assert budget.exceeded is None
    monkeypatch.setattr(time, "monotonic", lambda: now + 4 * LIMITS.submission_seconds)
    assert budget.exceeded == TimedOut.of_all(LIMITS)


def test_whoever_reads_of_it_reads_how_long_it_may_take() -> None:
    assert "one submission may take 60 s in all" in timed_out("f()", TimedOut.of_all(LIMITS))


# Clocks


class Stopped(Clock):
    """Of a process that has neither computed nor been kept from it."""

    def __init__(self) -> None:
        pass

    computed = 0.0
    kept_waiting = 0.0


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time of day, as a list of one number."""
    now = [0.0]
    monkeypatch.setattr(deadline.time, "monotonic", lambda: now[0])
    return now


def test_time_in_which_the_machine_is_busy_with_others_does_not_count(hours: list[float]) -> None:
    clock = Stopped()
    limit = Deadline(clock, LIMITS)
    hours[0] = 1000.0
    clock.kept_waiting = 1000.0
    limit.check()
    hours[0] += 2 * LIMITS.wall_seconds
    with pytest.raises(OutOfTimeError):
        limit.check()


def test_it_counts_for_the_submission(hours: list[float]) -> None:
    clock = Stopped()
    limit = Deadline(clock, LIMITS, left=60)
    hours[0] = clock.kept_waiting = 61.0
    with pytest.raises(OutOfTimeError):
        limit.check()


def test_computing_counts_however_busy_the_machine_is(hours: list[float]) -> None:
    clock = Stopped()
    limit = Deadline(clock, LIMITS)
    hours[0] = clock.kept_waiting = 1000.0
    clock.computed = LIMITS.cpu_seconds * 0.9
    limit.check()
    clock.computed = LIMITS.cpu_seconds * 1.1
    with pytest.raises(OutOfTimeError):
        limit.check()


def test_near_a_limit_the_clocks_are_looked_at_again_when_it_may_have_passed(hours: list[float]) -> None:
    clock = Stopped()
    limit = Deadline(clock, LIMITS)
    assert limit.pause == min(deadline.POLL_SECONDS, LIMITS.cpu_seconds)
    hours[0] = LIMITS.cpu_seconds * 0.9
    limit.check()
    assert limit.pause == pytest.approx(LIMITS.cpu_seconds * 0.1)
    hours[0] = clock.kept_waiting = 1000.0
    clock.computed = LIMITS.cpu_seconds * 0.95
    limit.check()
    assert limit.pause == pytest.approx(LIMITS.cpu_seconds * 0.05)
    clock.computed = LIMITS.cpu_seconds
    limit.check()
    assert limit.pause == deadline.SHORT_SECONDS


@pytest.mark.skipif(not os.path.exists("/proc/self/schedstat"), reason="this kernel does not tell")
@pytest.mark.parametrize("start", ["compute()", "Thread(target=compute).start()"], ids=["first", "another"])
def test_the_kernel_tells_how_long_a_thread_was_kept_from_computing(start: str) -> None:
    """Two that want the same processor: one computes, the other waits."""
    cpu = min(os.sched_getaffinity(0))
    spin = f"""
import os
from threading import Thread, get_native_id

def compute():
    os.sched_setaffinity(0, {{{cpu}}})
    print(get_native_id(), flush=True)
    while True: pass

{start}
"""
    both = [subprocess.Popen([sys.executable, "-c", spin], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    threads = [int(each.stdout.readline()) for each in both if each.stdout]
    clock = Clock(both[0].pid, threads[0])
    try:
        until = time.monotonic() + PATIENCE
        while clock.kept_waiting < 0.1 and time.monotonic() < until:
            os.sched_yield()
        assert clock.kept_waiting >= 0.1
        assert clock.computed > 0
    finally:
        for each in both:
            each.kill()
            each.communicate()
        clock.close()


def test_of_a_process_that_is_gone_nothing_has_passed() -> None:
    gone = subprocess.Popen([sys.executable, "-c", "pass"])
    gone.wait()
    clock = Clock(gone.pid)
    assert (clock.computed, clock.kept_waiting) == (0.0, 0.0)


def test_a_worker_leaves_no_descriptor(functions: Functions) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with functions("def f(): return 1\n") as worker:
            assert worker.call("f", [], {}) == Returned(1)
    assert len(os.listdir("/proc/self/fd")) == before
