"""A student's page with a mark that was adjusted, in a browser: all of it can be read, on a telephone and on a desk."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.classroom.marks.model import WrittenMark
from autograder.pages.submission_page import submission_page
from autograder.report.model import Outcome, QuestionResult, WrittenAnswer
from tests.helpers.browser import chromium, contrast
from tests.helpers.given_marks import given_mark
from tests.helpers.reports import check, report

pytestmark = pytest.mark.slow

TITLE = "Your input and your earlier answers stay as they are, and the same call has the same answer"
LATE = "Handed in 6 days, 12 hours and 1 minute late (due 13 October 2026, 23:59 Europe/Berlin): 7 begun days at 10%."


def test_points_stand_in_one_column_and_every_word_of_a_mark_has_contrast(tmp_path: Path) -> None:
    checks = tuple(check(title=title, name=f"test_{place}") for place, title in enumerate(("Short.", TITLE)))
    lost = check(Outcome.FAILED, title=TITLE, name="test_lost")
    work = report(QuestionResult("softmax", (*checks, lost)), written=(WrittenAnswer("why", 4),))
    mark = given_mark(
        checks=4,
        written=3,
        of=8,
        possible_without_written=4,
        adjust={LATE: -2, "For being late, no more than 50% is taken off.": 0, "`test` is extra credit.": 0},
        answers=(WrittenMark("why", 3, 4, "Lovely. What of the `gradient`?"),),
        dropped=("test_lost",),
    )
    path = tmp_path / "page.html"
    path.write_text(submission_page(work, None, mark), encoding="utf-8")
    with chromium() as browser:
        page = browser.new_page()
        page.goto(path.as_uri())
        for width in (320, 390, 640, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") == width
            for column in (".sum .figure", ".checks.passed .points"):
                edges = [box["x"] + box["width"] for box in map(_box, page.locator(column).all())]
                assert len(edges) > 1
                assert max(edges) - min(edges) < 1, (width, column, edges)
            what, points = _box(page.locator(".checks.passed .what").first), _box(page.locator(".passed .points").first)
            assert points["x"] >= what["x"] + what["width"] - 1, (width, "beside, not below")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for place in (".sum th", ".sum li", ".sum tfoot .points", ".dropped", ".comment .kicker", ".comment p"):
                ink, ground = page.locator(place).first.evaluate(
                    "each => { const ink = getComputedStyle(each).color; let ground = 'rgba(0, 0, 0, 0)';"
                    " for (; each && ground === 'rgba(0, 0, 0, 0)'; each = each.parentElement)"
                    " ground = getComputedStyle(each).backgroundColor; return [ink, ground]; }"
                )
                assert contrast(ink, ground) >= 4.5, (scheme, place, ink, ground)


def _box(element: object) -> dict[str, float]:
    box: dict[str, float] = element.bounding_box()  # type: ignore[attr-defined]  # of Playwright, which has no types here
    return box
