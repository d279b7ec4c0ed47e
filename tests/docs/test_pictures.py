"""The README's pictures are there, small, told in words, and what their program still makes of the real thing."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from markdown_it import MarkdownIt
from PIL import Image

from autograder.course.loader import Course
from docs.pictures import make_pictures
from docs.pictures.make_pictures import MISTAKE, PICTURES, SOFTMAX, TOPICS
from tests.helpers.jupyterlab import NO_BROWSER
from tests.helpers.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
FOLDER = Path("docs", "pictures")
MAX_BYTES = 90_000
COLUMN = 850  # pixels of the page that GitHub has for a README on a small screen


def shown() -> dict[str, Tag]:
    """The pictures that a reader of the README gets, in their order: by their paths."""
    page = BeautifulSoup(MarkdownIt("commonmark").render(README), "html.parser")
    return {str(tag["src"]): tag for tag in page.find_all("img")}


def words(text: object) -> str:
    return " ".join(str(text).split())


def test_the_readme_shows_the_pictures_that_are_made_and_no_others() -> None:
    made = {(FOLDER / name).as_posix() for name in PICTURES}
    assert shown().keys() == made
    assert {path.relative_to(ROOT).as_posix() for path in (ROOT / FOLDER).glob("*.png")} == made


def test_the_first_screen_is_the_two_commands_and_what_they_print() -> None:
    assert README.index("$ make test\n```") < README.index("\n## For students") < README.index("<img")


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_small_and_sharp(name: str) -> None:
    path = FOLDER / name
    assert (ROOT / path).stat().st_size <= MAX_BYTES
    width = int(str(shown()[path.as_posix()]["width"]))
    assert width <= COLUMN
    with Image.open(ROOT / path) as image:
        assert image.width >= 1.5 * width


@pytest.mark.parametrize("name", PICTURES)
def test_what_is_seen_is_told_to_who_does_not_see_it(name: str) -> None:
    told = words(shown()[(FOLDER / name).as_posix()]["alt"])
    assert 100 <= len(told) <= 700
    assert told.endswith(".")


def test_the_words_in_the_pictures_are_those_of_their_alternative_texts(course: Course) -> None:
    mistakes = course.assignment(SOFTMAX).misconceptions
    (mistake,) = (each for each in mistakes if (each.question, each.name) == ("softmax", MISTAKE))
    mistaken, class_page, _ = (words(tag["alt"]) for tag in shown().values())
    for sentence in (mistake.statement, re.split(r"(?<=\.) ", words(mistake.hint))[-1].replace("`", "")):
        assert f"“{words(sentence)}”" in mistaken
    for topic in TOPICS:
        assert topic in class_page


@pytest.mark.slow
@pytest.mark.skipif(NO_BROWSER, reason="there is no chromium here (CI installs it)")
@pytest.mark.parametrize("name", PICTURES)
def test_it_is_made_anew_of_the_real_thing(name: str, tmp_path: Path) -> None:
    """It is not made where what it is for cannot be seen in it; fonts and versions change the rest."""
    made = PICTURES[name](tmp_path)
    assert len(made) <= MAX_BYTES
    with Image.open(BytesIO(made)) as anew, Image.open(ROOT / FOLDER / name) as committed:
        assert anew.size == committed.size, f"python -m {make_pictures.__name__}"
