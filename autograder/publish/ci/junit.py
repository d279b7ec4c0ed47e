"""Reports as JUnit XML, which GitLab, Jenkins and most other CI read: a suite a submission, a case a check.

No standard exists; this keeps to the schema of pytest and Jenkins (https://github.com/pytest-dev/pytest, junit-10.xsd),
and to what GitLab reads (https://docs.gitlab.com/ci/testing/unit_test_reports/): classname and name tell cases apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from autograder.publish import messages
from autograder.report.findings import check_texts, student_message
from autograder.report.model import Outcome, Report, Status, number
from autograder.text import sanitise, without_marks

COUNTED = ("tests", "failures", "errors", "skipped")  # in a suite, and in all of them


def junit_xml(reports: Callable[[], Iterable[Report]]) -> Iterator[str]:
    """The document, piece by piece. A grader error is an error, all else that is not passed is a failure.

    `reports` gives them anew each time: before the first suite stands how much there is in all of them.
    """
    totals, seconds = dict.fromkeys(COUNTED, 0), 0.0
    for suite in map(_suite, reports()):
        totals = {name: count + int(suite.get(name, 0)) for name, count in totals.items()}
        seconds += float(suite.get("time", 0))
    root = Element("testsuites", name="autograder")
    for name, count in totals.items():
        root.set(name, str(count))
    root.set("time", f"{seconds:.3f}")
    empty = tostring(root, encoding="unicode")
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    is_empty = True
    for suite in map(_suite, reports()):
        if is_empty:
            yield f"{empty.removesuffix(' />')}>\n"
        is_empty = False
        indent(suite, level=1)
        yield f"  {tostring(suite, encoding='unicode')}\n"
    yield f"{empty}\n" if is_empty else "</testsuites>\n"


def _suite(report: Report) -> Element:
    suite = Element("testsuite", name=sanitise(" ".join(filter(None, (report.student, report.assignment)))))
    _add_properties(suite, report)
    classname = ".".join(filter(None, (report.student, report.assignment)))
    if report.status is Status.UNREADABLE:
        case = _add_case(suite, classname, messages.SUBMISSION_CAN_BE_READ)
        _add_result(case, "failure", Status.UNREADABLE.value, sanitise(report.error))
    for question in report.questions:
        for each in check_texts(question):
            check = each.check
            case = _add_case(suite, f"{classname}.{question.name}", f"{check.title} ({check.name})")
            if check.outcome is not Outcome.PASSED:
                tag = "error" if check.outcome is Outcome.GRADER_ERROR else "failure"
                message = without_marks(each.sentence or student_message(check))
                _add_result(case, tag, check.outcome.value, sanitise(message))
    _count(suite)
    suite.set("time", f"{report.seconds:.3f}")
    return suite


def _add_properties(suite: Element, report: Report) -> None:
    properties = SubElement(suite, "properties")
    values = {
        "score": number(report.score),
        "max_score": number(report.max_score),
        "confined": str(report.confined).lower(),
        **{f"note {index}": note for index, note in enumerate(report.notes, 1)},
    }
    for name, value in values.items():
        SubElement(properties, "property", name=name, value=sanitise(value))


def _add_case(suite: Element, classname: str, name: str) -> Element:
    return SubElement(suite, "testcase", classname=sanitise(classname), name=sanitise(name))


def _add_result(case: Element, tag: str, outcome: str, text: str) -> None:
    first_line = text.partition("\n")[0] or outcome
    SubElement(case, tag, type=outcome, message=first_line).text = text or outcome


def _count(suite: Element) -> None:
    results = [{child.tag for child in case} for case in suite.iter("testcase")]
    failures, errors = (sum(tag in tags for tags in results) for tag in ("failure", "error"))
    for name, count in zip(COUNTED, (len(results), failures, errors, 0), strict=True):
        suite.set(name, str(count))
