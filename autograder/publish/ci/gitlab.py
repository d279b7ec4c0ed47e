"""Reports as GitLab's code quality JSON: remarks at the student's own lines.

The format is that of https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from autograder.publish.ci.annotations import Place, Remark, remarks
from autograder.report.findings import readable
from autograder.report.model import Outcome, Report, Status

SEVERITIES = {
    Outcome.MISSING: "info",
    Outcome.FAILED: "major",
    Outcome.ERROR: "critical",
    Outcome.TIMEOUT: "critical",
    Outcome.CRASHED: "critical",
    Outcome.GRADER_ERROR: "blocker",
    Status.UNREADABLE: "critical",
}


def code_quality(reports: Iterable[Report], place: Place) -> str:
    """The document: an array, empty where all is right."""
    found = [_as_json(remark) for report in reports for remark in remarks(report, place)]
    return json.dumps(found, indent=2) + "\n"


def _as_json(remark: Remark) -> dict[str, object]:
    # The same remark on the next push is the same to GitLab, wherever its line has moved to.
    told_apart_by = "\0".join((remark.report.student, remark.report.assignment, remark.name))
    return {
        "description": readable(f"{remark.title}: {remark.words}"),
        "check_name": readable(remark.name),
        "fingerprint": hashlib.sha256(told_apart_by.encode("utf-8", "replace")).hexdigest(),
        "severity": SEVERITIES[remark.outcome],
        "location": {"path": readable(remark.path), "lines": {"begin": remark.line}},
    }
