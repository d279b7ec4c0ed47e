"""This grader beside nbgrader, otter-grader, gradescope-utils and pytest: seconds a submission, and who can cheat.

    python -m benchmarks.peers [--rounds N]

All get the same notebooks with a dozen different answers to 03_softmax (as a .py file, where a grader takes only that),
and the same assertions: as many comparisons as the course's own checks make calls, with the numbers of the reference
(against/assertions.py). Then each grades eight submissions that cheat (against/cheats.py), beside an honest student.

The others are installed from the package index, each in an environment of its own, in build/peers. Needs Linux, and
takes half an hour. Where others use the machine, what was computed says more than seconds do; the graders take turns.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograder.course.folder import find_course
from autograder.course.loader import Assignment, load_course
from benchmarks.against.answers import CLASS
from benchmarks.against.assertions import Compared, compared_in
from benchmarks.against.cheats import CHEATS
from benchmarks.against.environments import environment
from benchmarks.against.graders import OURS, Grader, ThisGrader, ThisGraderAsItIs
from benchmarks.against.handed_in import notebook_of
from benchmarks.against.others import Gradescope, NbGrader, Otter, Pytest
from benchmarks.against.trial import CHANGED, LEFT, REACHED, Outcome, Trial, listening
from benchmarks.against.watched import Ended

NAME = "03_softmax"
SECONDS = 120  # that a class with a cheat in it may take
KINDS = {
    NbGrader: ("nbgrader", "0.9.6"),
    Otter: ("otter-grader[grading]", "7.0.0"),
    Gradescope: ("gradescope-utils", "0.5.0"),
    Pytest: ("pytest", "9.2.0"),
}


@dataclass
class Measured:
    """All that is known of one grader."""

    grader: Grader
    rounds: list[Ended]
    marks: dict[str, float | None]
    cheats: dict[str, Outcome]

    @property
    def seconds(self) -> float:
        """That a submission took, the grader's start included: the median of the rounds."""
        return statistics.median(each.seconds for each in self.rounds) / len(self.marks)

    @property
    def computed(self) -> float:
        """Of these, as far as processors were busy with it."""
        return statistics.median(each.computed for each in self.rounds) / len(self.marks)

    def kept_out(self) -> str:
        """What no cheat got at, of what each of them has tried."""
        seen = [each for outcome in self.cheats.values() for each in outcome.beside]
        reached = {
            "the tests": self.cheats["reads the expected numbers"].has_won,
            "others' files": CHANGED in seen,
            "processes": LEFT in seen,
            "the network": REACHED in seen,
        }
        return ", ".join(what for what, was_reached in reached.items() if not was_reached) or "nothing"


def measure(
    graders: Sequence[Grader],
    notebook: NotebookNode,
    folder: Path,
    students: Collection[str] = tuple(CLASS),
    rounds: int = 1,
    seconds: float = SECONDS,
) -> list[Measured]:
    """Let them take turns: each grades the class so many times, and each cheat, for which it has so many seconds."""
    trials = [Trial(grader, notebook, folder / type(grader).__name__) for grader in graders]
    measured = [Measured(grader, [], {}, {}) for grader in graders]
    for trial in trials:
        trial.folder.mkdir()
    fair = [trial.fair() for trial in trials]  # which warms them up as well
    for number in range(rounds):
        print(f"round {number + 1} of {rounds} …", file=sys.stderr, flush=True)
        for trial, each in zip(trials, measured, strict=True):
            each.marks, ended = trial.marks(students)
            each.rounds.append(ended)
    with listening() as listener:
        for cheat in CHEATS:
            print(f"{cheat} …", file=sys.stderr, flush=True)
            for trial, each, without in zip(trials, measured, fair, strict=True):
                each.cheats[cheat] = trial.cheated(cheat, without, listener, seconds)
    return measured


def table(measured: Sequence[Measured]) -> list[list[str]]:
    """One column a grader, ours first; the first column says what stands in the row."""
    ours = measured[0]
    columns = [["", "version", "seconds a submission", "times ours", "of these, computing", "times ours"]]
    columns[0] += ["marks as ours", "a student's code runs in", "kept from it", *CHEATS]
    for each in measured:
        alike = sum(each.marks[student] == mark for student, mark in ours.marks.items())
        column = [each.grader.name, each.grader.version, f"{each.seconds:.2f}", f"{each.seconds / ours.seconds:.1f}"]
        column += [f"{each.computed:.2f}", f"{each.computed / ours.computed:.1f}"]
        column += [f"{alike} of {len(ours.marks)}", each.grader.runs, each.kept_out()]
        columns.append([*column, *(each.cheats[cheat].told() for cheat in CHEATS)])
    return [list(row) for row in zip(*columns, strict=True)]


def as_markdown(rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])


def graders_of(assignment: Assignment, checks: list[Compared], folder: Path) -> list[Grader]:
    """All of them, ours first."""
    found = [(kind, environment(*package, "numpy"), package[1]) for kind, package in KINDS.items()]
    kinds = [(ThisGrader, *OURS), (ThisGraderAsItIs, *OURS), *found]
    return [
        kind(assignment, checks, folder / "home" / kind.__name__, python, version) for kind, python, version in kinds
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how often each grades the class")
    options = parser.parse_args()
    if sys.platform != "linux":
        raise SystemExit("benchmarks.peers runs on Linux only: it finds and ends all that a cheat leaves behind")
    assignment = load_course(find_course(Path.cwd())).assignment(NAME)
    checks = compared_in(assignment)
    with tempfile.TemporaryDirectory() as name:
        graders = graders_of(assignment, checks, Path(name))
        measured = measure(graders, notebook_of(assignment), Path(name), rounds=options.rounds)
    calls = sum(len(each.cases) for each in checks)
    print(f"{NAME}: {len(CLASS)} submissions, {len(checks)} checks, {calls} comparisons; {options.rounds} rounds\n")
    print(as_markdown(table(measured)))


if __name__ == "__main__":
    main()
