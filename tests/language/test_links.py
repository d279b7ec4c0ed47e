"""A link inside a notebook leads to one of its headings, in every language that lessons are in."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from autograder.course.loader import Assignment, Course
from autograder.course.translation.cells import languages_of
from autograder.course.translation.released import in_language
from autograder.language.current import ENGLISH
from tests.helpers.paths import ROOT

LANGUAGES = [ENGLISH, *sorted({each for folder in (ROOT / "solutions").iterdir() for each in languages_of(folder)})]


def headings_and_links(assignment: Assignment) -> tuple[set[str], list[str]]:
    """What JupyterLab calls each heading (its text, with hyphens for blanks), and where links inside lead."""
    headings, links = set(), []
    for cell in assignment.cells:
        if not cell.is_markdown:
            continue
        tokens = MarkdownIt().parse(cell.source)
        for before, token in zip(tokens, tokens[1:], strict=False):
            inside = token.children or []
            if before.type == "heading_open":
                headings.add("".join(each.content for each in inside).replace(" ", "-"))
            targets = [str(each.attrs["href"]) for each in inside if each.type == "link_open"]
            links += [MarkdownIt().normalizeLinkText(target)[1:] for target in targets if target.startswith("#")]
    return headings, links


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_lead_to_headings(course: Course, language: str) -> None:
    found = 0
    for assignment in course.assignments:
        headings, links = headings_and_links(in_language(assignment, language))
        assert [link for link in links if link not in headings] == [], assignment.name
        found += len(links)
    assert found, "there is one to look at"


def test_chinese_is_among_them() -> None:
    assert "zh_CN" in LANGUAGES
