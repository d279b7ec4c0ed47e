"""The sheet as it is written: safe in every spreadsheet, and over one that is there, without a loss."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.classroom.csv_file import BOM, read_csv_file
from autograder.classroom.written import messages
from autograder.classroom.written.answers import ClassAnswers, class_answers
from autograder.classroom.written.filling import MAX_CELL_CHARS, answer_cell
from autograder.classroom.written.sheet import COLUMNS
from autograder.text import is_safe_in_csv
from tests.helpers.grading import regrade
from tests.helpers.in_words import hand_in_words, store_of
from tests.helpers.sheets import DIALECTS, fill_in, make_sheet, rows_of, save_rows
from tests.helpers.untrusted import NASTY


def answers_of(folder: Path) -> ClassAnswers:
    store = store_of(folder)
    return class_answers(store, store)


def with_text(given: ClassAnswers, text: str) -> ClassAnswers:
    return ClassAnswers((replace(given.answers[0], text=text), *given.answers[1:]))


def test_a_new_sheet_has_a_row_for_each_answer(tmp_path: Path, given: ClassAnswers) -> None:
    path = tmp_path / "written.csv"
    make_sheet(path, given)
    assert tuple(rows_of(path)[0]) == COLUMNS
    assert [row["answer_id"] for row in rows_of(path)] == [each.id for each in given.answers]
    first = rows_of(path)[0]
    assert first == {
        "assignment": "01_sums",
        "question": "why",
        "answer_id": given.answers[0].id,
        "students": "2",
        "answer": "Because variances add up.\n\n'- the root\n'- of n",
        "points": "",
        "possible": "5",
        "comment": "",
    }
    assert path.read_bytes().startswith(BOM.encode()), "or Excel takes it for another encoding"
    assert {row["answer"] for row in rows_of(path)} >= {"'=1+1", messages.NOT_FOUND}


def test_names_are_there_only_if_asked_for(tmp_path: Path, given: ClassAnswers) -> None:
    path = tmp_path / "written.csv"
    make_sheet(path, given)
    assert not {"ada", "ben", "cem", "dan", "eve"}.intersection(
        path.read_text(encoding="utf-8").replace(",", " ").split()
    )
    make_sheet(path, given, with_names=True)
    assert rows_of(path)[0]["names"] == "ada, ben"
    fill_in(path, {given.answers[0].id: {"names": "my two"}})
    make_sheet(path, given)
    assert rows_of(path)[0]["names"] == "my two"


@pytest.mark.parametrize(
    "text", [*NASTY, "=1+1", "a\n=cmd|' /C calc'!A0\nb", "\t=1", "a;=1;b", '"=1', "x\n\n\n@SUM(1)"]
)
def test_no_line_of_an_answer_is_a_formula_and_nothing_else_is_hidden(
    tmp_path: Path, given: ClassAnswers, text: str
) -> None:
    path = tmp_path / "written.csv"
    sheet = make_sheet(path, with_text(given, text))
    cell = sheet.cell(sheet.rows[0], "answer")
    assert all(line.startswith("'") or is_safe_in_csv(line) for line in cell.split("\n"))
    assert len(sheet.rows) == len(given.answers)
    letters = [character for character in text if character.isalnum()]
    assert [character for character in cell if character.isalnum()] == letters or cell == messages.NOT_FOUND


def test_a_book_is_cut_where_spreadsheets_would(tmp_path: Path, given: ClassAnswers) -> None:
    cell = answer_cell(with_text(given, "👩" * 1_000_000).answers[0])
    assert len(cell.encode("utf-16-le")) // 2 < 32_767
    assert "The answer goes on" in cell
    assert len(answer_cell(with_text(given, "x" * MAX_CELL_CHARS).answers[0])) == MAX_CELL_CHARS
    assert make_sheet(tmp_path / "written.csv", with_text(given, "=\n" * 100_000)).rows


@pytest.mark.parametrize("name", DIALECTS)
def test_what_people_filled_in_stays_in_their_own_dialect(
    tmp_path: Path, class_in_words: Path, given: ClassAnswers, name: str
) -> None:
    path = tmp_path / "written.csv"
    make_sheet(path, given)
    rows = [{"Grader": "", **row, "comment": "", "To do": ""} for row in rows_of(path)]
    rows[0] |= {"points": "2,5", "comment": 'Say "why".\nAnd how.', "Grader": "Kim"}
    rows[1] |= {"To do": "=look again"}
    rows[2] |= {"comment": "later"}
    save_rows(path, rows, DIALECTS[name])
    before = read_csv_file(path)
    make_sheet(path, given)
    assert rows_of(path) == rows
    after = read_csv_file(path)
    assert (after.delimiter, after.line_end, after.bom) == (before.delimiter, before.line_end, before.bom)
    hand_in_words(class_in_words, "fay", why="A new answer.", where="In attention.")
    regrade(class_in_words)
    make_sheet(path, answers_of(class_in_words))
    by_id = {row["answer_id"]: row for row in rows_of(path)}
    new = [row for row in rows_of(path) if row["answer"] == "A new answer."]
    assert len(new) == 1
    assert (new[0]["points"], new[0]["Grader"], new[0]["students"]) == ("", "", "1")
    for row in rows:
        now = by_id[row["answer_id"]]
        assert now == row | {"students": now["students"]}
    assert [row["students"] for row in rows_of(path) if row["answer"] == "In attention."] == ["3"]


def test_filled_rows_stay_when_nobody_has_their_answer_any_more(
    tmp_path: Path, class_in_words: Path, given: ClassAnswers
) -> None:
    path = tmp_path / "written.csv"
    make_sheet(path, given)
    both = {each.text: each.id for each in given.answers}
    graded, plain = both["=1+1"], both["In attention."]
    fill_in(path, {graded: {"points": "1", "comment": "A formula?"}})
    for student in ("ada", "ben", "cem"):
        hand_in_words(class_in_words, student, where="Elsewhere.")
    regrade(class_in_words)
    make_sheet(path, answers_of(class_in_words))
    by_id = {row["answer_id"]: row for row in rows_of(path)}
    assert plain not in by_id
    assert rows_of(path)[-1] == by_id[graded]
    assert (by_id[graded]["points"], by_id[graded]["comment"], by_id[graded]["students"]) == ("1", "A formula?", "0")
    hand_in_words(class_in_words, "ben", where="=1+1")
    regrade(class_in_words)
    make_sheet(path, answers_of(class_in_words))
    assert {row["answer_id"]: row for row in rows_of(path)}[graded] == by_id[graded] | {"students": "1"}


def test_rows_may_stand_in_any_order(tmp_path: Path, given: ClassAnswers) -> None:
    path = tmp_path / "written.csv"
    make_sheet(path, given)
    fill_in(path, {given.answers[3].id: {"points": "1"}})
    once = rows_of(path)
    save_rows(path, once[::-1])
    make_sheet(path, given)
    assert rows_of(path) == once


def test_points_stand_beside_the_maximum_that_they_were_given_out_of(tmp_path: Path, given: ClassAnswers) -> None:
    path = tmp_path / "written.csv"
    make_sheet(path, given)
    fill_in(path, {given.answers[0].id: {"points": "4"}})
    make_sheet(path, ClassAnswers(tuple(replace(each, possible=10) for each in given.answers)))
    assert [row["possible"] for row in rows_of(path)] == ["5", *["10"] * (len(given.answers) - 1)]


def test_the_whole_class_can_leave(tmp_path: Path, class_in_words: Path, given: ClassAnswers) -> None:
    path = tmp_path / "written.csv"
    make_sheet(path, given)
    shutil.rmtree(class_in_words / "class")
    make_sheet(path, ClassAnswers(()))
    assert rows_of(path) == []
    assert read_csv_file(path).header == COLUMNS
