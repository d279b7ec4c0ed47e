"""The page of a submission: nothing said is lost, and nothing is said twice."""

from __future__ import annotations

import re

import pytest

from autograder.pages.submission_page import submission_page
from autograder.report.model import Outcome, QuestionResult, WrittenAnswer
from autograder.student.check_table import verdict
from tests.helpers.pages import collapsed, student_page
from tests.helpers.reports import UNREAD, check, report


def test_a_full_score_is_praised_and_points_nowhere() -> None:
    page = student_page(report(QuestionResult("softmax", (check(), check()))))
    assert "Well done" in page.text
    assert "Where to look next" not in page.headings


def test_next_is_the_first_open_question_and_its_misconception_first() -> None:
    softmax = QuestionResult("softmax", (check(),))
    ours = QuestionResult("scale_scores", (check(Outcome.GRADER_ERROR),))
    mixed_up = check(Outcome.FAILED, misconception="over_queries", message="Softmax goes row by row.")
    attention = QuestionResult("attention", (check(Outcome.ERROR, message="ValueError: no"), mixed_up))
    later = QuestionResult("later", (check(Outcome.FAILED, misconception="other"),))
    text = collapsed(student_page(report(softmax, ours, attention, later)).text)
    assert "Where to look next attention looks like a known mix-up: over queries Softmax goes row by row." in text


def test_next_is_the_first_failing_check_where_no_misconception_is_named() -> None:
    checks = (check(), check(Outcome.TIMEOUT, title="Is quick."), check(Outcome.FAILED, title="Is right."))
    text = collapsed(student_page(report(QuestionResult("softmax", checks))).text)
    assert "Where to look next softmax: Is quick." in text


@pytest.mark.parametrize("message", ["", "Look at the axis."])
def test_every_outcome_has_words_of_its_own(message: str) -> None:
    checks = [check(outcome, points=0, message=message) for outcome in Outcome]
    texts = {collapsed(student_page(report(QuestionResult("softmax", (one,)))).text) for one in checks}
    assert len(texts) == len(Outcome)


def test_what_is_missing_is_not_done_yet_and_said_once() -> None:
    stub = check(Outcome.MISSING, message="`softmax` is still the stub.")
    page = student_page(report(QuestionResult("full", (check(),)), QuestionResult("softmax", (stub, stub, stub))))
    assert page.text.count("not done yet") == 3
    section = page.text.rsplit("0 / 6", 1)[1]
    assert section.count("is still the stub.") == 1


def test_what_could_not_be_read_is_not_called_unwritten() -> None:
    text = collapsed(student_page(report(QuestionResult("softmax", (UNREAD, UNREAD)))).text)
    assert "softmax could not be read. Mend this first: softmax could not be read: SyntaxError in code cell 5" in text
    assert text.count("It works. could not be read 0 / 2") == 2
    assert not re.search("not done yet|the next one to fill in|Nothing to grade yet", text)
    assert verdict(QuestionResult("softmax", (UNREAD,))) == UNREAD.message


def test_a_misconception_is_explained_once_in_its_question() -> None:
    mixed_up = check(Outcome.FAILED, misconception="over_queries", message="Softmax goes row by row.")
    timed_out = check(Outcome.TIMEOUT, title="Is quick.")
    page = student_page(report(QuestionResult("softmax", (mixed_up, mixed_up, timed_out, timed_out))))
    section = collapsed(page.text.split("The main thing to learn here")[1])
    assert section.startswith("over queries Softmax goes row by row.")
    assert section.count("Softmax goes row by row.") == 1
    assert section.count("It was still running") == 1
    assert section.count("The mix-up again: over queries.") == 2
    assert section.count("The same as for “Is quick.”.") == 1


def test_a_lesson_that_was_told_is_not_told_again_with_another_finding() -> None:
    lesson = "Each column sums to 1, not each row.\nWhich axis holds the scores of one query?"
    first, alike, wordless = (
        check(Outcome.FAILED, misconception="over_queries", message=f"{finding}\n{lesson}")
        for finding in ("S is (3, 5).", "S is (2, 4).\nIn line 7: `softmax(S)`", "")
    )
    other = check(Outcome.FAILED, misconception="over_queries", message="S is (1, 1).\nAnother lesson.\nAnother hint.")
    page = student_page(report(QuestionResult("softmax", (first, alike, wordless, other))))
    assert page.headings.count("Where to look next") == 1
    section = page.text.split("The main thing to learn here")[1]
    assert section.count("Each column sums to 1") == section.count("Which axis holds") == 1
    assert "S is (2, 4).\nIn line 7: softmax(S)" in section
    assert "Another lesson.\nAnother hint." in section


def test_a_message_keeps_its_lines_and_its_code() -> None:
    message = "The rows differ.\nSee `np.sum`.\n\nexpected  [0.2 0.8]\n     got  [0.5 0.5]\n"
    source = submission_page(report(QuestionResult("softmax", (check(Outcome.FAILED, message=message),))))
    assert "<p>The rows differ.\nSee <code>np.sum</code>.</p>" in source
    assert '<pre tabindex="0">expected  [0.2 0.8]\n     got  [0.5 0.5]</pre>' in source


def test_code_in_the_title_of_a_check_is_shown_as_code_wherever_it_stands() -> None:
    late = check(Outcome.TIMEOUT, name="test_late", title="With `np.sum` it is quick.")
    right = check(title="As `np.mean`.", name="test_right")
    source = submission_page(report(QuestionResult("softmax", (late, late, right))))
    assert source.count("With <code>np.sum</code> it is quick.") == 4, "where to look next, two checks, and the same as"
    assert "As <code>np.mean</code>." in source
    assert "`" not in source.split("<body>")[1]


def test_written_answers_and_notes_are_told() -> None:
    page = student_page(report(written=(WrittenAnswer("why_sqrt_d", 3),), notes=("One cell was not run.",)))
    assert "its points are part of your mark" in page.text
    assert "why_sqrt_d, up to 3 points" in collapsed(page.text)
    assert "One cell was not run." in page.text
