"""What people, spreadsheets and the systems themselves leave in a template: read as it is meant, or left and named."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest

from autograder.classroom.csv_file import read_csv_file
from autograder.classroom.marks.model import MarkStatus
from autograder.classroom.members import roster_of_members
from autograder.classroom.roster import Roster, read_roster
from autograder.errors import UserError
from autograder.publish.lms.account import about_new, about_students, about_template
from autograder.publish.lms.canvas import canvas_csv, fill_canvas_csv
from autograder.publish.lms.cell import Numbers, read_number
from autograder.publish.lms.ledger import Export
from autograder.publish.lms.moodle import fill_moodle_worksheet, moodle_csv
from autograder.publish.lms.overwriting.exported import CellKey, Exported, LastText
from autograder.publish.lms.overwriting.keeper import Keeper
from autograder.publish.lms.table import MarkTable
from autograder.report.formatting import signed
from autograder.report.model import number
from tests.helpers.mark_tables import a_mark, a_student, mark_table

A = "03_softmax"
Marks = dict[str, float | MarkStatus]


def rows(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def a_class(marks: Marks, *assignments: str) -> MarkTable:
    students = []
    for name, mark in marks.items():
        points, status = (None, mark) if isinstance(mark, MarkStatus) else (mark, MarkStatus.GRADED)
        students.append(a_student(name, *(a_mark(name, each, points, 20, status) for each in assignments or (A,))))
    return mark_table(students, [])


def canvas(
    folder: Path, text: str, table: MarkTable, *, replaces: bool = False, **titles: str
) -> tuple[Export, list[list[str]]]:
    """The export, and the rows of students in it."""
    (folder / "canvas.csv").write_text(text, encoding="utf-8", newline="")
    people = roster_of_members(each.member for each in table.marks.students)
    keeper = Keeper("canvas", replaces=replaces)
    made = fill_canvas_csv(table, people, read_csv_file(folder / "canvas.csv"), titles, keeper)
    return made, rows(made.text)[2:]


def moodle(
    folder: Path, text: str, table: MarkTable, keeper: Keeper | None = None, roster: Roster | None = None
) -> tuple[Export, list[dict[str, str]]]:
    """The export, and the rows of students in it by the titles of their cells."""
    (folder / "moodle.csv").write_text(text, encoding="utf-8", newline="")
    people = roster or roster_of_members(each.member for each in table.marks.students)
    made = fill_moodle_worksheet(table, people, read_csv_file(folder / "moodle.csv"), keeper)
    (header, *lines) = rows(made.text, ";" if ";" in made.text.splitlines()[0] else ",")
    return made, [dict(zip(header, line, strict=True)) for line in lines]


# Canvas

HEADER = "Student,ID,SIS Login ID,Section,03_softmax (71)\n    Points Possible,,,,20.00\n"


def ana(cell: str) -> str:
    return f'{HEADER}"Roe, Ana",1,ana,01,{cell}\n'


@pytest.mark.parametrize("word", ["EX", "ex", "Ex", "Excused", "EXCUSED"])
def test_both_words_of_canvas_excuse_in_any_case(tmp_path: Path, word: str) -> None:
    made, [line] = canvas(tmp_path, ana(word), a_class({"ana": 17.5}), replaces=True)
    assert (line[4], [each.theirs for each in made.kept.excused]) == (word, [word])
    made, [line] = canvas(tmp_path, ana(word), a_class({"ana": MarkStatus.EXCUSED}))
    assert (line[4], made.kept.differs) == (word, False)


@pytest.mark.parametrize("replaces", [False, True])
def test_where_canvas_takes_no_mark_none_is_written_nor_remembered(tmp_path: Path, replaces: bool) -> None:
    """It says N/A where work is not assigned, or not posted, and ignores what the file has there."""
    made, [line] = canvas(tmp_path, ana("N/A"), a_class({"ana": 17.5}), replaces=replaces)
    assert (line[4], made.written, made.kept.differs) == ("N/A", {}, True)
    assert [(each.theirs, each.ours) for each in made.kept.closed] == [("N/A", "17.5")]
    made, _ = canvas(tmp_path, ana("N/A"), a_class({"ana": MarkStatus.MISSING}))
    assert not made.kept.differs


@pytest.mark.parametrize("cell", ["87.5%", "A-", "complete", '"1,017.50"'])
def test_a_grade_that_is_no_number_of_points_is_somebodys(tmp_path: Path, cell: str) -> None:
    made, [line] = canvas(tmp_path, ana(cell), a_class({"ana": 17.5}))
    assert (line[4], len(made.kept.left)) == (cell.strip('"'), 1)


def test_canvas_reads_no_tabs(tmp_path: Path) -> None:
    """Spreadsheets write them; it knows commas and semicolons only."""
    made, [line] = canvas(tmp_path, ana("").replace('"Roe, Ana"', "Ana").replace(",", "\t"), a_class({"ana": 17.5}))
    assert line == ["Ana", "1", "ana", "01", "17.5"]
    assert "\t" not in made.text


def test_a_title_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """Canvas would read the first of the two for both."""
    text = ana("").replace("03_softmax (71)\n", "03_softmax (71),03_softmax (71)\n")
    text = text.replace("20.00\n", "20.00,20.00\n").replace("01,\n", "01,,\n")
    for titles in ({}, {A: "03_softmax (71)"}):
        with pytest.raises(UserError, match=r"03_softmax \(71\): more than one column .* only the first of them"):
            canvas(tmp_path, text, a_class({"ana": 17.5}), **titles)


def test_of_a_large_class_as_many_are_named_as_a_person_can_read(tmp_path: Path) -> None:
    lines = "".join(f'"Roe, {number}",{number},s{number},01,1\n' for number in range(100))
    made, _ = canvas(tmp_path, HEADER + lines, a_class({f"s{number}": 5.0 for number in range(100)}))
    assert made.count == 0, "what others wrote is none of ours"
    assert "s99 03_softmax" in "".join(about_template(made, has_limit=False))
    short = "".join(about_template(made, has_limit=False, most=2))
    assert "wrote them: s0 03_softmax (1 there, 5 here), s1 03_softmax (1 there, 5 here) and 98 more." in short


def test_two_assignments_do_not_share_a_column(tmp_path: Path) -> None:
    """The marks of the second would be lost without a word."""
    table = a_class({"ana": 17.5}, A, "04_attention")
    with pytest.raises(UserError, match="is to take the marks for 03_softmax and those for 04_attention"):
        canvas(tmp_path, ana(""), table, **{"04_attention": "03_softmax"})


def test_of_two_assignments_of_one_name_the_number_tells(tmp_path: Path) -> None:
    text = ana("").replace("03_softmax (71)\n", "03_softmax (71),03_softmax (72)\n")
    text = text.replace("20.00\n", "20.00,20.00\n").replace("01,\n", "01,,\n")
    with pytest.raises(UserError, match=r"say which with --column 03_softmax=…, one of .*\(71\)', .*\(72\)'"):
        canvas(tmp_path, text, a_class({"ana": 17.5}))
    _, [line] = canvas(tmp_path, text, a_class({"ana": 17.5}), **{A: "03_softmax (72)"})
    assert line[4:] == ["", "17.5"]


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\n"])
def test_every_line_end_is_read(tmp_path: Path, line_end: str) -> None:
    _, [line] = canvas(tmp_path, ana("").replace("\n", line_end), a_class({"ana": 17.5}))
    assert line[4] == "17.5"


def test_ids_keep_their_zeros(tmp_path: Path) -> None:
    """7 is somebody else than 007."""
    text = ana("").replace("ana,01", "007,01") + '"Fox, Ben",7,ben,01,\n'
    _, lines = canvas(tmp_path, text, a_class({"007": 3, "ben": 4}))
    assert [(line[2], line[4]) for line in lines] == [("007", "3"), ("ben", "4")]


@pytest.mark.parametrize(
    ("roster", "ids", "near"),
    [
        ("folder,SIS User ID\nzed,007\nana,8\n", "7", [("Roe, Ana", "zed")]),
        ("folder,SIS User ID\nzed,0070\nana,8\n", "7", []),
        ("folder,SIS User ID\nzed,007\nana,07\n", "7", []),
    ],
    ids=["one", "none", "two"],
)
def test_where_a_spreadsheet_took_zeros_away_it_is_said_and_nobody_is_guessed(
    tmp_path: Path, roster: str, ids: str, near: list[tuple[str, str]]
) -> None:
    (tmp_path / "roster.csv").write_text(roster)
    (tmp_path / "canvas.csv").write_text(ana("").replace("SIS Login ID", "SIS User ID").replace("1,ana", f"1,{ids}"))
    table = a_class({"zed": 3, "ana": 4})
    made = fill_canvas_csv(table, read_roster(tmp_path / "roster.csv"), read_csv_file(tmp_path / "canvas.csv"), {})
    assert (made.count, made.strangers, list(made.without_zeros)) == (0, ("Roe, Ana",), near)
    said = "\n".join(about_students(made, "EX", has_roster=True, has_template=True))
    assert "Rows of the template about nobody who is known here: Roe, Ana. They" in said
    assert ("Ids that may have lost the zeros at their front: Roe, Ana (would be zed)." in said) == bool(near)


def test_what_somebody_wrote_online_may_be_long(tmp_path: Path) -> None:
    """Pictures stand in it as text."""
    text = (
        sheet("").replace("Feedback comments", "Online text,Feedback comments").replace(',-,"', f',-,{"x" * 10**6},"')
    )
    _, [line] = moodle(tmp_path, text, a_class({"ana": 17.5}))
    assert (line["Grade"], len(line["Online text"])) == ("17.5", 10**6)


def test_a_number_that_nobody_gives_is_none(tmp_path: Path) -> None:
    assert read_number("9" * 400) is None
    made, [line] = canvas(tmp_path, ana("9" * 400), a_class({"ana": 17.5}))
    assert (line[4], len(made.kept.left)) == ("9" * 400, 1)


# Moodle

SHEET = "Identifier,Email address,Grade,Maximum grade,Grade can be changed,Last modified (grade),Feedback comments\n"


def sheet(*cells: str, changeable: str = "Yes", comment: str = "") -> str:
    lines = [
        f'Participant {number},{name},"{cell}",20.00,{changeable},-,"{comment}"\n'
        for number, (name, cell) in enumerate(zip(("ana", "ben", "cem"), cells, strict=False), 31)
    ]
    return SHEET + "".join(lines)


@pytest.mark.parametrize(
    ("text", "sign", "taken"),
    [
        ("17.5", ".", "17.5"),
        ("17,5", ".", "17"),
        ("17,5", ",", "17.5"),
        ("17.5", ",", "17.5"),
        ("1,234.5", ".", "1"),
        ("1.234,5", ",", "1.234"),
        ("EX", ".", "0"),
        ("-", ".", "0"),
        ("12 pts", ",", "12"),
        (" 1 234,5", ",", "1234.5"),
    ],
)
def test_moodle_takes_as_much_as_is_a_number_in_its_language(text: str, sign: str, taken: str) -> None:
    """By `unformat_float` of lib/moodlelib.php: blanks out, its own sign to a point, and what begins as a number."""
    assert Numbers(sign, knows_both=False).taken(text) == Decimal(taken)


def test_what_moodle_would_take_for_another_grade_is_mended_or_named(tmp_path: Path) -> None:
    """17,5 in English is our 17.5 and is written so; 16,5 is somebody's, who is told that Moodle takes it for 16."""
    made, lines = moodle(tmp_path, sheet("17,5", "16,5", "17.50"), a_class({"ana": 17.5, "ben": 4, "cem": 17.5}))
    assert [line["Grade"] for line in lines] == ["17.5", "16,5", "17.50"]
    assert made.misread == (("Participant 32", "16,5", "16"),)
    assert next(iter(made.written.values())) == "17.5"
    said = list(about_template(made, has_limit=True))
    assert (
        "Moodle would take these cells for other grades: Participant 32 (16,5, taken for 16). Mend or empty them "
        "before you upload the file."
    ) in said


