"""`autograder certify --watch`: what was saved is certified again, whatever is wrong in it, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from threading import Thread

import psutil
import pytest

from autograder.course.certifying.saved import to_certify
from tests.helpers.command_line import AUTOGRADER, environment
from tests.helpers.course import edit

SECONDS = 120  # of silence, after which a test gives up


class Watching:
    """The command as it runs, and its lines as they come."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.process = subprocess.Popen(
            [str(AUTOGRADER), "certify", "--watch", *names],
            cwd=folder,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._lines: Queue[str] = Queue()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self._lines.put(line)

    def next_line(self) -> str:
        return self._lines.get(timeout=SECONDS)

    def until_it_waits(self) -> str:
        """What it says up to the line that it waits."""
        said = ""
        while "Ctrl-C ends it" not in said:
            said += self.next_line()
        return said

    def rest(self) -> str:
        """What else it said, when it has ended."""
        self._reader.join(timeout=SECONDS)
        return "".join(self._lines.get_nowait() for _ in range(self._lines.qsize()))


@pytest.fixture
def watching(small_course: Path) -> Iterator[Watching]:
    made = Watching(small_course)
    yield made
    made.process.terminate()
    made.process.wait(timeout=30)


@pytest.mark.slow
def test_what_is_saved_is_certified_again_and_nothing_else(small_course: Path, watching: Watching) -> None:
    first = watching.until_it_waits()
    assert first.startswith("Certifying the course …\n")
    assert "3 questions, 3 misconceptions. Every reference is full" in first
    checks = small_course / "solutions" / "01_sums" / "hidden_checks.py"
    whole = checks.read_text()
    checks.write_text("def test_total(student:\n")
    broken = watching.until_it_waits()
    assert broken.startswith("Certifying 01_sums …\nautograder: ")
    assert "hidden_checks.py" in broken
    assert "Traceback" not in broken
    checks.write_text(whole)
    mended = watching.until_it_waits()
    assert mended.startswith("Certifying 01_sums …\n")
    assert "Every reference is full" in mended
    assert "centre" not in mended, "02_centred was not saved"
    edit(small_course / "solutions" / "course.toml", '"numpy"', '"numpi"')
    assert watching.until_it_waits().startswith("Certifying the course …\n")
    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(timeout=30) == 130
    assert watching.rest() == "autograder: stopped\n"


@pytest.mark.slow
def test_ctrl_c_while_it_certifies_is_one_line_as_well(small_course: Path) -> None:
    edit(
        small_course / "solutions/01_sums/hidden_checks.py",
        "import",
        "import time\n\ntime.sleep(60)\nimport",
    )
    watching = Watching(small_course, "01_sums")
    assert watching.next_line() == "Certifying 01_sums …\n"
    with pytest.raises(subprocess.TimeoutExpired):
        watching.process.wait(timeout=3)
    started = psutil.Process(watching.process.pid).children(recursive=True)
    assert started
    os.killpg(watching.process.pid, signal.SIGINT)
    assert watching.process.wait(timeout=30) == 130
    assert watching.rest() == "autograder: stopped\n"
    assert psutil.wait_procs(started, timeout=30)[1] == []


def test_shared_files_are_of_all_and_what_no_proof_rests_on_is_of_none(small_course: Path) -> None:
    solutions = small_course / "solutions"

    def again(*saved: str, named: tuple[str, ...] = ()) -> object:
        return to_certify(solutions, named, [solutions / each for each in saved])

    assert again("01_sums/data/a.csv", "02_centred/lesson.py") == ["01_sums", "02_centred"]
    assert again("01_sums/lesson.py", "02_centred/lesson.py", named=("02_centred",)) == ["02_centred"]
    assert again("01_sums/lesson.py", named=("02_centred",)) is None
    assert again("strata.py", named=("02_centred",)) == ("02_centred",)
    assert again("course.toml") == ()
    assert again("draws/normal.py") == ()
    assert again("mutants.toml", "handout/start.py", "notes.md") is None
