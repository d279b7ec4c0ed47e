"""What each format makes of a class in which everything happens is what was once looked at."""

from __future__ import annotations

import pytest

from autograder.report.model import Outcome, Report
from tests.formats.golden_class import CLASS, FORMATS, GOLDEN, NASTY


@pytest.mark.parametrize("name", FORMATS)
def test_the_format_is_as_it_was_looked_at(name: str) -> None:
    assert FORMATS[name]() == (GOLDEN / name).read_bytes().decode(), (
        "python -m tests.formats.golden_class, then git diff"
    )


def test_every_golden_file_is_made_by_a_format() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(FORMATS)


def test_everything_happens_in_the_class() -> None:
    assert {check.outcome for report in CLASS for check in report.checks} == set(Outcome)
    assert {report.status for report in CLASS} == {"graded", "unreadable"}
    assert any(NASTY in check.message for report in CLASS for check in report.checks)


def test_a_report_keeps_its_lines_and_what_it_rests_on_as_json() -> None:
    for report in CLASS:
        assert Report.from_json(report.to_json()) == report


def test_reports_from_before_lines_and_parts_are_read() -> None:
    import json

    data = json.loads(CLASS[2].to_json())
    del data["provenance"]
    for question in data["questions"]:
        for check in question["checks"]:
            del check["line"]
    old = Report.from_json(json.dumps(data))
    assert old.score == CLASS[2].score
    assert [check.line for check in old.checks] == [None, None]
    assert old.provenance == {}
