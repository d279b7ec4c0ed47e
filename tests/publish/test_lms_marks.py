"""LMS: which mark goes into which cell, whose it is, and what a student reads of it; all expected by hand."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.classroom.csv_file import CsvFile
from autograder.classroom.marks.model import Adjustment, Mark, MarkStatus, Member, WrittenMark
from autograder.classroom.members import roster_of_members
from autograder.classroom.roster import Roster, read_roster
from autograder.errors import UserError
from autograder.publish.lms.account import about_missing_marks, about_new
from autograder.publish.lms.canvas import EXCUSED, canvas_csv, fill_canvas_csv
from autograder.publish.lms.cell import MarkCell, Worth
from autograder.publish.lms.comment import comment_html
from autograder.publish.lms.long_csv import questions_csv
from autograder.publish.lms.moodle import fill_moodle_worksheet, moodle_csv
from autograder.publish.lms.table import MarkTable
from autograder.report.model import Outcome, Report, WrittenAnswer
from tests.helpers.mark_tables import a_mark, a_student, mark_table
from tests.helpers.reports import check, report, softmax, unreadable

A, B = "03_softmax", "04_attention"


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


# One cell

NO_MARK = [MarkStatus.MISSING, MarkStatus.UNREADABLE, MarkStatus.GRADER_ERROR, MarkStatus.AWAITS_HAND_GRADING]


@pytest.mark.parametrize("status", [*NO_MARK, MarkStatus.GRADED])
def test_a_mark_is_written_and_what_is_none_is_not(status: MarkStatus) -> None:
    """Also 0, where the policy says so: the status stays what it is."""
    assert MarkCell(a_mark("ada", A, 0, 5, status)).text(EXCUSED) == "0"
    assert MarkCell(a_mark("ada", A, None, 5, status)).text(EXCUSED) == ""


def test_the_excused_have_the_systems_word_or_nothing() -> None:
    cell = MarkCell(a_mark("ada", A, None, 5, MarkStatus.EXCUSED))
    assert [cell.text(EXCUSED), cell.text()] == ["EX", ""]


def test_extra_credit_goes_beyond_the_maximum() -> None:
    cell = MarkCell(a_mark("ada", A, 5.75))
    assert (cell.text(), cell.is_above) == ("5.75", True)
    assert not MarkCell(a_mark("ada", A, 0.1 + 0.2, 0.3)).is_above


def words(points: float | None, **more: object) -> Mark:
    """A mark of 10 for checks and 2 for an answer in words; a penalty of 1 is taken off."""
    mark = None if points is None else 8 + points
    status = MarkStatus.GRADED if points is not None else MarkStatus.AWAITS_HAND_GRADING
    fields = {"checks": 9.0, "written": points, "mark_without_written": 8.0, "possible_without_written": 10.0, **more}
    answers = (WrittenMark("why", points, 2, "" if points is None else "Nice: a < b\n& so on"),)
    late = Adjustment("Handed in <1 day> late.", -1)
    return a_mark("ada", A, mark, 12, status, adjustments=(late,), answers=answers, **fields)


def test_a_column_worth_the_checks_takes_the_mark_without_the_answers_in_words() -> None:
    """Though these await a person."""
    assert MarkCell(words(None), Worth.WITHOUT_WRITTEN).text() == "8"
    assert MarkCell(words(1.5), Worth.WITHOUT_WRITTEN).text() == "8"
    assert MarkCell(words(1.5)).text() == "9.5"
    assert MarkCell(words(None)).text() == ""


# The comment

GRADED = report(softmax(check(points=9), check(Outcome.FAILED, points=1, message="It is < 1.", title="Small.")))


def test_a_comment_says_the_mark_the_findings_the_answers_and_the_reasons() -> None:
    assert comment_html(MarkCell(words(1.5)), GRADED).split("<br>") == [
        "Mark: 9.5 of 12.",
        "<b>softmax</b>: 9 of 10",
        "Small.: It is &lt; 1.",
        "<b>why</b>: 1.5 of 2",
        "Nice: a &lt; b",
        "&amp; so on",
        "Handed in &lt;1 day&gt; late. (-1)",
    ]


def test_a_comment_is_silent_on_what_was_dropped() -> None:
    both = report(softmax(check(points=9, name="test_rows"), check(Outcome.FAILED, points=1, name="test_small")))
    lines = comment_html(MarkCell(words(1.5, dropped=("test_small",))), both).split("<br>")
    assert lines[1:3] == ["<b>softmax</b>: 9 of 9", "<b>why</b>: 1.5 of 2"]
    whole = comment_html(MarkCell(words(1.5, dropped=("softmax",))), both)
    assert "softmax" not in whole


def test_a_comment_beside_the_mark_of_the_checks_says_so() -> None:
    lines = comment_html(MarkCell(words(1.5), Worth.WITHOUT_WRITTEN), GRADED).split("<br>")
    assert lines[0] == "Mark: 8 of 10, without the answers in words."
    assert lines[3] == "With the answers in words: 9.5 of 12."


def test_a_comment_without_a_mark_says_what_is_known() -> None:
    assert comment_html(MarkCell(words(None)), GRADED).split("<br>") == [
        "Score of the checks: 9 of 10.",
        "<b>softmax</b>: 9 of 10",
        "Small.: It is &lt; 1.",
        "Handed in &lt;1 day&gt; late. (-1)",
    ]
    lost = a_mark("ada", A, None, 5, MarkStatus.UNREADABLE, adjustments=(Adjustment("No mark."),))
    assert comment_html(MarkCell(lost), unreadable("It is <cut> off.")) == (
        "Your submission could not be read. It is &lt;cut&gt; off.<br>No mark."
    )


def test_our_own_fault_is_no_comment_but_an_override_is() -> None:
    failed = report(softmax(check(Outcome.GRADER_ERROR, message="KeyError: 'secret'")))
    ours = a_mark("ada", A, None, 5, MarkStatus.GRADER_ERROR, adjustments=(Adjustment("Not your fault."),))
    assert comment_html(MarkCell(ours), failed) == ""
    both = replace(ours, mark=4.0, possible=7, mark_without_written=None, adjustments=(Adjustment("Set to 4.", 4),))
    assert comment_html(MarkCell(both, Worth.WITHOUT_WRITTEN), failed) == (
        "With the answers in words: 4 of 7.<br>Set to 4. (+4)"
    )
    assert comment_html(MarkCell(replace(ours, mark=4.0, adjustments=(Adjustment("Set to 4.", 4),))), failed) == (
        "Mark: 4 of 5.<br>Set to 4. (+4)"
    )


def test_nothing_handed_in_is_no_comment_but_a_zero_is() -> None:
    zero = a_mark("ada", A, 0, 5, MarkStatus.MISSING, adjustments=(Adjustment("Nothing was handed in."),))
    assert comment_html(MarkCell(zero), None) == "Mark: 0 of 5.<br>Nothing was handed in."
    assert comment_html(MarkCell(replace(zero, mark=None)), None) == ""


# Whose it is

CANVAS = CsvFile(
    ("Student", "ID", "SIS Login ID", "Section", f"{A} (71)", f"{B} (72)"),
    (
        ("    Points Possible", "", "", "", "10", "4"),
        ("Roe, Ana", "1", "ana", "S", "", "1"),
        ("Roe, Ben", "2", "ben", "S", "9", ""),
        ("Fox, Cem", "3", "cem", "S", "7", "EX"),
        ("Fox, Dora", "4", "dora", "S", "", ""),
    ),
)
TEAM = """\
folder,ID,SIS Login ID,Username,Section,Withdrawn
team7,1,ana,ana,S1,
team7,2,ben,ben,S2,
cem,3,cem,cem,S1,yes
"""


def work(folder: str, assignment: str) -> Report:
    return replace(GRADED, student=folder, assignment=assignment, title=assignment, written=(WrittenAnswer("why", 2),))


def a_class(*, has_teams: bool = True) -> MarkTable:
    """ana and ben share a folder; ben has an override. cem withdrew. dora is in no roster."""
    reports = [work(folder, name) for folder in ("team7", "cem", "dora") for name in (A, B)]
    team = [
        a_student(
            Member("ana", "team7", "S1"), replace(words(1.5), student="ana"), a_mark("ana", B, 4, 4)
        ),
        a_student(
            Member("ben", "team7", "S2"),
            a_mark("ben", A, 11, 12, possible_without_written=10, mark_without_written=None),
            a_mark("ben", B, None, 4, MarkStatus.EXCUSED),
        ),
    ]  # fmt: skip
    alone = [a_student("team7", replace(words(1.5), student="team7"), a_mark("team7", B, 4, 4))]
    others = [
        a_student(Member("cem", "cem", "S1", is_withdrawn=has_teams), words(0.0), a_mark("cem", B, 3, 4)),
        a_student("dora", words(0.0), a_mark("dora", B, 2.5, 4)),
    ]
    return mark_table([*(team if has_teams else alone), *others], reports)


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    (tmp_path / "roster.csv").write_text(TEAM)
    return read_roster(tmp_path / "roster.csv")


def test_canvas_gives_each_of_a_team_their_mark_by_their_own_ids(roster: Roster) -> None:
    filled = fill_canvas_csv(a_class(), roster, CANVAS, {})
    assert [line[4:] for line in rows(filled.text)[2:]] == [["8", "1"], ["9", "EX"], ["7", "EX"], ["", ""]]
    assert filled.columns == {(A, Worth.WITHOUT_WRITTEN): 10, (B, Worth.FULL): 4}
    assert (filled.count, filled.unknown, filled.strangers) == (1, ("dora",), ("Fox, Dora",))
    assert filled.withdrawn == ("cem",)
    assert [(mark.student, mark.assignment) for mark in filled.excused] == [("ben", B)]


def test_a_mark_for_code_and_words_is_not_written_into_a_column_for_code(roster: Roster) -> None:
    """It was set as a whole; 11 would be a mark out of 10 there. What a person wrote stays, and the command says so."""
    filled = fill_canvas_csv(a_class(), roster, CANVAS, {})
    assert [mark.student for mark in filled.set_as_a_whole] == ["ben"]
    assert (filled.above_maximum, filled.without_mark) == ((), ())
    (line,) = about_missing_marks(filled, Path("graded"))
    assert line == (
        "Set as a whole, answers in words included, and not written into a column that is worth only the checks: "
        f"ben {A} (11 of 12). Write a number there yourself."
    )
    assert not list(about_missing_marks(canvas_csv(a_class(), roster), Path("graded")))


def test_without_a_roster_the_members_are_found_by_their_names() -> None:
    table = a_class()
    people = roster_of_members(each.member for each in table.marks.students)
    filled = fill_canvas_csv(table, people, CANVAS, {})
    assert [line[4:] for line in rows(filled.text)[2:]] == [["8", "1"], ["9", "EX"], ["7", "EX"], ["8", "2.5"]]
    assert (filled.count, filled.unknown, filled.missing, filled.withdrawn) == (3, (), (), ("cem",))
    assert rows(canvas_csv(table, people).text) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", A, B],
        ["    Points Possible", "", "", "", "", "12", "4"],
        ["ana", "", "", "ana", "S1", "9.5", "4"],
        ["ben", "", "", "ben", "S2", "11", "EX"],
        ["dora", "", "", "dora", "", "8", "2.5"],
    ]


def test_a_roster_may_name_the_team_of_a_folder_that_the_class_took_for_one_person(roster: Roster) -> None:
    made = moodle_csv(a_class(has_teams=False), roster)
    assert rows(made.text) == [["Username", A, B], ["ana", "9.5", "4"], ["ben", "9.5", "4"]]
    assert (made.count, made.unknown, made.withdrawn) == (4, ("dora",), ("cem",))


def test_where_a_roster_calls_members_otherwise_nobody_is_given_anothers_mark(tmp_path: Path) -> None:
    """Which of the two is meant, nothing tells."""
    (tmp_path / "roster.csv").write_text("folder,Username\nteam7,a1\nteam7,b2\n")
    made = moodle_csv(a_class(), read_roster(tmp_path / "roster.csv"))
    assert rows(made.text) == [["Username", A, B]]
    assert (made.count, made.unknown, made.missing) == (0, ("ana", "ben", "dora"), ())


def test_the_plain_table_has_a_row_for_each_question_of_each_member(roster: Roster) -> None:
    made = questions_csv(a_class(), roster)
    assert rows(made.text) == [
        [
            *("folder", "ID", "SIS Login ID", "Username", "member", "section", "assignment"),
            *("status", "question", "score", "max_score", "misconceptions", "mark_status", "mark", "possible"),
        ],
        ["team7", "1", "ana", "ana", "ana", "S1", A, "graded", "softmax", "9", "10", "", "graded", "9.5", "12"],
        ["team7", "1", "ana", "ana", "ana", "S1", A, "graded", "why", "1.5", "2", "", "graded", "9.5", "12"],
        ["team7", "1", "ana", "ana", "ana", "S1", B, "graded", "softmax", "9", "10", "", "graded", "4", "4"],
        ["team7", "2", "ben", "ben", "ben", "S2", A, "graded", "softmax", "9", "10", "", "graded", "11", "12"],
        ["team7", "2", "ben", "ben", "ben", "S2", B, "graded", "softmax", "9", "10", "", "excused", "", "4"],
        ["dora", "", "", "", "dora", "", A, "graded", "softmax", "9", "10", "", "graded", "8", "12"],
        ["dora", "", "", "", "dora", "", A, "graded", "why", "0", "2", "", "graded", "8", "12"],
        ["dora", "", "", "", "dora", "", B, "graded", "softmax", "9", "10", "", "graded", "2.5", "4"],
    ]
    assert (made.unknown, made.withdrawn) == (("dora",), ("cem",))


def test_answers_that_nobody_has_graded_have_no_score_in_the_plain_table() -> None:
    table = mark_table([a_student("ada", words(None))], [GRADED])
    (_, _, answer) = rows(questions_csv(table, roster_of_members([Member("ada", "ada")])).text)
    assert answer[4:] == ["awaits_hand_grading", "why", "", "2", "", "awaits_hand_grading", "", "12"]


SHEET = CsvFile(
    (
        "Identifier",
        "Full name",
        "Email address",
        "Grade",
        "Maximum Grade",
        "Last modified (grade)",
        "Feedback comments",
    ),
    (
        ("Participant 1", "Ana Roe", "ana", "7.00", "10.00", "-", "A comment"),
        ("Participant 2", "Ben Roe", "ben", "", "10.00", "-", ""),
        ("Participant 3", "Cem Fox", "cem", "3.00", "10.00", "-", "Bye"),
    ),
)


def test_a_worksheet_that_is_worth_the_checks_takes_their_marks() -> None:
    table = a_class()
    people = roster_of_members(each.member for each in table.marks.students)
    filled = fill_moodle_worksheet(replace(table, assignments=(A,)), people, SHEET)
    (_, ana, ben, cem) = rows(filled.text)
    assert [ana[3], ben[3]] == ["7.00", ""]
    by_hand = "Your grade was entered by a person, and is the one that counts.<br><b>softmax</b>: 9 of 10<br>"
    assert ana[6].startswith(f"A comment<br><br>[autograder]<br>{by_hand}")
    assert "With the answers in words" not in ana[6]
    blank = replace(SHEET, rows=(tuple("" if cell == "7.00" else cell for cell in SHEET.rows[0]), *SHEET.rows[1:]))
    (_, ana, *_) = rows(fill_moodle_worksheet(replace(table, assignments=(A,)), people, blank).text)
    assert ana[3] == "8"
    ours = "Mark: 8 of 10, without the answers in words.<br><b>softmax</b>: 9 of 10<br>"
    assert ana[6].startswith(f"A comment<br><br>[autograder]<br>{ours}")
    assert cem == list(SHEET.rows[2])
    assert filled.above_maximum == ()


def test_a_mark_above_the_maximum_of_a_worksheet_is_told() -> None:
    extra = a_mark("ana", A, 12.5, 12, mark_without_written=10.5, possible_without_written=10)
    table = mark_table([a_student("ana", extra)], [work("ana", A)])
    filled = fill_moodle_worksheet(table, roster_of_members([Member("ana", "ana")]), SHEET)
    assert [(cell.mark.student, cell.points) for cell in filled.above_maximum] == [("ana", 10.5)]


def test_a_maximum_that_is_no_marks_is_refused() -> None:
    for maximum, says in (("9", "worth 9 there and 12 here, 10 of them for the checks"), ("x", "'x' is no number")):
        with pytest.raises(UserError, match=says):
            a_class().worth(A, maximum, "Maximum Grade")
    with pytest.raises(UserError, match=r"worth 12 there and 4 here: set it to 4 in the LMS"):
        a_class().worth(B, "12.00", "Maximum Grade")


def test_the_maximum_is_that_of_who_is_there_and_handed_in() -> None:
    """Withdrawn, unread or graded long ago: none of these decides."""
    gone = a_student(Member("cem", "cem", is_withdrawn=True), a_mark("cem", A, 3, 7))
    absent = a_student("eva", a_mark("eva", A, None, 0, MarkStatus.MISSING))
    table = mark_table([gone, absent, a_student("ada", a_mark("ada", A, 4))], [GRADED, replace(GRADED, student="cem")])
    assert table.possible(A) == 5
    assert mark_table([a_student("eva", a_mark("eva", A, None, 6))], []).possible(A) == 6


def test_of_many_blank_cells_some_are_named_and_the_others_counted() -> None:
    students = [
        a_student(f"s{number:02}", a_mark(f"s{number:02}", A, 1, 2), a_mark(f"s{number:02}", B, None, 2, NO_MARK[0]))
        for number in range(30)
    ]
    table = mark_table(students, [work(each.member.name, A) for each in students])
    made = canvas_csv(table, roster_of_members(each.member for each in students))
    (line,) = (each for each in about_new(made, is_for_moodle=False) if each.startswith("Blank beside marks: 30 ("))
    assert "s04 04_attention and 25 more)" in line
    assert "s05" not in line
