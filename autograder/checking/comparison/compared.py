"""What a visible check compared: a student's numbers, and those that stand in the check. For the student at home."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from autograder.checking.comparison.tolerance import Tolerance


@dataclass(frozen=True, eq=False)
class Compared:
    """Two arrays of numbers, and where they differ by more than the `tolerance`: None where their shapes differ."""

    yours: NDArray[Any]
    expected: NDArray[Any]
    wrong: NDArray[Any] | None
    tolerance: Tolerance
