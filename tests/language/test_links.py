"""A link inside a notebook leads to one of its headings, in every language that lessons are in."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from markdown_it import MarkdownIt

from autograder.course.loader import Assignment, Course
from autograder.course.translation.cells import languages_of
from autograder.course.translation.released import in_language
from autograder.language.current import ENGLISH
from tests.helpers.paths import ROOT

LANGUAGES = [ENGLISH, *sorted({each for folder in (ROOT / "solutions").iterdir() for each in languages_of(folder)})]


def anchors_and_links(assignment: Assignment) -> tuple[set[str], list[str]]:
    """What headings are found by (the text, with hyphens for blanks, or an anchor), and where links inside lead."""
    anchors, links = set(), []
    for cell in assignment.cells:
        if not cell.is_markdown:
            continue
        tokens = MarkdownIt().parse(cell.source)
        for before, token in pairwise(tokens):
            inside = token.children or []
            if before.type == "heading_open":
                html = "".join(each.content for each in inside if each.type == "html_inline")
                text = "".join(each.content for each in inside if each.type != "html_inline")
                anchors |= {text.replace(" ", "-"), *re.findall(r'<a id="([^"]+)"></a>', html)}
            targets = [str(each.attrs["href"]) for each in inside if each.type == "link_open"]
            links += [target[1:] for target in targets if target.startswith("#")]
    return anchors, links


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_lead_to_headings(course: Course, language: str) -> None:
    found = 0
    for assignment in course.assignments:
        anchors, links = anchors_and_links(in_language(assignment, language))
        assert [link for link in links if link not in anchors] == [], assignment.name
        assert all(link.isascii() for link in links), "JupyterLab finds no other"
        found += len(links)
    assert found, "there is one to look at"


def test_chinese_is_among_them() -> None:
    assert "zh_CN" in LANGUAGES
