"""Whoever cannot see a page, or not well, can use it all the same: axe-core finds nothing in any kind of page.

What `autograder feedback` packs are students' pages as they lie there, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.checking import assert_allclose
from autograder.checking.recognition.judge import NotPassedError
from autograder.nbgrader.feedback import outputs
from autograder.pages.class_page import class_page
from autograder.plots.notices import Notice
from autograder.student.check import CheckTable
from autograder.student.side_by_side.excerpt import SideBySide, side_by_side
from tests.helpers.accessibility import PAPER, SCREENS, View, faults, look, unreached
from tests.helpers.archives import zip_members
from tests.helpers.browser import chromium
from tests.helpers.given_marks import class_of_marks
from tests.helpers.pages import page_link
from tests.helpers.whole_class import ABSENT, MANY, make_class, with_everything

pytestmark = pytest.mark.slow

EVERYWHERE = (*SCREENS, PAPER)
# As JupyterLab shows it, in its two themes.
NOTEBOOK = """<!DOCTYPE html><html lang="en"><meta name="viewport" content="width=device-width"><title>Notebook</title>
<style>body {{ background: white; color: rgb(0 0 0 / .87); }}
@media (prefers-color-scheme: dark) {{ body {{ background: #111; color: white; }} }}</style>
<main style="overflow-x: hidden"><h1>Softmax</h1>{outputs}</main></html>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class with pages of every kind."""
    folder = tmp_path_factory.mktemp("class")
    make_class(folder)
    return folder


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    page = browser.new_page()
    yield page
    page.close()


def of_students(made: Path) -> list[Path]:
    """Their pages, and one of those that are alike."""
    alike = {*MANY[1:], *ABSENT[1:], "jun", "mio"}
    return [path for path in sorted(made.glob("graded/*/*.html")) if path.parent.name not in alike]


def all_faults(tab: Any, pages: Iterable[Path], views: Iterable[View] = EVERYWHERE) -> str:
    found = []
    for path in pages:
        tab.goto(path.as_uri())
        found += faults(tab, f"{path.parent.name}/{path.name}", views)
    return "\n".join(found)


def assert_nothing_found(tab: Any, pages: Iterable[Path], views: Iterable[View] = EVERYWHERE) -> None:
    found = all_faults(tab, pages, views)
    assert not found, found  # whole: what is compared, pytest cuts


def test_nothing_is_found_in_students_pages(tab: Any, made: Path) -> None:
    pages = of_students(made)
    assert len(pages) == 17
    assert_nothing_found(tab, pages)
    packed = {name: content for name, content in zip_members(made / "feedback.zip").items() if name.endswith(".html")}
    assert set(packed.values()) <= {path.read_bytes() for path in made.glob("graded/*/*.html")}
    assert packed


def test_nothing_is_found_in_the_page_of_the_class(tab: Any, made: Path, tmp_path: Path) -> None:
    empty = tmp_path / "index.html"
    empty.write_text(class_page([], class_of_marks(), page_link, "Nothing graded"), encoding="utf-8")
    assert_nothing_found(tab, (made / "graded/index.html", empty))


def test_nothing_is_found_in_the_page_of_answers_in_words(tab: Any, made: Path) -> None:
    assert_nothing_found(tab, [made / "written.html"])


def test_nothing_is_found_in_what_notebooks_show(tab: Any, tmp_path: Path) -> None:
    """What `check` says, with numbers side by side; warnings, notices; what is ours in nbgrader's feedback."""
    shown = [Notice("Not right yet:", ["`softmax` fails a check.", "The picture is of the lesson's."])._repr_html_()]
    first, *_ = with_everything("ada").questions
    pairs = {first.checks[0].name: wide_pair()}
    shown.append(CheckTable(first, pairs, warnings=("`softmax` changed.",), note="Save it.")._repr_html_())
    shown += [each["data"]["text/html"] for each in outputs(first)]
    path = tmp_path / "notebook.html"
    path.write_text(NOTEBOOK.format(outputs="".join(shown)), encoding="utf-8")
    assert_nothing_found(tab, [path], SCREENS)


def wide_pair() -> SideBySide:
    with pytest.raises(NotPassedError) as caught:
        assert_allclose(np.eye(9) / 7, np.ones((9, 9)) / 7)
    assert caught.value.compared
    return side_by_side(caught.value.compared)


FAULTS = {
    "color-contrast": ('<p style="color: #999; background: #fff">', "Hardly to be read.</p>"),
    "heading-order": ("<h4>Too deep.</h4>", ""),
    "label": ("<input>", ""),
    "link-in-text-block": ('<a href="#x" style="text-decoration: none">a link</a>', "<p>Beside text.</p>"),
    "sticks out": ('<p style="width: 200vw">', "Wide.</p>"),
    "target-size": (
        '<a href="#" style="display: block; height: 9px">',
        'a</a><a href="#" style="display: block; height: 9px">b</a>',
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_and_told_with_its_page_its_view_and_its_node(
    tab: Any, made: Path, tmp_path: Path, fault: str
) -> None:
    path = tmp_path / "page.html"
    node, rest = FAULTS[fault]
    source = (made / "graded/gus/03_softmax.html").read_text(encoding="utf-8")
    path.write_text(source.replace("</main>", f"<div>Some text {node}{rest}</div></main>"), encoding="utf-8")
    found = all_faults(tab, [path], SCREENS[:1])
    assert found.startswith(f"{tmp_path.name}/page.html, screen, light, 1280 px, opened: {fault}")
    assert node in found


def test_what_is_folded_is_looked_into(tab: Any, made: Path, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    source = (made / "graded/ada/03_softmax.html").read_text(encoding="utf-8")
    path.write_text(source.replace("</summary>", "</summary><input>"), encoding="utf-8")
    found = all_faults(tab, [path], SCREENS).splitlines()
    assert {line.split(": ")[0].rpartition(", ")[2] for line in found} == {"opened"}


def test_on_paper_code_is_unfolded_and_nothing_is_dark(tab: Any, made: Path) -> None:
    tab.goto((made / "graded/hana/03_softmax.html").as_uri())
    look(tab, SCREENS[1])
    code = tab.locator("details pre").first
    assert not code.is_visible()
    look(tab, PAPER)
    assert code.bounding_box()["height"] > 50
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("name", ["graded/hana/03_softmax.html", "graded/index.html", "written.html"])
def test_with_the_keyboard_alone_all_is_reached_in_the_order_of_reading(tab: Any, made: Path, name: str) -> None:
    tab.goto((made / name).as_uri())
    assert not unreached(tab)


def test_a_matrix_that_is_wider_than_a_telephone_keeps_its_columns_and_scrolls_with_the_keyboard(
    tab: Any, made: Path
) -> None:
    tab.goto((made / "graded/hana/03_softmax.html").as_uri())
    look(tab, SCREENS[1])
    matrix = tab.locator(".message pre").first
    assert matrix.evaluate("each => each.scrollWidth > each.clientWidth")
    matrix.focus()
    tab.keyboard.press("ArrowRight")
    tab.wait_for_function("each => each.scrollLeft > 0", arg=matrix.element_handle())
