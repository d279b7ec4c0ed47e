"""`autograder export`: the marks of the last run, and what is said of those who have none or no place."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autograder.classroom.marks.model import ClassMarks, MarkStatus, Member
from autograder.classroom.roster import read_roster
from autograder.cli import main
from autograder.grading.class_record import ClassRecord
from autograder.grading.store import ReportStore
from autograder.report.ungraded import UngradedFile
from tests.helpers.command_line import autograder, refusal
from tests.helpers.golden_class import CLASS, GIVEN_FILES, GOLDEN, MARKS, find
from tests.helpers.mark_tables import a_mark, a_student, mark_table

ROSTER, EXPORT, WORKSHEET = (GIVEN_FILES / name for name in ("roster.csv", "canvas_export.csv", "moodle_worksheet.csv"))
EVE = "=eve,;\"'"
COLUMN = ("--column", "04_attention=One head of attention")


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def column(path: Path, title: str) -> dict[str, str]:
    """A column by the first cell of each row."""
    (header, *lines) = rows(path)
    return {line[0]: line[header.index(title)] for line in lines}


class Graded:
    """A folder of reports, and the marks that were made of them."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store = ReportStore(root / "graded")
        self.marks = mark_table(MARKS, CLASS).marks
        for report in CLASS:
            self.store.save(report)
        self.store.save_class(ClassRecord("", tuple(each.member.folder for each in MARKS), ()))
        self.out = root / "o.csv"
        monkeypatch.chdir(root)
        monkeypatch.setattr("autograder.cli.export.load_marks", self._load)

    def _load(self, store: ReportStore) -> ClassMarks:
        assert store.root == Path("graded")
        return self.marks

    def export(self, *arguments: object) -> Result:
        system, *more = map(str, arguments)
        words = ["export", system, "graded", "--out", "o.csv", *more]
        return CliRunner(env={"COLUMNS": "400", "NO_COLOR": "1"}).invoke(main, words)


@pytest.fixture
def graded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Graded:
    return Graded(tmp_path, monkeypatch)


def test_the_marks_of_the_last_run_are_exported(graded_once: Path, tmp_path: Path) -> None:
    """Without rules and without answers in words, they are the scores."""
    done = autograder("export", "csv", "out", "--out", tmp_path / "o.csv", cwd=graded_once)
    assert done.returncode == 0, done.stderr
    (header, *lines) = rows(tmp_path / "o.csv")
    found = {(line[0], line[header.index("assignment")]): line[header.index("mark")] for line in lines}
    reports = ReportStore(graded_once / "out").read_all()
    assert found == {key: f"{report.score:g}" for key, report in reports.items()}


def test_those_without_a_place_are_named_and_the_exit_code_is_1(graded: Graded) -> None:
    done = graded.export("canvas", "--roster", ROSTER)
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "o.csv: 03_softmax, 04_attention (marks: 6).",
        f"Blank beside marks: 1 ({EVE} 04_attention). Where Canvas has a score for a blank cell, the import deletes "
        "it: fill in a --template instead, or write one --assignment at a time.",
        f"Not in the roster: {EVE}",
        "Excused, and written as EX: 1 (bo 04_attention)",
        "No submission: gus",
        "There is no mark to write: cy 03_softmax (the grader failed), di 03_softmax (unreadable)",
    ]
    assert column(graded.out, "04_attention") == {
        "    Points Possible": "12",
        "Lovelace, Ada": "10.5",
        "Bo, Bo": "EX",
        "Wray, Fay": "0",
        "'=eve,;\"'": "",
    }


def test_who_handed_in_only_what_was_not_graded_is_told_apart(graded: Graded) -> None:
    ungraded = (UngradedFile("gus", "", "gus/notes.zip", "It is an archive."),)
    graded.store.save_class(ClassRecord("", ("gus",), (), ungraded))
    done = graded.export("canvas", "--roster", ROSTER)
    assert "No submission" not in done.output
    assert "\nHanded in, and not graded (see the page of the class): gus\n" in done.output


@pytest.mark.parametrize("system", ["canvas", "moodle", "csv"])
@pytest.mark.parametrize("options", [(), ("--roster", ROSTER)], ids=["class", "roster"])
def test_whoever_left_the_class_is_named_and_has_no_mark(
    graded: Graded, system: str, options: tuple[object, ...]
) -> None:
    """As in `marks.csv`: the last run says who is in the class."""
    others = [each for each in graded.marks.students[1:] if options or each.member.name != EVE]
    graded.marks = replace(graded.marks, students=tuple(others))
    done = graded.export(system, *options)
    assert done.exit_code == 1
    left = "ada" if options else f"{EVE}, ada"
    assert (
        f"No longer in the class, and left out: {left}. If they belong to it, name them in the roster of" in done.output
    )
    assert not re.search(r"\b10.5\b", graded.out.read_text(encoding="utf-8-sig"))
    assert "No submission: ada" not in done.output


