"""Shares of points as people read them, one way wherever they stand."""

from __future__ import annotations

import math
from collections.abc import Iterable

from autograder.report.model import CheckResult, Report, Status, mean, number

NONE = "—"
ROUNDING = 1e-9  # what floats may lose: a half is a half still


def percent(share: float | None) -> str:
    """A share, 0 to 100, in whole percent; a half is rounded up."""
    return NONE if share is None else f"{math.floor(share + 0.5 + ROUNDING)}%"


def mean_score(reports: Iterable[Report]) -> float | None:
    """The mean of the final scores, each as a share of its points, 0 to 100. None when there is none."""
    return mean_of(share for report in reports if (share := mean([report])) is not None)


def mean_of(shares: Iterable[float]) -> float | None:
    """The mean of shares, each of which counts as much as any other. None when there is none."""
    all_shares = list(shares)
    return math.fsum(all_shares) / len(all_shares) if all_shares else None


def check_points(check: CheckResult) -> str:
    """What a check earned of what it is worth, as `1/2`."""
    return f"{number(check.earned)}/{number(check.points)}"


def signed(points: float) -> str:
    """Points that something moves: `+2`, `-0.5`, `0`."""
    return f"{'+' if points > 0 else ''}{number(points)}"


def points(report: Report) -> str:
    """A score, as `12/20`. What could not be read has none."""
    score = number(report.score) if report.status is Status.GRADED else "\N{EN DASH}"
    return f"{score}/{number(report.max_score)}"
