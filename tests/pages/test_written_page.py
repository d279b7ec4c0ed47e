"""The page for those who mark: each question with what to look for, and the answers, in which nothing acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings

from autograder.classroom.written.answers import ClassAnswers, DistinctAnswer
from autograder.classroom.written.sheet import Sheet
from autograder.course.loader import Assignment, load_course
from autograder.pages.written_page import MAX_CHARS_AT_ONCE, is_written_page, written_page
from autograder.submission.model import CODE, MARKDOWN, NotebookCell, Submission
from tests.helpers.browser import chromium, contrast
from tests.helpers.in_words import NAME, WHERE, WHY, course_in_words
from tests.helpers.pages import (
    Page,
    assert_readable_without_sight,
    assert_runs_only_what_it_allows,
    assert_shown_as_text,
    collapsed,
)
from tests.helpers.sheets import fill_in, make_sheet
from tests.helpers.untrusted import MARKUP, NASTY, TEXT

pytestmark = pytest.mark.slow

IDS = ("w000000000001", "w000000000002", "w000000000003")
WORK = Submission(
    f"{NAME}.ipynb",
    (
        NotebookCell(MARKDOWN, "Where does it matter?\n\nYOUR ANSWER HERE"),
        NotebookCell(CODE, "# my code", "code cell 1"),
        NotebookCell(MARKDOWN, "My notes, somewhere."),
    ),
    "a digest",
)


@pytest.fixture(scope="module")
def assignments(tmp_path_factory: pytest.TempPathFactory) -> tuple[Assignment, ...]:
    return load_course(course_in_words(tmp_path_factory.mktemp("words")) / "solutions").assignments


def of(*answers: DistinctAnswer) -> ClassAnswers:
    return ClassAnswers(answers, {("cem", NAME): frozenset({WHY})})


def answer(text: str = "Because.", number: int = 0, **fields: object) -> DistinctAnswer:
    plain = DistinctAnswer(IDS[number], NAME, WHY, 5, text, 0, ("ada", "ben"))
    return replace(plain, **fields)  # type: ignore[arg-type]  # each test names fields that exist


def page_of(
    answers: ClassAnswers, assignments: tuple[Assignment, ...], sheet: Sheet | None = None, *, names: bool = False
) -> Page:
    return Page(written_page(answers, assignments, sheet, "A small course", with_names=names))


def test_the_question_its_model_answer_and_its_marking_guide_stand_beside_the_answers(
    assignments: tuple[Assignment, ...],
) -> None:
    text = page_of(of(answer(), answer("In my head.", 1, question=WHERE, possible=2)), assignments).text
    assert "Why does a sum of $n$ numbers spread as $\\sqrt{n}$?" in text, "formulas as students' pages show them"
    assert "1. Variances add up, so the spread is their root." in text, "whole lines, not the lesson's"
    assert "Marking guide, 5 points.\n- 3 points for the variance." in text
    why, where = text.split("up to 5 points")[1].split("up to 2 points")
    assert "Because." in why
    assert "Variances" in why
    assert "In my head." in where
    assert "In attention." in where
    assert where.count("Marking guide") == 0, "this question has none"
    assert "###" not in text
    assert "not for students" in text
    assert "holds the solutions" in text


def test_an_answer_has_its_id_how_many_gave_it_and_what_was_given(
    assignments: tuple[Assignment, ...], tmp_path: Path
) -> None:
    answers = of(answer(), answer("Other.", 1, students=("dan",)), answer("Third.", 2, students=("eve",)))
    make_sheet(tmp_path / "written.csv", answers)
    cells = {IDS[0]: {"points": "2,5", "comment": "Nearly.\nSo close."}, IDS[1]: {"comment": "Hm."}}
    fill_in(tmp_path / "written.csv", cells)
    page = page_of(answers, assignments, make_sheet(tmp_path / "written.csv", answers))
    first, second, third = page.text.split("up to 5 points")[1].split("given by")[1:]
    assert collapsed(first).startswith("2 students 2.5 / 5 Because.")
    assert "Nearly.\nSo close." in first
    assert collapsed(second).startswith("1 student not graded yet Other.")
    assert "Hm." in second
    assert "not graded yet" in third
    assert set(IDS) <= set(page.all("id"))
    assert "3 different answers of 4 students. 2 await points." in collapsed(page.text)
    assert "1 student left it as it was handed out: 0 points" in page.text


def test_names_are_hidden_unless_asked_for(assignments: tuple[Assignment, ...]) -> None:
    answers = of(answer(students=("zoë-the-first", "ben-the-second")), answer("", 1, students=("dan-3",), work=WORK))
    for names in (False, True):
        source = written_page(answers, assignments, None, "", with_names=names)
        assert [name in source for name in ("zoë-the-first", "ben-the-second", "dan-3", ">cem<")] == [names] * 3 + [
            False
        ]
        assert ("names nobody" in source) is not names


def test_where_no_answer_was_found_the_page_shows_what_to_look_through(assignments: tuple[Assignment, ...]) -> None:
    page = page_of(of(answer("", work=WORK)), assignments)
    assert "No answer to this question was found in the file." in page.text
    assert "given by" not in page.text, "nobody gave one"
    assert "# my code" in page.text
    assert "My notes, somewhere." in page.text
    assert "YOUR ANSWER HERE" not in page.text, "what was handed out is no work"
    assert "No answer was found. 1 file in which none was found. 1 awaits points." in collapsed(page.text)
    empty = replace(WORK, notebook=WORK.notebook[:1])
    assert "Nothing beyond what was handed out." in page_of(of(answer("", work=empty)), assignments).text


def test_a_long_answer_is_folded_and_a_book_is_whole(assignments: tuple[Assignment, ...]) -> None:
    assert "The rest" not in page_of(of(answer("x" * MAX_CHARS_AT_ONCE)), assignments).text
    words = " ".join(map(str, range(2_000)))
    page = page_of(of(answer(words)), assignments)
    beginning, rest = page.text.split("The rest of it")
    shown = beginning.split("not graded yet")[1].strip()
    assert MAX_CHARS_AT_ONCE - 10 < len(shown) <= MAX_CHARS_AT_ONCE
    assert shown.split() + rest.partition("characters")[2].split() == words.split()
    assert len(page_of(of(answer("x" * 1_000_000)), assignments).text) > 1_000_000


def test_pictures_are_spoken_of(assignments: tuple[Assignment, ...]) -> None:
    page = page_of(
        of(answer("![a](attachment:a.png)", pictures=1), answer("![b](c.png)" * 2, 1, pictures=2)), assignments
    )
    assert "It shows 1 picture, which is not here" in page.text
    assert "It shows 2 pictures, which are not here" in page.text
    assert "img" not in {tag for tag, _ in page.tags}


def test_a_question_that_left_the_course_can_still_be_graded(assignments: tuple[Assignment, ...]) -> None:
    for gone in (answer(question="former"), answer(assignment="00_former")):
        assert "This question is not in the course any more." in page_of(of(gone), assignments).text


@pytest.mark.parametrize("field", ["text", "assignment", "question", "students", "work"])
def test_markup_is_shown_as_text(assignments: tuple[Assignment, ...], field: str) -> None:
    hostile: dict[str, Any] = {
        "students": (MARKUP,),
        "work": replace(WORK, notebook=(NotebookCell(CODE, MARKUP, MARKUP),)),
    }
    given_it = answer(**{"text": "" if field == "work" else "Because.", field: hostile.get(field, MARKUP)})
    assert_shown_as_text(page_of(of(given_it), assignments, names=True))


def test_markup_in_a_comment_is_shown_as_text(assignments: tuple[Assignment, ...], tmp_path: Path) -> None:
    make_sheet(tmp_path / "written.csv", of(answer()))
    fill_in(tmp_path / "written.csv", {IDS[0]: {"comment": MARKUP}})
    assert_shown_as_text(page_of(of(answer()), assignments, make_sheet(tmp_path / "written.csv", of(answer()))))


@settings(deadline=None, max_examples=40)
@given(TEXT)
@example("".join(NASTY))
def test_any_text_gives_a_sound_page_that_stands_alone(assignments: tuple[Assignment, ...], text: str) -> None:
    work = replace(WORK, notebook=(NotebookCell(CODE, text, text), NotebookCell(MARKDOWN, text)))
    answers = of(
        answer(text, students=(text,)), answer("", 1, work=work), answer(text, 2, question=text, assignment=text)
    )
    page = page_of(answers, assignments, names=True)
    page.text.encode("utf-8")
    assert len(page.all("id")) == len(set(page.all("id")))
    assert all(href.removeprefix("#") in page.all("id") for href in page.all("href"))
    assert not page.scripts
    assert_runs_only_what_it_allows(page)
    assert_readable_without_sight(page)


def test_it_is_known_when_it_is_to_be_written_again(assignments: tuple[Assignment, ...], tmp_path: Path) -> None:
    path = tmp_path / "written.html"
    path.write_text(written_page(of(answer()), assignments, None, "A small course", with_names=False), encoding="utf-8")
    assert is_written_page(path)
    for other in ("", "<!DOCTYPE html>\n<html>", "my own notes\n<!-- autograder written -->", "x" * 1000):
        path.write_text(other, encoding="utf-8")
        assert not is_written_page(path)
    assert not is_written_page(tmp_path)
    assert not is_written_page(tmp_path / "nothing.html")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.mark.slow
def test_the_page_fits_a_telephone_and_a_desk_in_light_and_dark(
    browser: Any, assignments: tuple[Assignment, ...], tmp_path: Path
) -> None:
    """Nothing sticks out, all small print has a contrast of 4.5, and the keyboard reaches what scrolls and folds."""
    path = tmp_path / "written.html"
    answers = of(
        answer("one_very_long_word" * 50), answer("", 1, work=WORK), answer("Many words. " * 300, 2, question=WHERE)
    )
    path.write_text(written_page(answers, assignments, None, "A small course", with_names=True), encoding="utf-8")
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        complaints: list[str] = []
        page.on("console", lambda message, said=complaints: said.append(message.text))
        page.goto(path.as_uri())
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") == width
        card = page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor")
        for small in (".caption", ".waits", ".names", ".points"):
            colour = page.evaluate("name => getComputedStyle(document.querySelector(`main ${name}`)).color", small)
            assert contrast(colour, card) >= 4.5, (scheme, small)
        rest = page.locator("summary", has_text="The rest of it")
        rest.focus()
        page.keyboard.press("Enter")
        assert page.locator("article details[open] .prose").is_visible()
        page.locator("[role=region]").first.focus()
        assert page.evaluate("document.activeElement.className") == "lesson-texts"
        page.close()
        assert not complaints


@pytest.mark.slow
def test_on_paper_nothing_is_folded(browser: Any, assignments: tuple[Assignment, ...], tmp_path: Path) -> None:
    path = tmp_path / "written.html"
    answers = of(answer("Many words. " * 300))
    path.write_text(written_page(answers, assignments, None, "", with_names=False), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    page.emulate_media(media="print")
    assert page.locator("article details .prose").bounding_box()["height"] > 100
    page.close()


@pytest.mark.slow
def test_the_browser_runs_nothing_that_a_stranger_wrote(
    browser: Any, assignments: tuple[Assignment, ...], tmp_path: Path
) -> None:
    hostile = MARKUP.replace("alert(1)", "document.title='taken'")
    path = tmp_path / "written.html"
    answers = of(answer(hostile, students=(hostile,)), answer(hostile, 1, question=hostile))
    path.write_text(written_page(answers, assignments, None, hostile, with_names=True), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    assert page.title() != "taken"
    assert page.locator("main script, main img").count() == 0
    page.close()
