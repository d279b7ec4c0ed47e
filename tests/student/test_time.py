"""What never ends: in the terminal and in a notebook it is stopped, with the student's line, and the rest goes on."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import time
from pathlib import Path

import pytest

from autograder import check
from autograder.report.model import Outcome
from autograder.sandbox.plain.interrupt import within
from autograder.sandbox.protocol import CodeLine, SandboxError, TimedOut
from autograder.settings import Limits
from autograder.student.progress import check_file
from tests.helpers.command_line import AUTOGRADER, autograder, environment
from tests.helpers.course import HANGING_SUMS, RIGHT_CENTRED, RIGHT_SUMS
from tests.helpers.notebooks import WITH_SETUP, run_notebook, write_notebook

pytestmark = pytest.mark.slow

LIMITS = "\n[limits]\ncpu_seconds = 0.3\nmemory_mb = 256\nanswer_mb = 4\nsubmission_seconds = 60\n"
BRIEF = Limits(cpu_seconds=0.2, memory_mb=256, answer_mb=4)
IN_C = "import re\n" + RIGHT_SUMS.replace("return np.sum(X, axis=-1)", "return re.match('(a+)+$', 'a' * 60 + 'b')")
ENDING = RIGHT_SUMS.replace("return np.sum(X, axis=-1)", "print.__self__.__import__('os')._exit(3)")
CATCHING = RIGHT_SUMS.replace(
    "return np.sum(X, axis=-1)", "while True:\n        try:\n            int()\n        except:\n            pass"
)
PRINTING = RIGHT_SUMS.replace("return np.sum(X, axis=-1)", "while True: print('x' * 1000)")
HOARDING = RIGHT_SUMS.replace("return np.sum(X, axis=-1)", "return np.empty(1 << 27)")


@pytest.fixture
def brief(workspace: Path) -> Path:
    with (workspace / "course.toml").open("a") as settings:
        settings.write(LIMITS)
    return workspace


@pytest.mark.parametrize(
    ("source", "outcome", "line"),
    [
        (HANGING_SUMS, Outcome.TIMEOUT, "while True: pass"),
        (IN_C, Outcome.TIMEOUT, "return re.match('(a+)+$', 'a' * 60 + 'b')"),
        (CATCHING, Outcome.TIMEOUT, ""),
        (PRINTING, Outcome.TIMEOUT, "while True: print('x' * 1000)"),
        (HOARDING, Outcome.ERROR, "return np.empty(1 << 27)"),
        (ENDING, Outcome.CRASHED, ""),
    ],
    ids=["a loop", "in C", "catches all", "prints without end", "takes memory", "ends its process"],
)
def test_what_does_not_end_costs_its_own_checks(brief: Path, source: str, outcome: Outcome, line: str) -> None:
    file = brief / "01_sums" / "01_sums.py"
    file.write_text(source)
    total, mean = check_file(file).questions
    assert total.checks[0].outcome is outcome, total.checks[0].message
    assert line in total.checks[0].message
    assert mean.checks[0].outcome is Outcome.PASSED


def test_the_other_assignments_go_on(brief: Path) -> None:
    (brief / "01_sums" / "01_sums.py").write_text(HANGING_SUMS)
    (brief / "02_centred" / "02_centred.py").write_text(RIGHT_CENTRED)
    shown = autograder("check", brief).stdout
    assert "had no answer in time and was stopped: it may compute for 0.3 s" in shown
    assert ["02_centred", "done", "1", "of", "1"] in [row.split() for row in shown.splitlines()]


def test_what_never_ends_at_top_level_costs_what_depends_on_it(brief: Path) -> None:
    file = brief / "01_sums" / "01_sums.py"
    file.write_text(RIGHT_SUMS + "\n\nwhile True:\n    total = total\n")
    total, mean = check_file(file).questions
    assert mean.checks[0].outcome is Outcome.PASSED
    assert total.checks


@pytest.mark.parametrize("options", [(), ("--watch",)])
@pytest.mark.parametrize("source", [HANGING_SUMS, CATCHING], ids=["a loop", "catches all"])
def test_ctrl_c_ends_a_check_with_one_line_and_130(workspace: Path, source: str, options: tuple[str, ...]) -> None:
    (workspace / "course.toml").write_text((workspace / "course.toml").read_text() + LIMITS.replace("0.3", "50"))
    (workspace / "01_sums" / "01_sums.py").write_text(source.replace("while True", "open; print(X)\n    while True"))
    command = [str(AUTOGRADER), "check", *options, "01_sums"]
    with subprocess.Popen(
        command, cwd=workspace, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    ) as run:
        _until_it_computes(run.pid)
        run.send_signal(signal.SIGINT)
        _, errors = run.communicate(timeout=60)
    assert run.returncode == 130
    assert errors == "autograder: stopped\n"


def _until_it_computes(pid: int) -> None:
    """Until a process that the command has started computes for a student's code."""
    import psutil

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        children = psutil.Process(pid).children()
        if children and children[0].cpu_times().user > 2:
            return
        time.sleep(0.1)
    raise AssertionError("nothing computes")


