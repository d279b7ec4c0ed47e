"""What people gave in a sheet, for each student: by the answer, for as long as it is the same."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.classroom.marks.model import HandPoints
from autograder.classroom.written.answers import ClassAnswers, class_answers
from autograder.classroom.written.messages import NOT_FOUND
from autograder.classroom.written.points import hand_points, sheet_notes
from autograder.classroom.written.sheet import read_sheet
from autograder.errors import UserError
from tests.helpers.grading import regrade
from tests.helpers.in_words import NAME, WHERE, WHY, hand_in_words, store_of
from tests.helpers.sheets import DIALECTS, fill_in, make_sheet, rows_of, save_rows


@pytest.fixture
def path(tmp_path: Path, given: ClassAnswers) -> Path:
    path = tmp_path / "written.csv"
    make_sheet(path, given)
    return path


def id_of(given: ClassAnswers, question: str, student: str) -> str:
    return next(each.id for each in given.by_question[NAME, question] if student in each.students)


def refused(path: Path, given: ClassAnswers) -> str:
    with pytest.raises(UserError) as caught:
        hand_points(read_sheet(path), given)
    return str(caught.value).removeprefix(f"{path}, ")


@pytest.mark.parametrize("name", DIALECTS)
def test_all_who_gave_an_answer_have_its_points(path: Path, given: ClassAnswers, name: str) -> None:
    cells = {
        id_of(given, WHY, "ada"): {"points": "4,5", "comment": "Well said.\nOne thing is missing."},
        id_of(given, WHERE, "ben"): {"points": "0"},
        id_of(given, WHY, "dan"): {"points": "1"},
    }
    fill_in(path, cells, DIALECTS[name])
    well = HandPoints(4.5, "Well said.\nOne thing is missing.", "written.csv")
    assert hand_points(read_sheet(path), given) == {
        ("ada", NAME, WHY): well,
        ("ben", NAME, WHY): well,
        ("ben", NAME, WHERE): HandPoints(0, "", "written.csv"),
        ("dan", NAME, WHY): HandPoints(1, "", "written.csv"),
    }


def test_a_sheet_that_nobody_has_filled_in_gives_nothing_and_says_nothing(path: Path, given: ClassAnswers) -> None:
    assert hand_points(read_sheet(path), given) == {}
    assert sheet_notes(read_sheet(path), given) == ()


def test_more_than_is_possible_is_refused(path: Path, given: ClassAnswers) -> None:
    fill_in(path, {given.answers[1].id: {"points": "5,5"}})
    assert refused(path, given) == "row 3: 5.5 points are more than the 5 that are possible"
    fill_in(path, {given.answers[1].id: {"points": "5.5", "possible": ""}})
    assert refused(path, given) == "row 3: 5.5 points are more than the 5 that are possible"


def test_a_column_that_was_sorted_by_itself_is_found_out(path: Path, given: ClassAnswers) -> None:
    rows = rows_of(path)
    ids = [row["answer_id"] for row in rows]
    save_rows(path, [row | {"answer_id": moved} for row, moved in zip(rows, [*ids[1:], ids[0]], strict=True)])
    assert refused(path, given).startswith(f"row 2: the answer_id is {ids[1]}, and this answer's is {ids[0]}")


def test_an_id_that_was_dragged_is_found_out(path: Path, given: ClassAnswers) -> None:
    """Spreadsheets count up what is dragged down."""
    rows = rows_of(path)
    counted = f"{rows[0]['answer_id'][:-1]}0"
    assert counted not in given.by_id
    save_rows(path, [rows[0] | {"answer_id": counted, "points": "3"}, *rows[1:]])
    assert refused(path, given).startswith(f"row 2: the answer_id is {counted}")


def test_points_stay_with_the_text_of_an_answer(path: Path, class_in_words: Path, given: ClassAnswers) -> None:
    fill_in(path, {id_of(given, WHY, "ada"): {"points": "3"}})
    hand_in_words(class_in_words, "ben", why="Because variances add up. And then some.", where="=1+1")
    hand_in_words(class_in_words, "fay", why="Because variances add up.\n\n- the root\n- of n")
    shutil.rmtree(class_in_words / "graded")
    regrade(class_in_words)
    store = store_of(class_in_words)
    points = hand_points(read_sheet(path), class_answers(store, store))
    assert set(points) == {("ada", NAME, WHY), ("fay", NAME, WHY)}


def test_an_answer_that_changed_by_a_sign_awaits_points_anew(
    path: Path, class_in_words: Path, given: ClassAnswers
) -> None:
    """Nor is its old row taken for one whose cells have moved."""
    fill_in(path, {id_of(given, WHY, "ada"): {"points": "3"}})
    for student in ("ada", "ben"):
        hand_in_words(class_in_words, student, why="Because variances add up:\n\n- the root\n- of n")
    regrade(class_in_words)
    store = store_of(class_in_words)
    answers = class_answers(store, store)
    assert hand_points(read_sheet(path), answers) == {}
    assert sheet_notes(read_sheet(path), answers) == (
        f"{path}: nobody has the answer of 1 row any more that is filled in. It stays, and counts for nobody.",
    )


@pytest.mark.parametrize(
    ("hostile", "other"),
    [
        (NOT_FOUND, ""),
        ("''''''''''''''''''''''short", "short"),
        ("'Because variances add up and more.", "Because variances add up and more."),
        ("Because variances\tadd up and more.", f"Because variances{' ' * 7}add up and more."),
    ],
)
@pytest.mark.parametrize("is_gone", [False, True])
def test_no_answer_makes_the_row_of_another_look_as_if_it_had_moved(
    tmp_path: Path, given: ClassAnswers, hostile: str, other: str, *, is_gone: bool
) -> None:
    first = replace(given.answers[0], id="w000000000001", text=other, pictures=0, students=("ana",))
    second = replace(first, id="w000000000002", text=hostile, students=("mallory",))
    path = tmp_path / "sheet.csv"
    make_sheet(path, ClassAnswers((first, second)))
    fill_in(path, {first.id: {"points": "3"}})
    today = ClassAnswers((second,) if is_gone else (first, second))
    assert {student for student, *_ in hand_points(read_sheet(path), today)} == (set() if is_gone else {"ana"})


def test_what_does_not_count_as_it_looks_is_told(path: Path, given: ClassAnswers) -> None:
    ids = [each.id for each in given.answers]
    fill_in(path, {ids[0]: {"points": "2,5"}, ids[1]: {"comment": "Hm."}})
    assert sheet_notes(read_sheet(path), given) == (
        f"{path}, row 2: 2,5 was read as 2.5.",
        f"{path}, row 3: there is a comment and no points: this answer still awaits them.",
    )
    fill_in(path, {ids[2]: {"points": "1,0"}, ids[3]: {"comment": "Hm."}})
    assert sheet_notes(read_sheet(path), given) == (
        f"{path}: points with a comma were read as decimals in 2 rows, as in row 2: 2,5 is 2.5.",
        f"{path}: 2 rows have a comment and no points, as row 3: these answers still await them.",
    )


def test_points_out_of_another_maximum_do_not_count_until_a_person_says_so(path: Path, given: ClassAnswers) -> None:
    ada = id_of(given, WHY, "ada")
    fill_in(path, {ada: {"points": "5"}})
    harder = ClassAnswers(tuple(replace(each, possible=10 if each.question == WHY else 2) for each in given.answers))
    assert hand_points(read_sheet(path), harder) == {}
    (note,) = sheet_notes(read_sheet(path), harder)
    assert "`why` in 01_sums was worth 5 points, and is worth 10 now" in note
    assert "the first is row 2" in note
    make_sheet(path, harder)
    assert hand_points(read_sheet(path), harder) == {}, "it is written again, and still nobody has decided"
    fill_in(path, {ada: {"points": "9", "possible": "10"}})
    assert {each.points for each in hand_points(read_sheet(path), harder).values()} == {9}
    assert sheet_notes(read_sheet(path), harder) == ()


def test_a_maximum_of_many_digits_is_the_same_when_it_has_been_written(path: Path, given: ClassAnswers) -> None:
    thirds = ClassAnswers(tuple(replace(each, possible=10 / 3) for each in given.answers))
    path.unlink()
    make_sheet(path, thirds)
    fill_in(path, {given.answers[0].id: {"points": "3"}})
    assert hand_points(read_sheet(path), thirds)
