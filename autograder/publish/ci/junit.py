"""Reports as JUnit XML, which GitLab, Jenkins and most other CI read: a suite a submission, a case a check.

No standard exists; this keeps to the schema of pytest and Jenkins (https://github.com/pytest-dev/pytest, junit-10.xsd),
and to what GitLab reads (https://docs.gitlab.com/ci/testing/unit_test_reports/): classname and name tell cases apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from autograder.report.findings import check_texts
from autograder.report.model import Outcome, Report, Status, number
from autograder.text import sanitise, without_marks

READ = "The submission can be read"


def junit_xml(reports: Iterable[Report]) -> str:
    """The document. Our own faults are errors, all else that is not passed is a failure."""
    root = Element("testsuites", name="autograder")
    for report in reports:
        root.append(_suite(report))
    _count(root, root.iter("testcase"))
    root.set("time", f"{sum(float(suite.get('time', 0)) for suite in root):.3f}")
    indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


def _suite(report: Report) -> Element:
    suite = Element("testsuite", name=sanitise(" ".join(filter(None, (report.student, report.assignment)))))
    properties = SubElement(suite, "properties")
    told = {
        "score": number(report.score),
        "max_score": number(report.max_score),
        "confined": str(report.confined).lower(),
        **{f"note {number_}": note for number_, note in enumerate(report.notes, 1)},
    }
    for name, value in told.items():
        SubElement(properties, "property", name=name, value=sanitise(value))
    where = ".".join(filter(None, (report.student, report.assignment)))
    if report.status is Status.UNREADABLE:
        case = SubElement(suite, "testcase", classname=sanitise(where), name=READ)
        _ends(case, "failure", Status.UNREADABLE.value, sanitise(report.error))
    for question in report.questions:
        for each in check_texts(question):
            check = each.check
            name = f"{check.title} ({check.name})"
            case = SubElement(suite, "testcase", classname=sanitise(f"{where}.{question.name}"), name=sanitise(name))
            if check.outcome is not Outcome.PASSED:
                kind = "error" if check.outcome is Outcome.GRADER_ERROR else "failure"
                _ends(case, kind, check.outcome.value, sanitise(without_marks(each.in_words)))
    _count(suite, suite.iter("testcase"))
    suite.set("time", f"{report.seconds:.3f}")
    return suite


def _ends(case: Element, kind: str, outcome: str, text: str) -> None:
    first = text.partition("\n")[0] or outcome
    SubElement(case, kind, type=outcome, message=first).text = text or outcome


def _count(element: Element, cases: Iterable[Element]) -> None:
    ends = [{child.tag for child in case} for case in cases]
    element.set("tests", str(len(ends)))
    element.set("failures", str(sum("failure" in end for end in ends)))
    element.set("errors", str(sum("error" in end for end in ends)))
    element.set("skipped", "0")
