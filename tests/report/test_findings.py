"""Each cause once, named ones first: the one view of a question that every format prints."""

from __future__ import annotations

import pytest

from autograder.nbgrader.feedback import outputs
from autograder.pages.submission_page import submission_page
from autograder.report.findings import check_texts, findings, plain_message, student_message
from autograder.report.messages import OUR_FAULT
from autograder.report.model import CheckResult, Outcome, QuestionResult
from autograder.sandbox.protocol import CodeLine
from autograder.student.check_table import html_table, text_table
from tests.helpers.reports import check, report, softmax

LESSON = "Each column sums to 1, not each row.\nWhich axis holds the scores of one query?"
LINE = CodeLine("code cell 2", 3, "return S / 0")


def failed(title: str, message: str = "", **fields: object) -> CheckResult:
    return check(Outcome.FAILED, title=title, message=message, **fields)


def mixed_up(title: str, finding: str, lesson: str = LESSON) -> CheckResult:
    return failed(title, f"{finding}\n{lesson}", misconception="over_queries")


def raised(title: str, message: str, line: CodeLine | None = LINE) -> CheckResult:
    return check(Outcome.ERROR, title=title, message=message, line=line)


def causes(*checks: CheckResult) -> list[list[str]]:
    """The titles of the checks that each cause cost."""
    return [[each.title for each in finding.checks] for finding in findings(softmax(*checks))]


def sentences(*checks: CheckResult) -> list[str]:
    return [each.sentence for each in check_texts(softmax(*checks))]


# Causes


def test_what_is_passed_has_no_cause() -> None:
    assert causes(check(), check(message="It was tried with a right `project`.")) == []
    assert causes() == []


@pytest.mark.parametrize(
    "alike",
    [
        lambda title: mixed_up(title, f"S is {title}."),
        lambda title: raised(title, f"softmax({title}) raised ValueError"),
        lambda title: failed(title, "The rows sum to 3."),
        lambda title: check(Outcome.TIMEOUT, title=title),
        lambda title: check(Outcome.MISSING, title=title, message="`softmax` is still to be written."),
        lambda title: check(Outcome.GRADER_ERROR, title=title, message=f"KeyError: {title}"),
    ],
    ids=["misconception", "line", "message", "outcome", "missing", "grader error"],
)
def test_a_cause_is_found_once_with_all_checks_that_it_cost(alike) -> None:  # type: ignore[no-untyped-def]
    other = failed("other", "Something else.")
    assert causes(alike("a"), other, check(title="passed"), alike("b"), alike("c")) == [["a", "b", "c"], ["other"]]


def test_different_causes_stay_apart() -> None:
    elsewhere = CodeLine("code cell 2", 4, "return S / 0")
    checks = (
        raised("line 3", "ValueError"),
        raised("line 4", "ValueError", elsewhere),
        raised("no line", "ValueError", None),
        failed("message", "The rows sum to 3."),
        failed("another", "The rows sum to 2."),
        check(Outcome.TIMEOUT, title="late"),
        check(Outcome.CRASHED, title="gone"),
    )
    assert causes(*checks) == [[each.title] for each in checks]


def test_a_named_cause_comes_first_and_the_others_in_the_order_of_the_checks() -> None:
    other = failed("other name", "x\ny\nz", misconception="base_two")
    order = causes(failed("b", "b"), failed("a", "a"), mixed_up("named", "S is wrong."), other)
    assert order == [["named"], ["other name"], ["b"], ["a"]]


def test_a_finding_speaks_by_its_first_check() -> None:
    (finding,) = findings(softmax(mixed_up("first", "S is (3, 5)."), mixed_up("second", "S is (2, 4).")))
    assert (finding.title, finding.misconception, finding.outcome) == ("first", "over_queries", Outcome.FAILED)
    assert finding.message == f"S is (3, 5).\n{LESSON}"
    (nameless,) = findings(softmax(failed("", "x", name="test_it")))
    assert nameless.title == "test_it"


# Texts


