"""How well the reader of 10 learns, and how long it takes: what the notebook draws, over ten seeds, one thread.

    OMP_NUM_THREADS=1 python benchmarks/learning.py

The reader and its training are the lesson's own code, on the functions of the lessons. Held-out images read right,
in %: the mean, the least and the most, and the median of the seconds of computing.
"""

from __future__ import annotations

import ast
import os
import statistics
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from autograder.course.folder import find_course
from autograder.course.loader import Assignment, load_course

LESSON, DIGITS = "10_learning", "07_image_to_tokens/data/digits.npz"
SEEDS = range(10)  # of the weights to begin with, and where images are shuffled, of their order
LONG = 256  # of queries and keys, where the root matters


def given(assignment: Assignment) -> dict[str, Any]:
    """What the lesson's code defines: answers and given code, without what it imports of ours, and without demos."""
    earlier = {name: function for each in assignment.earlier for name, function in each.functions.items()}
    names = {
        "previous": earlier.__getitem__,
        "previous_data": lambda _: assignment.folder.parent / DIGITS,
        "print": lambda *_: None,
        "plt": None,
        "np": np,
        "os": os,
    }
    code = "\n\n".join(cell.source for cell in assignment.cells if not cell.is_markdown)
    module = ast.parse(code)
    module.body = [each for each in module.body if not is_left_out(each)]
    exec(compile(module, str(assignment.folder / "lesson.py"), "exec"), names)
    return names


def is_left_out(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.With):
        return ast.unparse(statement.items[0]).startswith("demo_of(")
    return isinstance(statement, ast.Import | ast.ImportFrom)


def trainings(lesson: dict[str, Any]) -> Iterator[tuple[str, list[float], list[float]]]:
    """What was tried, how many held-out images each seed reads right, in %, and its seconds."""
    silent = {"W_q": np.zeros((24, 24))}
    yield "W_q begins at 0", *over_seeds(lesson, silent)
    yield "W_q begins at 0, twice the rate", *over_seeds(lesson, silent, rate=0.2)
    yield "W_q stays 0", *over_seeds(lesson, silent, fixed=["W_q"])
    yield "W_q begins at random", *over_seeds(lesson)
    yield "W_q stays random", *over_seeds(lesson, fixed=["W_q"])
    for d_k, rate in ((24, 0.1), (LONG, 0.1), (LONG, 0.2)):
        for root, factor in (("", 1.0), (", no root", np.sqrt(d_k))):
            how = {"d_k": d_k, "rate": rate, "factor": factor, "steps": 600}
            (right, seconds), (more, longer) = (over_seeds(lesson, is_shuffled=each, **how) for each in (False, True))
            yield f"length {d_k}, rate {rate}{root}", right + more, seconds + longer
    for number in (50, 100, 200, 400, 800, 1438):
        yield f"{number} images", *over_seeds(lesson, silent, number=number, steps=600)


def over_seeds(
    lesson: dict[str, Any],
    instead: dict[str, Any] | None = None,
    *,
    d_k: int = 24,
    number: int = 1438,
    factor: float = 1.0,
    is_shuffled: bool = True,
    **how: Any,
) -> tuple[list[float], list[float]]:
    right, seconds = [], []
    for seed in SEEDS:
        weights = lesson["first_weights"](seed, d_k) | (instead or {})
        chosen = (np.random.default_rng(seed).permutation(1438) if is_shuffled else np.arange(1438))[:number]
        images, labels = lesson["images"][chosen], lesson["image_labels"][chosen]
        started = time.process_time()
        weights, _ = lesson["train"](weights, images, labels, factor=factor, **how)
        seconds.append(time.process_time() - started)
        right.append(lesson["right_in_test"](weights, factor))
    return right, seconds


def main() -> None:
    warnings.simplefilter("ignore", RuntimeWarning)  # weights that run away do overflow
    lesson = given(load_course(find_course(Path.cwd())).assignment(LESSON))
    for what, right, seconds in trainings(lesson):
        spread = f"mean {np.mean(right):5.1f}, from {min(right):5.1f} to {max(right):5.1f}"
        print(f"{what:32} {len(right):2} trainings   {spread}   {statistics.median(seconds):5.2f} s", flush=True)


if __name__ == "__main__":
    main()
