"""What keeps people from reading a page as a browser shows it: what axe-core finds, and what sticks out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe

AXE = Axe().axe_script
# All rules that are on by default, best practice among them; and one that is not: the size of what can be pressed.
RUN = """pressed => axe.run(document, {
  resultTypes: ["violations"], preload: false, rules: {"target-size": {enabled: pressed}}
}).then(results => results.violations.flatMap(rule => rule.nodes.map(node =>
  `${rule.id} (${rule.impact}): ${node.failureSummary.replace(/\\s+/g, " ")}: ${node.html}`)))"""
# What ends beyond the page's column, and does not lie in something that scrolls.
STICKS_OUT = """() => {
  const scrolls = each => each && (getComputedStyle(each).overflowX != "visible" || scrolls(each.parentElement));
  const right = each => each.getBoundingClientRect().right;
  return [...document.querySelectorAll("header, main")].flatMap(part => [...part.querySelectorAll("*")]
    .filter(each => right(each) > right(part) + 1 && right(each.parentElement) <= right(part) + 1)
    .filter(each => !scrolls(each.parentElement)).map(each => `sticks out: ${each.outerHTML.slice(0, 200)}`));
}"""
UNFOLD = "isOpen => document.querySelectorAll('details').forEach(each => each.open = isOpen)"


@dataclass(frozen=True)
class View:
    """A way to look at a page: `width` in pixels, and whether all that is folded is opened."""

    scheme: str
    width: int
    is_open: bool = False
    media: str = "screen"

    def __str__(self) -> str:
        return f"{self.media}, {self.scheme}, {self.width} px, {'opened' if self.is_open else 'folded'}"


# Any two of scheme, width and folds go together in one of four views: half the time of all eight.
SCREENS = (View("light", 1280, True), View("light", 390), View("dark", 1280), View("dark", 390, True))
PAPER = View("dark", 680, media="print")  # A4 between its margins, from a desk that is dark


def look(page: Any, view: View) -> None:
    page.emulate_media(media=view.media, color_scheme=view.scheme)
    page.set_viewport_size({"width": view.width, "height": 900})
    page.evaluate(UNFOLD, view.is_open)


def faults(page: Any, name: str, views: Iterable[View] = (*SCREENS, PAPER)) -> Iterator[str]:
    """A line on each node of a page that breaks a rule, or sticks out: the page, the view, the rule, the node."""
    page.evaluate(AXE)
    for view in views:
        look(page, view)
        for found in (*page.evaluate(RUN, view is not PAPER), *page.evaluate(STICKS_OUT)):
            yield f"{name}, {view}: {found}"


def unreached(page: Any) -> list[str]:
    """What the Tab key does not come to in the order of the page, or what does not show that it has come there."""
    usable = page.evaluate_handle(
        "[...document.querySelectorAll('a[href], summary, button, input, select, [tabindex=\"0\"]')]"
        ".filter(each => each.checkVisibility())"
    )
    missed = []
    for place in range(usable.evaluate("all => all.length")):
        page.keyboard.press("Tab")
        missed += usable.evaluate(
            "(all, place) => document.activeElement === all[place]"
            " && getComputedStyle(all[place]).outlineStyle !== 'none' ? [] : [all[place].outerHTML]",
            place,
        )
    return missed
