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
from autograder.classroom.roster import Roster, read_roster, roster_of
from autograder.errors import UserError
from autograder.grading.store import ClassRecord, ReportStore
from autograder.publish.lms.canvas import canvas_csv, fill_canvas_csv
from autograder.publish.lms.long_csv import questions_csv
from autograder.publish.lms.moodle import fill_moodle_worksheet, moodle_csv
from autograder.publish.lms.scores import Export, ScoreTable
from autograder.report.model import number
from autograder.text import for_csv
from tests.helpers.command_line import autograder, one_line
from tests.helpers.golden_class import CLASS, COLUMN, GIVEN_FILES, GOLDEN, find, marks

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
    assert points == {"03_softmax": 5, "04_attention": 10}
    assert grades["S1"] == {"03_softmax": "5", "04_attention": "10"}
    assert grades["S2"] == {"03_softmax": "0", "04_attention": ""}
    assert set(grades) == {"S1", "S2", "S3", "S4", "S5", "S6", for_csv(EVE)}


def test_canvas_reads_a_filled_export_as_these_marks_and_what_was_there(roster: Roster) -> None:
    export = fill_canvas_csv(marks(), roster, read_csv_file(EXPORT), COLUMN)
    points, grades = canvas_reads(export.text)
    before_points, before = canvas_reads(EXPORT.read_text())
    assert points == before_points
    softmax, attention, survey = "Softmax (71)", "One head of attention (72)", "Survey (73)"
    assert grades["S1"] == {softmax: "5", attention: "10", survey: "1"}
    assert grades["S2"] == {softmax: "0", attention: "EX", survey: ""}
    assert grades["S5"] == {softmax: "EX", attention: "", survey: "1"}
    for untouched in ("S3", "S4", "Student, Test"):
        assert grades[untouched] == before[untouched]
    assert export.text.startswith("\ufeff")


def test_who_and_what_has_no_place_in_canvas_is_named(roster: Roster) -> None:
    new = canvas_csv(marks(), roster)
    assert (new.unknown, new.missing) == ((EVE,), ("gus",))
    filled = fill_canvas_csv(marks(), roster, read_csv_file(EXPORT), COLUMN)
    assert filled.unknown == (EVE,)
    assert set(filled.missing) == {"Student, Test", "gus"}
    for export in (new, filled):
        assert [(report.student, report.assignment) for report in export.not_final] == [
            ("cy", "03_softmax"),
            ("di", "03_softmax"),
        ]


def test_without_a_roster_a_folder_is_named_by_the_login() -> None:
    (_, _, *lines) = rows(canvas_csv(marks(), roster_of(marks().students)).text)
    assert {line[3] for line in lines} == set(marks().students)
    logins = EXPORT.read_text().replace("@uni,", ",")
    exported = replace(read_csv_file(EXPORT), rows=tuple(map(tuple, rows(logins)[1:])))
    filled = fill_canvas_csv(marks(), roster_of(marks().students), exported, COLUMN)
    assert filled.unknown == (EVE,)
    assert canvas_reads(filled.text)[1]["S1"]["Softmax (71)"] == "5"


def test_a_column_that_cannot_be_told_is_asked_for(roster: Roster) -> None:
    with pytest.raises(UserError, match=r"--column 04_attention=…, one of .*'One head of attention \(72\)'"):
        fill_canvas_csv(marks(), roster, read_csv_file(EXPORT), {})


def test_a_column_may_be_named_with_its_number(roster: Roster) -> None:
    column = "One head of attention (72)"
    export = fill_canvas_csv(marks(), roster, read_csv_file(EXPORT), {"04_attention": column})
    assert canvas_reads(export.text)[1]["S1"][column] == "10"


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
    assert {line[0]: line[1:] for line in lines}["ada"] == ["5", "10"]
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
    assert [line[grade] for line in after[1:]] == ["5", "0", "", "", ""]
    for old, new in zip(before[1:], after[1:], strict=True):
        kept = [place for place in range(len(old)) if place not in (grade, comments)]
        assert [new[place].removeprefix("'") for place in kept] == [old[place] for place in kept]
    assert after[2][text] == "'=cmd()"
    assert after[3][1] == "'=Di Prince"
    assert after[3][text] == "one\ntwo"
    comment = Tags(after[2][comments])
    assert comment.seen == {"b", "br"}
    assert "</failure>" in comment.text
    assert "JSON cannot be read" in after[3][comments]
    assert (export.unknown, set(export.missing)) == (("cy", EVE, "fay"), {"gus", "Participant 5007"})


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
            )
            assert line["question"] == question.name
            assert line["max_score"] == number(question.max_score)
            assert line["score"] == (number(question.score) if report.is_final else "")
    assert [line["folder"] for line in found if line["assignment"] == "04_attention" and line["status"] == "missing"]
    assert {line["status"] for line in found} == {"graded", "unreadable", "grader_error", "missing"}


