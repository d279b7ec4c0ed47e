"""A term of forty students and three assignments, from Canvas' and Moodle's downloads to their gradebooks, and again.

Every mark, before and after the rules change, is written here by hand; and what a person wrote in between stays.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.helpers.command_line import said
from tests.helpers.course import edit
from tests.helpers.exports import export_to_canvas, export_to_moodle, saved_by_excel, sorted_by_name, with_column
from tests.helpers.moodle import GERMAN
from tests.helpers.nbgrader import exported
from tests.helpers.shown_marks import table_rows
from tests.helpers.term import (
    CANVAS,
    NAMES,
    STUDENTS,
    HandIns,
    Marks,
    gradebook,
    grades_of,
    kind,
    participant,
    say_when_it_came,
    shown_in,
    user,
    worksheet,
    write_in_canvas,
    write_term,
)

pytestmark = pytest.mark.slow

FIRST, SECOND, THIRD = NAMES

# By the kinds of students (the last digit of their numbers), and by assignment.
BY_CHECKS = """
0  awaits_hand_grading  awaits_hand_grading  awaits_hand_grading
1  awaits_hand_grading  awaits_hand_grading  awaits_hand_grading
2  awaits_hand_grading  awaits_hand_grading  awaits_hand_grading
3  awaits_hand_grading  awaits_hand_grading  awaits_hand_grading
4  awaits_hand_grading  awaits_hand_grading  awaits_hand_grading
5  awaits_hand_grading  missing:0            awaits_hand_grading
6  awaits_hand_grading  awaits_hand_grading  awaits_hand_grading
7  awaits_hand_grading  awaits_hand_grading  unreadable
8  10                   awaits_hand_grading  awaits_hand_grading
9  awaits_hand_grading  awaits_hand_grading  awaits_hand_grading
"""
MARKS = """
0  14    14         14
1  14    14         14
2  12.6  14         14
3  14    14         14
4  14    14         0
5  14    missing:0  14
6  9     9          9
7  14    14         unreadable
8  10    14         14
9  14    14         14
"""  # 12.6: one free day, and one at 10 % of 14. 9: 8 for code, and 1 for words. 0: handed in when all was closed
MARKS_AFTER = """
0  14    12         14
1  14    12         14
2  12.6  12         14
3  14    12         14
4  14    12         0
5  14    missing:0  14
6  9     9          9
7  14    12         unreadable
8  10    12         14
9  14    12         12
"""  # `half2` (2 points) was dropped. Who rounds in 03_third loses 2 points by a check that was mended
SINGLE = {("s02", FIRST): "14", ("s04", THIRD): "excused", ("s06", FIRST): "13"}  # extended, excused, overridden
TOTALS = "100.00 100.00 97.50 100.00 50.00 75.00 64.29 100.00 92.86 100.00"
TOTALS_AFTER = "100.00 100.00 97.50 100.00 50.00 75.00 66.96 100.00 92.86 92.86"
SINGLE_TOTALS = {"s02": "100.00", "s04": "100.00", "s06": "74.11"}
LEFT = "Left as they are, for somebody else wrote them: "
CHANGED_RULES = """
[[extensions]]
student = "s02"
assignment = "01_first"
days = 2

[[excused]]
student = "s04"
assignment = "03_third"

[[overrides]]
student = "s06"
assignment = "01_first"
points = 13
reason = "agreed in the office hour"
"""


def of_all(table: str, single: Mapping[tuple[str, str], str] = {}) -> Marks:
    """Each student's marks from a table of kinds, and those that only one student has."""
    rows = {int(number): cells for number, *cells in map(str.split, table.strip().splitlines())}
    return {(each, name): rows[kind(each)][at] for each in STUDENTS for at, name in enumerate(NAMES)} | dict(single)


def in_canvas(marks: Marks) -> Marks:
    """As Canvas shows them: two decimals, a word for who is excused, and nothing where there is no mark."""
    words = {"excused": "EX", "unreadable": ""}
    return {key: words[mark] if mark in words else f"{float(mark.split(':')[-1]):.2f}" for key, mark in marks.items()}