@pytest.mark.parametrize(("folder", "typed"), [("zoe\u0308", "zo\u00eb"), ("zo\u00eb", "zoe\u0308")])
def test_a_name_is_found_however_its_characters_are_composed(graded: Graded, folder: str, typed: str) -> None:
    graded.store.save(replace(find("ada"), student=folder))
    zoe = a_student(Member(typed, typed), a_mark(typed, "03_softmax", 5), a_mark(typed, "04_attention", 3, 12))
    others = [each for each in graded.marks.students if each.member.name != EVE]
    graded.marks = replace(graded.marks, students=(*others, zoe))
    (graded.out.parent / "roster.csv").write_text(f"folder,SIS Login ID\n{typed},{typed}\n", encoding="utf-8")
    for options in ((), ("--roster", "roster.csv")):
        done = graded.export("canvas", *options)
        assert f"left out: {EVE}. If" in done.output
        assert ["5", "3"] in [line[-2:] for line in rows(graded.out)]
    assert read_roster(graded.out.parent / "roster.csv").find({"SIS Login ID": folder}) is not None


@pytest.mark.parametrize(
    ("options", "heading"),
    [
        (("--template", EXPORT), "Not in the template: ada, bo"),
        (("--template", EXPORT, "--roster", ROSTER), f"No row of the template is known to be theirs: {EVE}. "),
    ],
    ids=["template", "both"],
)
def test_export_says_where_a_student_is_not_known(graded: Graded, options: tuple[object, ...], heading: str) -> None:
    done = graded.export("canvas", *COLUMN, *options)
    assert done.exit_code == 1
    assert heading in done.output


@pytest.mark.parametrize(
    ("options", "name"),
    [
        (("moodle", "--template", WORKSHEET, "--assignment", "03_softmax"), "moodle_filled.csv"),
        (("canvas", "--template", EXPORT, *COLUMN), "canvas_filled.csv"),
        (("csv",), "questions.csv"),
    ],
    ids=["moodle", "canvas", "csv"],
)
def test_the_command_writes_what_the_golden_class_has(graded: Graded, options: tuple[object, ...], name: str) -> None:
    done = graded.export(*options, "--roster", ROSTER)
    assert done.exit_code == 1
    assert graded.out.read_bytes() == (GOLDEN / name).read_bytes()


def with_points(text: str, points: str) -> str:
    """Canvas' export, in which the head of attention is worth that."""
    return text.replace(",,,,,5,12,", f",,,,,5,{points},")


@pytest.mark.parametrize(
    ("points", "ada", "says"),
    [
        ("12", "10.5", ["Full marks: 03_softmax (of 5), 04_attention (of 12)"]),
        (
            "10,00",
            "9",
            [
                "Full marks: 03_softmax (of 5)",
                "Marks without the answers in words, for their columns are worth no more: 04_attention (of 10)",
            ],
        ),
    ],
    ids=["full", "checks"],
)
def test_the_worth_of_a_column_tells_which_mark_it_takes(
    graded: Graded, points: str, ada: str, says: list[str]
) -> None:
    template = graded.out.parent / "canvas.csv"
    template.write_text(with_points(EXPORT.read_text(), f'"{points}"'))
    done = graded.export("canvas", "--template", template, "--roster", ROSTER, *COLUMN)
    assert done.output.splitlines()[1 : 1 + len(says)] == says
    assert "Marks without" not in done.output.replace("\n".join(says), "")
    assert column(graded.out, "One head of attention (72)")["Lovelace, Ada"] == ada


