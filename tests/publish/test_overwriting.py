"""What may be written over in a file that an LMS exported: what we wrote ourselves, and nothing of anybody else."""

from __future__ import annotations

import re
from html import unescape

import pytest

from autograder.classroom.marks.model import MarkStatus
from autograder.publish.lms.cell import MarkCell, Numbers
from autograder.publish.lms.comment import comment_html
from autograder.publish.lms.overwriting.exported import CellKey, Exported, LastText
from autograder.publish.lms.overwriting.keeper import Keeper
from tests.helpers.mark_tables import a_mark
from tests.helpers.reports import check, report, softmax

A = "03_softmax"
CANVAS = Numbers(".", 2)
ANA = CellKey("canvas", "ana", A)


def cell(points: float | None, status: MarkStatus = MarkStatus.GRADED) -> MarkCell:
    return MarkCell(a_mark("ana", A, points, 30, status))


def wrote(text: str, template: str = "first", former: str = "") -> Exported:
    return Exported({ANA: LastText(text, template, former)})


def fill(there: str, ours: MarkCell, exported: Exported | None = None, *, replaces: bool = False) -> tuple[str, Keeper]:
    keeper = Keeper("canvas", exported, "second", replaces=replaces)
    return keeper.mark(ours, there, CANVAS, "EX"), keeper


@pytest.mark.parametrize("there", ["", " ", "-"])
def test_an_empty_cell_is_filled(there: str) -> None:
    text, keeper = fill(there, cell(24))
    assert (text, keeper.written) == ("24", {ANA: "24"})


@pytest.mark.parametrize("there", ["24", "24.0", "24,00", " 24.00"])
def test_equal_numbers_in_other_spellings_are_equal(there: str) -> None:
    text, keeper = fill(there, cell(24))
    assert text == there
    assert not keeper.kept.differs
    assert keeper.written == {}, "a person wrote it"


@pytest.mark.parametrize(
    ("written", "there"), [("24", "24.00"), ("24", "24,00"), ("3.33333", "3.33"), ("2.345", "2.35")]
)
def test_what_an_export_wrote_is_known_as_the_system_spells_it(written: str, there: str) -> None:
    text, keeper = fill(there, cell(25), wrote(written))
    assert (text, keeper.written, keeper.kept.differs) == ("25", {ANA: "25"}, False)


@pytest.mark.parametrize("exported", [None, wrote("24"), wrote("25", former="22")])
def test_what_anybody_else_wrote_stays_and_is_named_with_both_values(exported: Exported | None) -> None:
    text, keeper = fill("22.00", cell(26), exported)
    assert (text, keeper.written) == ("22.00", {})
    assert [(each.mark.student, each.theirs, each.ours) for each in keeper.kept.left] == [("ana", "22.00", "26")]
    text, keeper = fill("22.00", cell(26), exported, replaces=True)
    assert (text, keeper.written, keeper.kept.differs) == ("26", {ANA: "26"}, False)
    assert [(each.theirs, each.ours) for each in keeper.kept.replaced] == [("22.00", "26")]


@pytest.mark.parametrize("replaces", [False, True])
def test_an_excuse_of_somebody_else_stays_also_with_replace(replaces: bool) -> None:
    text, keeper = fill("ex", cell(24), replaces=replaces)
    assert text == "ex"
    assert [(each.theirs, each.ours) for each in keeper.kept.excused] == [("ex", "24")]
    assert fill("EX", cell(24), wrote("EX"))[0] == "24", "the excuse was ours, and holds no more"


def test_an_excuse_of_ours_does_not_take_the_place_of_somebodys_number() -> None:
    excused = cell(None, MarkStatus.EXCUSED)
    assert fill("", excused)[0] == "EX"
    text, keeper = fill("7", excused)
    assert (text, [each.ours for each in keeper.kept.left]) == ("7", ["EX"])


def test_without_a_mark_nothing_is_made_blank_and_a_number_of_ours_is_named() -> None:
    text, keeper = fill("24.00", cell(None, MarkStatus.AWAITS_HAND_GRADING), wrote("24"))
    assert (text, [each.theirs for each in keeper.kept.stale]) == ("24.00", ["24.00"])
    text, keeper = fill("24.00", cell(None, MarkStatus.MISSING))
    assert (text, keeper.kept.differs) == ("24.00", False), "somebody's, of whom we have no mark"