def test_only_moodle_writes_into_the_maxima_and_they_tell_its_decimal_sign(tmp_path: Path) -> None:
    """A person wrote 3.5 into a German worksheet; Moodle reads that there, too."""
    text = (
        "ID;E-Mail-Adresse;Bewertung;Bestwertung;Bewertung kann geändert werden;Zuletzt geändert (Bewertung)\n"
        "Teilnehmer/in 31;ana;;20,00;Ja;-\nTeilnehmer/in 32;ben;3.5;20,00;Ja;-\n"
    )
    made, lines = moodle(tmp_path, text, a_class({"ana": 17.5, "ben": 3.5}))
    assert [line["Bewertung"] for line in lines] == ["17,5", "3.5"]
    assert made.misread == ()


@pytest.mark.parametrize(
    ("title", "no"),
    [("Grade can be changed", "No"), ("La note peut être modifiée", "Non"), ("Bewertung kann geändert werden", "Nein")],
)
def test_a_grade_that_moodle_would_not_change_is_left_and_named(tmp_path: Path, title: str, no: str) -> None:
    """Locked or overridden in the gradebook: the importer passes over it without a word. Its comment is written."""
    text = sheet("", "3.00", changeable=no)
    if title != "Grade can be changed":
        own = {"No": (), "Non": ("Identifiant", "Adresse de courriel", "Note maximale", "Feedback par commentaires")}
        own["Nein"] = ("ID", "E-Mail-Adresse", "Bestwertung", "Feedback als Kommentar")
        english = ("Identifier", "Email address", "Maximum grade", "Feedback comments")
        for old, new in zip(english, own[no], strict=True):
            text = text.replace(old, new)
        text = text.replace("Grade can be changed", title)
    made, lines = moodle(tmp_path, text, a_class({"ana": 17.5, "ben": 4}))
    assert [line["Grade"] for line in lines] == ["", "3.00"]
    assert [(each.theirs, each.ours) for each in made.kept.closed] == [("", "17.5"), ("3.00", "4")]
    assert made.kept.differs
    assert all("[autograder]" in list(line.values())[-1] for line in lines)
    assert {key.column for key in made.written} == {"comment"}
    assert any(
        "takes no mark there: ana 03_softmax (17.5 here), ben 03_softmax (3.00 there, 4 here)." in line
        for line in about_template(made, has_limit=True)
    )


