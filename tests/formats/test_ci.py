"""CI: JUnit as junitparser reads it, GitLab's code quality, GitHub's commands by GitHub's rules, Markdown rendered."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

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
from tests.conftest import RIGHT_SUMS, autograder, edit, hand_in, one_line
from tests.formats.conftest import validate
from tests.formats.golden_class import ABSENT, CLASS, NASTY, check, find, place, report, softmax

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
    told = check(text, text, 1, Outcome.FAILED, text, misconception=text or None)
    return report(text, "03_softmax", softmax(told), notes=(text,))


# JUnit


def suites(reports: tuple[Report, ...]) -> list[junitparser.TestSuite]:
    return list(junitparser.JUnitXml.fromstring(junit_xml(reports).encode()))


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
    document = junitparser.JUnitXml.fromstring(junit_xml(CLASS).encode())
    said = (document.tests, document.failures, document.errors, document.skipped)
    for suite in document:
        told = (suite.tests, suite.failures, suite.errors, suite.skipped)
        suite.update_statistics()
        assert told == (suite.tests, suite.failures, suite.errors, suite.skipped)
    document.update_statistics()
    assert said == (document.tests, document.failures, document.errors, document.skipped)
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
    words = sanitise(text).replace("\r\n", "\n").replace("\r", "\n")  # as XML reads line ends
    assert (case.result[0].text or "") == (words or Outcome.FAILED.value)


# GitLab's code quality


def test_code_quality_is_as_gitlab_documents_it() -> None:
    remarks = validate("gitlab-codequality", code_quality(CLASS, place))
    assert len({remark["fingerprint"] for remark in remarks}) == len(remarks)
    assert {remark["severity"] for remark in remarks} == {"info", "major", "critical", "blocker"}
    assert not [remark for remark in remarks if "/ada/" in remark["location"]["path"]]


def test_the_schema_of_code_quality_can_fail() -> None:
    with pytest.raises(ValidationError):
        validate("gitlab-codequality", code_quality(CLASS, lambda *_: Location("/abs", 1)))
    with pytest.raises(ValidationError):
        validate("gitlab-codequality", code_quality(CLASS, lambda *_: Location("relative", 0)))


def test_a_remark_keeps_its_fingerprint_when_its_line_moves() -> None:
    def moved(*of: object) -> Location:
        return Location("elsewhere.ipynb", 99)

    before, after = (validate("gitlab-codequality", code_quality(CLASS, where)) for where in (place, moved))
    assert [remark["fingerprint"] for remark in before] == [remark["fingerprint"] for remark in after]


def test_what_all_is_right_has_no_remark() -> None:
    assert validate("gitlab-codequality", code_quality([find("ada")], place)) == []


# GitHub's annotations


@dataclass(frozen=True)
class Command:
    """A workflow command, read as GitHub's runner reads it (actions/runner, ActionCommand.TryParseV2)."""

    name: str
    properties: dict[str, str]
    data: str

    @classmethod
    def read(cls, line: str) -> Command:
        assert line.startswith("::")
        head, separator, data = line[2:].partition("::")
        assert separator
        name, _, written = head.partition(" ")
        pairs = (pair.split("=", 1) for pair in written.split(",") if pair)
        return cls(name, {key: unescape(value, ":,") for key, value in pairs}, unescape(data))


def unescape(text: str, more: str = "") -> str:
    for character in ("\r", "\n", *more, "%"):
        text = text.replace(f"%{ord(character):02X}", character)
    return text


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


# The commands


