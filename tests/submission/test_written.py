"""Answers in words: found by their cell, whatever an editor made of it, and kept without the question."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.course.loader import Course
from autograder.submission import messages
from autograder.submission.handout import STUB, Handout, ReleasedCell
from autograder.submission.model import CODE, MARKDOWN, Submission
from autograder.submission.reader import read_file
from autograder.submission.written import MAX_ANSWER_CHARS, first_line
from tests.helpers.hand_ins import ANSWER as SOLVED
from tests.helpers.hand_ins import WORDS_ELSEWHERE, Notebook, cell, released, solved, words_below

NAME = "02_scaled_scores"
QUESTION = "why_sqrt_d"
ANSWER = "Because a sum of d_k products spreads as far as the root of d_k."


@pytest.fixture
def asked(course: Course) -> Handout:
    return course.assignment(NAME).handout


def read(folder: Path, notebook: Notebook, asked: Handout) -> Submission:
    file = folder / f"{NAME}.ipynb"
    file.write_text(json.dumps(notebook))
    return read_file(file, asked.assignment, [asked])


def answered(course: Course, text: str) -> tuple[Notebook, dict[str, Any]]:
    """A finished notebook in which the stub of the answer in words is replaced, and that answer's cell."""
    notebook = solved(course.assignment(NAME))
    found = cell(notebook, QUESTION)
    found["source"] = course.assignment(NAME).handout.written[QUESTION].replace(STUB, text)
    return notebook, found


def test_the_question_is_what_the_release_says(course: Course, asked: Handout) -> None:
    assert asked.written == {QUESTION: cell(released(course.assignment(NAME)), QUESTION)["source"]}


def test_an_answer_is_kept_without_its_question(course: Course, asked: Handout, tmp_path: Path) -> None:
    notebook, _ = answered(course, ANSWER)
    assert read(tmp_path, notebook, asked).answers == {QUESTION: ANSWER}


@pytest.mark.parametrize("lost", ["metadata", "id", "both"])
def test_an_answer_is_found_by_what_an_editor_left(course: Course, asked: Handout, tmp_path: Path, lost: str) -> None:
    notebook, found = answered(course, ANSWER)
    if lost != "id":
        found["metadata"] = {}
    if lost != "metadata":
        found["id"] = "x1"
    assert read(tmp_path, notebook, asked).answers == {QUESTION: ANSWER}


def test_an_answer_that_took_the_questions_place_is_kept_whole(course: Course, asked: Handout, tmp_path: Path) -> None:
    notebook, found = answered(course, "")
    found["source"] = ANSWER
    assert read(tmp_path, notebook, asked).answers == {QUESTION: ANSWER}


def test_a_copy_of_the_question_is_no_answer_where_there_is_one(course: Course, asked: Handout, tmp_path: Path) -> None:
    notebook, found = answered(course, ANSWER)
    notebook["cells"].append({**found, "source": asked.written[QUESTION]})
    assert read(tmp_path, notebook, asked).answers == {QUESTION: ANSWER}


@pytest.mark.parametrize("text", [STUB, "", "  \n"])
def test_what_is_as_it_was_released_is_no_answer(course: Course, asked: Handout, tmp_path: Path, text: str) -> None:
    notebook, _ = answered(course, text)
    work = read(tmp_path, notebook, asked)
    assert work.answers == {}
    assert work.unanswered == ((QUESTION,) if text == STUB else ())  # of what was changed, a person says what it is


def test_an_answer_near_its_question_is_one(course: Course, asked: Handout, tmp_path: Path) -> None:
    notebook = solved(course.assignment(NAME))
    words_below(notebook, "")
    assert STUB in cell(notebook, QUESTION)["source"]
    assert read(tmp_path, notebook, asked).unanswered == ()


def test_what_was_released_behind_the_place_of_the_answer_is_no_part_of_it(tmp_path: Path) -> None:
    question = f"Why?\n\n{STUB}\n\nTwo sentences are enough."
    asked = Handout(NAME, (ReleasedCell(MARKDOWN, question, "why"),))
    for text, answers in ((question, {}), (question.replace(STUB, "So."), {"why": "So."})):
        made = {
            "cells": [{"cell_type": "code", "source": "x = 1"}, {"cell_type": "markdown", "source": text, "id": "why"}]
        }
        assert read(tmp_path, made, asked).answers == answers


