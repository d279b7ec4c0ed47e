"""What an attack can make the grader hold, and what it can learn from it, is bounded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from autograder.checking.follow_through import FollowThrough, Rerun
from autograder.grading.processes.pool import MAX_GRADING_BYTES, start_pool
from autograder.report.model import Report
from autograder.sandbox.client import Sandbox, Worker
from autograder.sandbox.protocol import Cell, Part
from autograder.settings import Limits
from tests.hostile.arena import Arena
from tests.hostile.attack import BUILDS_ON_SOFTMAX, JACOBIAN, SOFTMAX

pytestmark = pytest.mark.slow

MOST_MB = 1000  # by which a grading process may grow while it grades one submission
HELD_MB = 64  # of a student's arguments that the grader holds at one time

# Each answer is small. What the check makes of two of them is not.
GROWS = {
    "differences": SOFTMAX.replace("def softmax", "def right")
    + JACOBIAN
    + """
calls = 0

def softmax(S):
    global calls
    calls += S.shape == (6,)
    if S.shape != (6,) or calls == 1:
        return right(S)
    return np.zeros((10_000, 1) if calls % 2 else (1, 10_000))
""",
}


@pytest.fixture(scope="module")
def alone() -> Iterator[ProcessPoolExecutor]:
    """A grading process whose memory nobody else uses."""
    with start_pool(1) as pool:
        yield pool


@pytest.mark.parametrize("name", GROWS)
def test_the_grader_does_not_grow_with_what_it_is_given(arena: Arena, alone: ProcessPoolExecutor, name: str) -> None:
    arena.grade_alone(SOFTMAX + JACOBIAN, pool=alone)
    (pid,) = alone._processes
    Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak counts from here
    before = megabytes(pid, "VmRSS")
    report = arena.grade_alone(GROWS[name], pool=alone)
    assert megabytes(pid, "VmHWM") - before < MOST_MB
    assert not report.has_grader_error


def megabytes(pid: int, field: str) -> int:
    found = re.search(rf"^{field}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.M)
    assert found
    return int(found[1]) >> 10


def test_the_grader_does_not_keep_all_that_a_worker_asks_for() -> None:
    limits = Limits(cpu_seconds=5, memory_mb=256, answer_mb=4)
    asks = "import numpy as np\n\ndef f(x): return 0\n\ndef g(x):\n    for _ in range(300): f(np.ones(100_000))\n"
    with (
        Sandbox(limits, ["numpy"]) as sandbox,
        Worker(sandbox, [Part((Cell("student", asks),))]) as student,
        Worker(sandbox, [Part((Cell("reference", "def f(x): return 1"),))]) as reference,
    ):
        chain = FollowThrough(Rerun(student, reference), {"f": ("x",)})
        chain.call("g", [np.ones(1)], {})
        assert chain.root_cause() == "f"
        held = sum(each.nbytes for call in chain.upstream_calls for each in call.args)
    assert held < HELD_MB << 20


def test_an_answer_from_upstream_comes_too_late_to_be_handed_in(arena: Arena) -> None:
    """A student learns a hidden input from an error message, hands in again, and lets follow-through answer it."""
    spy = "import numpy as np\n\ndef softmax(S):\n    raise ValueError(np.round(S, 8).tolist())\n"
    seen = inputs_shown(arena.grade_alone(spy))
    assert len(seen) > 1
    oracle = f"""
import numpy as np

seen = {json.dumps(seen)}
known = {{}}

def softmax(S):
    return known.get(str(S.shape), S)

def softmax_jacobian(p):
    known.update({{str(np.shape(S)): softmax(np.array(S)) for S in seen}})
    raise ValueError
"""
    worth = arena.grade_alone("def softmax(S): return S\n").score
    assert arena.grade_alone(oracle).score == worth


def inputs_shown(report: Report) -> list[list[list[float]]]:
    """The inputs of hidden checks that are short enough to stand in a message whole."""
    messages = (check.message for check in report.checks if not check.visible)
    return [
        json.loads(found[1])
        for each in messages
        if (found := re.search(r"ValueError: (\[\[[][0-9., e-]*\]\])$", each, re.M))
    ]


def test_follow_through_is_there(arena: Arena) -> None:
    """Without it the tests above would prove nothing."""
    wrong = "def softmax(S): raise ValueError\n"
    assert arena.grade_alone(wrong + BUILDS_ON_SOFTMAX).score > arena.grade_alone(wrong).score == 0


def test_a_grading_process_can_take_no_more_memory_than_it_may(alone: ProcessPoolExecutor) -> None:
    """The second wall, should an answer be found that makes a check compute something huge."""
    with pytest.raises(MemoryError):
        alone.submit(bytes, MAX_GRADING_BYTES + 1).result()
