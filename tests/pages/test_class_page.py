"""The page of a class: what leads, what it names, and where it links to."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.classroom.marks.model import MarkStatus, Member, WrittenMark
from autograder.pages.class_page import TOP_N, class_page
from autograder.report.model import Outcome, QuestionResult
from autograder.report.statistics import MIN_STUDENTS_FOR_STATISTICS
from autograder.report.ungraded import UngradedFile
from tests.helpers.given_marks import class_of_marks, given_mark
from tests.helpers.pages import (
    Page,
    assert_readable_without_sight,
    assert_runs_only_what_it_allows,
    collapsed,
    instructor_page,
    page_link,
)
from tests.helpers.reports import answer, check, report, scores, unreadable, with_misconceptions
from tests.helpers.untrusted import MARKUP, TEXT


@settings(deadline=None, max_examples=200)
@given(st.binary(min_size=1, max_size=20), st.binary(min_size=1, max_size=20))
@example(b"javascript:alert(1)", b"?#%41&")
@example(b"\xff caf\xc3\xa9", b"~a+b;c=d,e@f")
def test_a_link_leads_to_the_file_whatever_its_name(student: bytes, assignment: bytes) -> None:
    names = [name.translate(None, b"/\0").lstrip(b".") or b"x" for name in (student, assignment)]
    graded = report(student=os.fsdecode(names[0]), assignment=os.fsdecode(names[1]))
    (link,) = instructor_page(graded).links
    target = urlsplit(urljoin("file:///out/index.html", link))
    assert unquote_to_bytes(target.path) == b"/out/" + names[0] + b"/" + names[1] + b".html"


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "//evil.example/x", "https://evil.example", "\\\\evil\\x", "data:x"]
)
def test_no_link_can_leave_for_another_host_or_scheme(href: str) -> None:
    (link,) = Page(class_page([report()], class_of_marks(report()), lambda *_: href)).links
    target = urlsplit(urljoin("file:///out/index.html", link))
    assert (target.scheme, target.netloc) == ("file", "")
    assert target.path.startswith("/out/")
    assert "\\" not in link


def test_a_percent_sign_in_a_name_stays_one() -> None:
    (link,) = Page(class_page([report()], class_of_marks(report()), lambda *_: "ada/a%20b.html")).links
    assert unquote_to_bytes(urlsplit(link).path) == b"./ada/a%20b.html"


def test_the_figures_on_top_say_that_they_are_of_all_assignments() -> None:
    first, second = report(*scores(5)), report(*scores(10, of=30), assignment="04")
    assert "Class results All assignments Students1" in collapsed(instructor_page(first, second).text)
    assert "All assignments" not in instructor_page(first).text


def test_a_long_name_may_break_behind_its_underscores_only() -> None:
    work = report(answer("scaled_dot_<b>", 5))
    source = class_page([work], class_of_marks(work), page_link)
    assert "<code>scaled_<wbr>dot_<wbr>&lt;b&gt;</code>" in source


def test_a_check_that_nobody_passes_is_told_at_once_and_named() -> None:
    never, always = check(Outcome.FAILED, name="a", title="Never."), check(name="b", title="Always.")
    page = instructor_page(
        *(report(QuestionResult("q", (never, always)), student=f"s{i}") for i in range(MIN_STUDENTS_FOR_STATISTICS)),
    )
    text = collapsed(page.text)
    assert text.index("1 check is passed by nobody.") < text.index("Teach again")
    nobody, everybody = text.split("Checks that nobody passes")[1].split("Checks that everybody passes")
    assert "Never. q · 03_softmax · 10 answers" in nobody
    assert "Always. q · 03_softmax · 10 answers" in everybody
    assert "Always." not in nobody


def test_grader_errors_come_first_and_then_what_to_teach_again() -> None:
    broken = report(QuestionResult("softmax", (check(Outcome.GRADER_ERROR),)), confined=False)
    page = instructor_page(unreadable("cut off", student="bo"), broken)
    assert page.headings[:4] == ["Grader errors", "Teach again", "Hardest questions", "Marks over the class"]
    assert page.text.index("Grader errors") < page.text.index("Graded without confinement")


def test_the_mistakes_that_most_share_lead_and_link_to_their_students() -> None:
    rare = [f"rare {i:02}" for i in range(TOP_N)]
    reports = [report(with_misconceptions("over_queries", "base two"), student=f"s{i}") for i in range(3)]
    reports += [report(with_misconceptions("over_queries", *rare)), report(with_misconceptions("own"), student="bo")]
    page = instructor_page(*reports, report(with_misconceptions(*rare), student="cy"))
    lead = collapsed(page.text.split("Teach again")[1].split("Hardest questions")[0])
    assert "67% over queries softmax · 03_softmax · 4 of 6 students Statement over_queries. 50% base two" in lead
    assert "Hint" not in lead  # it stands with the students
    assert "own" not in lead  # one student's mistake is no lesson for a class
    assert rare[TOP_N - 3] in lead
    assert rare[TOP_N - 2] not in lead
    assert "#m0" in page.all("href")
    students = collapsed(page.text.split("Misconceptions and their students")[1]).split("50% base two")[0]
    assert "Statement over_queries. Hint over_queries. ada s0 s1 s2" in students


def test_questions_keep_the_order_of_the_assignment_and_the_hardest_lead() -> None:
    late, early = (
        QuestionResult("a_late", (check(Outcome.FAILED, points=4, title="Is late."),)),
        QuestionResult("z_early", (check(points=1), check(Outcome.FAILED, points=3))),
    )
    page = instructor_page(report(early, late), report(*scores(), student="bo"), unreadable("x", student="cy"))
    hardest, rest = collapsed(page.text.split("Hardest questions")[1]).split("Marks over the class")
    assert "0% a_late 03_softmax 100% of those who wrote it fail at: Is late. 25% z_early" in hardest
    assert re.search("z_early03_softmax 25% 0 of 1 —.* a_late03_softmax 0% 0 of 1 —", rest)


def heat_map_rows(page: Page) -> list[str]:
    table = page.text.split("Students and their questions")[1].split("Misconceptions and their students")[0]
    return [collapsed(row) for row in re.split(r"\n(?=(?:ada|bo|cy|di|Class mean .*)\n)", table)][1:]


def test_the_heat_map_shows_every_score_every_gap_and_the_means() -> None:
    reports = [
        report(*scores(2, 10), student="bo", assignment="02"),
        report(*scores(10), assignment="01"),
        report(*scores(6, 10), assignment="02"),
        unreadable("cut off", student="bo", assignment="01", questions=scores(0)),
        report(QuestionResult("q0", (check(Outcome.GRADER_ERROR, points=10),)), student="cy", assignment="02"),
    ]
    ada, bo, cy, di, *means = heat_map_rows(instructor_page(*reports, students=["di", "ada"]))
    assert ada == "ada 90% 10 / 10 10 16 / 20 6 10"  # each assignment counts as much as the other
    assert bo == "bo 60% so far unreadable 12 / 20 2 10"
    assert cy == "cy —no mean yet missing 0 / 10 not final 0 not final"
    assert di == "di —no mean yet missing missing"
    assert means == [
        "Class mean of what was handed in 75% 100% 100% 70% 40% 100%",  # of 90 and 60
        "Class mean over the whole class 50% 33% 47%",  # di has 0; cy's work has no number yet; cy lacks 01, too
    ]


def test_who_has_handed_in_nothing_is_named() -> None:
    page = instructor_page(report(*scores(1)), students=["ada", MARKUP, "bo"])
    assert "No submission 2" in collapsed(page.text)
    assert re.search(r"2 students\s+" + re.escape(MARKUP) + r"\s+bo", page.text)
    assert "No submission" not in instructor_page(report(*scores(1))).text


@settings(deadline=None, max_examples=40)
@given(TEXT, TEXT)
def test_any_name_in_the_class_list_gives_a_sound_page(student: str, absent: str) -> None:
    page = instructor_page(report(with_misconceptions(student, absent), student=student), students=[absent, student])
    assert len(page.all("id")) == len(set(page.all("id")))
    assert_runs_only_what_it_allows(page)
    assert_readable_without_sight(page)


def test_the_page_of_an_empty_class_says_so() -> None:
    assert "Nothing has been graded so far." in instructor_page().text
    text = collapsed(instructor_page(students=["ada"]).text)
    assert "Nothing has been graded so far." in text
    assert "1 student ada" in text


LATE = given_mark(checks=8, of=10, adjust={"Handed in late.": -2}, is_late=True)
AWAITING = given_mark(
    MarkStatus.AWAITS_HAND_GRADING, checks=4, of=14, possible_without_written=10, mark_without_written=4, student="bo"
)


def test_the_mark_stands_in_the_row_of_each_student_with_a_word_for_what_is_to_be_known() -> None:
    page = instructor_page(
        report(*scores(8)),
        report(*scores(4), student="bo"),
        given=[LATE, AWAITING, given_mark(MarkStatus.EXCUSED, student="cy")],
        students=["di"],
    )
    ada, bo, cy, di, *means = heat_map_rows(page)
    assert ada == "ada 60% 6 / 10 late 8"
    assert bo == "bo —no mean yet 4 / 10 awaiting 4"
    assert cy == "cy —no mean yet excused"
    assert di == "di —no mean yet missing"
    assert means == [
        "Class mean of what was handed in 60% 60% 60%",
        "Class mean over the whole class 30% 30%",  # without cy, and without bo's work, which has no number yet
    ]
    figures = collapsed(page.text).split("Teach again")[0]
    assert (
        "Students4 No submission1 Submissions2 Class mean60% of what was handed in30% over the whole class" in figures
    )
    assert "Late1 from 1 student For a person to look at Await hand grading1 from 1 student" in figures
    assert sorted(page.links) == ["./ada/03_softmax.html", "./bo/03_softmax.html", "./cy/03_softmax.html"]


def test_points_of_answers_in_words_stand_in_a_column_of_their_own() -> None:
    answers = (WrittenMark("why", 2.5, 4),)
    graded = given_mark(checks=8, written=2.5, of=14, answers=answers, possible_without_written=10)
    page = instructor_page(report(*scores(8)), report(*scores(4), student="bo"), given=[graded, AWAITING])
    ada, bo, *_means = heat_map_rows(page)
    assert ada.endswith("10.5 / 14 8 2.5")
    assert bo.endswith("4 / 10 awaiting 4")
    assert "in words" in page.text
    assert "in words" not in instructor_page(report(*scores(8))).text.split("Student\n")[-1]


def test_where_nobody_has_a_mark_the_figures_say_that_they_are_of_the_checks() -> None:
    page = instructor_page(report(*scores(4), student="bo"), given=[AWAITING])
    text = collapsed(page.text)
    assert "Class mean of the checks40%" in text
    assert "1 of 1; median 40%; of the checks" in text
    assert "Nobody has a mark so far: “checks” is a student's share" in text
    bo, means, of_all = heat_map_rows(page)
    assert bo == "bo 40% 4 / 10 awaiting 4"
    assert means == "Class mean of what was handed in 40% 40% of the checks 40%"
    assert of_all == "Class mean over the whole class 40% 40% of the checks"


def test_who_has_withdrawn_has_a_row_and_is_in_no_mean_count_or_list() -> None:
    gone = [Member("gone", "gone", is_withdrawn=True), Member("left", "left", is_withdrawn=True)]
    mixed_up = report(with_misconceptions("over_queries"), student="gone")
    page = instructor_page(report(*scores(8)), report(*scores(6), student="bo"), mixed_up, members=gone)
    text = collapsed(page.text)
    assert "Students2 Submissions2 Class mean70% of what was handed in70% over the whole class Withdrawn2" in text
    assert "No submission" not in text
    assert "over queries" not in text
    assert "2 of 2; median 70%" in text
    assert "gone withdrawn 0%" in text
    assert "left withdrawn —no mean yet missing" in text


def test_members_of_a_team_stand_in_a_row_each_and_link_to_their_own_pages() -> None:
    team = [Member("ada", "team7", section="Monday"), Member("bo", "team7", section="Tuesday")]
    work = report(with_misconceptions("over_queries"), student="team7")
    alone = report(with_misconceptions("over_queries"), student="cy")
    page = instructor_page(work, alone, members=team, given=[given_mark(checks=0, of=2, adjust={"Helped.": 1})])
    rows = page.text.split("Students and their questions")[1].split("Misconceptions and their students")[0]
    assert "ada team7 · Monday 50% 1 / 2" in collapsed(rows)
    assert "bo team7 · Tuesday 0% 0 / 2" in collapsed(rows)
    named = collapsed(page.text.split("Misconceptions and their students")[1])
    assert "cy ada, bo" in named
    assert "./ada/03_softmax.html" in page.links
    assert "./bo/03_softmax.html" in page.links
    assert "./team7/03_softmax.html" not in page.links
    assert "Students3 Submissions2" in collapsed(page.text)
    assert {"Monday", "Tuesday"} <= {attrs["value"] for tag, attrs in page.tags if tag == "option"}


def test_a_class_without_sections_is_not_asked_for_one() -> None:
    assert "section" not in instructor_page(report()).all("id")
    assert "section" in instructor_page(report(), members=[Member("ada", "ada", section="Monday")]).all("id")


def test_a_zero_for_nothing_is_in_the_mean_over_the_whole_class_only() -> None:
    """Whether the rules give that zero, or nobody has a mark for it: both means are the same."""
    zero = given_mark(MarkStatus.MISSING, mark=0, student="bo", adjust={"Nothing came in: it counts 0.": 0})
    for marks, median in (([], 80), ([zero], 40)):
        page = instructor_page(report(*scores(8)), given=marks, students=["bo"])
        text = collapsed(page.text)
        assert "Class mean80% of what was handed in40% over the whole class" in text
        assert f"1 of 2; median {median}% mean 80% of 1 handed in, 40% over the 2 of the whole class" in text


def test_answers_that_count_0_until_somebody_reads_them_are_told_from_those_that_do_not_count_yet() -> None:
    zero = replace(AWAITING, mark=4, written=0)
    bo = heat_map_rows(instructor_page(report(*scores(4), student="bo"), given=[zero]))[0]
    assert bo == "bo 29% 4 / 14 awaiting, 0 so far 4"
    assert "Await hand grading1" in collapsed(instructor_page(given=[zero]).text)


def test_work_and_the_students_whom_it_is_from_are_counted_both() -> None:
    """A link leads to students; a team has several, and one piece of work."""
    team = [Member(name, "team7") for name in ("ada", "bo", "cy")]
    late = [given_mark(checks=8, is_late=True, student=name) for name in ("ada", "bo", "cy")]
    late += [given_mark(checks=8, is_late=True, student="di", assignment=name) for name in ("02", "03_softmax")]
    page = instructor_page(report(student="team7"), members=team, given=late)
    assert "Late3 from 4 students" in collapsed(page.text)


def test_nothing_waits_for_a_person_where_all_is_done() -> None:
    assert "Nothing waits for a person." in instructor_page(report()).text
    assert "Nothing waits" not in instructor_page(report(), warnings=("Look at this.",)).text
    assert "Nothing waits" not in instructor_page(students=["ada"]).text, "nothing is graded yet"


def test_what_got_no_place_on_its_way_in_stands_on_top_with_its_source() -> None:
    nobody = "Nobody in the roster has this ID."
    files = [
        UngradedFile("", "", f"roe_{MARKUP}_softmax.ipynb", nobody, "submissions.zip"),
        UngradedFile("", "", "doe_17_softmax.ipynb", nobody, "submissions.zip"),
        UngradedFile("ada", "", "team_3.ipynb", "Which assignment is it for?", "more.zip"),
        UngradedFile("bo", "", "team_3.ipynb", "Which assignment is it for?", "more.zip"),  # handed in by both
        UngradedFile("", "", "", "The archive is damaged.", "last.zip"),
        UngradedFile("cy", "", "cy/notes.ipynb", "What is it for?"),
    ]
    marks = class_of_marks(report(student="di"), students=["ada", "bo", "cy"])
    page = Page(class_page([report(student="di")], marks, page_link, ungraded=files))
    text = collapsed(page.text)
    assert "For a person to look at Not placed on the way in4 Files not graded1" in text
    assert {"#unplaced", "#ungraded"} <= set(page.all("href"))
    section = text.split("collect and grade again.")[1].split("Handed in, and not graded")[0]
    assert (
        section.split()
        == (
            f"last.zip 1 without a place The archive is damaged. "
            f"more.zip 1 without a place team_3.ipynb: Which assignment is it for? "
            f"submissions.zip 2 without a place doe_17_softmax.ipynb: {nobody} roe_{MARKUP}_softmax.ipynb: {nobody}"
        ).split()
    )
    assert "3 students ada not placed bo not placed cy " not in text, "of cy, a file lies where work is graded"
    assert "2 students ada not placed bo not placed" in text
    assert_runs_only_what_it_allows(page)


def test_when_it_was_graded_stands_on_top_and_beside_each_assignment_where_these_differ() -> None:
    reports = [report(assignment="02"), report(assignment="03")]
    first = datetime(2026, 10, 5, 9, 3, 59, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    later = datetime(2026, 10, 6, 21, 0, tzinfo=UTC)

    def text(**graded: datetime) -> str:
        times = {name.removeprefix("_"): time for name, time in graded.items()}
        return collapsed(Page(class_page(reports, class_of_marks(*reports), page_link, graded=times)).text)

    assert "Graded" not in text()
    alike = text(_02=first, _03=first, _09=later)  # of an assignment that is no part of the class any more
    assert alike.count("Graded") == alike.count("Graded 5 October 2026, 09:03 UTC+05:30 All assignments") == 1
    apart = text(_02=first, _03=later)
    assert "Graded 6 October 2026, 21:00 UTC All assignments" in apart
    assert [each[:14] for each in apart.split("Graded ")[1:]] == ["6 October 2026", "5 October 2026", "6 October 2026"]


def test_what_a_person_has_to_decide_is_listed() -> None:
    page = instructor_page(report(), warnings=(f"03_softmax: the time of {MARKUP} is not known.",))
    assert f"03_softmax: the time of {MARKUP} is not known." in page.text
    assert "To decide" in page.headings
    assert "To decide" not in instructor_page(report()).headings