def test_grade_publishes_what_ci_reads(small_course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(small_course / "summary.md"))
    hand_in(small_course / "class", "ada", "01_sums", RIGHT_SUMS)
    raising = RIGHT_SUMS.replace("return np.mean(X, axis=-1)", "raise ValueError('\\n::error::forged ##[error]forged')")
    hand_in(small_course / "class", "::error::bo", "01_sums", raising)
    (small_course / "summary.md").write_text("An earlier step.\n")
    options = ("--junit", "junit.xml", "--codequality", "quality.json", "--github", "--jobs", "1", "--unconfined")
    done = autograder("grade", "class", *options, cwd=small_course)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    token = lines[0].removeprefix("::stop-commands::")
    assert len(token) > 20
    end = lines.index(f"::{token}::")
    assert any("::error::bo" in line for line in lines[1:end]), "the table names the student, and GitHub does not obey"
    (command,) = (Command.read(line) for line in lines[end + 1 :])
    assert command.properties["file"] == "class/::error::bo/01_sums/01_sums.py"
    source = raising.splitlines()[int(command.properties["line"]) - 1]
    assert source.strip().startswith("raise ValueError")
    document = junitparser.JUnitXml.fromfile(str(small_course / "junit.xml"))
    assert (document.tests, document.failures) == (12, 2)
    remarks = validate("gitlab-codequality", (small_course / "quality.json").read_text())
    assert {remark["location"]["lines"]["begin"] for remark in remarks} == {int(command.properties["line"])}
    page = (small_course / "summary.md").read_text()
    assert page.startswith("An earlier step.\n## The class")


def test_check_publishes_a_students_own_checks(
    small_course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    folder = tmp_path / "assignments"
    for name in ("01_sums", "02_centred"):
        (folder / name).mkdir(parents=True)
        checks = (small_course / "solutions" / name / "visible_checks.py").read_text()
        (folder / name / "visible_checks.py").write_text(checks)
        (folder / name / f"{name}.py").write_text("def centre(X):\n    raise NotImplementedError\n")
    (folder / "course.toml").write_text('title = "T"\nassignments = ["01_sums", "02_centred"]\nimports = ["numpy"]\n')
    file = folder / "01_sums" / "01_sums.py"
    file.write_text(RIGHT_SUMS)
    edit(file, "np.mean(X, axis=-1)", "np.mean(X, axis=0)")
    done = autograder("check", "assignments", "--github", "--junit", "junit.xml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (command,) = (Command.read(line) for line in done.stdout.splitlines() if line.startswith("::error "))
    assert command.properties["file"] == "assignments/01_sums/01_sums.py"
    defined = file.read_text().splitlines()[int(command.properties["line"]) - 1]
    assert defined == "def mean(X):"
    assert [suite.name for suite in junitparser.JUnitXml.fromfile(str(tmp_path / "junit.xml"))] == ["01_sums"]
    page = (tmp_path / "summary.md").read_text()
    assert "1 of 2" in page
    assert "02&#95;centred" in page


@pytest.mark.parametrize("command", [("grade", "class"), ("check", "class")], ids=["grade", "check"])
def test_outside_of_github_its_option_says_so(
    small_course: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, str]
) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    hand_in(small_course / "class", "ada", "01_sums", RIGHT_SUMS)
    assert "GITHUB_STEP_SUMMARY" in one_line(autograder(*command, "--github", cwd=small_course))


@pytest.mark.parametrize("option", ["--junit", "--codequality"])
def test_a_file_that_cannot_be_written_is_named_before_anything_is_graded(small_course: Path, option: str) -> None:
    hand_in(small_course / "class", "ada", "01_sums", RIGHT_SUMS)
    done = autograder("grade", "class", "--unconfined", "--jobs", "1", option, "no/file", cwd=small_course)
    assert one_line(done) == "autograder: no/file cannot be written: No such file or directory"
    assert done.stdout == ""
    assert not (small_course / "graded").exists()


def test_a_summary_that_cannot_be_written_is_told_before_github_is_stopped(
    small_course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(small_course / "no/summary.md"))
    hand_in(small_course / "class", "ada", "01_sums", RIGHT_SUMS)
    done = autograder("grade", "class", "--github", "--jobs", "1", "--unconfined", cwd=small_course)
    assert "no/summary.md cannot be written" in one_line(done)
    assert done.stdout == ""


def test_what_is_tried_is_left_as_it_was(small_course: Path) -> None:
    (small_course / "junit.xml").write_text("from an earlier run")
    (small_course / "class").mkdir()
    options = ("--junit", "junit.xml", "--codequality", "quality.json")
    assert "nothing is handed in" in one_line(autograder("grade", "class", *options, cwd=small_course))
    assert (small_course / "junit.xml").read_text() == "from an earlier run"
    assert not (small_course / "quality.json").exists()
