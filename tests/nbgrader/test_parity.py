"""Both ways into the gradebook, nbgrader's own command with our step and `autograder grade`, come to the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.course.loader import Course
from autograder.report.model import Report
from tests.helpers.hand_ins import ANSWER, WORDS_ELSEWHERE, Notebook, a_class, partly_right
from tests.helpers.nbgrader import (
    WRITTEN,
    comments,
    grade_into_gradebook,
    grades,
    hand_in_notebook,
    make_course,
    nbgrader,
)

pytestmark = pytest.mark.slow

Event = Callable[[Notebook, str], None]

UNREADABLE = {"arrived_in_part", "no_notebook", "nothing_in_it"}
# Where no answer is lost, no points are: these earn what the same answers earn in a notebook that nothing befell.
HARMLESS = {
    "checks_deleted",
    "all_but_code_deleted",
    "answer_tried_before",
    "check_copied",
    "without_metadata",
    "with_broken_metadata",
    "points_raised",
    "outputs_forged",
    "answer_in_the_check_cell",
    "all_in_one_cell",
    "with_odd_cells",
    "old_format",
    "latin_1",
    *(event.__name__ for event in WORDS_ELSEWHERE),
}


@pytest.fixture(scope="module")
def graded(course: Course, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same class, graded by nbgrader's command in one folder and by ours in another."""
    assignment = course.assignment(WRITTEN)
    folders = tuple(make_course(tmp_path_factory.mktemp(name)) for name in ("nbgrader", "autograder"))
    for folder in folders:
        for student, notebook in a_class(assignment, mistakes=6):
            hand_in_notebook(folder, student, WRITTEN, notebook, "2027-01-31 12:00:00 UTC")
    by_nbgrader, by_us = folders
    nbgrader("generate_assignment", WRITTEN, cwd=by_nbgrader)
    nbgrader("autograde", WRITTEN, cwd=by_nbgrader)
    grade_into_gradebook(by_us)
    return by_nbgrader, by_us


def test_the_scores_are_the_same(graded: tuple[Path, Path]) -> None:
    by_nbgrader, by_us = map(grades, graded)
    assert len({student for _, student, _ in by_us}) >= 28
    assert by_nbgrader == by_us
    assert len({grade.auto_score for grade in by_us.values()}) > 3  # mixed they are


@pytest.mark.parametrize("event", WORDS_ELSEWHERE, ids=lambda event: event.__name__)
def test_words_in_a_cell_of_their_own_await_a_person(graded: tuple[Path, Path], event: Event) -> None:
    for folder in graded:
        mine = [grade for (_, student, _), grade in grades(folder).items() if student == event.__name__]
        (grade,) = [each for each in mine if each.auto_score is None]
        assert grade.needs_manual_grade
        assert {auto for key, (auto, _) in comments(folder).items() if event.__name__ in key} == {None}
        (notebook,) = folder.glob(f"autograded/{event.__name__}/{WRITTEN}/*.ipynb")
        assert ANSWER in notebook.read_text()


def test_the_comments_are_the_same(graded: tuple[Path, Path]) -> None:
    by_nbgrader, by_us = map(comments, graded)
    assert by_nbgrader == by_us
    assert {auto for auto, _ in by_us.values()} == {None, "No response."}


def test_the_notebooks_are_the_same(graded: tuple[Path, Path]) -> None:
    by_nbgrader, by_us = (
        {path.parent.parent.name: path.read_bytes() for path in folder.glob(f"autograded/*/{WRITTEN}/*.ipynb")}
        for folder in graded
    )
    assert by_nbgrader.keys() == by_us.keys()
    assert [student for student in by_us if by_us[student] != by_nbgrader[student]] == []


def test_the_gradebook_has_the_scores_of_the_reports(graded: tuple[Path, Path]) -> None:
    _, folder = graded
    found = grades(folder)
    for path in folder.glob(f"graded/*/{WRITTEN}.json"):
        report = Report.from_json(path.read_text())
        for question in report.questions:
            assert found[WRITTEN, report.student, f"check_{question.name}"].auto_score == question.score


def test_what_befell_a_notebook_costs_nothing(graded: tuple[Path, Path], course: Course) -> None:
    mistake = partly_right(course.assignment(WRITTEN))
    found = {
        student: grade.score
        for (_, student, cell), grade in grades(graded[0]).items()
        if cell == f"check_{mistake.question}"
    }
    in_order = found[f"mistaken_{mistake.name}"]
    assert 0 < in_order < found["all_right"]
    assert {student: found[student] for student in HARMLESS} == dict.fromkeys(HARMLESS, in_order)


def test_written_answers_await_a_hand_and_empty_ones_do_not(graded: tuple[Path, Path]) -> None:
    found = {student: grade for (_, student, cell), grade in grades(graded[1]).items() if cell == "why_sqrt_d"}
    assert (found["untouched"].auto_score, found["untouched"].needs_manual_grade) == (0, False)
    others = [grade for student, grade in found.items() if student != "untouched"]
    assert {(grade.auto_score, grade.needs_manual_grade) for grade in others} == {(None, True)}


def test_what_cannot_be_read_earns_nothing_and_says_why(graded: tuple[Path, Path]) -> None:
    found = grades(graded[0])
    for student in UNREADABLE:
        assert {grade.score for (_, name, _), grade in found.items() if name == student} == {0}
        notebook = (graded[0] / "autograded" / student / WRITTEN / f"{WRITTEN}.ipynb").read_text()
        assert "This submission could not be read." in notebook
