"""How long a submission takes to be loaded, before its first call: the reference of each assignment, as a notebook.

    python benchmarks/loading.py

With the reading of earlier assignments' notebooks; in this process, and in a fresh confined one. Best and median.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from autograder.course.folder import find_course
from autograder.course.loader import Assignment, load_course
from autograder.sandbox.client import Sandbox, Worker
from autograder.sandbox.loader import load
from autograder.sandbox.protocol import Cell, Part

TIMES = 25


def notebooks(assignment: Assignment) -> list[Part]:
    """The lessons up to one, a cell for each of their code cells."""
    parts = []
    for each in (*assignment.earlier, assignment):
        code = (cell for cell in each.cells if not cell.is_markdown)
        cells = tuple(Cell(f"code cell {number}", cell.source) for number, cell in enumerate(code, 1))
        parts.append(each.part(cells))
    return parts


def main() -> None:
    course = load_course(find_course(Path.cwd()))
    with Sandbox(course.limits, course.imports) as sandbox:
        for assignment in course.assignments:
            parts = notebooks(assignment)
            here, there = [], []
            for _ in range(TIMES):
                started = time.perf_counter()
                load(parts, course.imports)
                here.append(1000 * (time.perf_counter() - started))
                with Worker(sandbox, parts) as worker:
                    started = time.perf_counter()
                    worker.call("", [], {})  # there is no such function: it is the loading that takes its time
                    there.append(1000 * (time.perf_counter() - started))
            rows = (f"{min(each):6.1f} {statistics.median(each):6.1f}" for each in (here, there))
            print(f"{assignment.name:24}", "  here {} ms   in a worker {} ms".format(*rows))


if __name__ == "__main__":
    main()
