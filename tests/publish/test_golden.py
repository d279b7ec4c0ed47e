"""What each format makes of a class in which everything happens is what was once looked at."""

from __future__ import annotations

import pytest

from autograder.report.model import Outcome
from tests.helpers.golden_class import CLASS, FORMATS, GOLDEN, NASTY


@pytest.mark.parametrize("name", FORMATS)
def test_the_format_is_as_it_was_looked_at(name: str) -> None:
    assert FORMATS[name]() == (GOLDEN / name).read_bytes().decode(), (
        "python -m tests.helpers.golden_class, then git diff"
    )


def test_every_golden_file_is_made_by_a_format() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(FORMATS)


def test_everything_happens_in_the_class() -> None:
    assert {check.outcome for report in CLASS for check in report.checks} == set(Outcome)
    assert {report.status for report in CLASS} == {"graded", "unreadable"}
    assert any(NASTY in check.message for report in CLASS for check in report.checks)