def test_watch_says_what_it_does(workspace: Path) -> None:
    file = workspace / "01_sums" / "01_sums.py"
    file.write_text(RIGHT_SUMS)
    command = [str(AUTOGRADER), "check", "--watch", str(file)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    ) as watching:
        assert watching.stdout is not None
        said = []
        for line in watching.stdout:
            said.append(line)
            if "Waiting until something in 01_sums is saved" in line:
                break
        watching.send_signal(signal.SIGINT)
        watching.communicate(timeout=60)
    assert said[0] == "Checking 01_sums.py …\n"
    assert any("`total`: its visible check passes" in line for line in said)
    assert watching.returncode == 130


def test_watch_goes_on_where_a_file_cannot_be_read_at_first(workspace: Path) -> None:
    file = workspace / "01_sums" / "01_sums.ipynb"
    file.write_text('{"cells": [')
    with subprocess.Popen(
        [str(AUTOGRADER), "check", "--watch", str(file)], stdout=subprocess.PIPE, text=True, env=environment()
    ) as watching:
        assert watching.stdout is not None
        lines = iter(watching.stdout)
        assert any("Waiting until something in 01_sums is saved" in line for line in lines)
        write_notebook(file, RIGHT_SUMS)
        assert any("`total`: its visible check passes" in line for line in lines)
        watching.send_signal(signal.SIGINT)
    assert watching.returncode == 130


def test_in_a_notebook_a_call_is_interrupted_and_all_names_are_kept(brief: Path) -> None:
    loops = WITH_SETUP + "\nkept = 5\ndef centre(X):\n    while True:\n        X = X + 0"
    outputs = run_notebook(
        write_notebook(brief / "02_centred" / "n.ipynb", loops, "check(centre)", "print(kept, centre.__name__)")
    )
    assert "had no answer in time and was stopped" in outputs[1]
    assert "In your cell, line " in outputs[1]
    assert "Traceback" not in outputs[1]
    assert "autograder/" not in outputs[1]
    assert "5 centre" in outputs[2]


def located(file: str, line: int) -> CodeLine | None:
    return CodeLine("here", line, "") if file == __file__ else None


def waits() -> None:
    time.sleep(1000)


def step() -> None:
    pass


def catches() -> None:
    while True:
        try:  # noqa: SIM105  (as students write it)
            step()
        except:  # noqa: E722
            pass


def tries_in_a_function() -> None:
    def attempt() -> None:
        try:  # noqa: SIM105
            step()
        except BaseException:
            pass

    while True:
        attempt()


@pytest.mark.parametrize("call", [waits, catches, tries_in_a_function])
def test_whatever_a_call_does_it_is_ended_where_it_was(call) -> None:
    before = signal.getsignal(signal.SIGINT)
    late = within(BRIEF, call, located)
    assert isinstance(late, TimedOut)
    assert late.line is not None
    assert signal.getsignal(signal.SIGINT) is before


def test_a_call_that_ends_late_by_itself_leaves_nothing_behind() -> None:
    """What it held takes long to be freed, when nothing of it is at work any more."""
    held = [[[number] for number in range(600_000)]]

    def ends_late() -> bytes:
        _kept = held.pop()
        return hashlib.pbkdf2_hmac("sha256", b"x", b"y", 4_000_000)

    before = signal.getsignal(signal.SIGINT)
    within(BRIEF, ends_late, lambda _file, _line: None)
    assert signal.getsignal(signal.SIGINT) is before
    assert within(BRIEF, lambda: 5, located) == 5


def test_a_line_of_ipython_s_is_not_the_students(brief: Path) -> None:
    loops = WITH_SETUP + "\ndef centre(X):\n    while True:\n        print('x')"
    outputs = run_notebook(write_notebook(brief / "02_centred" / "n.ipynb", loops, "check(centre)"))
    assert "In your cell, line 4: <code>while True:" in outputs[1] or "In your cell, line 5: <code>print(" in outputs[1]
    assert "_buffers" not in outputs[1]


def test_where_no_process_can_be_started_it_is_told(brief: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = brief / "01_sums" / "01_sums.py"
    file.write_text(RIGHT_SUMS)
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(SandboxError, match="no process of Python could be started"):
        check_file(file)


def test_a_call_in_time_is_left_alone() -> None:
    assert within(BRIEF, lambda: 5, located) == 5


def test_who_presses_stop_stops_also_what_catches_it(workspace: Path) -> None:
    def centre(X):
        signal.raise_signal(signal.SIGINT)
        catches()

    with pytest.raises(KeyboardInterrupt):
        check(centre)
