"""Reports as GitLab's code quality JSON: annotations at the student's own lines.

The format is that of https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator

from autograder.publish.ci.annotations import Annotation, Locate, annotations_of
from autograder.report.model import Outcome, Report, Status
from autograder.text import sanitise

SEVERITIES = {
    Outcome.MISSING: "info",
    Outcome.FAILED: "major",
    Outcome.ERROR: "critical",
    Outcome.TIMEOUT: "critical",
    Outcome.CRASHED: "critical",
    Outcome.GRADER_ERROR: "blocker",
    Status.UNREADABLE: "critical",
}


def code_quality(reports: Iterable[Report], locate: Locate) -> Iterator[str]:
    """The document, piece by piece: an array, empty where all is right."""
    before = "[\n"
    for report in reports:
        for annotation in annotations_of(report, locate):
            issue = json.dumps(_as_json(annotation), indent=2).replace("\n", "\n  ")
            yield f"{before}  {issue}"
            before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _as_json(annotation: Annotation) -> dict[str, object]:
    # The same annotation on the next push is the same to GitLab, wherever its line has moved to.
    identity = "\0".join((annotation.report.student, annotation.report.assignment, annotation.name))
    return {
        "description": sanitise(f"{annotation.title}: {annotation.message}"),
        "check_name": sanitise(annotation.name),
        "fingerprint": hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest(),
        "severity": SEVERITIES[annotation.outcome],
        "location": {"path": sanitise(annotation.location.path), "lines": {"begin": annotation.location.line}},
    }
