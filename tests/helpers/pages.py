"""A page as a browser takes it, and what must hold of each."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import Any

from autograder.classroom.marks.model import Mark
from autograder.pages.class_page import class_page
from autograder.pages.submission_page import submission_page
from autograder.report.model import Report
from tests.helpers.given_marks import class_of_marks
from tests.helpers.untrusted import MARKUP

VOID = {"meta", "br", "img", "link", "input", "hr", "wbr"}


class Page(HTMLParser):
    """A page as a browser takes it. Raises AssertionError where tags do not balance."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[str] = []
        self.style = ""
        self.scripts: list[str] = []
        self.runs: list[bool] = []  # of each of them, whether it is more than data
        self.text = ""
        self._open: list[str] = []
        self.feed(source)
        self.close()
        assert not self._open, f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), f"an attribute given twice: {attrs}"
        self.tags.append((tag, dict(attrs)))
        if tag == "h2":
            self.headings.append("")
        if tag == "script":
            self.scripts.append("")
            self.runs.append(dict(attrs).get("type") != "application/json")
        if tag in ("td", "th"):
            self.text += "\n"
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "style":
            self.style += data
            return
        if self._open and self._open[-1] == "script":
            self.scripts[-1] += data
            return
        self.text += data
        if "h2" in self._open:
            self.headings[-1] += data

    def all(self, attribute: str) -> list[str]:
        return [
            value for _, attrs in self.tags for name, value in attrs.items() if name == attribute and value is not None
        ]

    @property
    def policy(self) -> str:
        (policy,) = (a["content"] for _, a in self.tags if a.get("http-equiv") == "Content-Security-Policy")
        assert policy is not None
        return policy

    @property
    def links(self) -> list[str]:
        return [href for href in self.all("href") if not href.startswith("#")]


def student_page(of: Report, mark: Mark | None = None) -> Page:
    return Page(submission_page(of, mark=mark))


def page_link(student: str, assignment: str) -> str:
    """The path of a page where students' folders keep their names, whatever those are."""
    return f"{student}/{assignment}.html"


def instructor_page(*reports: Report, **of_class: Any) -> Page:
    """The page of a class; `of_class` is what `class_of_marks` takes."""
    return Page(class_page(reports, class_of_marks(*reports, **of_class), page_link))


def collapsed(text: str) -> str:
    return " ".join(text.split())


def assert_shown_as_text(page: Page) -> None:
    assert MARKUP in page.text
    assert "img" not in {tag for tag, _ in page.tags}
    assert_runs_only_what_it_allows(page)
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]


def assert_runs_only_what_it_allows(page: Page) -> None:
    """The page runs nothing but the scripts whose very bytes its policy names; one, where it has any."""
    assert "default-src 'none'" in page.policy
    hashes = [
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text, runs in zip(page.scripts, page.runs, strict=True)
        if runs
    ]
    assert re.findall(r"script-src ([^;]*);", page.policy) == [f"'sha256-{each}'" for each in hashes]


def assert_readable_without_sight(page: Page) -> None:
    tags = [tag for tag, _ in page.tags]
    assert tags.count("h1") == tags.count("main") == 1
    assert tags.count("caption") == tags.count("table")
    assert all("scope" in attrs for tag, attrs in page.tags if tag == "th")
    labels = [i for _, attrs in page.tags for name in ("aria-labelledby", "aria-describedby") if (i := attrs.get(name))]
    assert set(labels) <= set(page.all("id"))
    assert {attrs.get("id") for tag, attrs in page.tags if tag in ("input", "select")} == set(page.all("for"))