ICELANDIC = (
    "Auðkenni,Netfang,Staða,Einkunn,Hámark,Breytt\nÞátttakandi 31,ana,Skilað,{0},20.00,-\n"
    "Þátttakandi 32,ben,Skilað,{1},20.00,-\n"
)


@pytest.mark.parametrize("grades", [("", ""), ("20.00", "20.00"), ("20.00", "3.00")])
def test_in_an_unknown_language_grades_are_not_taken_for_their_maximum(tmp_path: Path, grades: tuple[str, str]) -> None:
    """Where all have the best one, two columns are alike, and marks would end up in the column before."""
    (tmp_path / "roster.csv").write_text("folder,Netfang\nana,ana\nben,ben\n")
    roster = read_roster(tmp_path / "roster.csv")
    _, lines = moodle(tmp_path, ICELANDIC.format(*grades), a_class({"ana": 20, "ben": 20}), roster=roster)
    assert {line["Staða"] for line in lines} == {"Skilað"}
    assert [line["Einkunn"] for line in lines] == [grades[0] or "20", grades[1] or "20"]


def test_a_scale_is_told_in_every_language(tmp_path: Path) -> None:
    text = "ID,E-Mail-Adresse,Bewertung,Skala,Zuletzt geändert (Bewertung)\nTeilnehmer/in 31,ana,,Gut,-\n"
    with pytest.raises(UserError, match="if Moodle grades it by a scale"):
        moodle(tmp_path, text, a_class({"ana": 20}))


