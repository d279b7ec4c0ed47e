"""A translation says the same things: code, formulas, numbers and links stand in it as they stand in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.helpers.paths import ROOT

CATALOGUES = sorted([*ROOT.glob("solutions/*/locale/*.po"), *ROOT.glob("autograder/language/locale/*.po")])
CODE, FORMULA, LINK = (
    re.compile(r"`[^`]+`"),
    re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL),
    re.compile(r"\]\(([^)]+)\)"),
)
WORDS = re.compile(r"\\(?:text|textbf|mathrm)\{[^{}]*\}")  # in a formula: they are translated
NUMBER = re.compile(r"(?<![\w.{%(])\d+(?:\.\d+)?(?![\w}])")
# Numbers that one language writes as words, by other powers of ten, or without a zero before them.
BY_ANOTHER_NAME = {"10": "亿", "86": "万", "18": "万", "1": "一", "100": "百", "03": "第 3 课"}


def entries(catalogue: Path) -> Iterator[tuple[str, str]]:
    """All that is translated, as English and as it is said there; of what has a plural, what is said of several."""
    with catalogue.open("rb") as file:
        messages = read_po(file)
    for message in messages:
        if message.id and message.string and not message.fuzzy:
            english = message.id if isinstance(message.id, str) else message.id[-1]
            yield english, message.string if isinstance(message.string, str) else message.string[-1]


def formulas(text: str) -> set[str]:
    return {re.sub(r"\s+", " ", WORDS.sub("", each)) for each in FORMULA.findall(text)}


def ungrouped(text: str) -> str:
    """A text whose numbers have their digits side by side."""
    return re.sub(r"(?<=\d)[, ](?=\d{3}(?!\d))", "", text)


def numbers(text: str) -> set[str]:
    return set(NUMBER.findall(ungrouped(LINK.sub("", FORMULA.sub(" ", CODE.sub(" ", text))))))


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.relative_to(ROOT).parts[1])
def test_code_formulas_and_links_are_the_same(catalogue: Path) -> None:
    for english, said in entries(catalogue):
        assert set(CODE.findall(said)) == set(CODE.findall(english)), english
        assert formulas(said) >= formulas(english), english
        assert set(LINK.findall(said)) == set(LINK.findall(english)), english


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.relative_to(ROOT).parts[1])
def test_no_number_is_lost(catalogue: Path) -> None:
    for english, said in entries(catalogue):
        there = ungrouped(said)
        lost = {each for each in numbers(english) if each not in there and BY_ANOTHER_NAME.get(each, each) not in there}
        assert not lost, english


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.relative_to(ROOT).parts[1])
def test_tables_have_the_same_cells(catalogue: Path) -> None:
    for english, said in entries(catalogue):
        if english.startswith("|"):
            rows = [[line.count("|") for line in text.splitlines()] for text in (english, said)]
            assert rows[0] == rows[1], english
