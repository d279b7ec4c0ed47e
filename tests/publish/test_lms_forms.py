"""The forms of Canvas and Moodle, as their own sources describe them: layouts, languages, spellings of numbers."""

from __future__ import annotations

import csv
import io
import unicodedata
from pathlib import Path

import pytest

from autograder.classroom.csv_file import read_csv_file
from autograder.classroom.members import roster_of_members
from autograder.classroom.roster import read_roster
from autograder.errors import UserError
from autograder.publish.lms.canvas import canvas_csv, fill_canvas_csv
from autograder.publish.lms.cell import Numbers, read_number
from autograder.publish.lms.ledger import Export
from autograder.publish.lms.moodle import fill_moodle_worksheet, moodle_csv
from autograder.publish.lms.table import MarkTable
from tests.helpers.mark_tables import a_mark, a_student, mark_table

A = "03_softmax"


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def a_class(ana: float = 17.5, ben: float | None = 4, *, assignment: str = A, of: float = 20) -> MarkTable:
    people = (("ana", ana), ("ben", ben))
    return mark_table([a_student(name, a_mark(name, assignment, points, of)) for name, points in people], [])


def canvas(tmp_path: Path, text: str, table: MarkTable | None = None, **titles: str) -> Export:
    (tmp_path / "canvas.csv").write_text(text, encoding="utf-8", newline="")
    table = table or a_class()
    people = roster_of_members(each.member for each in table.marks.students)
    return fill_canvas_csv(table, people, read_csv_file(tmp_path / "canvas.csv"), titles)


def moodle(tmp_path: Path, text: str, table: MarkTable | None = None) -> Export:
    (tmp_path / "moodle.csv").write_text(text, encoding="utf-8", newline="")
    table = table or a_class()
    people = roster_of_members(each.member for each in table.marks.students)
    return fill_moodle_worksheet(table, people, read_csv_file(tmp_path / "moodle.csv"))


# Canvas

NAMES = "Student,ID,SIS Login ID,Section,03_softmax (7731),Labs Final Score\n"
POINTS = "    Points Possible,,,,20.00,(read only)\n"
POSTING = ",,,,Manual Posting,\n"


def test_the_second_layout_of_canvas_is_filled(tmp_path: Path) -> None:
    """Its first title is compared as a whole: no byte order mark may stand before it."""
    text = (
        "\ufeffLastName,FirstName,ID,SIS Login ID,Section,03_softmax (7731)\r\n"
        ",,,,,Manual Posting\r\n"
        "    Points Possible,,,,,20.00\r\n"
        "Roe,Ana,4101,ana,A and B,\r\n"
        "Fox,Dora,4102,dora,A,\r\n"
    )
    made = canvas(tmp_path, text)
    assert made.text == text.removeprefix("\ufeff").replace("A and B,\r\n", "A and B,17.5\r\n")
    assert (made.unknown, made.strangers) == (("ben",), ("Fox, Dora",))


def test_semicolons_a_line_that_names_them_and_rows_of_blanks_are_read(tmp_path: Path) -> None:
    """Canvas would take `sep=;` for the header, and passes rows of blanks over."""
    text = "sep=;\r\n;;;;;\r\n" + (NAMES + POSTING + POINTS).replace(",", ";") + "   \r\n"
    text += '"Roe, Ana";1;ana;A;;90,00\r\n;;;;;\r\n"Fox, Ben";2;ben;A;4,00;\r\n'
    made = canvas(tmp_path, text)
    assert made.text.splitlines() == [
        *(NAMES + POSTING + POINTS).replace(",", ";").splitlines(),
        "Roe, Ana;1;ana;A;17.5;90,00",
        "Fox, Ben;2;ben;A;4,00;",
    ]


def test_a_column_that_canvas_would_drop_is_refused(tmp_path: Path) -> None:
    title = "Final Grade project (88)"
    text = NAMES.replace("03_softmax (7731)", title) + POINTS + '"Roe, Ana",1,ana,A,,\n'
    with pytest.raises(
        UserError, match=r"every column with 'Final Grade' in its title .* drop the marks for 03_softmax"
    ):
        canvas(tmp_path, text, **{A: title})
    table = a_class(assignment="Current Score lab")
    people = roster_of_members(each.member for each in table.marks.students)
    with pytest.raises(UserError, match="with 'Current Score' in its title"):
        canvas_csv(table, people)


def test_a_column_that_is_read_only_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Canvas says `read only`"):
        canvas(tmp_path, NAMES + POINTS.replace("20.00", "(read only)") + '"Roe, Ana",1,ana,A,,\n')


def test_a_template_whose_ids_act_as_formulas_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"SIS Login ID '=ana' would act as a formula"):
        canvas(tmp_path, NAMES + POINTS + '"Roe, Ana",1,=ana,A,,\n')


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("24", "24"),
        ("24,00", "24.00"),
        ("1,000", "1.000"),
        ("1.234,5", "1234.5"),
        ("EX", None),
        ("-", None),
        ("", None),
    ],
)
def test_numbers_are_read_as_canvas_reads_them(text: str, value: str | None) -> None:
    assert (None if (found := read_number(text)) is None else str(found)) == value


