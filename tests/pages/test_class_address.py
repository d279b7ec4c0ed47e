"""What is chosen on the class page stands in its address: it outlives a reload, can be sent, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from autograder.classroom.marks.model import Member
from autograder.pages.class_page import class_page
from tests.helpers.browser import chromium, opened_page
from tests.helpers.given_marks import class_of_marks, given_mark
from tests.helpers.pages import page_link
from tests.helpers.reports import report, scores, with_misconceptions
from tests.helpers.untrusted import MARKUP

pytestmark = pytest.mark.slow

SECTIONS = ("Monday & Tuesday", MARKUP)
PEOPLE = [f"{name}{i}" for i in range(40) for name in ("ada", "Zoë")]
MISTAKEN, LATE = {"ada3", "Zoë3"}, {"ada1", "Zoë1"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of 80 students, 2 assignments and enough above their table that it is not in sight at first."""
    works = [report(*scores(5), student=name, assignment=each) for name in PEOPLE for each in ("01_sums", "02_scores")]
    mistakes = {name: "over_queries" if name in MISTAKEN else "other" for name in PEOPLE[:8]}
    wrong = [report(with_misconceptions(mistake), student=name) for name, mistake in mistakes.items()]
    late = [given_mark(checks=5, of=10, is_late=True, student=name, assignment="02_scores") for name in sorted(LATE)]
    members = [Member(name, name, section=SECTIONS[place % 2]) for place, name in enumerate(PEOPLE)]
    path = tmp_path_factory.mktemp("a class?#") / "index.html"
    marks = class_of_marks(*works, *wrong, members=members, given=late)
    path.write_text(class_page([*works, *wrong], marks, page_link), encoding="utf-8")
    return path


@pytest.fixture
def opened(browser: Any, written: Path) -> Iterator[Any]:
    with opened_page(browser, written, 1280, 800) as page:
        yield page


def shown(page: Any) -> set[str]:
    found: list[str] = page.locator(".grid tbody tr:visible bdi").all_inner_texts()
    return set(found)


def said(page: Any) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address(page)).fragment, keep_blank_values=True)


def address(page: Any) -> str:
    found: str = page.evaluate("location.href")
    return found


def find(page: Any) -> Any:
    return page.get_by_role("search").get_by_label("Find a student by name")


def test_a_name_that_is_typed_on_top_brings_its_row_into_sight_and_enter_leads_there(opened: Any) -> None:
    assert not opened.evaluate("scrollY")
    for width in (1280, 390):
        opened.set_viewport_size({"width": width, "height": 800})
        opened.evaluate("scrollTo(0, 0)")
        find(opened).fill("")
        find(opened).press_sequentially("zoe7")
        opened.wait_for_function("scrollY > 0")
        (row,) = opened.locator(".grid tbody tr:visible").all()
        box, bar = row.bounding_box(), find(opened).bounding_box()
        assert bar["y"] + bar["height"] < box["y"] < box["y"] + box["height"] <= 800, "below the field, which stays"
        assert opened.evaluate("document.activeElement.id") == "name"
    opened.keyboard.press("Enter")
    assert opened.evaluate("document.activeElement.querySelector('bdi').textContent") == "Zoë7"
    opened.keyboard.press("Tab")
    assert opened.evaluate("decodeURI(document.activeElement.getAttribute('href'))") == "./Zoë7/01_sums.html"


def test_without_a_row_that_fits_enter_leads_nowhere(opened: Any) -> None:
    find(opened).fill("nobody of that name")
    find(opened).press("Enter")
    assert opened.evaluate("document.activeElement.id") == "name"
    assert opened.get_by_role("status").inner_text() == "0 of 80 students"


def test_all_that_is_chosen_survives_a_reload_and_can_be_sent(opened: Any, browser: Any) -> None:
    opened.get_by_label("Show", exact=True).select_option("02_scores")
    opened.get_by_label("Section").select_option(SECTIONS[1])
    opened.get_by_role("combobox", name="Students").select_option("who handed something in late")
    find(opened).fill("ZOË")
    expected = {"name": ["ZOË"], "state": ["late"], "section": [SECTIONS[1]], "assignment": ["02_scores"]}
    assert said(opened) == expected
    other = browser.new_page()
    other.goto(address(opened))
    opened.reload()
    for page in (opened, other):
        assert said(page) == expected
        assert shown(page) == {"Zoë1"}
        assert find(page).input_value() == "ZOË"
        assert page.locator(".grid thead th[colspan]:visible").all_inner_texts() == ["02_scores"]
    other.wait_for_function("scrollY > 0")
    other.close()


def test_a_misconception_is_named_in_the_address_by_what_outlives_a_regrade(opened: Any) -> None:
    opened.get_by_role("combobox", name="Misconception").select_option(label="25% over queries (softmax)")
    assert said(opened) == {"mistake": ["03_softmax/softmax/over_queries"]}
    assert shown(opened) == MISTAKEN
    opened.reload()
    assert shown(opened) == MISTAKEN


def test_what_the_class_does_not_have_any_more_chooses_nothing(opened: Any, written: Path) -> None:
    opened.goto(f"{written.as_uri()}#section=Friday&mistake=a%2Fb%2Fc&state=gone&name=ada11")
    assert shown(opened) == {"ada11"}
    assert opened.get_by_label("Section").input_value() == ""


def test_back_takes_back_one_choice_and_a_name_as_a_whole(opened: Any) -> None:
    before = opened.evaluate("history.length")
    find(opened).press_sequentially("ada1")
    find(opened).press_sequentially("1")
    opened.locator("dt").get_by_role("link", name="Late", exact=True).click()
    assert (said(opened), shown(opened)) == ({"state": ["late"]}, LATE)
    opened.get_by_role("button", name="Show all").click()
    assert (said(opened), len(shown(opened))) == ({}, len(PEOPLE))
    assert opened.evaluate("history.length") == before + 3
    opened.go_back()
    assert shown(opened) == LATE
    assert opened.get_by_role("combobox", name="Students").input_value() == "late"
    opened.go_back()
    assert (find(opened).input_value(), shown(opened)) == ("ada11", {"ada11"})
    opened.go_back()
    assert (find(opened).input_value(), len(shown(opened))) == ("", len(PEOPLE))
    opened.go_forward()
    assert shown(opened) == {"ada11"}


def test_a_place_on_the_page_gives_up_no_choice(opened: Any) -> None:
    find(opened).fill("ada11")
    opened.locator("a[href='#q0']").first.click()
    assert urlsplit(address(opened)).fragment == "q0"
    assert (find(opened).input_value(), shown(opened)) == ("ada11", {"ada11"})
    opened.go_back()
    assert (said(opened), shown(opened)) == ({"name": ["ada11"]}, {"ada11"})
