"""The sheet as it comes back: whatever is wrong in it is told with its row, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.classroom.written.answers import ClassAnswers
from autograder.classroom.written.sheet import COLUMNS, read_sheet
from autograder.errors import UserError
from tests.helpers.sheets import DIALECTS, fill_in, make_sheet, rows_of, save_rows


@pytest.fixture
def path(tmp_path: Path, given: ClassAnswers) -> Path:
    """A sheet that nobody has filled in."""
    path = tmp_path / "written.csv"
    make_sheet(path, given)
    return path


def refused(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        read_sheet(path)
    assert str(caught.value).startswith(f"{path}")
    return str(caught.value).removeprefix(f"{path}")


def with_cells(path: Path, row: int, **cells: str) -> None:
    """Change the cells in a row, counted as a spreadsheet does."""
    rows = rows_of(path)
    rows[row - 2] |= cells
    save_rows(path, rows)


@pytest.mark.parametrize(
    ("written", "read"),
    [("3", 3), ("2.5", 2.5), ("2,5", 2.5), ("0", 0), (" 4 ", 4), ("5.0", 5), ("", None), (" ", None)],
)
def test_points_are_read_as_people_write_them(path: Path, written: str, read: float | None) -> None:
    with_cells(path, 3, points=written)
    assert [row.points for row in read_sheet(path).rows[:2]] == [None, read]


@pytest.mark.parametrize(
    "written", ["three", "3/5", "1,000.5", "1.5.2026", "02. May", "nan", "inf", "1e1", "٣", "+1", "'3"]
)
def test_what_is_no_number_is_refused(path: Path, written: str) -> None:
    with_cells(path, 3, points=written)
    told = f", row 3: the points {written!r} are no number: write 3, 2.5 or 2,5, or leave the cell empty"
    assert refused(path) == told


def test_points_below_0_are_refused(path: Path) -> None:
    with_cells(path, 4, points="-0.5")
    assert refused(path) == ", row 4: the points -0.5 are below 0"


@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_column_is_named(path: Path, column: str) -> None:
    rows = [{name: cell for name, cell in row.items() if name != column} for row in rows_of(path)]
    save_rows(path, rows)
    assert f"no column `{column}`" in refused(path)


def test_a_file_that_is_something_else_is_named_so(tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    path.write_text("student,score\nada,3\n")
    assert refused(path) == " is not a sheet of `autograder written` (it has no column `assignment`): name another file"


def test_a_column_that_is_there_twice_is_named(path: Path) -> None:
    save_rows(path, [{**row, " Points ": ""} for row in rows_of(path)])
    assert refused(path) == " has two columns `points`: rename the one that is yours"


@pytest.mark.parametrize(("answer_id", "told"), [("", "there is no answer_id"), (" ", "there is no answer_id")])
def test_a_row_without_an_id_is_refused(path: Path, answer_id: str, told: str) -> None:
    with_cells(path, 5, answer_id=answer_id, points="3")
    assert refused(path) == f", row 5: {told}: put it back, or delete the row"


@pytest.mark.parametrize("answer_id", ["3", "w12", "1.2E+05", "Total", "w0455b933631dd"])
def test_an_id_that_is_none_is_refused(path: Path, answer_id: str) -> None:
    with_cells(path, 5, answer_id=answer_id)
    assert refused(path).startswith(f", row 5: {answer_id!r} is no answer_id: put back the one that was there")


def test_an_id_that_is_there_twice_must_be_graded_the_same(path: Path) -> None:
    rows = rows_of(path)
    rows[1] |= {"points": "3"}
    save_rows(path, [*rows, dict(rows[1])])
    assert [row.points for row in read_sheet(path).rows if row.answer_id == rows[1]["answer_id"]] == [3, 3]
    save_rows(path, [*rows, rows[1] | {"points": "4"}])
    assert refused(path).startswith(f", rows 3 and {len(rows) + 2}: {rows[1]['answer_id']} is there twice")


def test_a_maximum_that_is_no_number_is_refused(path: Path) -> None:
    with_cells(path, 2, possible="five")
    assert refused(path) == ", row 2: 'five' in the column `possible` is no number: write what was possible"


@pytest.mark.parametrize("name", DIALECTS)
def test_it_is_read_as_each_spreadsheet_saves_it(path: Path, given: ClassAnswers, name: str) -> None:
    comment = 'Good.\nSee "below"; or, above.'
    ids = [each.id for each in given.answers]
    fill_in(path, {ids[0]: {"points": "2,5", "comment": comment}, ids[2]: {"points": "1"}}, DIALECTS[name])
    sheet = read_sheet(path)
    assert [row.answer_id for row in sheet.rows] == ids
    assert {row.answer_id: row.points for row in sheet.rows if row.points is not None} == {ids[0]: 2.5, ids[2]: 1}
    assert sheet.rows[0].comment == comment
    assert [row.number for row in sheet.rows] == [2, 3, 4, 5, 6, 7]


def test_empty_rows_and_columns_of_peoples_own_do_not_matter(path: Path) -> None:
    rows = rows_of(path)
    empty = dict.fromkeys(rows[0], "")
    save_rows(path, [{"Grader": "Kim", **row} for row in [rows[0], *rows[1:]]])
    assert len(read_sheet(path).rows) == len(rows)
    save_rows(path, [rows[0], empty, *rows[1:], empty])
    assert [row.number for row in read_sheet(path).rows] == [2, *range(4, len(rows) + 3)]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b'a,"b', b"answer_id\x00,points"])
def test_what_is_no_table_is_told_in_a_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "written.csv"
    path.write_bytes(content)
    assert "\n" not in refused(path)
