"""The marks of a class as each output shows them, read back: the tables, the pages, the exports, the sum in words.

Each reader gives, by student and assignment, the mark as it is written there, None where there is none.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from autograder.classroom.person import composed
from autograder.pages.messages import WORDS
from tests.helpers.pages import VOID, collapsed

Key = tuple[str, str]
Shown = dict[Key, str | None]


@dataclass
class Element:
    """A tag with what stands in it."""

    tag: str
    attributes: Mapping[str, str | None]
    inside: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return collapsed("".join(each if isinstance(each, str) else each.text for each in self.inside))

    @property
    def classes(self) -> list[str]:
        return (self.attributes.get("class") or "").split()

    def walk(self) -> Iterator[Element]:
        for each in self.inside:
            if isinstance(each, Element):
                yield each
                yield from each.walk()

    def all(self, tag: str, name: str = "") -> list[Element]:
        """All below it with this tag, and of this class."""
        return [each for each in self.walk() if each.tag == tag and (not name or name in each.classes)]

    def one(self, tag: str, name: str = "") -> Element:
        (found,) = self.all(tag, name)
        return found


class _Tree(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self._open[-1].inside.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self._open[-1].inside.append(data)


def page_tree(path: Path) -> Element:
    return _Tree(path.read_text(encoding="utf-8")).root


def table_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def in_marks_csv(graded: Path) -> Shown:
    return {(row["student"], row["assignment"]): row["mark"] or None for row in table_rows(graded / "marks.csv")}


def possible_in_marks_csv(graded: Path) -> dict[Key, str]:
    return {(row["student"], row["assignment"]): row["possible"] for row in table_rows(graded / "marks.csv")}


@dataclass(frozen=True)
class ClassPage:
    """The class page: the marks with their maxima, the totals, who has one that is not final, and links to pages."""

    marks: Mapping[Key, tuple[str, str] | None]
    totals: Mapping[str, str]
    so_far: frozenset[str]
    links: Mapping[Key, str]


def on_class_page(graded: Path) -> ClassPage:
    """What is said to await something has no mark, whatever number stands there."""
    grid = page_tree(graded / "index.html").one("table", "grid")
    names = [head.text for head in grid.one("thead").all("th") if head.attributes.get("scope") == "colgroup"]
    marks: dict[Key, tuple[str, str] | None] = {}
    totals, so_far, links = {}, set(), {}
    for row in grid.one("tbody").all("tr"):
        student = row.all("bdi")[0].text
        total, *_ = row.all("td")
        totals[student] = total.text.split()[0]
        if any(each.text == "so far" for each in total.all("span")):
            so_far.add(student)
        works = row.all("td", "edge")
        assert len(works) == len(names)
        for name, work in zip(names, works, strict=True):
            words = {each.text for each in work.all("span", "mark")}
            figure = re.match(r"(\S+) / (\S+)", work.text)
            has_mark = figure and not words & {WORDS["awaits_hand_grading"], WORDS["grader_error"]}
            marks[student, name] = (figure[1], figure[2]) if figure and has_mark else None
            for link in work.all("a"):
                links[student, name] = unquote(link.attributes["href"] or "")
    return ClassPage(marks, totals, frozenset(so_far), links)


def on_students_page(path: Path) -> tuple[str, str] | None:
    """The mark on a student's own page, and of how much; the same on top and below the sum."""
    page = page_tree(path)
    header, sums = page.one("header").one("p", "total").text, page.all("section", "sum")
    figure = re.fullmatch(r"(\S+) of (\S+) points?", header)
    on_top = (figure[1], figure[2]) if figure else None
    if not sums or not sums[0].all("tfoot"):
        assert on_top or header in ("Excused", "No score yet")
        return on_top
    mark = sums[0].one("tfoot").one("td").text
    if mark == "not there yet":
        assert on_top is None
        return None
    below = re.fullmatch(r"(\S+) / (\S+)", mark)
    assert below
    assert (below[1], below[2]) == on_top
    return on_top


def in_canvas(path: Path) -> Shown:
    """`EX` is how Canvas says that somebody is excused."""
    marks: Shown = {}
    for row in table_rows(path):
        if row["Student"].strip() != "Points Possible":
            for name in list(row)[5:]:
                marks[row["SIS Login ID"] or row["Student"], name] = row[name] if row[name] not in ("", "EX") else None
    return marks


def in_moodle(path: Path) -> Shown:
    rows = table_rows(path)
    return {(row["Username"], name): row[name] if row[name] != "-" else None for row in rows for name in list(row)[1:]}


def in_long_csv(path: Path) -> Shown:
    """Each row of an assignment has the same mark."""
    marks: Shown = {}
    for row in table_rows(path):
        key, mark = (row["member"], row["assignment"]), row["mark"] or None
        assert marks.setdefault(key, mark) == mark
    return marks


@dataclass(frozen=True)
class Explained:
    """What `marks --explain` says of one student: the marks with their maxima, and the total, None where none is."""

    marks: Mapping[str, tuple[str, str] | None]
    total: str | None
    is_final: bool


def explained(output: str, assignments: list[str]) -> Explained:
    marks: dict[str, tuple[str, str] | None] = {}
    about = ""
    for line in output.splitlines():
        if line in assignments:
            about = line
        elif about and (found := re.fullmatch(r"\s+(\S+)\s+of (\S+) points?: [^:]+", line)):
            marks[about] = None if found[1] == "\N{EM DASH}" else (found[1], found[2])
        elif line == "Course total":
            about = ""
    total = re.search(r"Total: (\S+)%", output)
    return Explained(marks, total and total[1], "Not final" not in output)


def of_people(by_key: Mapping[tuple[str, str], float]) -> dict[Key, float]:
    """With names as our own outputs write them: nbgrader keeps a folder's letters and accents apart."""
    return {(composed(student), name): value for (student, name), value in by_key.items()}