B, E = "[autograder]", "[/autograder]"
COMMENT = CellKey("moodle", "ana", A, "comment")


@pytest.mark.parametrize(
    "comment",
    [f"Hi {B}one{E} and {B}two{E} bye", f"Hi {B}one {B}two{E} bye", f"Hi one {E}", f"Hi {B}one", f"{E} Hi {B}"],
    ids=["twice", "one in the other", "no beginning", "no end", "turned round"],
)
@pytest.mark.parametrize("replaces", [False, True])
def test_where_our_marks_are_no_pair_a_comment_stays(tmp_path: Path, comment: str, replaces: bool) -> None:
    made, [line] = moodle(
        tmp_path, sheet("", comment=comment), a_class({"ana": 17.5}), Keeper("moodle", replaces=replaces)
    )
    assert line["Feedback comments"] == comment
    assert ([mark.student for mark in made.kept.broken], made.kept.differs) == (["ana"], True)


def test_between_our_marks_nothing_is_replaced_that_no_export_is_known_to_have_written(tmp_path: Path) -> None:
    """The account of them may be lost, and then it may be anybody's."""
    comment = f"{B}<br>Mark: 17 of 20. See me!<br>{E}"
    made, [line] = moodle(tmp_path, sheet("", comment=comment), a_class({"ana": 17.5}))
    assert (line["Feedback comments"], len(made.kept.comments)) == (comment, 1)
    made, [line] = moodle(tmp_path, sheet("", comment=comment), a_class({"ana": 17.5}), Keeper("moodle", replaces=True))
    assert line["Feedback comments"] == f"{B}<br>Mark: 17.5 of 20.<br>{E}"


