"""A report as JSON, also one that an earlier version wrote."""

from __future__ import annotations

import pytest

from autograder.report.model import Report
from tests.helpers.golden_class import CLASS

pytestmark = pytest.mark.portable


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
