"""A Dask cluster of real processes on this machine: a scheduler, and workers as everybody starts them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.helpers.command_line import AUTOGRADER, environment
from tests.helpers.waiting import until

DASK = (sys.executable, "-m", "dask")
QUIET = ("--no-dashboard",)


@dataclass
class Cluster:
    """A scheduler's address and process, and the workers that were started for it. All lies in `folder`."""

    folder: Path
    address: str
    scheduler: subprocess.Popen[bytes]
    options: Sequence[str] = ()
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def temporary(self) -> Path:
        """Where workers put what is temporary."""
        return self.folder / "temporary"

    def courses(self) -> list[Path]:
        """The folders of courses that lie on its workers."""
        return sorted(self.temporary.glob("autograder-course-*"))

    def add(
        self, *options: object, program: Sequence[str] = DASK, env: Mapping[str, str] | None = None, nanny: bool = False
    ) -> subprocess.Popen[bytes]:
        """Start a worker of one thread, unless `options` ask for more; it may join after this returns."""
        watched = () if nanny else ("--no-nanny",)
        words = [*program, "worker", self.address, "--nthreads", "1", *watched, *QUIET, *self.options]
        log = open(self.folder / f"worker{len(self.workers)}.log", "wb")  # noqa: SIM115  (the process has it)
        with log:
            worker = subprocess.Popen(
                [*words, "--local-directory", str(self.folder / "scratch"), *map(str, options)],
                env={**os.environ, "TMPDIR": str(self.temporary), **(env or {})},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.workers.append(worker)
        return worker

    def wait_for_all(self) -> None:
        """Return when every worker has joined."""
        files = [self.folder / f"worker{number}.log" for number in range(len(self.workers))]
        until(lambda: all(b"Registered to" in file.read_bytes() for file in files), "workers that join")

    def logs(self) -> str:
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))


@contextmanager
def cluster(folder: Path, workers: int = 0, options: Sequence[str] = (), protocol: str = "tcp") -> Iterator[Cluster]:
    """Start a scheduler, and so many workers. All end with the context, and all that they have started."""
    (folder / "temporary").mkdir(parents=True)
    found = folder / "scheduler.json"
    with open(folder / "scheduler.log", "wb") as log, ExitStack() as stack:
        address = ("--host", f"{protocol}://127.0.0.1", "--port", "0", "--scheduler-file", str(found))
        scheduler = subprocess.Popen(
            [*DASK, "scheduler", *address, *QUIET, *options],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        stack.callback(end, scheduler)
        until(lambda: bool(_address(found)), "a scheduler")
        made = Cluster(folder, _address(found), scheduler, options)
        stack.callback(lambda: [end(worker) for worker in made.workers])
        for _ in range(workers):
            made.add()
        yield made


def _address(file: Path) -> str:
    try:
        return str(json.loads(file.read_text())["address"])
    except (OSError, ValueError):
        return ""


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process of ours; what it has started then ends by itself, or is killed as well."""
    try:
        below = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        below = []
    process.kill()
    process.wait()
    _, left = psutil.wait_procs(below, timeout=20)
    for each in left:
        with suppress(psutil.NoSuchProcess):
            each.kill()
    assert not left, "processes were left behind"


def grade_on(
    cluster: Cluster, folder: Path, *arguments: str, out: str = "out", **env: str
) -> subprocess.CompletedProcess[str]:
    """Grade the class in a folder on a cluster, as a user does."""
    with grading_on(cluster, folder, *arguments, out=out, **env) as run:
        output, errors = run.communicate(timeout=120)
    return subprocess.CompletedProcess(run.args, run.returncode, output, errors)


@contextmanager
def grading_on(
    cluster: Cluster, folder: Path, *arguments: str, out: str = "out", **env: str
) -> Iterator[subprocess.Popen[str]]:
    """The same in the background, in a process group of its own, as a shell starts it."""
    run = subprocess.Popen(
        [str(AUTOGRADER), "grade", "class", "--out", out, "--cluster", cluster.address, *arguments],
        cwd=folder,
        env={**environment(), **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with run:
        try:
            yield run
        finally:
            run.kill()


def kill(process: subprocess.Popen[bytes]) -> None:
    """As the system does where memory is short, or a machine goes down: nothing of it can say goodbye."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
