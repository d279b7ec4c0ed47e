"""What tests of the course itself share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.helpers.in_process import Grade


@pytest.fixture(scope="package")
def grade() -> Iterator[Grade]:
    with Grade() as opened:
        yield opened