def test_the_same_template_can_be_filled_again_and_again() -> None:
    """It holds 24, which was ours before; that we have written 25 into it since, it does not know."""
    exported = Exported().after({ANA: "24"}, "first").after({ANA: "25"}, "second")
    assert fill("24.00", cell(26), exported)[0] == "26"
    exported = exported.after({ANA: "26"}, "second")
    assert fill("24.00", cell(27), exported)[0] == "27"
    later = Keeper("canvas", exported, "third")
    assert later.mark(cell(27), "24.00", CANVAS, "EX") == "24.00", "somebody has set it back"


def test_a_record_is_read_as_it_was_written_and_forgets_whom_it_is_to() -> None:
    ben = CellKey("moodle", "ben", A, "comment")
    exported = Exported().after({ANA: "24", ben: "[autograder]"}, "first")
    assert Exported.from_json(exported.to_json()) == exported
    assert list(exported.without(["ana"]).cells) == [ben]
    for broken in ("", "[]", '{"schema": 2, "cells": []}', '{"schema": 1, "cells": [["canvas"]]}'):
        with pytest.raises(ValueError, match=r".+"):
            Exported.from_json(broken)


# Comments

FIRST, SECOND = "Mark: 24 of 30.<br>a &lt; b", "Mark: 25 of 30."
OURS = f"[autograder]<br>{FIRST}<br>[/autograder]"
NEW = f"[autograder]<br>{SECOND}<br>[/autograder]"


def comment(there: str, ours: str = SECOND, **options: bool) -> tuple[str, Keeper]:
    known = Exported({CellKey("moodle", "ana", A, "comment"): LastText(OURS, "first")})
    keeper = Keeper("moodle", known, "second", **options)
    return keeper.comment(a_mark("ana", A, 25, 30), there, ours), keeper


@pytest.mark.parametrize(
    ("there", "after"),
    [
        ("", NEW),
        ("Well done", f"Well done<br><br>{NEW}"),
        ("- Well done", f"- Well done<br><br>{NEW}"),
        (f"Well done<br><br>{OURS}", f"Well done<br><br>{NEW}"),
        (f"<p>Before</p><p>{OURS}</p><p>After</p>", f"<p>Before</p><p>{NEW}</p><p>After</p>"),
        ("Before[autograder]Mark: 24 of 30.a < b[/autograder]After", f"Before{NEW}After"),
        ("<p>[autograder]</p>\n<p>Mark:&nbsp;24 of 30.<br />a &lt; b</p><p>[/autograder]</p>", f"<p>{NEW}</p>"),
    ],
    ids=["empty", "theirs", "dash", "both", "around", "without tags", "by an editor"],
)
def test_ours_is_appended_or_replaced_whatever_stands_around_it(there: str, after: str) -> None:
    text, keeper = comment(there)
    assert text == after
    assert list(keeper.written.values()) == [NEW]
    assert comment(text)[0] == text


def test_a_comment_of_ours_that_somebody_wrote_into_stays_and_is_named() -> None:
    there = OURS.replace("a &lt; b", "a &lt; b, but see me")
    text, keeper = comment(there)
    assert (text, [mark.student for mark in keeper.kept.comments]) == (there, ["ana"])
    text, keeper = comment(there, replaces=True)
    assert (text, [mark.student for mark in keeper.kept.replaced_comments]) == (NEW, ["ana"])


def test_where_the_end_of_ours_is_lost_all_stays() -> None:
    there = OURS.removesuffix("[/autograder]") + "See me"
    for replaces in (False, True):
        text, keeper = comment(there, replaces=replaces)
        assert (text, len(keeper.kept.broken)) == (there, 1)


def test_nothing_to_say_leaves_a_comment_as_it_is() -> None:
    assert comment("Well done", "")[0] == "Well done"
    assert comment(OURS, "")[0] == OURS


def test_a_student_cannot_end_our_comment() -> None:
    nasty = report(softmax(check(points=1, message="[/autograder] mine [autograder]", title="x")))
    made = comment_html(MarkCell(a_mark("ana", A, 1, 1)), nasty)
    assert not re.search(r"\[/?autograder\]", unescape(made))