def test_another_maximum_is_refused(graded: Graded, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = graded.out.parent
    (folder / "canvas.csv").write_text(with_points(EXPORT.read_text(), "11"))
    words = ("canvas", "graded", "--out", "o.csv", "--template", "canvas.csv", "--roster", str(ROSTER), *COLUMN)
    assert refusal(monkeypatch, folder, "export", *words) == (
        "autograder: One head of attention (72): 04_attention is worth 11 there and 12 here, 10 of them for the "
        "checks: set it to 12 in the LMS, or to 10 to leave the answers in words out, and download the file again"
    )
    assert not graded.out.exists()


def test_what_awaits_hand_grading_is_counted_and_what_to_do_is_said(graded: Graded) -> None:
    awaits = MarkStatus.AWAITS_HAND_GRADING
    students = [
        replace(
            each, marks={**each.marks, "04_attention": replace(each.marks["04_attention"], status=awaits, mark=None)}
        )
        for each in graded.marks.students[:3]
    ]
    graded.marks = replace(graded.marks, students=(*students, *graded.marks.students[3:]))
    done = graded.export("moodle", "--roster", ROSTER)
    assert (
        "No mark yet, for answers in words await hand grading: 3 (04_attention: 3). "
        "`autograder written graded --out written.csv` writes a sheet for that.\n"
    ) in done.output
    (line,) = (each for each in done.output.splitlines() if each.startswith("No mark yet"))
    assert "ada" not in line
    assert column(graded.out, "04_attention")["ada"] == "-"


TEAM = """\
folder,Username,Email address,Withdrawn
ada,ada,ada@uni.example,
ada,bo,bo@uni.example,
di,di,di@uni.example,yes
fay,fay,fay@uni.example,
"""


def in_a_team(graded: Graded) -> None:
    """ada and bo share ada's folder, and bo has an extension; di withdrew, and fay has earned extra points."""
    ada, _, _, di, _, fay, _ = MARKS
    bo = a_student(Member("bo", "ada"), a_mark("bo", "03_softmax", 4), a_mark("bo", "04_attention", 11, 12))
    di = a_student(Member("di", "di", is_withdrawn=True), *di.marks.values())
    fay = a_student("fay", a_mark("fay", "03_softmax", 5.5), fay.marks["04_attention"])
    graded.marks = replace(graded.marks, students=(ada, bo, di, fay))
    (graded.out.parent / "team.csv").write_text(TEAM)


def test_each_of_a_team_gets_their_own_mark(graded: Graded) -> None:
    in_a_team(graded)
    for options in ((), ("--roster", "team.csv")):
        done = graded.export("moodle", *options)
        assert "o.csv: 03_softmax, 04_attention (marks: 6).\nWithdrawn, and left out: 1 (di)\n" in done.output
        assert rows(graded.out) == [
            ["Username", "03_softmax", "04_attention"],
            ["ada", "5", "10.5"],
            ["bo", "4", "11"],
            ["fay", "5.5", "0"],
        ]


def test_in_a_template_each_of_a_team_is_found_and_who_withdrew_stays(graded: Graded) -> None:
    in_a_team(graded)
    sheet = WORKSHEET.read_text().replace('di@uni.example,"Submitted for grading",,', "di@uni.example,x,3.5,")
    sheet = sheet.replace("Gus Grissom", "Fay Wray").replace("gus@", "fay@")
    (graded.out.parent / "sheet.csv").write_text(sheet)
    done = graded.export(
        *("moodle", "--template", "sheet.csv", "--roster", "team.csv", "--assignment", "03_softmax"),
    )
    assert column(graded.out, "Grade") == {
        "Participant 5001": "5",
        "Participant 5002": "1.00",
        "Participant 5004": "3.5",
        "Participant 5006": "5.5",
        "Participant 5007": "",
    }
    assert column(graded.out, "Feedback comments")["Participant 5004"] == ""
    assert done.output.splitlines()[1:5] == [
        "Full marks: 03_softmax (of 5)",
        "Above the maximum, which Moodle passes over: fay 03_softmax (5.5 of 5). "
        "Enter these in its gradebook, if your site lets grades go beyond the maximum, or give the extra points in an "
        "item of their own.",
        "Left as they are, for somebody else wrote them: bo 03_softmax (1.00 there, 4 here). "
        "With --replace, ours are written.",
        "Withdrawn, and left as they are in the template: 1 (di)",
    ]


def fill(graded: Graded, template: str, *options: str) -> Result:
    (graded.out.parent / "sheet.csv").write_text(template)
    return graded.export("moodle", "--template", "sheet.csv", "--assignment", "03_softmax", *options)


ALONE = """\
Identifier,Full name,Email address,Grade,Maximum grade,Last modified (grade),Feedback comments
Participant 1,Ana Roe,ana,,5.00,-,
Participant 2,Ben Fox,ben,3.00,5.00,-,Well done
"""


def alone(graded: Graded, ana: float, ben: float) -> None:
    """A class of ana and ben, who have these marks."""
    students = (a_student("ana", a_mark("ana", "03_softmax", ana)), a_student("ben", a_mark("ben", "03_softmax", ben)))
    graded.marks = replace(graded.marks, assignments=("03_softmax",), students=students)
    for student in graded.store.students():
        graded.store.erase(student)
    for student in ("ana", "ben"):
        graded.store.save(replace(find("ada"), student=student))
    graded.store.save_class(ClassRecord("", ("ana", "ben"), (("ana", "03_softmax"), ("ben", "03_softmax"))))


def test_what_somebody_else_wrote_stays_and_is_named_and_the_exit_code_is_1(graded: Graded) -> None:
    """Ours is filled in again and again, however Moodle spells it; 3 is Ben's, until --replace says otherwise."""
    alone(graded, 4.5, 2)
    done = fill(graded, ALONE)
    assert done.exit_code == 1
    assert "wrote them: ben 03_softmax (3.00 there, 2 here). With --replace, ours are written.\n" in done.output
    assert column(graded.out, "Grade") == {"Participant 1": "4.5", "Participant 2": "3.00"}
    by_hand = "Your grade was entered by a person, and is the one that counts.<br><b>softmax</b>: 5 of 5"
    comment = f"Well done<br><br>[autograder]<br>{by_hand}<br>[/autograder]"
    assert column(graded.out, "Feedback comments")["Participant 2"] == comment
    alone(graded, 5, 2)
    assert fill(graded, ALONE.replace("ana,,", "ana,4.50,")).exit_code == 1
    assert column(graded.out, "Grade") == {"Participant 1": "5", "Participant 2": "3.00"}
    done = fill(graded, ALONE, "--replace")
    assert done.exit_code == 0
    assert "Replaced: ben 03_softmax (3.00 there, 2 here)\n" in done.output
    assert column(graded.out, "Grade") == {"Participant 1": "5", "Participant 2": "2"}
    alone(graded, 5, 2.5)
    assert fill(graded, ALONE.replace("3.00", "2.00")).exit_code == 0
    assert column(graded.out, "Grade")["Participant 2"] == "2.5"


def test_what_no_export_wrote_any_more_is_forgotten_with_the_student(graded: Graded) -> None:
    alone(graded, 4.5, 2)
    fill(graded, ALONE)
    record = graded.store.root / ".exported.json"
    assert '"ana"' in record.read_text()
    done = CliRunner().invoke(main, ["erase", "ana", "graded"])
    assert done.exit_code == 0, done.output
    assert '"ana"' not in record.read_text()
    assert '"ben"' in record.read_text()


def test_a_record_that_cannot_be_read_is_named(graded: Graded, monkeypatch: pytest.MonkeyPatch) -> None:
    alone(graded, 4.5, 2)
    (graded.store.root / ".exported.json").write_text("{")
    words = ("export", "moodle", "graded", "--out", "o.csv")
    assert "graded/.exported.json is no record of what exports wrote" in refusal(monkeypatch, graded.out.parent, *words)


@pytest.mark.parametrize("system", ["canvas", "moodle", "csv"])
def test_an_id_that_would_act_as_a_formula_is_refused(
    graded: Graded, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    """Without a roster, names are ids; with one, its ids are tried as it is read."""
    folder = graded.out.parent
    words = ("export", system, "graded", "--out", "o.csv")
    assert "would act as a formula in a spreadsheet, and without a roster" in refusal(monkeypatch, folder, *words)
    (folder / "roster.csv").write_text("folder,SIS Login ID,Username\nada,+ada,@ada\n")
    assert "would act as a formula" in refusal(monkeypatch, folder, *words, "--roster", "roster.csv")
    assert not graded.out.exists()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("csv", "--template", EXPORT), "--template is for canvas and moodle"),
        (("moodle", "--column", "a=b"), "--column is for canvas"),
        (("moodle", "--replace"), "--replace is for a --template"),
        (("canvas", "--template", EXPORT, "--column", "04_attention"), "not of the form ASSIGNMENT=TITLE"),
        (("canvas", "--template", EXPORT, "--column", "05=x"), "--column names '05'"),
        (("canvas", "--assignment", "05"), "no reports on '05'"),
        (("canvas", "--roster", "none.csv"), "none.csv cannot be read"),
    ],
)
def test_what_cannot_be_exported_is_told_in_one_line(
    graded: Graded, monkeypatch: pytest.MonkeyPatch, options: tuple[object, ...], says: str
) -> None:
    system, *more = map(str, options)
    folder = graded.out.parent
    assert says in refusal(monkeypatch, folder, "export", system, "graded", "--out", "o.csv", *more)
    assert not graded.out.exists()