# What all of them keep to


def all_exports(roster: Roster) -> Iterator[Export]:
    yield canvas_csv(marks(), roster)
    yield fill_canvas_csv(marks(), roster, read_csv_file(EXPORT), COLUMN)
    yield moodle_csv(marks(), roster)
    yield fill_moodle_worksheet(marks("03_softmax"), roster, read_csv_file(WORKSHEET))
    yield questions_csv(marks(), roster)


def test_no_cell_acts_as_a_formula(roster: Roster) -> None:
    for export in all_exports(roster):
        for row in rows(export.text):
            for text in row:
                assert not re.match(r"\s*[=@]|\s*[+-](?!$|\d)", text), text


def test_a_grader_error_is_no_mark_anywhere(roster: Roster) -> None:
    for export in all_exports(roster):
        assert "secret" not in export.text
    assert find("cy").score == 2
    assert marks().score("cy", "03_softmax") == ""


def test_reports_that_disagree_on_the_points_are_refused() -> None:
    other = replace(find("bo"), questions=find("bo").questions[:0])
    mixed = ScoreTable({("ada", "03_softmax"): find("ada"), ("bo", "03_softmax"): other})
    with pytest.raises(UserError, match="worth 0 and 5 points: grade them all again"):
        mixed.possible("03_softmax")


# The command


@pytest.fixture
def graded(tmp_path: Path) -> Path:
    folder = tmp_path / "graded"
    for report in CLASS:
        path = ReportStore(folder).path(report.student, report.assignment)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(report.to_json())
    return folder


def test_export_names_those_without_a_place_and_ends_with_1(graded: Path, tmp_path: Path) -> None:
    done = autograder("export", "canvas", "graded", "--roster", ROSTER, "--out", "c.csv", cwd=tmp_path)
    assert done.returncode == 1
    assert f"Not in the roster: {EVE}" in done.stdout
    assert "No submission: gus" in done.stdout
    assert "No score written, for it would not be theirs: cy 03_softmax (the grader failed)" in done.stdout
    assert canvas_reads((tmp_path / "c.csv").read_bytes().decode())[1]["S1"]["03_softmax"] == "5"