def of_one(marks: Marks, name: str) -> Marks:
    """The numbers of one assignment, as a system without a word for who is excused has them."""
    return {key: "" if mark == "EX" else mark for key, mark in in_canvas(marks).items() if key[1] == name}


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the term, in which the steps of the test happen one after the other."""
    folder = tmp_path_factory.mktemp("term")
    write_term(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield folder


def marks_of(term: Path) -> Marks:
    """The mark of each student, with its status where that is not plain."""
    return {
        (row["student"], row["assignment"]): row["mark"]
        if row["status"] == "graded"
        else f"{row['status']}:{row['mark']}".rstrip(":")
        for row in table_rows(term / "graded" / "marks.csv")
    }


def totals_of(term: Path) -> dict[str, str]:
    return {row["student"]: row["total"] for row in table_rows(term / "graded" / "totals.csv")}


def collect_all(term: Path) -> None:
    hand_ins = HandIns(term)
    hand_ins.too_early_for_canvas(term / "early.zip", FIRST)
    hand_ins.for_canvas(term / "first.zip", FIRST)
    hand_ins.for_moodle(term / "second.zip", SECOND)
    hand_ins.for_canvas(term / "third.zip", THIRD)
    (term / "second.csv").write_text(worksheet(SECOND).download())
    said("collect", "early.zip", "--assignment", FIRST)
    printed = said("collect", "first.zip", "--assignment", FIRST)
    assert "Placed in submitted: 36; updated: 1; there already: 3; kept as attempts: 0" in printed
    printed = said("collect", "second.zip", "--assignment", SECOND, "--worksheet", "second.csv")
    assert "Not in the download: 4 of the roster (s05, s15, s25 and 1 more)" in printed
    said("collect", "third.zip", "--assignment", THIRD)


def fill_sheet(sheet: Path) -> int:
    """Grade the answers as a person does: 4 for the reason, 1 for the other. Returns how many there were."""
    rows = table_rows(sheet)
    for row in rows:
        row["points"], row["comment"] = ("4", "") if row["answer"] == "Because." else ("1", "Give a reason.")
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


def line(printed: str, beginning: str) -> str:
    """The one line that begins so, and what follows."""
    (found,) = [each for each in printed.splitlines() if each.startswith(beginning)]
    return found.removeprefix(beginning)


def test_every_mark_of_the_term_is_what_a_person_reckons(term: Path) -> None:
    collect_all(term)
    late = said("grade", "submitted", "--unconfined")
    assert "8 (s01, s02, s11 and 5 more)" in line(late, "01_first: the work is said to be late, but not when it came")
    assert marks_of(term) == of_all(BY_CHECKS)
    say_when_it_came(term)
    assert "said to be late" not in said("grade", "submitted", "--unconfined")

    # The answers in words are graded, two to each question.
    said("written", "graded", "--out", "written.csv")
    assert fill_sheet(term / "written.csv") == 6
    said("marks")
    first = of_all(MARKS)
    assert marks_of(term) == first
    assert totals_of(term) == {each: TOTALS.split()[kind(each)] for each in STUDENTS}
    page = (term / "graded" / "s12" / "01_first.html").read_text(encoding="utf-8")
    assert "12.6" in page
    assert "Handed in 2 hours late (due 2 October 2024, 20:00 Europe/Berlin): 1 begun day at 10% of 14 points." in page

    # Marks go into gradebooks in which the teacher has written already.
    canvas, second, third = gradebook(), worksheet(SECOND), worksheet(THIRD, language=GERMAN, has_tags=False)
    here = {("s11", FIRST): "9.50", ("s13", SECOND): "EX", ("s20", THIRD): "14.00", ("s29", THIRD): "14.00"}
    write_in_canvas(canvas, here)
    s11, s21, s22, s24, s26 = (participant(each, SECOND).number for each in ("s11", "s21", "s22", "s24", "s26"))
    s20, s23 = (participant(each, THIRD).number for each in ("s20", "s23"))
    friday, german = "<p>Well done.</p>\n\nSee me &amp; Ana on <b>Friday</b>, “soon”; ", 'Schöne Lösung; "sehr" gut'
    second.write(s11, 11, "Handed in on paper.")
    second.write(s21, comment=friday)
    third.write(s20, 12.5)
    third.write(s23, comment=german)

    printed = export_to_canvas(term, canvas, canvas.export(), kept=here)
    assert line(printed, LEFT).startswith("s11 01_first (9.50 there, 14 here). ")
    assert line(printed, "Excused in the LMS, and left so: ").startswith("s13 02_second (EX there, 14 here).")
    assert shown_in(canvas) == in_canvas(first) | here
    printed = export_to_moodle(term, second, SECOND, kept=[s11])
    assert line(printed, LEFT).startswith("s11 02_second (11.00 there, 14 here). ")
    assert grades_of(second, SECOND) == of_one(first, SECOND) | {("s11", SECOND): "11.00"}
    printed = export_to_moodle(term, third, THIRD, kept=[s20])
    assert line(printed, LEFT).startswith("s20 03_third (12,50 there, 14 here). ")
    assert grades_of(third, THIRD) == of_one(first, THIRD) | {("s20", THIRD): "12.50"}

    # In between, the teacher corrects what we wrote, empties a cell, excuses somebody; a student leaves the course.
    later = {("s03", FIRST): "13.00", ("s00", THIRD): "EX"}
    write_in_canvas(canvas, later | {("s30", SECOND): ""})
    canvas.users = [each for each in canvas.users if each != user("s39")]
    into_ours, behind_ours = second.comments[s24].replace("Mark:", "See me! Mark:"), " And come to the office hour."
    second.write(s22, 10)
    second.write(s24, comment=into_ours)
    second.write(s26, comment=second.comments[s26] + behind_ours)

    # The rules change; a check is mended.
    edit(term / "class.toml", "[assignments.02_second]", '[assignments.02_second]\ndrop = ["half2"]')
    with (term / "class.toml").open("a") as file:
        file.write(CHANGED_RULES)
    moved = said("marks")
    assert all(student in moved for student, _ in SINGLE)
    edit(term / "solutions/03_third/hidden_checks.py", "half3(4.0), 2.0", "half3(3.0), 1.5")
    said("grade", "submitted", "--unconfined")
    then = of_all(MARKS_AFTER, SINGLE)
    assert marks_of(term) == then
    assert totals_of(term) == {each: TOTALS_AFTER.split()[kind(each)] for each in STUDENTS} | SINGLE_TOTALS
    page = (term / "graded" / "s06" / "01_first.html").read_text(encoding="utf-8")
    assert "agreed in the office hour" in page
    assert "Give a reason." in page
    assert "agreed" not in (term / "graded" / "s16" / "01_first.html").read_text(encoding="utf-8")
    assert "12.6" in said("marks", "--explain", "s12")

    # 02_second is worth 12 points now: nothing is written before the teacher has said so in Canvas and in Moodle.
    refused = said("export", "canvas", "graded", "--template", "gradebook.csv", "--out", "no.csv", expected=2)
    assert "02_second (7732)" in refused
    assert not (term / "no.csv").exists()
    canvas.points[CANVAS[SECOND]], second.maximum = "12.00", 12
    template = saved_by_excel(with_column(sorted_by_name(canvas.export()), "Notes", "seen"))
    here |= later
    printed = export_to_canvas(term, canvas, template, kept=here, new=["Notes"])
    assert line(printed, LEFT).startswith(
        "s03 01_first (13 there, 14 here), s11 01_first (9,5 there, 14 here), s29 03_third (14 there, 12 here). "
    )
    assert "s00 03_third (EX there, 14 here)" in line(printed, "Excused in the LMS, and left so: ")
    assert line(printed, "No row of the template is known to be theirs: ").startswith("s39. ")
    assert shown_in(canvas) == {key: mark for key, mark in (in_canvas(then) | here).items() if key[0] != "s39"}
    printed = export_to_moodle(term, second, SECOND, kept=[s11, s22])
    assert line(printed, LEFT).startswith(
        "s11 02_second (11.00 there, 12 here), s22 02_second (10.00 there, 12 here). "
    )
    assert ": s24 02_second. Move what is yours behind [/autograder]" in line(printed, "Comments left as they are, ")
    assert grades_of(second, SECOND) == of_one(then, SECOND) | {("s11", SECOND): "11.00", ("s22", SECOND): "10.00"}
    printed = export_to_moodle(term, third, THIRD, kept=[s20])
    stale = line(printed, "Left from an earlier export, and there is no mark any more: ")
    assert stale.startswith("s04 03_third (0,00 there). ")
    assert grades_of(third, THIRD) == of_one(then, THIRD) | {("s20", THIRD): "12.50", ("s04", THIRD): "0.00"}

    # What people wrote in comments is there to the byte, and ours stands beside it once.
    by_hand = second.comments[s22]
    assert by_hand.startswith(
        "[autograder]<br>Your grade was entered by a person, and is the one that counts.<br><b>double2</b>: 8 of 8<br>"
    )
    assert second.comments[s11] == f"Handed in on paper.<br><br>{by_hand}"
    ours = second.comments[s21].removeprefix(f"{friday}<br><br>")
    assert ours.startswith("[autograder]<br>Mark: 12 of 12.<br><b>double2</b>: 8 of 8<br>")
    assert ours.endswith("<br>[/autograder]")
    assert ours.count("[autograder]") == 1
    assert second.comments[s24] == into_ours
    assert second.comments[s26].endswith(f"counts for nobody.<br>[/autograder]{behind_ours}")
    assert third.comments[s23].startswith(f"{german}[autograder]<br>Mark: 14 of 14.")

    # Where nothing has moved since, nothing is changed.
    for book, name, kept in ((second, SECOND, [s11, s22]), (third, THIRD, [s20])):
        before = dict(book.grades), dict(book.comments)
        export_to_moodle(term, book, name, kept=kept, changes=False)
        assert (dict(book.grades), dict(book.comments)) == before
    scores = dict(canvas.scores)
    export_to_canvas(term, canvas, canvas.export(), kept=here, changes=False)
    assert canvas.scores == scores

    # nbgrader's own export has these marks, and 0 for what has none. It knows no excuse: what it shows is named.
    printed = said("grade", "submitted", "--unconfined", "--gradebook", f"sqlite:///{term}/gradebook.db")
    assert "s04 03_third (excused)" in printed
    assert marks_of(term) == then
    shown = exported(term)
    assert shown.pop(("s04", THIRD)) == 10
    numbers = {key: float(mark or 0) for key, mark in in_canvas(then).items() if key != ("s04", THIRD)}
    assert {key: shown.get(key, 0.0) for key in numbers} == pytest.approx(numbers)
