"""The class page on paper: A4, with the marks of all assignments on one sheet, and their headings on each."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from autograder.classroom.marks.model import MarkStatus, Member, WrittenMark
from autograder.pages.class_page import class_page
from autograder.report.model import Report
from tests.helpers.browser import chromium
from tests.helpers.given_marks import class_of_marks, given_mark
from tests.helpers.pages import page_link
from tests.helpers.reports import answer, report

pytestmark = pytest.mark.slow

A4_LANDSCAPE = (841.9, 595.3)  # in points
SHEET = round((297 - 2 * 12) / 25.4 * 96)  # what is between the margins, in the pixels of CSS
STUDENTS = [f"Wolfeschlegelsteinhausenbergerdorff María-Fernanda de la Concepción {i:02}" for i in range(40)]
ASSIGNMENTS = [f"{i:02}_scaled_dot_product_attention_with_masks" for i in range(1, 10)]
QUESTIONS = ("scale_scores", "softmax", "attention_weights", "multi_head_attention")
HEADING = "rgb(1, 254, 2)"  # what the test paints headings in, to know them again
PAINTED = re.compile(rb"0?\.0039\d* 0?\.996\d* 0?\.0078\d* rg")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    reports = [
        report(*(answer(name, 7.25) for name in QUESTIONS), student=student, assignment=assignment)
        for student in STUDENTS
        for assignment in ASSIGNMENTS
    ]
    path = tmp_path_factory.mktemp("class") / "index.html"
    path.write_text(source(reports, ASSIGNMENTS), encoding="utf-8")
    return path


@pytest.fixture(params=["dark", "light"])
def opened(browser: Any, written: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    page = browser.new_page(color_scheme=request.param)
    page.goto(written.as_uri())
    yield page
    page.close()


def source(reports: Sequence[Report], assignments: Sequence[str]) -> str:
    """Of a class with sections, in which some are late, some have answers to be read, and one is missing."""
    words = (WrittenMark("why", None, 3.5),)
    special = [
        given_mark(checks=24.25, of=32.5, is_late=True, student=STUDENTS[1], assignment=assignments[-1]),
        given_mark(
            MarkStatus.AWAITS_HAND_GRADING,
            checks=24.25,
            of=36,
            possible_without_written=32.5,
            mark_without_written=24.25,
            answers=words,
            is_late=True,
            student=STUDENTS[2],
            assignment=assignments[0],
        ),
    ]
    members = [Member(name, name, section="Tuesday, 14:00 to 15:30") for name in (*STUDENTS, "nobody")]
    return class_page(reports, class_of_marks(*reports, members=members, given=special), page_link)


def on_paper(page: Any) -> None:
    page.emulate_media(media="print")
    page.set_viewport_size({"width": SHEET, "height": 700})


def cut_off(page: Any) -> list[str]:
    """What of the table sticks out of the sheet, or out of its own cell."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('.grid, .grid :is(th, td)')].filter(part => part.getClientRects().length"
        " && (part.getBoundingClientRect().right > innerWidth + .5 || part.scrollWidth > part.clientWidth + 1))"
        ".map(part => part.textContent.slice(0, 40))"
    )
    return found


def headings(page: Any) -> list[str]:
    found: list[str] = page.locator(".grid thead th:visible").all_inner_texts()
    return [" ".join(each.split()) for each in found]


def sheets(page: Any) -> list[bytes]:
    """What Chromium draws on each sheet, as PDF has it."""
    pdf: bytes = page.pdf(prefer_css_page_size=True, print_background=True)
    objects = dict(re.findall(rb"(?s)\n(\d+) 0 obj\s(.*?)\nendobj", pdf))
    found = []
    for body in objects.values():
        if not re.search(rb"/Type\s*/Page\b", body):
            continue
        box = re.search(rb"/MediaBox\s*\[([^]]*)\]", body)
        assert box
        assert [float(each) for each in box[1].split()] == pytest.approx([0, 0, *A4_LANDSCAPE], abs=1)
        contents = re.search(rb"/Contents (\d+) 0 R", body)
        assert contents
        stream = objects[contents[1]].partition(b"stream\n")[2]
        found.append(zlib.decompressobj().decompress(stream))
    return found


def test_a_sheet_has_a_column_for_each_assignment_and_none_is_cut_off(opened: Any) -> None:
    on_paper(opened)
    assert opened.evaluate("document.documentElement.scrollWidth") <= SHEET
    assert cut_off(opened) == []
    assert headings(opened) == ["Student", "Total", *ASSIGNMENTS]
    row = opened.locator(".grid tbody tr").nth(1)
    assert row.locator("td:visible").count() == 1 + len(ASSIGNMENTS)
    assert row.locator("td:visible").last.inner_text().split() == ["24.25", "/", "32.5", "late"]
    left = [each.bounding_box()["x"] for each in opened.locator(".grid thead th:visible").all()]
    assert left == [each.bounding_box()["x"] for each in row.locator("> :visible").all()], "each under its heading"
    assert opened.locator(".find:visible, .legend:visible, select:visible").count() == 0


def test_headings_stand_on_each_sheet_with_students(opened: Any) -> None:
    style = opened.add_style_tag(content=f".grid thead th {{ color: {HEADING} !important; }}")
    drawn = sheets(opened)
    style.evaluate("tag => tag.remove()")
    assert not any(PAINTED.search(each) for each in sheets(opened))
    with_heading = [number for number, each in enumerate(drawn) if PAINTED.search(each)]
    style = opened.add_style_tag(content=f".grid tbody th {{ color: {HEADING} !important; }}")
    with_students = [number for number, each in enumerate(sheets(opened)) if PAINTED.search(each)]
    style.evaluate("tag => tag.remove()")
    assert len(with_students) > 1
    assert with_heading == with_students


def test_of_one_assignment_the_sheet_has_all_questions(opened: Any) -> None:
    opened.get_by_label("Show", exact=True).select_option(ASSIGNMENTS[0])
    on_paper(opened)
    assert cut_off(opened) == []
    assert headings(opened) == ["Student", "Total", ASSIGNMENTS[0], "Mark", *QUESTIONS, "in words"]


def test_what_is_filtered_out_is_not_printed(opened: Any) -> None:
    opened.get_by_role("combobox", name="Students").select_option("who handed something in late")
    on_paper(opened)
    assert opened.locator(".grid tbody tr:visible").count() == 2


def test_the_first_sheet_is_filled_also_where_many_mistakes_are_shared(opened: Any) -> None:
    opened.add_style_tag(content=f".next {{ padding-bottom: 130mm; }} .next h2 {{ color: {HEADING} !important; }}")
    assert [number for number, each in enumerate(sheets(opened)) if PAINTED.search(each)] == [0]
