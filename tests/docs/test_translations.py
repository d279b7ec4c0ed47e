"""A page in Chinese says what its English page says: the same commands and outputs, names, numbers, pictures and links.

So what tests prove of the English page, by running it, is proved of the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.docs.test_docs import DOCS, IN_CHINESE
from tests.helpers.chinese import STOOD_FOR, wrong_signs
from tests.helpers.paths import ROOT

SUFFIX = ".zh_CN.md"
PAGES = [ROOT / document for document in IN_CHINESE]
ONLY_CHINESE = ROOT / "docs" / f"glossary{SUFFIX}"  # for translators: there is no English page
TRANSLATED = [page for page in PAGES if page != ONLY_CHINESE]
MARKDOWN = MarkdownIt("commonmark").enable("table")
TOP = 3  # a page and its translation name each other in these lines

of_each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
of_each_translation = pytest.mark.parametrize("page", TRANSLATED, ids=lambda page: str(page.relative_to(ROOT)))


def english(page: Path) -> Path:
    return page.with_name(page.name.removesuffix(SUFFIX) + ".md")


@dataclass
class Section:
    """What stands between two headings."""

    level: int = 0
    blocks: list[tuple[str, str]] = field(default_factory=list)  # of code: their kind and text
    shape: list[str] = field(default_factory=list)  # paragraphs, items, and cells of tables
    code: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)
    paragraphs: list[list[Token]] = field(default_factory=list)


def sections(page: Path) -> list[Section]:
    found = [Section()]
    for token in MARKDOWN.parse(page.read_text(encoding="utf-8")):
        if token.type == "heading_open":
            found.append(Section(level=int(token.tag[1:])))
        here = found[-1]
        if token.type == "fence":
            here.blocks.append((token.info, token.content))
        elif token.type == "inline":
            here.paragraphs.append(token.children or [])
            _read(token.children or [], here)
        elif token.type in ("paragraph_open", "list_item_open", "td_open", "th_open"):
            here.shape.append(token.type)
    return found


def _read(inline: list[Token], here: Section) -> None:
    for token in inline:
        if token.type == "code_inline":
            here.code.add(token.content)
        elif token.type == "link_open":
            here.links.append(str(token.attrs["href"]))
        elif token.type == "html_inline" and token.content.startswith("<img"):
            here.links.append(str(BeautifulSoup(token.content, "html.parser").img["src"]))  # type: ignore[index]
        elif token.type == "text":
            here.numbers |= {number.replace(",", "") for number in re.findall(r"\d+(?:[.,]\d+)*", token.content)}


def test_the_pages_are_found() -> None:
    assert {f"README{SUFFIX}", f"solutions/handout/README{SUFFIX}", f"docs/a-term{SUFFIX}"} <= set(IN_CHINESE)
    assert {f"docs/authoring{SUFFIX}", f"docs/grading{SUFFIX}", f"docs/glossary{SUFFIX}"} <= set(IN_CHINESE)


@of_each_translation
def test_a_page_and_its_translation_name_each_other(page: Path) -> None:
    tops = ("\n".join(each.read_text(encoding="utf-8").splitlines()[:TOP]) for each in (page, english(page)))
    assert tuple(re.findall(r"\[(?:English|简体中文)\]\(.*?\)", top) for top in tops) == (
        [f"[English]({english(page).name})"],
        [f"[简体中文]({page.name})"],
    )


@of_each_translation
def test_commands_and_what_they_print_are_the_same_in_the_same_order(page: Path) -> None:
    ours, theirs = ([(each.level, each.blocks) for each in sections(one)] for one in (page, english(page)))
    assert ours == theirs, f"{page.name} is to have the headings and blocks of {english(page).name}"


@of_each_translation
def test_sections_say_the_same(page: Path) -> None:
    """Not the words, but all between them: as many paragraphs, items and cells, the same names, numbers and links."""
    for ours, theirs in zip(sections(page)[1:], sections(english(page))[1:], strict=True):
        title = "".join(token.content for token in ours.paragraphs[0])
        assert ours.shape == theirs.shape, title
        assert ours.code == theirs.code, f"{title}: {ours.code ^ theirs.code}"
        assert theirs.numbers <= ours.numbers, f"{title}: {theirs.numbers - ours.numbers}"
        wanted = sorted(_in_chinese(target, page) for target in theirs.links if target != page.name)
        assert sorted(_place(target) for target in ours.links if target != english(page).name) == wanted, title


def _place(target: str) -> str:
    """Where a link leads; its anchor is in words, and they differ."""
    path, anchor, _ = target.partition("#")
    return path + anchor


def _in_chinese(target: str, page: Path) -> str:
    """Where a Chinese page leads in the place of what its English page has: to a Chinese page, if there is one."""
    path, anchor, _ = target.partition("#")
    other = path.removesuffix(".md") + SUFFIX
    return (other if path.endswith(".md") and (page.parent / other).exists() else path) + anchor


@of_each_page
def test_a_paragraph_is_one_line(page: Path) -> None:
    """A line break between two Han characters is shown as a blank."""
    for section in sections(page):
        for paragraph in section.paragraphs:
            assert "softbreak" not in [token.type for token in paragraph], paragraph[0].content


@of_each_page
def test_signs_and_blanks_follow_one_rule(page: Path) -> None:
    """Full-width marks in Chinese text, a blank between Han and other words, none beside a full-width mark."""
    paragraphs = (paragraph for section in sections(page) for paragraph in section.paragraphs)
    assert [each for paragraph in paragraphs for each in wrong_signs("".join(map(_plain, paragraph)))] == []


def _plain(token: Token) -> str:
    return {"code_inline": STOOD_FOR, "text": token.content}.get(token.type, "")


@of_each_page
def test_bold_text_ends(page: Path) -> None:
    """Beside a full-width mark, the two stars may be no sign of its end, and are shown."""
    for section in sections(page):
        for paragraph in section.paragraphs:
            assert "**" not in "".join(token.content for token in paragraph if token.type == "text")


def test_no_text_has_another_word_than_the_glossary() -> None:
    """The last column of its tables has the words that are not used, in pages and in catalogues."""
    glossary = BeautifulSoup(MARKDOWN.render(ONLY_CHINESE.read_text(encoding="utf-8")), "html.parser")
    rows = [[cell.get_text() for cell in row.find_all("td")] for row in glossary.select("tbody tr")]
    unwanted = [word for *_, words in rows for word in words.split("、") if word]
    assert "令牌" in unwanted
    catalogues = [path for name in ("solutions", "autograder") for path in (ROOT / name).rglob("zh_CN.po")]
    for path in (*TRANSLATED, *catalogues):
        text = path.read_text(encoding="utf-8").replace('"\n"', "")  # a catalogue breaks lines anywhere
        assert [word for word in unwanted if word in text] == [], path


def test_no_page_is_run_twice() -> None:
    """The commands of a translation are those of its English page, which tests run."""
    assert not [document for document in DOCS if document.endswith(SUFFIX)]