def test_a_cause_is_told_once_and_then_by_the_title_of_its_check() -> None:
    alike = [failed(title, "The rows sum to 3.") for title in ("a", "b", "c")]
    assert sentences(*alike) == ["The rows sum to 3.", "The same as for “a”.", "The same as for “a”."]
    late = [check(Outcome.TIMEOUT, title=title) for title in ("a", "b")]
    assert sentences(*late) == ["", "The same as for “a”."]
    nameless = [failed("", "x", name="test_a"), failed("", "x", name="test_b")]
    assert sentences(*nameless) == ["x", "The same as for “test_a”."]


def test_checks_keep_their_order_and_the_first_of_a_cause_leads() -> None:
    checks = (check(title="passed"), failed("a", "x"), failed("b", "y"), failed("c", "x"), check(title="passed too"))
    texts = check_texts(softmax(*checks))
    assert [each.check for each in texts] == list(checks)
    assert [each.leads for each in texts] == [False, True, True, False, False]


def test_what_a_line_raised_is_told_once_whatever_the_arguments_were() -> None:
    checks = raised("a", "softmax((3, 5)) raised ValueError"), raised("b", "softmax((4,)) raised ValueError")
    assert sentences(*checks) == ["softmax((3, 5)) raised ValueError", "The same as for “a”."]


def test_a_later_check_of_a_misconception_tells_its_own_finding_and_not_the_lesson_again() -> None:
    checks = (
        mixed_up("a", "S is (3, 5)."),
        mixed_up("b", "S is (2, 4)."),
        mixed_up("c", "S is (3, 5)."),
        mixed_up("d", "S is (1, 1).", "Another lesson.\nAnother hint."),
    )
    assert sentences(*checks) == [
        f"S is (3, 5).\n{LESSON}",
        "S is (2, 4).",
        "The same as for “a”.",
        "S is (1, 1).\nAnother lesson.\nAnother hint.",
    ]


def test_a_finding_that_another_check_has_told_is_not_told_again() -> None:
    assert sentences(mixed_up("a", "x"), mixed_up("b", "y"), mixed_up("c", "y"))[1:] == ["y", "The same as for “b”."]


def test_what_is_missing_is_told_once_and_not_pointed_at() -> None:
    stub = [check(Outcome.MISSING, title=t, message="`softmax` is still to be written.") for t in ("a", "b", "c")]
    assert sentences(*stub) == ["`softmax` is still to be written.", "", ""]


def test_a_passed_check_may_say_which_function_to_mend_and_says_it_once() -> None:
    mend = "It was tried with a right `project`: mend `project`."
    assert sentences(check(title="a", message=mend), check(title="b", message=mend), check(title="c")) == [
        mend,
        "The same as for “a”.",
        "",
    ]


# Grader errors


def test_a_grader_error_never_quotes_its_message() -> None:
    """In no format: it may hold the solution."""
    broken = check(Outcome.GRADER_ERROR, message="KeyError: 'the secret answer'")
    question = QuestionResult("softmax", (broken, failed("b", "The rows sum to 3."), broken))
    (ours, _) = findings(question)
    assert ours.message == ours.plain == student_message(broken) == plain_message(broken) == OUR_FAULT
    assert [each.sentence for each in check_texts(question)][::2] == [OUR_FAULT, "The same as for “It works.”."]
    (shown, _) = outputs(question)
    for text in (
        submission_page(report(question)),
        html_table(question),
        text_table(question),
        *shown["data"].values(),
    ):
        assert "secret" not in text
        assert "KeyError" not in text


# Marks


def test_a_stressed_word_is_so_in_html_and_plain_elsewhere() -> None:
    question = QuestionResult("softmax", (check(Outcome.FAILED, message="The *root* of `a *b* c`, 2 * 3 * 4, **kw."),))
    stressed = "The <em>root</em> of <code>a *b* c</code>, 2 * 3 * 4, **kw."
    (shown, _) = outputs(question)
    assert stressed in submission_page(report(question))
    assert stressed in html_table(question)
    assert stressed in shown["data"]["text/html"]
    for text in (text_table(question), shown["data"]["text/plain"], plain_message(question.checks[0])):
        assert "The root of `a *b* c`, 2 * 3 * 4, **kw." in text
