"""The page of a large class in a browser: an instructor finds, sorts and filters, with a script and without."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.pages.class_page import TOP_N, class_page
from autograder.report.model import CheckResult, Outcome, QuestionResult, Report
from autograder.report.statistics import AssignmentStatistics, assignments
from tests.helpers.browser import chromium, contrast
from tests.helpers.pages import collapsed, page_link
from tests.helpers.reports import check, report, with_misconceptions
from tests.helpers.untrusted import MARKUP

pytestmark = pytest.mark.slow

QUESTIONS = ("scale_scores", "softmax", "attention")
STUDENTS = 2000


def large_class() -> list[Report]:
    """2,000 students: each misses some assignment, or some question, or neither, and means lie all over."""
    chance = random.Random(7)
    return [
        report(*(some_answer(name, chance, ability) for name in QUESTIONS), student=student, assignment=assignment)
        for student in all_students()[:-20]
        for ability in [chance.random()]
        for assignment in ("01_projection", "02_scores", "03_softmax")
        if chance.random() < 0.95
    ]


def all_students() -> list[str]:
    return [f"{name}{i}" for i in range(STUDENTS // 4) for name in ("ada", "Bo", "Zoë", "<b>cy</b>")]


def some_answer(name: str, chance: random.Random, ability: float) -> QuestionResult:
    def one(number: int) -> CheckResult:
        passed = chance.random() < ability
        mistake = chance.choice([None, None, "over_queries", "base_two", "no_root"])
        fields = {"name": f"test_{number}", "title": f"Check {number}."}
        return (
            check(**fields) if passed else check(Outcome.FAILED, misconception=mistake, message="A.\nB.\nC.", **fields)
        )

    return QuestionResult(name, tuple(one(number) for number in range(5)))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("class") / "index.html"
    path.write_text(class_page(large_class(), page_link, "2,000 students", all_students()), encoding="utf-8")
    return path


@pytest.fixture
def opened(browser: Any, written: Path) -> Iterator[Any]:
    """The page of 2,000 students in a browser. Its script must not fail, nor its policy be hurt."""
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(written.as_uri())
    yield page
    page.close()
    assert not complaints


def column(page: Any, place: int) -> list[str]:
    """The texts of a column of the heat map, in the rows that can be seen."""
    cells: list[str] = page.evaluate(
        "place => [...document.querySelector('.grid').tBodies[0].rows]"
        ".filter(row => !row.hidden).map(row => row.cells[place].textContent)",
        place,
    )
    return cells


def sort_button(page: Any, place: int) -> Any:
    return page.locator(f".grid th[data-col='{place}'] button")


def test_the_heat_map_sorts_by_mean_with_the_keyboard(opened: Any) -> None:
    sort_button(opened, 1).focus()
    opened.keyboard.press("Enter")
    rising = column(opened, 1)
    means = [int(text.rstrip("%")) for text in rising if "—" not in text]
    assert len(rising) == STUDENTS
    assert means == sorted(means)
    assert all("—" in text for text in rising[len(means) :])
    opened.keyboard.press("Enter")
    falling = column(opened, 1)
    assert falling[: len(means)] == [f"{mean}%" for mean in means[::-1]]
    assert all("—" in text for text in falling[len(means) :])  # who has no mean stands last, whichever way
    assert opened.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"


def test_names_sort_as_people_count(opened: Any) -> None:
    sort_button(opened, 0).click()
    names = [name for name in column(opened, 0) if name.startswith("ada")]
    assert names == [f"ada{i}" for i in range(STUDENTS // 4)]


def test_the_heat_map_filters_by_name_and_state_and_counts_what_it_shows(opened: Any) -> None:
    opened.get_by_label("Name").fill("zoe")
    assert column(opened, 0) == sorted(f"Zoë{i}" for i in range(STUDENTS // 4))
    assert opened.get_by_role("status").inner_text() == "500 of 2,000 students"
    opened.get_by_role("combobox", name="Students").select_option("without a submission")
    assert column(opened, 0) == sorted(f"Zoë{i}" for i in range(STUDENTS // 4 - 5, STUDENTS // 4))
    opened.get_by_role("button", name="Show all").click()
    assert len(column(opened, 0)) == STUDENTS


def test_a_misconception_leads_to_its_students(opened: Any) -> None:
    leading = assignments(large_class())[0].questions[0].misconceptions[0]
    link = opened.locator("#questions ~ table tbody tr").first.locator("a").first
    assert link.inner_text() == leading.name.replace("_", " ")
    link.click()
    assert sorted(column(opened, 0)) == sorted(each.student for each in leading.seen)
    assert opened.evaluate("document.activeElement.id") == "students"


def test_one_assignment_can_be_looked_at_alone(opened: Any) -> None:
    def visible(selector: str) -> list[str]:
        return [collapsed(each) for each in opened.locator(selector).locator("visible=true").all_inner_texts()]

    last: AssignmentStatistics = assignments(large_class())[2]
    opened.get_by_label("Show", exact=True).select_option("03_softmax")
    assert visible(".grid thead tr:first-child th[colspan]") == ["03_softmax"]
    assert visible(".grid thead tr:last-child th") == ["Total", *QUESTIONS]
    assert len(visible(".grid tfoot td")) == 1 + 1 + len(QUESTIONS)
    assert len(visible(".grid tbody tr:first-child td")) == 1 + 1 + len(QUESTIONS)
    assert len(visible(".list tbody tr")) == len(QUESTIONS)
    shared = sorted(
        (m for q in last.questions for m in q.misconceptions), key=lambda m: (-len(m.seen), -m.share, m.key)
    )
    expected = [f"{len(m.seen)} of {m.answers:,} students" for m in shared[:TOP_N]]
    assert visible(".topics a[href^='#m']") == expected


def test_the_page_fits_a_telephone_and_a_desk_in_light_and_dark(opened: Any) -> None:
    """Nothing sticks out, and each square of the heat map can be read: contrast of 4.5, as WCAG 2.2 asks (1.4.3)."""
    for scheme in ("light", "dark"):
        opened.emulate_media(color_scheme=scheme)
        for width in (400, 1200):
            opened.set_viewport_size({"width": width, "height": 900})
            assert opened.evaluate("document.documentElement.scrollWidth") == width
        for warmth in range(6):
            colours = opened.evaluate(
                "name => { const style = getComputedStyle(document.querySelector(`.grid td.${name}`));"
                " return [style.color, style.backgroundColor]; }",
                f"w{warmth}",
            )
            assert contrast(*colours) >= 4.5, (scheme, warmth, colours)


def test_without_its_script_the_page_says_all_and_offers_nothing_dead(browser: Any, written: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(written.as_uri())
    assert len(column(page, 0)) == STUDENTS
    assert page.locator("input, select, button").locator("visible=true").count() == 0
    names = page.locator("#m0")
    assert not names.is_visible()
    page.locator("details:has(#m0) > summary").click()
    assert names.is_visible()
    context.close()


def test_the_browser_runs_nothing_that_a_stranger_wrote(browser: Any, tmp_path: Path) -> None:
    hostile = MARKUP.replace("alert(1)", "document.title='taken'")
    source = class_page([report(with_misconceptions(hostile), student=hostile)], page_link, hostile, [hostile, "bo"])
    injected = "<script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\">"
    for name, text in (("escaped", source), ("injected", source.replace("<main", f"{injected}<main"))):
        path = tmp_path / f"{name}.html"
        path.write_text(text, encoding="utf-8")
        page = browser.new_page()
        page.goto(path.as_uri())
        assert page.title() != "taken"
        page.get_by_label("Name").fill("script")  # our own script runs
        assert column(page, 0) == [hostile]
        page.close()
