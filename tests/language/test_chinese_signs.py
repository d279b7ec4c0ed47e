"""Signs in the Chinese lessons follow one rule, and what is stressed in them is shown so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from autograder.course.loader import LESSON
from autograder.text import for_html, without_marks
from tests.helpers.chinese import STOOD_FOR, wrong_signs
from tests.helpers.paths import ROOT

CATALOGUES = sorted(ROOT.glob("solutions/*/locale/zh_CN.po"))
OTHER_SIGNS = re.compile(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|\[q k v[^\]]*\]", re.DOTALL)  # of code and formulas
TARGET = re.compile(r"\]\([^)]*\)")
LEFT_OUT = re.compile(r"(?<=[A-Za-z,]) …")  # in English, or in a row of numbers
MARKS = re.compile(r"\*+|[\[\]]|<[^>]+>")
of_each = pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parents[1].name)


def said(catalogue: Path) -> Iterator[tuple[str, bool]]:
    """All that is said in Chinese, and whether it is Markdown: the lesson's text, and no sentence of a check."""
    with catalogue.open("rb") as file:
        for message in read_po(file):
            if message.id and isinstance(message.string, str):
                yield message.string, any(place == LESSON for place, _ in message.locations)


@of_each
def test_signs_and_blanks_follow_one_rule(catalogue: Path) -> None:
    wrong = []
    for text, _ in said(catalogue):
        plain = MARKS.sub("", LEFT_OUT.sub("", TARGET.sub("]", OTHER_SIGNS.sub(STOOD_FOR, text))))
        cells = re.split(r"\s*\|\s*|\n", plain)  # of a table; and lines
        wrong += [each for cell in cells for each in wrong_signs(cell.strip())]
    assert wrong == []


@of_each
def test_what_is_stressed_in_a_sentence_shows_no_stars(catalogue: Path) -> None:
    for text, is_markdown in said(catalogue):
        if not is_markdown:
            shown = re.sub("<code>.*?</code>", "", for_html(text)), re.sub("`[^`]*`", "", without_marks(text))
            assert not [each for each in shown if "**" in each], text
