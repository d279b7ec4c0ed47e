"""Runs a command that runs strangers' code: with limits, a folder as its home; what it leaves is found and ended."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

MEMORY_MB, FILE_MB = 4096, 256  # what any process of the command may take
PR_SET_CHILD_SUBREAPER = 36
LIMITED = f'ulimit -f {FILE_MB * 1024 * 2}; ulimit -c 0; exec "$@"'
LIMITED_MEMORY = f"ulimit -v {MEMORY_MB * 1024}; "
GRACE = 8.0  # seconds in which what has been told to end may do so


@dataclass(frozen=True)
class Ended:
    """How a command went."""

    seconds: float
    computed: float  # seconds that the processors were busy with it, which others do not change
    was_late: bool  # it was ended, when its time was over
    peak_mb: float  # of its largest process, looked at now and then
    left: int  # processes that were still there when it had ended


@contextmanager
def _reaping() -> Iterator[None]:
    """Whoever loses their parent becomes a child of this process, so that nobody gets out of sight."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    try:
        yield
    finally:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def run(
    command: Sequence[str | Path],
    folder: Path,
    path: str,
    seconds: float,
    watch: bool = False,
    variables: Mapping[str, str] | None = None,
    reserves: bool = False,
) -> Ended:
    """Run it in a folder, with this PATH and such `variables`, within a time. To `watch` its memory costs it a little.

    What `reserves` more addresses than it uses is not held to a number of them.
    """
    home, place = folder / "home", folder / "tmp"
    for each in (home, place):
        each.mkdir(exist_ok=True)
    environment = {"HOME": str(home), "TMPDIR": str(place), "PATH": path, "LANG": "C.UTF-8"}
    environment |= variables or {}
    environment |= {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS")}
    computed = _computed()
    before, peak, was_late = set(_descendants()), 0.0, False
    with _reaping(), (folder / "log").open("wb") as log:
        started = time.perf_counter()
        process = subprocess.Popen(
            ["sh", "-c", LIMITED if reserves else LIMITED_MEMORY + LIMITED, "sh", *map(str, command)],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            while True:
                try:
                    process.wait(0.05 if watch else seconds)
                    break
                except subprocess.TimeoutExpired:
                    if was_late := time.perf_counter() - started >= seconds:
                        break
                    peak = max([peak, *map(_megabytes, set(_descendants()) - before)])
            taken = time.perf_counter() - started
            left = 0 if was_late else len(_still_there(before))
        finally:  # whoever stops the benchmark, too, leaves nothing running
            _end(before)
            process.wait()
        return Ended(taken, _computed() - computed, was_late, peak, left)


def _computed() -> float:
    """Seconds that all who were started here, and by these, and have ended, have computed."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _descendants() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def _megabytes(process: psutil.Process) -> float:
    try:
        return process.memory_info().rss / 1e6
    except psutil.Error:
        return 0.0


def _lives(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _still_there(before: set[psutil.Process]) -> list[psutil.Process]:
    """Who has not ended by themselves a while after the command."""
    until = time.perf_counter() + GRACE
    while (there := [each for each in _descendants() if each not in before and _lives(each)]) and (
        time.perf_counter() < until
    ):
        time.sleep(0.05)
    return there


def _end(before: set[psutil.Process]) -> None:
    """End all that the command has started, by their numbers, and take note of their ends."""
    while mine := [each for each in _descendants() if each not in before]:
        for each in mine:
            try:
                each.send_signal(signal.SIGKILL)
                each.wait(GRACE)
            except psutil.Error:
                continue
