"""The page of a large class in a browser: an instructor finds, sorts and filters, with a script and without."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.classroom.marks.model import ClassMarks, MarkStatus, Member, WrittenMark
from autograder.pages.class_page import TOP_N, class_page
from autograder.pages.heatmap import MAX_ROWS
from autograder.report.model import CheckResult, Outcome, QuestionResult, Report
from autograder.report.statistics import AssignmentStatistics, assignments
from tests.helpers.browser import chromium, contrast, opened_page
from tests.helpers.given_marks import class_of_marks, given_mark
from tests.helpers.pages import collapsed, page_link
from tests.helpers.reports import check, report, with_misconceptions
from tests.helpers.untrusted import MARKUP

pytestmark = pytest.mark.slow

QUESTIONS = ("scale_scores", "softmax", "attention")
STUDENTS = 2000
SECTIONS = ("Monday", "Tuesday, 4 o'clock")
AWAITING, EXCUSED, LATE = ({f"{name}{i}" for i in range(5)} for name in ("ada", "Bo", "Zoë"))
WITHDRAWN = {"ada0", "<b>cy</b>7"}


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


def large_marks() -> ClassMarks:
    """Everybody is in one of two sections; of the first hundred, in one assignment, some were late, and so on."""
    names = sorted(all_students())
    members = [
        Member(name, name, section=SECTIONS[place % 2], is_withdrawn=name in WITHDRAWN)
        for place, name in enumerate(names)
    ]
    special = dict.fromkeys(AWAITING, MarkStatus.AWAITS_HAND_GRADING) | dict.fromkeys(EXCUSED, MarkStatus.EXCUSED)
    given = [given_mark(status, student=name, assignment="02_scores", checks=5) for name, status in special.items()]
    given += [given_mark(checks=5, student=name, assignment="02_scores", is_late=True) for name in LATE]
    given += [given_mark(checks=5, student="Zoë0", assignment="03_softmax", is_late=True)]
    in_words = (WrittenMark("why", 3, 4),)
    given.append(given_mark(checks=5, written=3, student="ada1", assignment="01_projection", answers=in_words))
    return class_of_marks(*large_class(), members=members, given=given)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("class") / "index.html"
    source = class_page(large_class(), large_marks(), page_link, f"{STUDENTS:,} students")
    path.write_text(source, encoding="utf-8")
    return path


@pytest.fixture
def opened(browser: Any, written: Path) -> Iterator[Any]:
    """The page of 2,000 students in a browser."""
    with opened_page(browser, written, 1200, 900) as page:
        yield page


# All rows that the table shows, from the first to the last that one can turn to, through a function of a row.
TURNED = """
read => {
  const [before, after] = ["before", "after"].map((id) => document.getElementById(id));
  const found = [];
  while (before && !before.disabled) before.click();
  for (;;) {
    found.push(...[...document.querySelector(".grid").tBodies[0].rows].map(eval(read)));
    if (!after || after.disabled) return found;
    after.click();
  }
}
"""


def column(page: Any, place: int) -> list[str]:
    """The texts of a column of the heat map, in the rows that can be seen or turned to."""
    cells: list[str] = page.evaluate(TURNED, f"row => row.cells[{place}].textContent")
    return cells


def names(page: Any) -> list[str]:
    """The names in the rows that can be seen or turned to, without what else is said of their students."""
    found: list[str] = page.evaluate(TURNED, "row => row.cells[0].querySelector('bdi').textContent")
    return found


def sort_button(page: Any, place: int) -> Any:
    return page.locator(f".grid th[data-col='{place}'] button")


def test_the_heat_map_sorts_by_total_with_the_keyboard(opened: Any) -> None:
    sort_button(opened, 1).focus()
    opened.keyboard.press("Enter")
    rising = column(opened, 1)
    means = [int(text.removesuffix(" so far").rstrip("%")) for text in rising if "—" not in text]
    assert len(rising) == STUDENTS
    assert means == sorted(means)
    assert all("—" in text for text in rising[len(means) :])
    opened.keyboard.press("Enter")
    falling = column(opened, 1)
    assert [text.partition("%")[0] for text in falling[: len(means)]] == [str(mean) for mean in means[::-1]]
    assert all("—" in text for text in falling[len(means) :])  # who has no mean stands last, whichever way
    assert opened.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"


def test_names_sort_as_people_count(opened: Any) -> None:
    sort_button(opened, 0).click()
    assert [name for name in names(opened) if name.startswith("ada")] == [f"ada{i}" for i in range(STUDENTS // 4)]


def test_the_heat_map_filters_by_name_and_state_and_counts_what_it_shows(opened: Any) -> None:
    opened.get_by_label("Name").fill("zoe")
    assert names(opened) == sorted(f"Zoë{i}" for i in range(STUDENTS // 4))
    assert opened.get_by_role("status").first.inner_text() == "500 of 2,000 students"
    opened.get_by_role("combobox", name="Students").select_option("without a submission")
    assert names(opened) == sorted(f"Zoë{i}" for i in range(STUDENTS // 4 - 5, STUDENTS // 4))
    opened.get_by_role("button", name="Show all").click()
    assert len(names(opened)) == STUDENTS


def test_the_heat_map_filters_by_section_and_by_what_is_to_be_known_of_a_mark(opened: Any) -> None:
    opened.get_by_label("Section").select_option(SECTIONS[1])
    assert names(opened) == sorted(all_students())[1::2]
    opened.get_by_role("button", name="Show all").click()
    for choice, students in (
        ("who handed something in late", LATE),
        ("who await hand grading", AWAITING - WITHDRAWN),
        ("who are excused from something", EXCUSED),
        ("who have withdrawn", WITHDRAWN),
    ):
        opened.get_by_role("combobox", name="Students").select_option(choice)
        assert set(names(opened)) == students


def test_the_figures_on_top_lead_to_their_students(opened: Any) -> None:
    for figure, count, students in (
        ("Await hand grading", "4 from 4 students", AWAITING - WITHDRAWN),
        ("Late", "6 from 5 students", LATE),
        ("Withdrawn", "2", WITHDRAWN),
    ):
        term = opened.locator("dt", has=opened.get_by_role("link", name=figure, exact=True))
        assert term.locator("+ dd").inner_text() == count
        term.get_by_role("link").click()
        assert set(names(opened)) == students
        assert opened.evaluate("document.activeElement.id") == "students"
    assert opened.locator("dt", has_text="Students").locator("+ dd").inner_text() == f"{STUDENTS - len(WITHDRAWN):,}"


def test_a_misconception_leads_to_its_students(opened: Any) -> None:
    leading = assignments(large_class())[0].questions[0].misconceptions[0]
    link = opened.locator("#questions ~ table tbody tr").first.locator("a").first
    assert link.inner_text() == leading.name.replace("_", " ")
    link.click()
    assert sorted(names(opened)) == sorted(each.student for each in leading.seen)
    assert opened.evaluate("document.activeElement.id") == "students"


def test_one_assignment_can_be_looked_at_alone(opened: Any) -> None:
    def visible(selector: str) -> list[str]:
        return [collapsed(each) for each in opened.locator(selector).locator("visible=true").all_inner_texts()]

    staying = [each for each in large_class() if each.student not in WITHDRAWN]
    last: AssignmentStatistics = assignments(staying)[2]
    opened.get_by_label("Show", exact=True).select_option("03_softmax")
    assert visible(".grid thead tr:first-child th[colspan]") == ["03_softmax"]
    assert visible(".grid thead tr:last-child th") == ["Mark", *QUESTIONS]
    opened.get_by_label("Show", exact=True).select_option("01_projection")
    assert visible(".grid thead tr:last-child th") == ["Mark", *QUESTIONS, "in words"]
    assert len(visible(".grid tfoot tr:last-child td")) == 1 + 1 + len(QUESTIONS) + 1
    opened.get_by_label("Show", exact=True).select_option("03_softmax")
    assert len(visible(".grid tfoot tr:last-child td")) == 1 + 1 + len(QUESTIONS)
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
    assert page.locator(".grid tbody tr").count() == MAX_ROWS
    assert page.get_by_text(f"the first {MAX_ROWS} of {STUDENTS:,} students").is_visible()
    assert page.locator("input, select, button").locator("visible=true").count() == 0
    names = page.locator("#m0")
    assert not names.is_visible()
    page.locator("details:has(#m0) > summary").click()
    assert names.is_visible()
    context.close()


def test_the_browser_runs_nothing_that_a_stranger_wrote(browser: Any, tmp_path: Path) -> None:
    hostile = MARKUP.replace("alert(1)", "document.title='taken'")
    work = report(with_misconceptions(hostile), student=hostile)
    source = class_page([work], class_of_marks(work, students=["bo"]), page_link, hostile)
    injected = "<script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\">"
    for name, text in (("escaped", source), ("injected", source.replace("<main", f"{injected}<main"))):
        path = tmp_path / f"{name}.html"
        path.write_text(text, encoding="utf-8")
        page = browser.new_page()
        page.goto(path.as_uri())
        assert page.title() != "taken"
        page.get_by_label("Name").fill("script")  # our own script runs
        assert names(page) == [hostile]
        page.close()


def test_the_rows_that_the_script_makes_are_those_of_the_page(browser: Any, tmp_path: Path) -> None:
    """Each row of a class in which everything happens, names that look like markup among them, to the letter."""
    marks, rows = large_marks(), 'row => row.outerHTML.replace(/ data-[a-z]+="[^"]*"/g, \'\')'
    made = {}
    for most in (STUDENTS, 10):
        path = tmp_path / f"{most}.html"
        path.write_text(class_page(large_class(), marks, page_link, most_rows=most), encoding="utf-8")
        with opened_page(browser, path, 1200, 900) as page:
            made[most] = page.evaluate(TURNED, rows)
    assert len(made[STUDENTS]) == STUDENTS
    assert made[10] == made[STUDENTS]


def test_a_large_class_is_turned_through_and_lists_say_where_the_rest_is(opened: Any) -> None:
    assert opened.locator("#where").inner_text() == f"1 to {MAX_ROWS} of {STUDENTS:,}"
    assert opened.get_by_role("button", name="Previous").is_disabled()
    opened.get_by_role("button", name="Next").click()
    assert opened.locator("#where").inner_text() == f"{MAX_ROWS + 1} to {2 * MAX_ROWS} of {STUDENTS:,}"
    opened.get_by_label("Name").fill("ada1999")
    assert opened.locator("#where").inner_text() == "0 to 0 of 0"
    opened.get_by_role("button", name="Show all").click()
    rest = opened.locator("#m0 li").last
    assert "more, in the table" in rest.text_content()
    assert opened.locator("#m0 li").count() == MAX_ROWS + 1


def test_no_name_ends_the_data_of_the_page(browser: Any, tmp_path: Path) -> None:
    hostile = [
        f"</script><script>document.title='{n}'</script><!-- <script> \u2028 \u2029 ]]> & {n}" for n in range(20)
    ]
    works = [report(student=name) for name in hostile]
    path = tmp_path / "index.html"
    path.write_text(class_page(works, class_of_marks(*works), page_link, "Ours", most_rows=2), encoding="utf-8")
    with opened_page(browser, path, 1200, 900) as page:
        assert page.title() == "Ours"
        assert len(names(page)) == len(hostile)
        assert page.locator("script").count() == 2