def test_beside_a_grade_by_hand_the_comment_names_no_other_mark(tmp_path: Path) -> None:
    """What students read must not contradict the grade beside it; with --replace, ours is the grade."""
    class_ = a_class({"ana": 17.5, "ben": 4})
    made, lines = moodle(tmp_path, sheet("12.00", ""), class_)
    assert [line["Grade"] for line in lines] == ["12.00", "4"]
    by_hand = f"{B}<br>Your grade was entered by a person, and is the one that counts.<br>{E}"
    assert [line["Feedback comments"] for line in lines] == [by_hand, f"{B}<br>Mark: 4 of 20.<br>{E}"]
    assert made.count == 1
    _, lines = moodle(tmp_path, made.text, class_, Keeper("moodle", replaces=True))
    assert (lines[0]["Grade"], lines[0]["Feedback comments"]) == ("17.5", f"{B}<br>Mark: 17.5 of 20.<br>{E}")


def test_a_comment_that_did_not_arrive_leaves_the_former_one_ours(tmp_path: Path) -> None:
    """Moodle passes over what was graded after the download: there, the comment before the last one still stands."""
    first = f"{B}<br>Mark: 17 of 20.<br>{E}"
    known = Exported().after({COMMENT: first}, "one").after({COMMENT: first.replace("17", "18")}, "two")
    made, [line] = moodle(
        tmp_path, sheet("", comment=first), a_class({"ana": 19}), Keeper("moodle", known, template="three")
    )
    assert line["Feedback comments"] == f"{B}<br>Mark: 19 of 20.<br>{E}"
    assert not made.kept.differs
    assert Exported({COMMENT: LastText("x")}).texts(COMMENT) == ("x",)


def test_a_new_file_for_moodle_clears_no_grade_without_a_word() -> None:
    """`-` and a blank are no grade to the gradebook's importer (grade/import/csv): it clears the one that is there."""
    table = a_class({"ana": 4, "ben": MarkStatus.MISSING, "cem": MarkStatus.EXCUSED}, A, "04_attention")
    first, *others = table.marks.students
    no_mark = a_mark("ana", "04_attention", None, 20, MarkStatus.AWAITS_HAND_GRADING)
    first = a_student("ana", first.marks[A], no_mark)
    table = mark_table([first, *others], [])
    made = moodle_csv(table, roster_of_members(each.member for each in table.marks.students))
    assert rows(made.text) == [["Username", A, "04_attention"], ["ana", "4", "-"]]
    assert (made.count, made.blanks, made.unknown) == (1, (no_mark,), ())
    [line] = about_new(made, is_for_moodle=True)
    assert line.startswith("Without a grade beside marks: 1 (ana 04_attention). Where Moodle has a grade")


def test_a_maximum_in_moodle_cannot_be_raised_for_extra_credit(tmp_path: Path) -> None:
    """A worksheet with another maximum is refused, so nobody is told to make one."""
    made, _ = moodle(tmp_path, sheet(""), a_class({"ana": 21}))
    assert any("Enter these in its gradebook" in line for line in about_template(made, has_limit=True))


# All


@pytest.mark.parametrize(
    ("points", "text"),
    [(100 / 3, "33.3333"), (2 / 3, "0.6667"), (1234.5678912, "1234.5679"), (123456.75, "123456.75"), (1e-9, "0")],
)
def test_points_are_rounded_in_one_way_wherever_they_stand(tmp_path: Path, points: float, text: str) -> None:
    assert (number(points), number(-points).lstrip("-"), signed(points).lstrip("+")) == (text, text, text)
    table = a_class({"ana": points})
    people = roster_of_members(each.member for each in table.marks.students)
    assert rows(canvas_csv(table, people).text)[-1][-1] == text
    _, [line] = moodle(tmp_path, sheet(""), table)
    assert line["Grade"] == text
    assert f"Mark: {text} of 20." in line["Feedback comments"]
