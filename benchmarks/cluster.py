"""A class graded on this machine, and by four workers of a Dask cluster on it, two of which are killed on the way.

The reports must be the same, byte for byte but for the seconds; the times of the runs are printed. The class is
synthetic: few distinct answers, many students. All processes share this machine, so the cluster cannot be faster: what
is measured is what it costs.

    python -m benchmarks.cluster [--students N] [--workers N] [--killed N]
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.helpers.cluster import cluster, grading_on, kill
from tests.helpers.command_line import AUTOGRADER, environment
from tests.helpers.course import RIGHT_SUMS, WRONG_SUMS, hand_in, write_course
from tests.helpers.waiting import until

ANSWERS = (RIGHT_SUMS, WRONG_SUMS, RIGHT_SUMS.replace("np.mean(X, axis=-1)", "3"), "def total(X:\n", "")
SECONDS = re.compile(rb'\n  "seconds": [\d.e-]+,')


def reports(out: Path) -> dict[str, bytes]:
    """Every report as it lies there, without its seconds."""
    found = sorted(out.glob("[!.]*/*.json"))
    return {path.relative_to(out).as_posix(): SECONDS.sub(b"", path.read_bytes()) for path in found}


def count(out: Path) -> int:
    return sum(1 for _ in out.glob("[!.]*/*.json"))


def grade_here(folder: Path, jobs: int) -> float:
    started = time.monotonic()
    command = [str(AUTOGRADER), "grade", "class", "--out", "local", "--jobs", str(jobs)]
    subprocess.run(command, cwd=folder, env=environment(), check=True, capture_output=True)
    return time.monotonic() - started


def grade_there(folder: Path, workers: int, killed: int, students: int, out: str) -> tuple[float, int]:
    """Returns the seconds that it took, and the most memory that the scheduler had, in bytes."""
    with cluster(folder / f"cluster-{out}", workers) as made:
        scheduler, most = psutil.Process(made.scheduler.pid), 0
        started = time.monotonic()
        with grading_on(made, folder, out=out) as run:
            for number in range(killed):
                enough = students * (number + 1) // (killed + 2)
                until(lambda enough=enough: count(folder / out) >= enough, f"{enough} reports", seconds=3600)  # type: ignore[misc]
                print(f"  {count(folder / out)} reports: a worker is killed")
                kill(made.workers[number])
            while run.poll() is None:
                most = max(most, scheduler.memory_info().rss)
                time.sleep(0.2)
            output, errors = run.communicate()
        if run.returncode:
            sys.exit(f"{output}\n{errors}")
        return time.monotonic() - started, most


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--killed", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = write_course(Path(temporary))
        for number in range(asked.students):
            hand_in(folder / "class", f"student{number:06}", "01_sums", ANSWERS[number % len(ANSWERS)])
        print(f"{asked.students} submissions, {len(ANSWERS)} distinct ones, on {psutil.cpu_count()} cores")
        seconds = grade_here(folder, asked.workers)
        print(f"this machine, {asked.workers} processes:           {seconds:6.1f} s")
        for out, killed in (("whole", 0), ("killed", asked.killed)):
            seconds, most = grade_there(folder, asked.workers, killed, asked.students, out)
            same = reports(folder / "local") == reports(folder / out)
            print(
                f"{asked.workers} workers, {killed} killed:                  {seconds:6.1f} s; scheduler at most "
                f"{most / 2**20:.0f} MB; reports {count(folder / out)}, {'the same' if same else 'NOT THE SAME'}"
            )
            if not same:
                sys.exit(1)


if __name__ == "__main__":
    main()
