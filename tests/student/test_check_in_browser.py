"""What `check` shows, in a page of JupyterLab's own styles, light and dark, at 200 % zoom and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from nbconvert import HTMLExporter

from autograder.checking import assert_allclose
from autograder.checking.recognition.judge import NotPassedError
from autograder.report.model import Outcome, QuestionResult
from autograder.student.check_table import html_table
from autograder.student.side_by_side.excerpt import side_by_side
from tests.helpers.browser import chromium, contrast
from tests.helpers.reports import check

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


def shown() -> str:
    """A wide matrix of which every number is another one, some of them negative, none short."""
    expected = np.linspace(-1000, 1000, 120).reshape(10, 12)
    with pytest.raises(NotPassedError) as caught:
        assert_allclose(expected[::-1] + 0.111, expected)
    assert caught.value.compared
    result = check(Outcome.FAILED, name="test_wide", message="All are others.")
    return html_table(QuestionResult("f", (result,)), {"test_wide": side_by_side(caught.value.compared)})


def page_of(browser: Any, folder: Path, theme: str, width: int, scale: int) -> Any:
    """A page like that of a notebook with this output, so wide in pixels of the page itself."""
    output = nbformat.v4.new_output("execute_result", {"text/html": shown()}, execution_count=1)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("check(f)", outputs=[output])])
    exporter = HTMLExporter(theme=theme, mathjax_url="", require_js_url="", jquery_url="")
    file = folder / f"{theme}.html"
    file.write_text(exporter.from_notebook_node(notebook)[0], encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900}, device_scale_factor=scale)
    page.goto(file.as_uri(), wait_until="domcontentloaded")
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_number_can_be_read(browser: Any, tmp_path: Path, theme: str) -> None:
    """Contrast of 4.5, as WCAG 2.2 asks (1.4.3), of numbers and of what stands around them."""
    page = page_of(browser, tmp_path, theme, 1280, 1)
    colours = page.evaluate(
        """[...document.querySelectorAll('[role=group] :is(td, th, caption, p)')].map(each => {
            const style = getComputedStyle(each);
            return [style.color, style.backgroundColor, getComputedStyle(document.body).backgroundColor, style.opacity];
        })"""
    )
    assert len(colours) > 2 * 64
    for text, *behind, opacity in colours:
        assert contrast(text, *behind) * float(opacity) >= 4.5, (text, behind, opacity)
    page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_at_200_percent_nothing_is_cut_off_that_the_keyboard_does_not_reach(
    browser: Any, tmp_path: Path, theme: str
) -> None:
    page = page_of(browser, tmp_path, theme, 640, 2)
    group = page.get_by_role("group", name="Yours and expected")
    box = group.bounding_box()
    assert box["x"] + box["width"] <= 640
    assert page.evaluate("document.documentElement.scrollWidth") == 640
    assert group.evaluate("each => each.scrollWidth > each.clientWidth"), "this one is too wide, so that it scrolls"
    group.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")
    page.close()


def test_where_there_is_room_they_stand_side_by_side(browser: Any, tmp_path: Path) -> None:
    page = page_of(browser, tmp_path, "light", 2600, 1)
    yours, expected = (
        page.get_by_role("table", name=name, exact=True).bounding_box() for name in ("yours", "expected")
    )
    assert yours["y"] == expected["y"]
    assert yours["x"] + yours["width"] < expected["x"]
    page.close()
