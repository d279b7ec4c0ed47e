"""Shares of points as people read them."""

from __future__ import annotations

import pytest

from autograder.report.formatting import percent

pytestmark = pytest.mark.portable


@pytest.mark.parametrize(
    ("share", "shown"), [(0, "0%"), (12.5, "13%"), (100 * 2 / 16, "13%"), (13.49, "13%"), (100, "100%")]
)
def test_half_a_percent_is_rounded_up(share: float, shown: str) -> None:
    assert percent(share) == shown
    assert percent(None) == "—"
