"""How a check says what it is worth."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest

Check = TypeVar("Check", bound=Callable[..., None])


def points(worth: float) -> Callable[[Check], Check]:
    """Mark a pytest function as a check worth so many points."""

    def mark(check: Check) -> Check:
        marked: Check = pytest.mark.points(worth)(check)
        return marked

    return mark
