"""The figure of mutants in the README is what was counted, of the course as it is now."""

from __future__ import annotations

import re
from dataclasses import astuple

from autograder.course.loader import Course
from autograder.course.mutants.record import Counts, recorded
from tests.helpers.paths import ROOT

FIGURE = (
    "Of this course: {} mutants made, {} killed, {} equivalent for a reason that the course gives, {} alike on all "
    "inputs that the checks draw, {} surviving."
)


def test_the_counts_are_of_the_course_as_it_is(course: Course) -> None:
    found = recorded(course)
    outdated = [name for name in course.names if name not in found or not found[name][1]]
    assert outdated == [], f"count again: autograder certify --mutants {' '.join(outdated)}"


def test_the_readme_has_the_figure(course: Course) -> None:
    counts = [astuple(counts) for counts, _ in recorded(course).values()]
    figure = FIGURE.format(*map(sum, zip(*counts, strict=True)))
    readme = re.sub(r"\s+", " ", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert figure in readme, f"the README is to say: {figure}"


def test_made_is_the_sum_of_what_became_of_them(course: Course) -> None:
    for counts, _ in recorded(course).values():
        assert isinstance(counts, Counts)
        assert counts.made == counts.killed + counts.equivalent + counts.alike + counts.surviving
