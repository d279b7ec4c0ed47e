"""How long each command of docs/a-term.md takes, for a class of so many students in Canvas; and how long it computes.

The second number is what the processor was busy with it, which others that use the machine do not change.

python -m benchmarks.a_term [STUDENTS]
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sysconfig
import tempfile
import time
from pathlib import Path

from tests.helpers.class_in_canvas import NAME, fill_sheet, gradebook, roster_of, write_download

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = (
    f"collect submissions.zip --assignment {NAME}",
    "grade submitted",
    "written graded --out written.csv",
    "marks",
    "export canvas graded --template gradebook.csv --out upload.csv",
    f"feedback graded --for canvas --assignment {NAME} --out pages.zip",
    "marks",
)
RULES = 'roster = "roster.csv"\n'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("students", nargs="?", type=int, default=40)
    students = parser.parse_args().students
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "solutions", folder / "solutions")
        (folder / "class.toml").write_text(RULES)
        write_download(folder / "submissions.zip", students)
        export = gradebook(students).export()
        (folder / "gradebook.csv").write_text(export, encoding="utf-8")
        (folder / "roster.csv").write_text(roster_of(export), encoding="utf-8")
        for command in COMMANDS:
            started, computed = time.perf_counter(), _computed()
            done = subprocess.run(
                [f"{sysconfig.get_path('scripts')}/autograder", *command.split()],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode > 1:  # 1: something is named for the teacher to look at
                raise SystemExit(done.stderr)
            passed, used = time.perf_counter() - started, _computed() - computed
            print(f"{passed:6.1f} s  {used:6.1f} s  autograder {command}", flush=True)
            if command.startswith("written"):
                fill_sheet(folder / "written.csv")


def _computed() -> float:
    """Seconds that all processes which were started here, and by these, have computed."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
