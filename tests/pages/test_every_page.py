"""What holds of every page: nothing that a stranger wrote acts in it, and everybody can read it."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given, settings

from autograder.classroom.marks.model import Member, WrittenMark
from autograder.pages.submission_page import mark_page
from autograder.report.model import Outcome, QuestionResult, Report, Status, WrittenAnswer
from tests.helpers.given_marks import given_mark
from tests.helpers.pages import (
    Page,
    assert_readable_without_sight,
    assert_runs_only_what_it_allows,
    assert_shown_as_text,
    collapsed,
    instructor_page,
    student_page,
)
from tests.helpers.reports import check, report, unreadable
from tests.helpers.untrusted import MARKUP, NASTY, TEXT


def every_field(text: str) -> list[Report]:
    """Reports in which all that is text is `text`, and every outcome happens."""
    checks = tuple(check(o, name=text, title=text, message=text, misconception=text or None) for o in Outcome)
    full = Report(
        student=text,
        assignment=text,
        title=text,
        status=Status.GRADED,
        questions=(QuestionResult(text, checks), QuestionResult(text, checks[1:])),
        written=(WrittenAnswer(text, 3),),
        notes=(text,),
        confined=False,
    )
    return [full, replace(full, assignment=f"{text}2", status=Status.UNREADABLE, error=text, questions=())]


SHOWN_TO_STUDENTS = {
    "student": report(student=MARKUP),
    "assignment": report(assignment=MARKUP),
    "title": report(title=MARKUP),
    "error": unreadable(MARKUP),
    "note": report(notes=(MARKUP,)),
    "written": report(written=(WrittenAnswer(MARKUP, 1),)),
    "question": report(QuestionResult(MARKUP, (check(),))),
    "check": report(QuestionResult("softmax", (check(title=MARKUP),))),
    "name of a check without title": report(QuestionResult("softmax", (check(title="", name=MARKUP),))),
    "message": report(QuestionResult("softmax", (check(Outcome.FAILED, message=MARKUP),))),
    "message of a passed check": report(QuestionResult("softmax", (check(message=MARKUP),))),
    "misconception": report(QuestionResult("softmax", (check(Outcome.FAILED, misconception=MARKUP),))),
}
WRITTEN = report(written=(WrittenAnswer("why", 3),))
MARKS_SHOWN_TO_STUDENTS = {
    "name": (report(), given_mark(checks=0, of=0, student=MARKUP)),
    "reason": (report(), given_mark(checks=0, adjust={MARKUP: -1})),
    "comment": (WRITTEN, given_mark(checks=0, answers=(WrittenMark("why", 1, 3, MARKUP),))),
}
SHOWN_TO_INSTRUCTORS = {
    **{field: SHOWN_TO_STUDENTS[field] for field in ("student", "assignment", "error", "question", "misconception")},
    "message of a grader error": report(QuestionResult("softmax", (check(Outcome.GRADER_ERROR, message=MARKUP),))),
}


@pytest.mark.parametrize("field", SHOWN_TO_STUDENTS)
def test_markup_is_shown_to_students_as_text(field: str) -> None:
    assert_shown_as_text(student_page(SHOWN_TO_STUDENTS[field]))


@pytest.mark.parametrize("field", MARKS_SHOWN_TO_STUDENTS)
def test_markup_in_a_mark_is_shown_to_students_as_text(field: str) -> None:
    of, mark = MARKS_SHOWN_TO_STUDENTS[field]
    assert_shown_as_text(student_page(of, mark))
    if field != "comment":
        assert_shown_as_text(Page(mark_page(mark)))


def test_markup_in_marks_is_shown_to_instructors_as_text() -> None:
    member = Member(MARKUP, f"team {MARKUP}", section=f"section {MARKUP}")
    page = instructor_page(report(student=member.folder), members=[member], warnings=(MARKUP,))
    assert_shown_as_text(page)
    assert page.text.count(MARKUP) >= 5


@pytest.mark.parametrize("field", SHOWN_TO_INSTRUCTORS)
def test_markup_is_shown_to_instructors_as_text(field: str) -> None:
    assert_shown_as_text(instructor_page(SHOWN_TO_INSTRUCTORS[field]))


def test_only_the_class_page_runs_anything_and_only_our_own_script() -> None:
    assert not student_page(report()).scripts
    assert len({instructor_page(each).scripts[0] for each in SHOWN_TO_INSTRUCTORS.values()}) == 1


@settings(deadline=None, max_examples=60)
@given(TEXT)
@example("".join(NASTY))
def test_any_text_gives_a_sound_page_that_stands_alone(text: str) -> None:
    reports = every_field(text)
    answers = (WrittenMark(text, 1, 3, text),)
    mark = given_mark(checks=1, adjust={text: -1}, student=text, assignment=text, answers=answers, is_late=True)
    people = [Member(text, text, section=text)]
    in_class = instructor_page(*reports, members=people, given=[mark], warnings=(text,))
    own = [student_page(reports[0], mark), Page(mark_page(mark))]
    for page in (*map(student_page, reports), *own, instructor_page(*reports), in_class):
        page.text.encode("utf-8")
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page.text)
        assert len(page.all("id")) == len(set(page.all("id")))
        for href in page.all("href"):
            assert href.isascii()
            target = urlsplit(urljoin("file:///out/index.html", href))
            assert (target.scheme, target.netloc, target.query) == ("file", "", "")
            assert not target.fragment or target.fragment in page.all("id")
        assert {"src", "srcset", "action", "background"}.isdisjoint(name for _, attrs in page.tags for name in attrs)
        assert not re.search(r"url\(|@import|https?:", page.style)
        assert_runs_only_what_it_allows(page)
        assert_readable_without_sight(page)


def test_pages_follow_light_and_dark() -> None:
    page = student_page(report())
    assert "color-scheme: light dark" in page.style
    assert "(prefers-color-scheme: dark)" in page.style


def test_a_fault_of_ours_is_owned_and_its_traceback_kept_from_the_student() -> None:
    broken = check(Outcome.GRADER_ERROR, points=1.5, message="Traceback: reference.softmax")
    graded = report(QuestionResult("softmax", (check(), broken)))
    to_student = student_page(graded).text
    assert "our fault, not yours" in to_student
    assert "Up to 1.5 points may still be added" in collapsed(to_student)
    assert "2 of 3.5 points so far" in collapsed(to_student)
    assert "softmax 2 / 3.5 so far" in collapsed(to_student)
    assert "our fault, not yours up to 1.5 more" in collapsed(to_student)
    assert "Traceback" not in to_student
    to_instructor = instructor_page(graded)
    assert "Traceback: reference.softmax" in to_instructor.text
    assert "not final" in to_instructor.text.split("Students and their questions")[1]


def test_an_unreadable_submission_says_why_and_what_to_do() -> None:
    lost = unreadable("The notebook is cut off in line 7.", written=(WrittenAnswer("why_sqrt_d", 3),))
    page = student_page(lost)
    assert page.headings == ["Your submission could not be read"]  # and nothing is graded by hand
    assert "The notebook is cut off in line 7." in page.text
    assert "Open your file" not in page.text  # the reason may be its name
    assert "No score yet" in page.text
    assert "What to do" in page.text
    assert "03_softmax.ipynb" in page.text
    assert "The notebook is cut off in line 7." in instructor_page(lost).text


@pytest.mark.parametrize("confined", [True, False])
def test_grading_without_confinement_is_said_on_every_page(confined: bool) -> None:
    graded = report(confined=confined)
    for page in (student_page(graded), instructor_page(graded, report(student="bo"))):
        assert ("without confinement" in page.text) is not confined