def test_a_book_is_cut(course: Course, asked: Handout, tmp_path: Path) -> None:
    notebook, _ = answered(course, "word " * MAX_ANSWER_CHARS)
    answer = read(tmp_path, notebook, asked).answers[QUESTION]
    assert answer.endswith(messages.ANSWER_CUT)
    assert len(answer) < MAX_ANSWER_CHARS + 100


def test_odd_cells_answer_nothing(course: Course, asked: Handout, tmp_path: Path) -> None:
    notebook, _ = answered(course, STUB)
    for odd in ({"metadata": 1}, {"metadata": {"nbgrader": []}}, {"id": [QUESTION]}, {"source": None}, {"source": [1]}):
        notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "", **odd})
    assert read(tmp_path, notebook, asked).answers == {}


@pytest.mark.parametrize("event", WORDS_ELSEWHERE, ids=lambda event: event.__name__)
def test_an_answer_in_a_cell_of_its_own_is_found(
    course: Course, asked: Handout, tmp_path: Path, event: Callable[[Notebook, str], None]
) -> None:
    notebook = solved(course.assignment(NAME))
    event(notebook, "")
    assert read(tmp_path, notebook, asked).answers == {QUESTION: SOLVED}


def test_several_cells_are_one_answer_up_to_the_next_that_was_handed_out(
    course: Course, asked: Handout, tmp_path: Path
) -> None:
    notebook = released(course.assignment(NAME))
    place = next(index for index, each in enumerate(notebook["cells"]) if each["id"] == QUESTION)
    own = [{"cell_type": "markdown", "metadata": {}, "source": text, "id": text} for text in ("One.", " ", "Two.")]
    code = {"cell_type": "code", "metadata": {}, "source": "plot(1)", "id": "plot"}
    far = {"cell_type": "markdown", "metadata": {}, "source": "My notes.", "id": "far"}
    notebook["cells"][place + 1 : place + 1] = [own[0], code, *own[1:]]
    notebook["cells"].insert(0, far)
    assert read(tmp_path, notebook, asked).answers == {QUESTION: "One.\n\nTwo."}


@pytest.mark.parametrize("with_metadata", [True, False])
@pytest.mark.parametrize("apart", [True, False])
def test_the_answer_to_another_question_is_none_to_this_one(tmp_path: Path, with_metadata: bool, apart: bool) -> None:
    questions = tuple(ReleasedCell(MARKDOWN, f"{name.title()}?\n\n{STUB}", name) for name in ("why", "how"))
    asked = Handout(NAME, (ReleasedCell(CODE, "x = 1"), *questions))
    sources = {"why": f"Why?\n\n{STUB}", "how": "How?\n\nBy hand."}
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "markdown",
            "source": source,
            "metadata": {"nbgrader": {"grade_id": name}} if with_metadata else {},
        }
        for name, source in sources.items()
    ]
    cells.insert(1 if apart else 0, {"cell_type": "code", "source": "x = 1"})
    work = read(tmp_path, {"cells": cells}, asked)
    assert work.answers == {"how": "By hand."}
    assert work.unanswered == ("why",)


def test_a_script_has_code_only(asked: Handout, tmp_path: Path) -> None:
    file = tmp_path / f"{NAME}.py"
    file.write_text("x = 1\n")
    assert read_file(file, NAME, [asked]).answers == {}


def test_the_first_line_is_known_whatever_became_of_its_blanks() -> None:
    assert first_line("\n \n Why   *so*? \nBecause") == first_line("Why *so*?")
    assert first_line(f"{STUB}\n") == ""


def test_what_is_kept_is_read_again(course: Course, asked: Handout, tmp_path: Path) -> None:
    notebook, _ = answered(course, f"{ANSWER} \ud800")
    read_once = read(tmp_path, notebook, asked)
    assert Submission.from_json(read_once.to_json()) == read_once
    read_once.to_json().encode("ascii")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Expecting value"),
        ("[]", "not a submission"),
        ("{}", "not a submission"),
        ('{"schema": 2}', "schema 2"),
        ('{"schema": 3, "file": "a.py"}', "not a submission"),
    ],
)
def test_what_is_no_submission_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Submission.from_json(text)