@pytest.mark.parametrize(
    ("points", "text"), [(1000, "1000"), (1234567.25, "1234567.25"), (0.1 + 0.2, "0.3"), (-0.0, "0"), (20, "20")]
)
def test_no_number_has_a_sign_between_thousands(points: float, text: str) -> None:
    assert Numbers().text(points) == text
    assert Numbers(",").text(points) == text.replace(".", ",")


# Moodle

GERMAN = (
    "ID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Bestwertung;Bewertung kann geändert werden;"
    "Zuletzt geändert (Bewertung);Feedback als Kommentar\n"
    "Teilnehmer/in 31;Ana Roe;ana;Zur Bewertung abgegeben;;20,00;Ja;-;\n"
    "Teilnehmer/in 32;Ben Fox;ben;Zur Bewertung abgegeben;;20,00;Ja;-;Gut!\n"
)


def test_a_worksheet_in_german_has_its_columns_and_its_decimal_sign(tmp_path: Path) -> None:
    (header, ana, ben) = list(csv.reader(io.StringIO(moodle(tmp_path, GERMAN).text), delimiter=";"))
    assert ";".join(header) == GERMAN.splitlines()[0]
    assert (ana[4], ana[8]) == ("17,5", "[autograder]<br>Mark: 17.5 of 20.<br>[/autograder]")
    assert (ben[4], ben[8]) == ("4", "Gut!<br><br>[autograder]<br>Mark: 4 of 20.<br>[/autograder]")


def test_in_an_unknown_language_the_grade_stands_before_its_maximum(tmp_path: Path) -> None:
    """What its column for comments is called, nobody knows: none is written, and it is said so."""
    text = (
        "Auðkenni,Fullt nafn,Netfang,Staða,Einkunn,Hámark,Síðast breytt,Athugasemdir\n"
        "Þátttakandi 31,Ana Roe,ana,Skilað,,20.00,-,\n"
        "Þátttakandi 32,Ben Fox,ben,Skilað,,20.00,-,Vel gert\n"
    )
    (tmp_path / "roster.csv").write_text("folder,Netfang\nana,ana\nben,ben\n", encoding="utf-8")
    (tmp_path / "moodle.csv").write_text(text, encoding="utf-8")
    roster = read_roster(tmp_path / "roster.csv")
    made = fill_moodle_worksheet(a_class(), roster, read_csv_file(tmp_path / "moodle.csv"))
    assert [line[4:] for line in rows(made.text)[1:]] == [["17.5", "20.00", "-", ""], ["4", "20.00", "-", "Vel gert"]]
    assert not made.has_comments


ENGLISH = (
    "Identifier,Full name,Email address,Status,Grade,Maximum grade,Last modified (grade),Feedback comments\n"
    "Participant 31,Ana Roe,ana,Submitted,,20.00,-,\n"
    "Participant 32,Ben Fox,ben,Submitted,EX,20.00,-,Well done\n"
)


def test_an_english_worksheet_never_has_a_comma_nor_a_word(tmp_path: Path) -> None:
    """17,5 would be 17 there, and EX would be 0: where a person wrote it, it is named."""
    made = moodle(tmp_path, ENGLISH)
    assert [line[4] for line in rows(made.text)[1:]] == ["17.5", "EX"]
    assert made.misread == (("Participant 32", "EX", "0"),)
    assert [(each.theirs, each.ours) for each in made.kept.left] == [("EX", "4")]


def test_no_comment_is_made_blank(tmp_path: Path) -> None:
    """Moodle would erase it."""
    made = moodle(tmp_path, ENGLISH.replace("EX", ""), a_class(ben=None))
    assert rows(made.text)[2] == rows(ENGLISH.replace("EX", ""))[2]


def test_a_worksheet_with_a_scale_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no grading worksheet with points"):
        moodle(tmp_path, ENGLISH.replace("Maximum grade", "Scale").replace("20.00", "Good"))


# Both


def test_names_and_ids_are_written_with_composed_characters(tmp_path: Path) -> None:
    """As keyboards write them, and so the systems have them."""
    zoe = unicodedata.normalize("NFD", "zoë")
    table = mark_table([a_student(zoe, a_mark(zoe, A, 5, 20))], [])
    people = roster_of_members(each.member for each in table.marks.students)
    for made in (canvas_csv(table, people), moodle_csv(table, people)):
        assert "zoë" in made.text
        assert made.text == unicodedata.normalize("NFC", made.text)
    template = NAMES + POINTS + f'"Roe, Zoë",1,{unicodedata.normalize("NFC", zoe)},A,,\n'
    assert rows(canvas(tmp_path, template, table).text)[2][4] == "5"
