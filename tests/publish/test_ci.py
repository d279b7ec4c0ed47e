"""CI: JUnit as junitparser reads it, GitLab's code quality, GitHub's commands by GitHub's rules, Markdown rendered."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import junitparser
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import ValidationError
from markdown_it import MarkdownIt

from autograder.publish.ci.annotations import Location
from autograder.publish.ci.github import MAX_ANNOTATIONS, annotate, class_summary, markdown, student_summary
from autograder.publish.ci.gitlab import code_quality
from autograder.publish.ci.junit import junit_xml
from autograder.report.messages import OUR_FAULT
from autograder.report.model import Outcome, Report
from autograder.text import sanitise
from tests.helpers.formats import validate
from tests.helpers.golden_class import ABSENT, CLASS, NASTY, find, place
from tests.helpers.reports import check, report, softmax
from tests.helpers.workflow_commands import Command

TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
NASTY_TEXTS = [
    NASTY,
    "\r\n::stop-commands::x\r\n",
    "%25%0A",
    ":,",
    "\x00\ud800\uffff",
    "| a |\n|---|",
    "* _x_ [y](z) ![i](j)",
]
GITHUB_TAKES = 1 << 20  # bytes of a step's summary


def saying(text: str) -> Report:
    """A report in which all that can be text is `text`."""
    failed = check(Outcome.FAILED, points=1, name=text, title=text, message=text, misconception=text or None)
    return report(softmax(failed), student=text, notes=(text,))


# JUnit


def suites(reports: tuple[Report, ...]) -> list[junitparser.TestSuite]:
    return list(junitparser.JUnitXml.fromstring("".join(junit_xml(lambda: reports)).encode()))


def test_junit_has_a_suite_for_each_submission_and_a_case_for_each_check() -> None:
    for suite, of in zip(suites(CLASS), CLASS, strict=True):
        cases = [case for case in suite if case.name != "The submission can be read"]
        assert len(cases) == len(of.checks)
        for case, result in zip(cases, of.checks, strict=True):
            assert result.title in case.name
            assert bool(case.result) == (result.outcome is not Outcome.PASSED)
            for end in case.result:
                ours = result.outcome is Outcome.GRADER_ERROR
                assert isinstance(end, junitparser.Error if ours else junitparser.Failure)
                assert end.type == result.outcome.value
                assert end.text == (OUR_FAULT if ours else sanitise(result.message))


def test_junit_says_of_the_whole_what_its_cases_say() -> None:
    document = junitparser.JUnitXml.fromstring("".join(junit_xml(lambda: CLASS)).encode())
    of_the_whole = (document.tests, document.failures, document.errors, document.skipped)
    for suite in document:
        of_the_suite = (suite.tests, suite.failures, suite.errors, suite.skipped)
        suite.update_statistics()
        assert of_the_suite == (suite.tests, suite.failures, suite.errors, suite.skipped)
    document.update_statistics()
    assert of_the_whole == (document.tests, document.failures, document.errors, document.skipped)
    assert document.tests > document.failures > document.errors == 1


def test_gitlab_can_tell_all_cases_apart() -> None:
    """It keys them by suite, class and name, and shows the last of those that are the same."""
    keys = [(suite.name, case.classname, case.name) for suite in suites(CLASS) for case in suite]
    assert len(keys) == len(set(keys))


def test_an_unreadable_submission_says_why_in_junit() -> None:
    (suite,) = suites((find("di"),))
    assert next(iter(suite)).result[0].text == find("di").error


@settings(deadline=None, max_examples=60)
@given(TEXT)
@example("".join(NASTY_TEXTS))
def test_any_text_makes_sound_junit(text: str) -> None:
    (suite,) = suites((saying(text),))
    (case,) = suite
    expected = sanitise(text).replace("\r\n", "\n").replace("\r", "\n")  # as XML reads line ends
    assert (case.result[0].text or "") == (expected or Outcome.FAILED.value)


# GitLab's code quality


def test_code_quality_is_as_gitlab_documents_it() -> None:
    remarks = validate("gitlab-codequality", "".join(code_quality(CLASS, place)))
    assert len({remark["fingerprint"] for remark in remarks}) == len(remarks)
    assert {remark["severity"] for remark in remarks} == {"info", "major", "critical", "blocker"}
    assert not [remark for remark in remarks if "/ada/" in remark["location"]["path"]]


def test_the_schema_of_code_quality_can_fail() -> None:
    with pytest.raises(ValidationError):
        validate("gitlab-codequality", "".join(code_quality(CLASS, lambda *_: Location("/abs", 1))))
    with pytest.raises(ValidationError):
        validate("gitlab-codequality", "".join(code_quality(CLASS, lambda *_: Location("relative", 0))))


def test_a_remark_keeps_its_fingerprint_when_its_line_moves() -> None:
    def moved(*of: object) -> Location:
        return Location("elsewhere.ipynb", 99)

    before, after = (validate("gitlab-codequality", "".join(code_quality(CLASS, where))) for where in (place, moved))
    assert [remark["fingerprint"] for remark in before] == [remark["fingerprint"] for remark in after]


def test_what_all_is_right_has_no_remark() -> None:
    assert validate("gitlab-codequality", "".join(code_quality([find("ada")], place))) == []


# GitHub's annotations


def commands(*reports: Report) -> list[Command]:
    return [Command.read(line) for line in annotate(reports, place).split("\n") if line]


def test_an_annotation_stands_at_the_line_that_raised() -> None:
    raised = replace(find("bo"), questions=(softmax(find("bo").checks[1]),))
    (command,) = commands(raised)
    assert command.name == "error"
    assert command.properties["line"] == "13"
    assert command.properties["file"] == "submitted/bo/03_softmax/03_softmax.ipynb"
    assert command.data == sanitise(f"All shapes (3x5): {find('bo').checks[1].message}")


def test_what_is_not_written_yet_is_a_notice_and_what_is_wrong_an_error() -> None:
    levels = {command.properties["title"].split(" ")[0]: command.name for command in commands(*CLASS)}
    assert levels == {"bo": "error", "cy": "error", "di": "error", "=eve,;\"'": "error", "fay": "notice"}


def test_our_own_faults_come_first_and_do_not_quote_the_solution() -> None:
    first = commands(*CLASS)[0]
    assert first.properties["title"].startswith("cy")
    assert "secret" not in annotate(CLASS, place)


def test_no_more_annotations_than_github_shows() -> None:
    many = [replace(find("bo"), student=f"bo{number}") for number in range(MAX_ANNOTATIONS + 5)]
    assert len(commands(*many, find("fay"))) == MAX_ANNOTATIONS + 1


@settings(deadline=None, max_examples=60)
@given(TEXT)
@example("".join(NASTY_TEXTS))
def test_any_text_stays_within_its_one_command(text: str) -> None:
    (command,) = commands(saying(text))
    assert command.data == sanitise(f"{text}: {text}")
    assert command.properties["title"] == sanitise(" · ".join(filter(None, (text, "03_softmax", "softmax"))))
    assert set(command.properties) == {"file", "line", "title"}


# GitHub's summary


def rendered(page: str) -> str:
    return MarkdownIt("commonmark", {"html": True}).enable("table").render(page)


def test_the_summary_of_a_class_shows_every_student_and_our_own_fault_first() -> None:
    html = rendered(class_summary(CLASS, ABSENT))
    rows = re.findall(r"<tr>\n<td>(.*?)</td>\n<td>", html)
    assert {"ada", "bo", "cy", "di", "fay", "gus", "=eve,;&quot;'"} <= set(rows)
    assert html.index("grader error") < html.index("<table>")
    assert "without confinement" in html


def test_a_students_summary_does_not_quote_the_solution() -> None:
    assert "secret" not in student_summary([find("cy")])
    assert OUR_FAULT.split(":")[0] in student_summary([find("cy")])


def test_a_student_reads_why_their_file_cannot_be_read() -> None:
    page = student_summary([find("bo"), find("di")])
    assert (
        "- 03_softmax: The file is not a notebook: its JSON cannot be read (line 1)."
        in html.unescape(page).splitlines()
    )


def test_an_assignment_that_is_not_begun_is_counted_and_not_explained() -> None:
    page = student_summary([find("fay")])
    assert "0 of 2" in page
    assert "###" not in page


@settings(deadline=None, max_examples=60)
@given(TEXT)
@example("".join(NASTY_TEXTS))
@example("- 1. # x\n\n    code\n\n> q\n```\nx\n```")
def test_any_text_is_shown_as_it_is(text: str) -> None:
    html = rendered(f"- {markdown(text)}\n")
    assert re.fullmatch(r"<ul>\n<li>.*</li>\n</ul>\n", html, re.DOTALL)
    tags = set(re.findall(r"<(/?[a-z0-9]+)", html))
    assert tags <= {"ul", "/ul", "li", "/li", "br", "code", "/code"}


def test_the_summary_of_a_large_class_is_not_more_than_github_takes() -> None:
    long = "-_<" * 85
    many = [replace(find("di"), student=f"{long}{number}") for number in range(3000)]
    page = class_summary(many, [f"{long} {number}" for number in range(3000)])
    assert GITHUB_TAKES // 2 < len(page.encode()) < GITHUB_TAKES
    assert "more than fits" in page
    assert len(student_summary([saying("\n<" * 5000)] * 300).encode()) < GITHUB_TAKES
