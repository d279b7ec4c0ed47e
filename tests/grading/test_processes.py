"""How grading processes begin: the first by itself, all others as forks of one that has imported what grades."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import psutil
import pytest

from autograder.grading.processes.pool import IMPORTED, SANDBOX, start_pool
from autograder.sandbox.homes import Where
from tests.helpers.paths import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, each begins by itself"),
]


def about(meeting: str) -> tuple[list[str], bool, bool, list[str]]:
    """Of the process that runs this, once there are two: its parent's words, what it has imported, its children's."""
    place, own = os.path.dirname(meeting), os.path.join(meeting, str(os.getpid()))
    assert os.path.isdir(place)
    os.mkdir(own)
    waited = threading.Event()
    while len(os.listdir(meeting)) < 2:
        waited.wait(0.01)
    process = psutil.Process()
    parent = process.parent()
    assert parent is not None
    children = [word for each in process.children() for word in each.cmdline()]
    return parent.cmdline(), SANDBOX in sys.modules, IMPORTED in sys.modules, children


def test_the_first_begins_by_itself_with_its_zygote_and_the_second_is_a_fork(tmp_path: os.PathLike[str]) -> None:
    with start_pool(2, Where.KERNEL) as pool:
        first, second = [each.result(60) for each in [pool.submit(about, str(tmp_path)) for _ in range(2)]]
    if any("forkserver" in word for word in first[0]):
        first, second = second, first
    assert first[0] == psutil.Process().cmdline()
    assert first[1:3] == (True, False)
    assert any("forkserver" in word for word in second[0])
    assert second[1:3] == (True, True)
    for each in (first, second):
        assert "autograder.sandbox.kernel.zygote" in each[3]


def test_what_further_ones_are_forks_of_begins_when_they_are_wanted() -> None:
    code = (
        "import psutil; from autograder.grading.processes.pool import expect_work, start_pool\n"
        "def servers():\n"
        "    return sum('forkserver' in ' '.join(each.cmdline()) for each in psutil.Process().children())\n"
        "with start_pool(2):\n"
        "    for submissions, jobs in (1, 2), (2, 1), (2, 2):\n"
        "        expect_work(submissions, jobs)\n"
        "        print(servers())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.split() == ["0", "0", "1"]
