"""How long a submission takes: the same checks without isolation, a confined worker, whole runs of `grade`.

The submission is what a student hands in who knows all the answers: the released notebook, each question filled in.
All ways take turns, in a new order each time, so that a machine that is busy with others is so for all of them; what is
printed are medians, and how many times the floor they are. What processors compute for a submission is counted besides:
others who use the machine change less of that. `--against` measures another checkout of this project,
set up with a .venv, in turn with this one.

    python benchmarks/grading.py [ASSIGNMENT ...] [--rounds N] [--against CHECKOUT] [--core N]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
ASSIGNMENTS = ("03_softmax", "07_image_to_tokens", "08_encoder_block", "09_vision_transformer")
FLOOR, CONFINED, ONE, TWO, PYTEST = (
    "the same checks in this process, no isolation",
    "confined worker, one submission",
    "a submission in `grade` with one process",
    "a submission in `grade` with two processes",
    "pytest process a submission, JUnit XML, no isolation",
)
COMPUTING = {
    FLOOR: "what the processor computes for the floor",
    CONFINED: "and for the confined worker, zygote and grader",
}
PARTS = ("reading", "fork", "load", "calls", "our side", "burial", "the rest", "report", "page")
OF_A_RUN = 8  # submissions that a measured run of `grade` has
WARM_UP = 1  # round that does not count


class Checkout:
    """One checkout of this project, and a process that grades in it."""

    def __init__(self, label: str, folder: Path, process: subprocess.Popen[str]) -> None:
        self.label = label
        self.commit = _commit(folder)
        self._process = process
        self.taken: defaultdict[tuple[str, str], list[dict[str, float]]] = defaultdict(list)

    def ask(self, *what: object) -> dict[str, float]:
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(what), file=self._process.stdin, flush=True)
        if not (line := self._process.stdout.readline()):
            raise SystemExit(f"the grader of {self.label} has stopped")
        return {name: 1000 * seconds for name, seconds in json.loads(line).items()}

    def median(self, name: str, way: str, part: str = "all") -> float:
        return statistics.median(each.get(part, 0.0) for each in self.taken[name, way])


@contextmanager
def started(label: str, folder: Path, core: int | None) -> Iterator[Checkout]:
    own = folder / ".venv" / "bin" / "python"
    python = str(own) if own.exists() else sys.executable
    hold = (lambda: os.sched_setaffinity(0, {core})) if core is not None else None
    with subprocess.Popen(
        [python, "-P", str(HERE / "one_checkout.py")],  # -P: beside it lies a nbgrader.py, which is not nbgrader
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=hold,
    ) as process:
        yield Checkout(label, folder, process)
        assert process.stdin
        process.stdin.close()


def _commit(folder: Path) -> str:
    command = ["git", "-C", str(folder), "describe", "--always", "--dirty"]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip()


def measure(checkouts: Sequence[Checkout], names: Sequence[str], rounds: int, whole_runs: int) -> None:
    """Let all ways take turns on all assignments and in all checkouts."""
    one_by_one = {FLOOR: ("floor", ()), CONFINED: ("confined", ()), "parts": ("parts", ())}
    in_runs = {ONE: ("grade", (1, OF_A_RUN)), TWO: ("grade", (2, OF_A_RUN))}
    for number in range(-WARM_UP, max(rounds, whole_runs)):
        ways = (one_by_one if number < rounds else {}) | (in_runs if number < whole_runs else {})
        turns = [(checkout, name, way) for checkout in checkouts for name in names for way in ways]
        random.shuffle(turns)
        for checkout, name, way in turns:
            how, more = ways[way]
            taken = checkout.ask(how, name, f"student {number}", *more)
            if number >= 0:
                checkout.taken[name, way].append(taken)
    for checkout in checkouts:
        for name in names[:1]:
            checkout.taken[name, PYTEST] += [checkout.ask("pytest", name, "") for _ in range(min(rounds, 3))]


def show(checkouts: Sequence[Checkout], names: Sequence[str]) -> None:
    for name in names:
        print(f"\n{name}; milliseconds a submission (times the floor)")
        for way in (FLOOR, CONFINED, ONE, TWO, PYTEST):
            if all(checkout.taken[name, way] for checkout in checkouts):
                _row(way, [(each.median(name, way), each.median(name, FLOOR)) for each in checkouts])
        for way in (FLOOR, CONFINED):
            computed = [
                (each.median(name, way, "computing"), each.median(name, FLOOR, "computing")) for each in checkouts
            ]
            _row(COMPUTING[way], computed)
        print("  where it goes:")
        for part in PARTS:
            _row(f"  {part}", [(each.median(name, "parts", part), 0.0) for each in checkouts])
    together = [name for name in names if name != ASSIGNMENTS[0]]
    if len(together) > 1:
        print(f"\n{', '.join(together)} in all")
        for way in (FLOOR, CONFINED, ONE, TWO):
            _row(way, [(sum(each.median(name, way) for name in together), 0.0) for each in checkouts])


def _row(title: str, columns: Sequence[tuple[float, float]]) -> None:
    """A median of each checkout, how many times the floor it is, and what of the last one's is left in the first."""
    cells = [f"{took:9.2f} ms" + (f" ({took / floor:5.1f})" if floor else " " * 8) for took, floor in columns]
    left = f"   {columns[0][0] / columns[-1][0]:5.2f}" if len(columns) > 1 and columns[-1][0] else ""
    print(f"  {title:54}{''.join(cells)}{left}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("assignments", nargs="*", default=list(ASSIGNMENTS))
    parser.add_argument("--rounds", type=int, default=30, help="of single submissions")
    parser.add_argument("--runs", type=int, default=5, help=f"of `grade`, with {OF_A_RUN} submissions each")
    parser.add_argument("--against", type=Path, help="another checkout, measured in turn with this one")
    parser.add_argument("--core", type=int, help="hold the graders and all their processes to this core")
    options = parser.parse_args()
    folders = {"here": HERE.parent} | ({"there": options.against.resolve()} if options.against else {})
    with ExitStack() as stack:
        checkouts = [stack.enter_context(started(label, folder, options.core)) for label, folder in folders.items()]
        measure(checkouts, options.assignments, options.rounds, options.runs)
        print("; ".join(f"{each.label}: {each.commit}" for each in checkouts))
        show(checkouts, options.assignments)


if __name__ == "__main__":
    main()
