"""The course total of one student: the weighted mean of their marks, each as a share of what was possible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from autograder.classroom.marks.model import Mark, MarkStatus, tidy
from autograder.classroom.marks.steps.worth import possible
from autograder.classroom.policy.model import AssignmentPolicy
from autograder.report.model import Report

STILL_TO_COME = {MarkStatus.AWAITS_HAND_GRADING, MarkStatus.GRADER_ERROR, MarkStatus.UNREADABLE}


def counts(mark: Mark, weight: float) -> bool:
    """Whether a mark has a place in the total."""
    return mark.mark is not None and mark.possible > 0 and weight > 0


def uncapped_total(marks: Mapping[str, Mark], weights: Mapping[str, float]) -> float | None:
    """The weighted mean in percent; with extra credit it may be more than 100. None where nothing counts."""
    shares = {
        name: mark.mark / mark.possible
        for name, mark in marks.items()
        if mark.mark is not None and counts(mark, weights[name])
    }
    weight = sum(weights[name] for name in shares)
    return tidy(100 * sum(weights[name] * share for name, share in shares.items()) / weight) if shares else None


def course_total(marks: Mapping[str, Mark], weights: Mapping[str, float]) -> float | None:
    """The total, 0 to 100: extra credit makes up for points lost elsewhere, and no total is above 100."""
    total = uncapped_total(marks, weights)
    return None if total is None else min(100.0, max(0.0, total))


def is_final(marks: Mapping[str, Mark], weights: Mapping[str, float], still_open: Collection[str]) -> bool:
    """Whether nothing that counts is still to come. `still_open` are assignments whose deadline is."""
    return not any(
        weights[name] > 0
        and (mark.status in STILL_TO_COME or (mark.status is MarkStatus.MISSING and name in still_open))
        for name, mark in marks.items()
    )


def usual_maximum(reports: Iterable[Report], rule: AssignmentPolicy, *, in_words: bool = True) -> float:
    """What most reports on an assignment say is possible, the most of it where they are split; 0 without any.

    Without `in_words`, had the assignment no questions in words.
    """
    alike: Counter[tuple[int, int]] = Counter()
    first: dict[tuple[int, int], Report] = {}  # what it holds lives on, so that its place in memory is its own
    for report in reports:
        key = id(report.questions), id(report.written)  # of many, the same is kept once
        alike[key] += 1
        first.setdefault(key, report)
    said: Counter[float] = Counter()
    for key, count in alike.items():
        report = first[key] if in_words else replace(first[key], written=())
        said[possible(report, rule)] += count
    return max((most for most in said if most), key=lambda most: (said[most], most), default=0.0)
