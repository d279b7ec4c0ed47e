"""How long nbgrader takes for a submission: as it is, with our step, and when we write into its gradebook.

All in one run on one machine, on the same notebooks with the same checks: those of one assignment, with a model answer
handed in. Stock nbgrader runs each notebook in a kernel; there, the check cells hold the checks, hidden ones included.

    python benchmarks/nbgrader.py [ASSIGNMENT] [--stock N] [--step N] [--ours N]
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.remove(str(Path(__file__).resolve().parent))  # this file has the name of the package that it measures

import nbformat

from autograder.course.folder import find_course
from autograder.course.loader import Assignment, load_course
from autograder.course.release import source_notebook

STOCK_CHECKS = """\
from pathlib import Path

from autograder.checking.collection import CheckRun
from autograder.course.loader import load_course
from autograder.sandbox.execute import execute


class InMemory:
    def call(self, name, args, kwargs, upstream=None):
        return execute(globals()[name], args, kwargs, lambda *_: None)


assignment = load_course(Path({course!r})).assignment({assignment!r})
with assignment.check_session() as session:
    results = session.run(CheckRun(InMemory(), "a seed", assignment.misconceptions))
next(each.score for each in results if each.name == {question!r})
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("assignment", nargs="?", default="03_softmax")
    parser.add_argument("--stock", type=int, default=10, help="submissions for stock nbgrader")
    parser.add_argument("--step", type=int, default=40, help="submissions for nbgrader with our step")
    parser.add_argument("--ours", type=int, default=400, help="submissions for autograder grade --gradebook")
    options = parser.parse_args()
    course = load_course(find_course(Path.cwd()))
    assignment = course.assignment(options.assignment)
    root = course.folder.parent
    with tempfile.TemporaryDirectory() as folder:
        stock = stock_course(Path(folder, "stock"), assignment)
        step = our_course(Path(folder, "step"), root)
        cores = os.cpu_count() or 1
        rows = [
            ("stock nbgrader autograde", by_nbgrader(stock, assignment, options.stock)),
            ("nbgrader autograde with our step", by_nbgrader(step, assignment, options.step)),
        ]
        for jobs in sorted({1, cores}):
            measured = by_us(our_course(Path(folder, f"ours{jobs}"), root), assignment, options.ours, jobs)
            rows.append((f"autograder grade --gradebook --jobs {jobs}", measured))
    stock_seconds = rows[0][1].each
    print(f"{assignment.name}: a submission, gradebook included; and how often that goes into stock nbgrader's.")
    for name, measured in rows:
        print(
            f"  {name:42} {1000 * measured.each:8.1f} ms {stock_seconds / measured.each:7.1f} ×   "
            f"{measured.count} in {measured.whole:6.1f} s, start included: {stock_seconds / measured.share:7.1f} ×"
        )


def stock_course(folder: Path, assignment: Assignment) -> Path:
    """A course as nbgrader's own documentation has it: the checks stand in the cells."""
    notebook = source_notebook(assignment)
    for cell in notebook.cells:
        if cell.id.startswith("check_"):
            question = cell.id.removeprefix("check_")
            course = str(assignment.folder.parent)
            cell.source = STOCK_CHECKS.format(course=course, assignment=assignment.name, question=question)
    source = folder / "source" / assignment.name
    source.mkdir(parents=True)
    nbformat.write(notebook, source / f"{assignment.name}.ipynb")
    shutil.copy(assignment.folder / "visible_checks.py", source)
    (folder / "nbgrader_config.py").write_text(f"get_config().CourseDirectory.root = {str(folder)!r}\n")
    return folder


def our_course(folder: Path, root: Path) -> Path:
    folder.mkdir()
    shutil.copytree(root / "solutions", folder / "solutions")
    shutil.copy(root / "nbgrader_config.py", folder)
    return folder


def hand_in(course: Path, assignment: Assignment, students: list[str]) -> None:
    text = nbformat.writes(source_notebook(assignment))
    for student in students:
        place = course / "submitted" / student / assignment.name
        place.mkdir(parents=True)
        (place / f"{assignment.name}.ipynb").write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Measured:
    """Seconds of a command on one submission, and on `count` more."""

    start: float
    whole: float
    count: int

    @property
    def each(self) -> float:
        """Seconds that one more submission takes: the command's own start is no cost of it."""
        return (self.whole - self.start) / self.count

    @property
    def share(self) -> float:
        """Seconds a submission when the start is shared out among them."""
        return self.whole / (self.count + 1)


def by_nbgrader(course: Path, assignment: Assignment, count: int) -> Measured:
    run(course, "nbgrader", "generate_assignment", assignment.name)
    hand_in(course, assignment, ["first"])
    start = run(course, "nbgrader", "autograde", assignment.name)
    hand_in(course, assignment, [f"student{number:03}" for number in range(count)])
    whole = run(course, "nbgrader", "autograde", assignment.name, "--force")
    require_full(course, assignment, count + 1)
    return Measured(start, whole, count)


def by_us(course: Path, assignment: Assignment, count: int, jobs: int) -> Measured:
    command = (
        "autograder",
        "grade",
        "submitted",
        "--gradebook",
        f"sqlite:///{course}/gradebook.db",
        "--jobs",
        str(jobs),
    )
    run(course, "nbgrader", "generate_assignment", assignment.name)
    hand_in(course, assignment, ["first"])
    start = run(course, *command)
    hand_in(course, assignment, [f"student{number:03}" for number in range(count)])
    shutil.rmtree(course / "graded")  # nothing is kept: all are graded
    whole = run(course, *command)
    require_full(course, assignment, count + 1)
    return Measured(start, whole, count)


def run(course: Path, *command: str) -> float:
    """Seconds that a command takes."""
    scripts = sysconfig.get_path("scripts")
    path = os.pathsep.join((scripts, os.environ.get("PATH", os.defpath)))
    started = time.perf_counter()
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, env={**os.environ, "PATH": path})
    if done.returncode:
        sys.exit(done.stderr + done.stdout)
    return time.perf_counter() - started


def require_full(course: Path, assignment: Assignment, count: int) -> None:
    """Each submission has the full score: all ran the same checks."""
    connection = sqlite3.connect(course / "gradebook.db")
    query = (
        "SELECT count(*) FROM grade g JOIN grade_cells c ON g.cell_id = c.id "
        "WHERE g.auto_score = c.max_score AND c.cell_type = 'code'"
    )
    (found,) = connection.execute(query).fetchone()
    connection.close()
    assert found == count * len(assignment.questions), f"{found} full scores"


if __name__ == "__main__":
    main()
