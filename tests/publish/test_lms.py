"""LMS: files that the importers of Canvas and Moodle, by their own rules, read as these marks; nobody is dropped."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from autograder.classroom.csv_file import read_csv_file
from autograder.classroom.members import roster_of_members
from autograder.classroom.roster import Roster, read_roster
from autograder.errors import UserError
from autograder.publish.lms.canvas import canvas_csv, fill_canvas_csv
from autograder.publish.lms.ledger import Export
from autograder.publish.lms.long_csv import questions_csv
from autograder.publish.lms.moodle import fill_moodle_worksheet, moodle_csv
from autograder.report.model import number
from autograder.text import for_csv
from tests.helpers.golden_class import CLASS, COLUMN, GIVEN_FILES, MARKS, find, marks
from tests.helpers.mark_tables import a_mark, a_student, mark_table

pytestmark = pytest.mark.slow

ROSTER, EXPORT, WORKSHEET = (GIVEN_FILES / name for name in ("roster.csv", "canvas_export.csv", "moodle_worksheet.csv"))
EVE = "=eve,;\"'"


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.fixture
def roster() -> Roster:
    return read_roster(ROSTER)


# Canvas, by the rules of lib/gradebook_importer.rb


def canvas_reads(text: str) -> tuple[dict[str, float], dict[str, dict[str, str]]]:
    """What Canvas takes from a file: the points of each assignment, and the grades of each student by SIS user id."""
    first_lines = text.removeprefix("\ufeff").split("\n")[:3]  # by which it tells commas from semicolons
    assert len({len(next(csv.reader([line]))) for line in first_lines}) == 1
    header, *lines = rows(text)
    assert "Student" in header[0]
    assert "ID" in header[1]
    assert re.search(r"SIS\s+User\s+ID", header[2])
    assert re.search(r"SIS\s+Login\s+ID", header[3])
    assert "Section" in header[4]
    titles = [title for title in header[5:] if not re.search("Current Score|Final Grade", title)]
    points: dict[str, float] = {}
    grades: dict[str, dict[str, str]] = {}
    for line in lines:
        if "Points Possible" in line[0]:
            points = {title: float(line[header.index(title)]) for title in titles}
        elif not all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", column) for column in line):
            key = line[2] or line[0]
            assert key not in grades
            grades[key] = {title: line[header.index(title)].strip() for title in titles}
    return points, grades


def test_canvas_reads_a_new_gradebook_as_these_marks(roster: Roster) -> None:
    points, grades = canvas_reads(canvas_csv(marks(), roster).text)
    assert points == {"03_softmax": 5, "04_attention": 12}
    assert grades["S1"] == {"03_softmax": "5", "04_attention": "10.5"}
    assert grades["S2"] == {"03_softmax": "2", "04_attention": "EX"}
    assert grades["S5"] == {"03_softmax": "0", "04_attention": "0"}
    assert grades[for_csv(EVE)] == {"03_softmax": "0", "04_attention": ""}
    assert set(grades) == {"S1", "S2", "S5", for_csv(EVE)}, "a blank could delete a score: no mark, no row"


def test_blanks_beside_marks_are_named_for_canvas_may_delete_scores(roster: Roster) -> None:
    made = canvas_csv(marks(), roster)
    assert [(mark.student, mark.assignment) for mark in made.blanks] == [(EVE, "04_attention")]
    assert canvas_csv(marks("03_softmax"), roster).blanks == ()


def test_canvas_reads_a_filled_export_as_these_marks_and_what_was_there(roster: Roster) -> None:
    export = fill_canvas_csv(marks(), roster, read_csv_file(EXPORT), COLUMN)
    points, grades = canvas_reads(export.text)
    before_points, before = canvas_reads(EXPORT.read_text())
    assert points == before_points
    softmax, attention, survey = "Softmax (71)", "One head of attention (72)", "Survey (73)"
    assert grades["S1"] == {softmax: "5", attention: "10.5", survey: "1"}
    assert grades["S2"] == {softmax: "4", attention: "EX", survey: ""}, "4 is somebody's"
    assert grades["S5"] == {softmax: "EX", attention: "0", survey: "1"}
    for untouched in ("S3", "S4", "Student, Test"):
        assert grades[untouched] == before[untouched]
    assert export.text.startswith("\ufeff")


def test_who_and_what_has_no_place_in_canvas_is_named(roster: Roster) -> None:
    new = canvas_csv(marks(), roster)
    assert (new.unknown, new.missing) == ((EVE,), ("gus",))
    filled = fill_canvas_csv(marks(), roster, read_csv_file(EXPORT), COLUMN)
    assert filled.unknown == (EVE,)
    assert (filled.missing, filled.strangers) == (("gus",), ("Student, Test",))
    for export in (new, filled):
        assert [(mark.student, mark.assignment) for mark in export.without_mark] == [
            ("cy", "03_softmax"),
            ("di", "03_softmax"),
        ]


def test_without_a_roster_a_name_is_taken_for_the_login() -> None:
    people = roster_of_members(each.member for each in MARKS if each.member.name != EVE)
    (_, _, *lines) = rows(canvas_csv(marks(), people).text)
    assert [line[3] for line in lines] == ["ada", "bo", "fay", ""]
    logins = EXPORT.read_text().replace("@uni,", ",")
    exported = replace(read_csv_file(EXPORT), rows=tuple(map(tuple, rows(logins)[1:])))
    filled = fill_canvas_csv(marks(), people, exported, COLUMN)
    assert filled.unknown == (EVE,)
    assert canvas_reads(filled.text)[1]["S1"]["Softmax (71)"] == "5"


def test_a_column_that_cannot_be_told_is_asked_for(roster: Roster) -> None:
    with pytest.raises(UserError, match=r"--column 04_attention=…, one of .*'One head of attention \(72\)'"):
        fill_canvas_csv(marks(), roster, read_csv_file(EXPORT), {})


def test_a_column_may_be_named_with_its_number(roster: Roster) -> None:
    column = "One head of attention (72)"
    export = fill_canvas_csv(marks(), roster, read_csv_file(EXPORT), {"04_attention": column})
    assert canvas_reads(export.text)[1]["S1"][column] == "10.5"


def test_other_points_in_canvas_are_refused(roster: Roster) -> None:
    table = read_csv_file(EXPORT)
    worth = tuple(tuple("6" if text == "5" else text for text in row) for row in table.rows)
    with pytest.raises(UserError, match="worth 6 there and 5 here"):
        fill_canvas_csv(marks(), roster, replace(table, rows=worth), COLUMN)


def test_a_worksheet_is_no_gradebook_of_canvas_and_the_other_way_round(roster: Roster) -> None:
    with pytest.raises(UserError, match="no gradebook of Canvas"):
        fill_canvas_csv(marks(), roster, read_csv_file(WORKSHEET), COLUMN)
    with pytest.raises(UserError, match="no grading worksheet: it has no column Identifier"):
        fill_moodle_worksheet(marks("03_softmax"), roster, read_csv_file(EXPORT))


# Moodle, by the rules of grade/import/csv and mod/assign/feedback/offline


def test_every_row_for_moodles_gradebook_has_an_id(roster: Roster) -> None:
    """Moodle gives the grades of a row without one to the student of the row above."""
    people = replace(roster, people=tuple(replace(p, ids={**p.ids, "Username": ""}) for p in roster.people[:2]))
    people = replace(people, people=(*people.people, *roster.people[2:]))
    export = moodle_csv(marks(), people)
    (header, *lines) = rows(export.text)
    assert header == ["Username", "03_softmax", "04_attention"]
    assert all(line[0] for line in lines)
    assert export.unknown == ("ada", "bo", EVE)


def test_moodle_reads_a_number_or_no_grade(roster: Roster) -> None:
    (_, *lines) = rows(moodle_csv(marks(), roster).text)
    assert {line[0]: line[1:] for line in lines}["ada"] == ["5", "10.5"]
    assert all(re.fullmatch(r"-|\d+(\.\d+)?", score) for line in lines for score in line[1:])


def test_a_roster_by_which_moodle_finds_nobody_is_refused(roster: Roster, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("folder,ID\nada,3\n")
    with pytest.raises(UserError, match="Username, ID number, Email address"):
        moodle_csv(marks(), read_roster(tmp_path / "roster.csv"))


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs
        self.seen.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_worksheet_is_filled_in_and_all_else_stays(roster: Roster) -> None:
    export = fill_moodle_worksheet(marks("03_softmax"), roster, read_csv_file(WORKSHEET))
    before, after = rows(WORKSHEET.read_text()), rows(export.text)
    assert before[0] == after[0]
    grade, comments, text = (before[0].index(name) for name in ("Grade", "Feedback comments", "Online text"))
    assert [line[grade] for line in after[1:]] == ["5", "1.00", "", "", ""], "1.00 is somebody's"
    for old, new in zip(before[1:], after[1:], strict=True):
        kept = [place for place in range(len(old)) if place not in (grade, comments)]
        assert [new[place].removeprefix("'") for place in kept] == [old[place] for place in kept]
    assert after[2][text] == "'=cmd()"
    assert after[3][1] == "'=Di Prince"
    assert after[3][text] == "one\ntwo"
    comment = Tags(after[2][comments])
    assert comment.seen == {"b", "br"}
    assert "</failure>" in comment.text
    assert comment.text.startswith("An old comment[autograder]Your grade was entered by a person")  # 1.00, not our 2
    assert after[2][comments].startswith("An old comment<br><br>[autograder]<br>")
    assert after[2][comments].endswith("<br>[/autograder]")
    assert "JSON cannot be read" in after[3][comments]
    assert (export.unknown, export.missing) == (("cy", EVE, "fay"), ("gus",))
    assert export.strangers == ("Participant 5007",)


def test_a_worksheet_is_for_one_assignment(roster: Roster) -> None:
    with pytest.raises(UserError, match="--assignment one of 03_softmax, 04_attention"):
        fill_moodle_worksheet(marks(), roster, read_csv_file(WORKSHEET))


def test_another_maximum_in_moodle_is_refused(roster: Roster) -> None:
    """Moodle drops grades above its maximum without a word, and a mark below means something else."""
    table = read_csv_file(WORKSHEET)
    worth = tuple(tuple("100.00" if text == "5.00" else text for text in row) for row in table.rows)
    with pytest.raises(UserError, match="worth 100 there and 5 here"):
        fill_moodle_worksheet(marks("03_softmax"), roster, replace(table, rows=worth))


def test_an_identifier_is_known_in_any_language(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("folder,Identifier\nada,5001\n")
    table = read_csv_file(WORKSHEET)
    german = tuple((row[0].replace("Participant", "Teilnehmer/in"), *row[1:]) for row in table.rows)
    export = fill_moodle_worksheet(
        marks("03_softmax"), read_roster(tmp_path / "roster.csv"), replace(table, rows=german)
    )
    assert rows(export.text)[1][4] == "5"


# A row for each question


def test_every_score_of_every_question_is_in_the_plain_table(roster: Roster) -> None:
    (header, *lines) = rows(questions_csv(marks(), roster).text)
    found = [dict(zip(header, line, strict=True)) for line in lines]
    for report in CLASS:
        for question in report.questions:
            (line,) = (
                each
                for each in found
                if (each["folder"], each["assignment"]) == (for_csv(report.student), report.assignment)
                and each["question"] == question.name
            )
            assert line["max_score"] == number(question.max_score)
            assert line["score"] == (number(question.score) if report.is_final else "")
    assert [each for each in found if each["question"] == "why_scale"] == [
        {
            **next(each for each in found if (each["member"], each["question"]) == ("ada", "attention")),
            "question": "why_scale",
            "score": "1.5",
            "max_score": "2",
        }
    ]
    assert [line["folder"] for line in found if line["assignment"] == "04_attention" and line["status"] == "missing"]
    assert {line["status"] for line in found} == {"graded", "unreadable", "grader_error", "missing"}


def test_every_row_of_the_plain_table_has_the_mark(roster: Roster) -> None:
    (header, *lines) = rows(questions_csv(marks(), roster).text)
    found = {}
    for line in lines:
        cells = dict(zip(header, line, strict=True))
        of_mark = cells["mark_status"], cells["mark"], cells["possible"], cells["section"]
        assert found.setdefault((cells["member"], cells["assignment"]), of_mark) == of_mark
    assert found == {
        ("ada", "03_softmax"): ("graded", "5", "5", "01"),
        ("ada", "04_attention"): ("graded", "10.5", "12", "01"),
        ("bo", "03_softmax"): ("graded", "2", "5", "01"),
        ("bo", "04_attention"): ("excused", "", "12", "01"),
        ("cy", "03_softmax"): ("grader_error", "", "5", "02"),
        ("cy", "04_attention"): ("missing", "", "12", "02"),
        ("di", "03_softmax"): ("unreadable", "", "5", "02"),
        ("di", "04_attention"): ("missing", "", "12", "02"),
        ("fay", "03_softmax"): ("graded", "0", "5", "02"),
        ("fay", "04_attention"): ("missing", "0", "12", "02"),
        ("gus", "03_softmax"): ("missing", "", "5", "02"),
        ("gus", "04_attention"): ("missing", "", "12", "02"),
        (for_csv(EVE), "03_softmax"): ("graded", "0", "5", ""),
        (for_csv(EVE), "04_attention"): ("missing", "", "12", ""),
    }


# What all of them keep to


def all_exports(roster: Roster) -> Iterator[Export]:
    yield canvas_csv(marks(), roster)
    yield fill_canvas_csv(marks(), roster, read_csv_file(EXPORT), COLUMN)
    yield moodle_csv(marks(), roster)
    yield fill_moodle_worksheet(marks("03_softmax"), roster, read_csv_file(WORKSHEET))
    yield questions_csv(marks(), roster)
    people = roster_of_members(each.member for each in MARKS if each.member.name != EVE)  # where no roster is given
    yield from (make(marks(), people) for make in (canvas_csv, moodle_csv, questions_csv))


def test_no_cell_acts_as_a_formula(roster: Roster) -> None:
    for export in all_exports(roster):
        for row in rows(export.text):
            for text in row:
                assert not re.match(r"\s*[=@]|\s*[+-](?!$|\d)", text), text


def test_a_grader_error_is_no_mark_anywhere(roster: Roster) -> None:
    for export in all_exports(roster):
        assert "secret" not in export.text
    assert find("cy").score == 2
    assert "S3" not in canvas_reads(canvas_csv(marks(), roster).text)[1]


def test_reports_that_disagree_on_the_points_are_refused(roster: Roster) -> None:
    students = [a_student(name, a_mark(name, "03_softmax", 4, of)) for name, of in (("ada", 5), ("bo", 6))]
    with pytest.raises(UserError, match="worth 5 and 6 points: grade them all again"):
        canvas_csv(mark_table(students, [find("ada"), find("bo")]), roster)


def test_a_class_of_two_thousand_is_matched_at_once(roster: Roster) -> None:
    """By an index: each by each would take minutes."""
    many = [a_student(f"s{i}", a_mark(f"s{i}", "03_softmax", 5)) for i in range(2000)]
    reports = [replace(find("ada"), student=f"s{i}") for i in range(2000)]
    people = Roster(
        tuple(
            replace(roster.people[0], name=f"s{i}", folder=f"s{i}", ids={"SIS User ID": f"S{i}"}) for i in range(2000)
        ),
        ("SIS User ID",),
        is_given=True,
    )
    table = read_csv_file(EXPORT)
    lines = tuple((f"S, {i}", str(i), f"S{i}", "", "", *[""] * 5) for i in range(2000))
    export = fill_canvas_csv(mark_table(many, reports), people, replace(table, rows=(table.rows[1], *lines)), {})
    assert export.unknown == export.missing == export.strangers == ()
    assert len(canvas_reads(export.text)[1]) == 2000