@pytest.mark.parametrize("system", ["canvas", "moodle", "csv"])
def test_whoever_left_the_class_is_named_and_has_no_mark(graded: Path, tmp_path: Path, system: str) -> None:
    """As in `marks.csv`. The last run says who is in the class, be it without a submission."""
    store = ReportStore(graded)
    here = tuple(each for each in store.load_class().students if each != "ada")
    store.save_class(ClassRecord("", (*here, "new"), ()))
    done = autograder("export", system, "graded", "--out", "o.csv", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "\nNo longer in the class, and left out: ada. Name them in a --roster if" in done.stdout
    assert "No submission: new" in done.stdout
    written = (tmp_path / "o.csv").read_text(encoding="utf-8-sig")
    assert not re.search(r"\bada\b", written)
    assert re.search(r"\bbo\b", written)


def test_a_roster_decides_who_is_in_the_class(graded: Path, tmp_path: Path) -> None:
    ReportStore(graded).save_class(ClassRecord("", ("bo",), ()))
    done = autograder("export", "canvas", "graded", "--roster", ROSTER, "--out", "o.csv", cwd=tmp_path)
    assert "No longer" not in done.stdout
    assert canvas_reads((tmp_path / "o.csv").read_bytes().decode())[1]["S1"]["03_softmax"] == "5"


def test_a_folder_of_an_earlier_version_holds_the_class(graded: Path, tmp_path: Path) -> None:
    """One without a record of who was there."""
    done = autograder("export", "csv", "graded", "--out", "o.csv", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "ada" in (tmp_path / "o.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(("folder", "typed"), [("zoe\u0308", "zo\u00eb"), ("zo\u00eb", "zoe\u0308")])
def test_a_name_is_found_however_its_characters_are_composed(tmp_path: Path, folder: str, typed: str) -> None:
    store = ReportStore(tmp_path / "graded")
    store.save(replace(find("ada"), student=folder))
    store.save_class(ClassRecord("", (typed,), ()))
    assert autograder("export", "csv", "graded", "--out", "o.csv", cwd=tmp_path).returncode == 0
    (tmp_path / "roster.csv").write_text(f"folder,SIS Login ID\n{typed},{typed}\n", encoding="utf-8")
    done = autograder("export", "canvas", "graded", "--roster", "roster.csv", "--out", "o.csv", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert rows((tmp_path / "o.csv").read_text(encoding="utf-8"))[-1][-1] == "5"
    assert read_roster(tmp_path / "roster.csv").find({"SIS Login ID": folder}) is not None


@pytest.mark.parametrize(
    ("options", "heading"),
    [
        (("--template", EXPORT), "Not in the template: "),
        (("--template", EXPORT, "--roster", ROSTER), "Known neither to the roster nor to the template: "),
    ],
    ids=["template", "both"],
)
def test_export_says_where_a_student_is_not_known(
    graded: Path, tmp_path: Path, options: tuple[object, ...], heading: str
) -> None:
    column = ("--column", "04_attention=One head of attention")
    done = autograder("export", "canvas", "graded", "--out", "c.csv", *column, *options, cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert heading in done.stdout


@pytest.mark.parametrize(
    ("options", "name"),
    [
        (("moodle", "--template", WORKSHEET, "--assignment", "03_softmax"), "moodle_filled.csv"),
        (("canvas", "--template", EXPORT, "--column", "04_attention=One head of attention"), "canvas_filled.csv"),
        (("csv",), "questions.csv"),
    ],
    ids=["moodle", "canvas", "csv"],
)
def test_the_command_writes_what_the_golden_class_has(
    graded: Path, tmp_path: Path, options: tuple[object, ...], name: str
) -> None:
    system, *more = options
    done = autograder("export", system, "graded", "--roster", ROSTER, "--out", "o.csv", *more, cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    written, golden = (rows(path.read_bytes().decode()) for path in (tmp_path / "o.csv", GOLDEN / name))
    assert sorted(written) == sorted(golden)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("csv", "--template", EXPORT), "--template is for canvas and moodle"),
        (("moodle", "--column", "a=b"), "--column is for canvas"),
        (("canvas", "--template", EXPORT, "--column", "04_attention"), "not of the form ASSIGNMENT=TITLE"),
        (("canvas", "--template", EXPORT, "--column", "05=x"), "--column names '05'"),
        (("canvas", "--assignment", "05"), "no reports on '05'"),
        (("canvas", "--roster", "none.csv"), "none.csv cannot be read"),
    ],
)
def test_what_cannot_be_exported_is_told_in_one_line(
    graded: Path, tmp_path: Path, options: tuple[object, ...], says: str
) -> None:
    system, *more = options
    assert says in one_line(autograder("export", system, "graded", "--out", "o.csv", *more, cwd=tmp_path))
    assert not (tmp_path / "o.csv").exists()


def test_a_class_of_two_thousand_is_matched_at_once(roster: Roster) -> None:
    """By an index: each by each would take minutes."""
    many = {(f"s{i}", "03_softmax"): replace(find("ada"), student=f"s{i}") for i in range(2000)}
    people = Roster(
        tuple(replace(roster.people[0], folder=f"s{i}", ids={"SIS User ID": f"S{i}"}) for i in range(2000)),
        ("SIS User ID",),
        is_given=True,
    )
    table = read_csv_file(EXPORT)
    lines = tuple((f"S, {i}", str(i), f"S{i}", "", "", *[""] * 5) for i in range(2000))
    export = fill_canvas_csv(ScoreTable(many), people, replace(table, rows=(table.rows[1], *lines)), {})
    assert export.unknown == export.missing == ()
    assert len(canvas_reads(export.text)[1]) == 2000
