"""The marks of a class as each output shows them, read back: the tables, the pages, the exports, the sum in words.

Each reader gives, by student and assignment, the mark as it is written there, None where there is none.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner

from autograder.classroom.person import composed
from autograder.cli import main
from autograder.pages.messages import WORDS
from autograder.report.formatting import NONE
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
        assert on_top or header in ("Excused", "No score yet") or header.endswith("points so far")
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
    """By login, or name where there is none. `EX` is how Canvas says that somebody is excused."""
    people = [row for row in table_rows(path) if row["Student"].strip() != "Points Possible"]
    return _once(
        ((row["SIS Login ID"] or row["Student"], name), row[name] if row[name] not in ("", "EX") else None)
        for row in people
        for name in list(row)[5:]
    )


def in_moodle(path: Path) -> Shown:
    return _once(
        ((row["Username"], name), row[name] if row[name] != "-" else None)
        for row in table_rows(path)
        for name in list(row)[1:]
    )


def _once(marks: Iterable[tuple[Key, str | None]]) -> Shown:
    """A person who stands in a file twice may get either mark."""
    listed = list(marks)
    assert len(listed) == len(dict(listed)), listed
    return dict(listed)


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


def explained(output: str, assignments: Sequence[str]) -> Explained:
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


@dataclass(frozen=True)
class Marked:
    """A folder in which a class was graded into a gradebook: the marks as marks.csv has them, and the class page."""

    folder: Path
    marks: Shown
    possible: Mapping[Key, str]
    page: ClassPage

    @classmethod
    def read(cls, folder: Path) -> Marked:
        rows = table_rows(folder / "graded" / "marks.csv")
        possible = {(row["student"], row["assignment"]): row["possible"] for row in rows}
        return cls(folder, in_marks_csv(folder / "graded"), possible, on_class_page(folder / "graded"))

    @property
    def gradebook(self) -> tuple[str, str]:
        return gradebook(self.folder)

    @property
    def students(self) -> list[str]:
        return list(dict.fromkeys(student for student, _ in self.marks))

    @property
    def with_maxima(self) -> dict[Key, tuple[str, str] | None]:
        return {key: None if mark is None else (mark, self.possible[key]) for key, mark in self.marks.items()}

    @property
    def numbers(self) -> dict[Key, float]:
        """The marks of all who have one."""
        return {key: float(mark) for key, mark in self.marks.items() if mark is not None}

    def explained(self) -> dict[str, Explained]:
        """What `marks --explain` says of each student."""
        assignments = list(dict.fromkeys(name for _, name in self.marks))
        runner = CliRunner(env={"COLUMNS": "400", "NO_COLOR": "1"})
        found = {}
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            for student in self.students:
                result = runner.invoke(main, ["marks", "graded", *self.gradebook, "--explain", student])
                assert result.exit_code == 0, result.output
                found[student] = explained(result.output, assignments)
        return found


def gradebook(folder: Path) -> tuple[str, str]:
    return "--gradebook", f"sqlite:///{folder}/gradebook.db"


def assert_pages_agree(marked: Marked) -> None:
    """The class page, and those of all students: one for each mark, and none that nobody finds."""
    graded = marked.folder / "graded"
    assert marked.page.marks == marked.with_maxima
    pages = {key: graded / link for key, link in marked.page.links.items()}
    assert {key: on_students_page(path) for key, path in pages.items()} == {
        key: mark for key, mark in marked.with_maxima.items() if key in pages
    }
    assert {marked.marks[key] for key in marked.marks.keys() - pages.keys()} <= {None}
    assert {path.resolve() for path in pages.values()} == {path.resolve() for path in graded.glob("[!.]*/*.html")}


def assert_sums_agree(marked: Marked, sums: Mapping[str, Explained]) -> None:
    shown = {(student, name): mark for student, each in sums.items() for name, mark in each.marks.items()}
    assert shown == marked.with_maxima


def assert_totals_agree(marked: Marked, sums: Mapping[str, Explained]) -> None:
    """totals.csv, the class page in whole percent, and the sum in words."""
    rows = {row["student"]: row for row in table_rows(marked.folder / "graded" / "totals.csv")}
    assert list(rows) == list(marked.page.totals) == marked.students
    for student, row in rows.items():
        said, on_page = sums[student], marked.page.totals[student]
        assert (said.total or "") == row["total"], student
        assert said.is_final == (row["final"] == "yes"), student
        if row["total"]:
            assert float(on_page.removesuffix("%")) == pytest.approx(float(row["total"]), abs=0.505), student
            assert (student in marked.page.so_far) == (row["final"] == "no"), student
        else:
            assert on_page.startswith(NONE), student


def of_people(by_key: Mapping[tuple[str, str], float]) -> dict[Key, float]:
    """With names as our own outputs write them: nbgrader keeps a folder's letters and accents apart."""
    return {(composed(student), name): value for (student, name), value in by_key.items()}
