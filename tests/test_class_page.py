"""The page of a class: its numbers are right, and an instructor finds, sorts and filters, with a script and without."""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import pointbiserialr

from autograder.pages.class_page import TOP_N, class_page
from autograder.report.model import CheckResult, MissingReason, Outcome, QuestionResult, Report
from autograder.report.statistics import (
    MIN_STUDENTS_FOR_STATISTICS,
    AssignmentStatistics,
    CheckStatistics,
    QuestionStatistics,
    assignments,
    distribution,
)
from tests.test_outputs import (
    MARKUP,
    TEXT,
    Page,
    assert_readable_without_sight,
    assert_runs_only_what_it_allows,
    check,
    instructor_page,
    page_link,
    report,
    scores,
    unreadable,
    words,
)

STUB_AND_UNREAD = (
    check(Outcome.MISSING, message="To be written.", reason=MissingReason.NOT_IMPLEMENTED),
    check(
        Outcome.MISSING,
        message="`softmax` could not be read: SyntaxError in code cell 5, line 10.",
        reason=MissingReason.NOT_LOADED,
    ),
)
QUESTIONS = ("scale_scores", "softmax", "attention")
STUDENTS = 2000
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def answer(name: str, earned: float, of: float = 10) -> QuestionResult:
    return QuestionResult(name, (check(points=of, earned=earned),))


def class_of(earned: Sequence[Sequence[float]], of: Sequence[float]) -> list[Report]:
    """A report for each row of `earned`, with a question for each column."""
    return [
        report(*(answer(f"q{i}", points, of[i]) for i, points in enumerate(row)), student=f"s{place}")
        for place, row in enumerate(earned)
    ]


def question(reports: Sequence[Report], place: int = 0) -> QuestionStatistics:
    (assignment,) = assignments(reports)
    return assignment.questions[place]


def seen(*names: str, question: str = "softmax") -> QuestionResult:
    return QuestionResult(
        question,
        tuple(check(Outcome.FAILED, misconception=n, message=f"Found.\nStatement {n}.\nHint {n}.") for n in names),
    )


@pytest.mark.parametrize("seed", range(5))
def test_discrimination_of_all_or_nothing_is_the_point_biserial_correlation_with_the_rest(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rest = rng.integers(0, 11, size=(40, 2))  # (student, other question)
    right = rng.random(40) < rest.sum(axis=1) / 20
    found = question(class_of(np.column_stack([right, rest]).tolist(), of=(1, 10, 10))).discrimination
    assert found == pytest.approx(pointbiserialr(right, rest.sum(axis=1)).statistic)


def test_discrimination_of_shares_is_the_correlation_with_all_other_questions_of_the_course() -> None:
    rng = np.random.default_rng(1)
    earned, of = rng.random((30, 4)) * 8, (8, 16, 9, 20)
    first = [report(*(answer(f"q{i}", row[i], of[i]) for i in (0, 1)), student=f"s{s}") for s, row in enumerate(earned)]
    late = [
        report(*(answer(f"q{i}", row[i], of[i]) for i in (2, 3)), student=f"s{s}", assignment="04")
        for s, row in enumerate(earned)
        if s != 7  # who has handed in nothing here is measured by the rest
    ]
    other = earned[:, 1:].sum(axis=1) / sum(of[1:])
    other[7] = earned[7, 1] / of[1]
    found = assignments([*late, *first])[0].questions[0].discrimination
    assert found == pytest.approx(np.corrcoef(earned[:, 0], other)[0, 1])


@pytest.mark.parametrize(
    ("earned", "why"),
    [
        ([[i % 3, i % 4] for i in range(MIN_STUDENTS_FOR_STATISTICS - 1)], "too few students"),
        ([[5, i % 4] for i in range(20)], "the question does not vary"),
        ([[i % 4, 5] for i in range(20)], "the rest does not vary"),
        ([[i % 4, [0.3, 0.1 + 0.2][i % 2]] for i in range(20)], "the rest varies by rounding only"),
        ([[i % 4] for i in range(20)], "there is no rest"),
    ],
)
def test_a_discrimination_that_means_nothing_is_not_told(earned: list[list[float]], why: str) -> None:
    reports = class_of(earned, of=(10, 10))
    assert question(reports).discrimination is None, why
    assert "—cannot be told" in words(instructor_page(*reports).text)


def test_what_is_unreadable_or_not_final_is_no_measure() -> None:
    good = class_of([[i % 5, i % 7] for i in range(20)], of=(10, 10))
    broken = report(QuestionResult("q0", (check(Outcome.GRADER_ERROR),)), answer("q1", 10), student="x")
    lost = unreadable("cut off", student="y", questions=scores(0, 0))
    alone, beside = question(good), question([*good, broken, lost])
    assert (beside.mean, beside.graded, beside.full) == (alone.mean, alone.graded, alone.full)
    assert beside.discrimination == pytest.approx(alone.discrimination)


@given(st.lists(st.floats(0, 100)))
@example([100 * 3 / 10, 100 * (0.1 + 0.2), 29.999999999999996, 100.0, 0.0])
def test_every_score_stands_in_one_column_of_the_distribution(shares: list[float]) -> None:
    edges = [-1, *range(10, 101, 10), 101]
    assert list(distribution(shares)) == np.histogram(np.round(shares, 7), edges)[0].tolist()


def test_misconceptions_are_counted_once_a_submission_most_common_first() -> None:
    reports = [
        report(seen("rare", "over_queries"), student="bo"),
        report(seen("base two", "base two", "over_queries")),
        report(QuestionResult("softmax", (check(Outcome.FAILED), check(Outcome.MISSING))), student="cy"),
        report(QuestionResult("softmax", (check(Outcome.MISSING),)), student="di"),
        unreadable("cut off", student="ed"),
    ]
    found = question(reports)
    counted = [(each.name, each.share, [r.student for r in each.seen]) for each in found.misconceptions]
    assert counted == [("over_queries", 50, ["ada", "bo"]), ("base two", 25, ["ada"]), ("rare", 25, ["bo"])]
    assert (found.answers, found.unnamed, found.unwritten) == (4, 1, 1)


def test_what_could_not_be_read_is_counted_for_itself() -> None:
    stub, unread = (QuestionResult("softmax", (each,)) for each in STUB_AND_UNREAD)
    reports = [report(unread), report(stub, student="bo"), report(stub, student="cy")]
    assert (question(reports).unwritten, question(reports).unread) == (2, 1)
    text = words(instructor_page(*reports).text)
    assert "33% could not be read; 67% not written" in text
    source = class_page(reports, page_link)
    assert (source.count('<td class="unwritten">'), source.count('<td class="w0">')) == (2, 1)


def test_the_figures_on_top_say_that_they_are_of_all_assignments() -> None:
    first, second = report(*scores(5)), report(*scores(10, of=30), assignment="04")
    assert "Class results All assignments Students1" in words(instructor_page(first, second).text)
    assert "All assignments" not in instructor_page(first).text


def test_a_long_name_may_break_behind_its_underscores_only() -> None:
    source = class_page([report(answer("scaled_dot_<b>", 5))], page_link)
    assert "<code>scaled_<wbr>dot_<wbr>&lt;b&gt;</code>" in source


def tried(*outcomes: Outcome) -> CheckStatistics:
    reports = [report(QuestionResult("q", (check(o),)), student=f"s{i}") for i, o in enumerate(outcomes)]
    (only,) = question(reports).checks
    return only


def test_a_check_is_judged_by_those_who_wrote_the_function() -> None:
    others = [Outcome.MISSING, Outcome.GRADER_ERROR]
    assert tried(*others, *[Outcome.FAILED] * MIN_STUDENTS_FOR_STATISTICS).nobody_passes
    assert tried(*others, *[Outcome.PASSED] * MIN_STUDENTS_FOR_STATISTICS).everybody_passes
    few = MIN_STUDENTS_FOR_STATISTICS - 1
    for few_or_mixed in ([Outcome.FAILED] * few, [Outcome.PASSED] * few, [*Outcome] * MIN_STUDENTS_FOR_STATISTICS):
        assert not tried(*few_or_mixed).nobody_passes
        assert not tried(*few_or_mixed).everybody_passes


def test_a_check_that_nobody_passes_is_told_at_once_and_named() -> None:
    never, always = check(Outcome.FAILED, name="a", title="Never."), check(name="b", title="Always.")
    page = instructor_page(
        *(report(QuestionResult("q", (never, always)), student=f"s{i}") for i in range(MIN_STUDENTS_FOR_STATISTICS)),
    )
    text = words(page.text)
    assert text.index("1 check is passed by nobody.") < text.index("Teach again")
    nobody, everybody = text.split("Checks that nobody passes")[1].split("Checks that everybody passes")
    assert "Never. q · 03_softmax · 10 answers" in nobody
    assert "Always. q · 03_softmax · 10 answers" in everybody
    assert "Always." not in nobody


def test_grader_errors_come_first_and_then_what_to_teach_again() -> None:
    broken = report(QuestionResult("softmax", (check(Outcome.GRADER_ERROR),)), confined=False)
    page = instructor_page(unreadable("cut off", student="bo"), broken)
    assert page.headings[:4] == ["Grader errors", "Teach again", "Hardest questions", "Scores over the class"]
    assert page.text.index("Grader errors") < page.text.index("Graded without confinement")


def test_the_mistakes_that_most_share_lead_and_link_to_their_students() -> None:
    rare = [f"rare {i:02}" for i in range(TOP_N)]
    reports = [report(seen("over_queries", "base two"), student=f"s{i}") for i in range(3)]
    reports += [report(seen("over_queries", *rare)), report(seen("own"), student="bo")]
    page = instructor_page(*reports, report(seen(*rare), student="cy"))
    lead = words(page.text.split("Teach again")[1].split("Hardest questions")[0])
    assert "67% over queries softmax · 03_softmax · 4 of 6 students Statement over_queries. 50% base two" in lead
    assert "Hint" not in lead  # it stands with the students
    assert "own" not in lead  # one student's mistake is no lesson for a class
    assert rare[TOP_N - 3] in lead
    assert rare[TOP_N - 2] not in lead
    assert "#m0" in page.all("href")
    students = words(page.text.split("Misconceptions and their students")[1]).split("50% base two")[0]
    assert "Statement over_queries. Hint over_queries. ada s0 s1 s2" in students


def test_questions_keep_the_order_of_the_assignment_and_the_hardest_lead() -> None:
    late, early = (
        QuestionResult("a_late", (check(Outcome.FAILED, points=4, title="Is late."),)),
        QuestionResult("z_early", (check(points=1), check(Outcome.FAILED, points=3))),
    )
    page = instructor_page(report(early, late), report(*scores(), student="bo"), unreadable("x", student="cy"))
    hardest, rest = words(page.text.split("Hardest questions")[1]).split("Scores over the class")
    assert "0% a_late 03_softmax 100% of those who wrote it fail at: Is late. 25% z_early" in hardest
    assert re.search("z_early03_softmax 25% 0 of 1 —.* a_late03_softmax 0% 0 of 1 —", rest)


def rows(page: Page) -> list[str]:
    table = page.text.split("Students and their questions")[1].split("Misconceptions and their students")[0]
    return [words(row) for row in re.split(r"\n(?=(?:ada|bo|cy|di|Class mean)\n)", table)][1:]


def test_the_heat_map_shows_every_score_every_gap_and_the_means() -> None:
    reports = [
        report(*scores(2, 10), student="bo", assignment="02"),
        report(*scores(10), assignment="01"),
        report(*scores(6, 10), assignment="02"),
        unreadable("cut off", student="bo", assignment="01", questions=scores(0)),
        report(QuestionResult("q0", (check(Outcome.GRADER_ERROR, points=10),)), student="cy", assignment="02"),
    ]
    ada, bo, cy, di, means = rows(Page(class_page(reports, page_link, students=["di", "ada"])))
    assert ada == "ada 87% 10 / 10 10 16 / 20 6 10"
    assert bo == "bo 60% unreadable 12 / 20 2 10"
    assert cy == "cy —no mean yet —no submission 0 / 10 not final 0 not final"
    assert di == "di —no mean yet —no submission —no submission"
    assert means == "Class mean 73% 100% 100% 70% 40% 100%"  # of 87 and 60; 76% of all points


def test_who_has_handed_in_nothing_is_named() -> None:
    page = Page(class_page([report(*scores(1))], page_link, students=["ada", MARKUP, "bo"]))
    assert "No submission 2" in words(page.text)
    assert re.search(r"2 students\s+" + re.escape(MARKUP) + r"\s+bo", page.text)
    assert "No submission" not in instructor_page(report(*scores(1))).text


@settings(deadline=None, max_examples=40)
@given(TEXT, TEXT)
def test_any_name_in_the_class_list_gives_a_sound_page(student: str, absent: str) -> None:
    page = Page(class_page([report(seen(student, absent), student=student)], page_link, students=[absent, student]))
    assert len(page.all("id")) == len(set(page.all("id")))
    assert_runs_only_what_it_allows(page)
    assert_readable_without_sight(page)


def test_the_page_of_an_empty_class_says_so() -> None:
    assert "Nothing has been graded so far." in instructor_page().text
    text = words(Page(class_page([], page_link, students=["ada"])).text)
    assert "Nothing has been graded so far." in text
    assert "1 student ada" in text


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
        told = {"name": f"test_{number}", "title": f"Check {number}."}
        return check(**told) if passed else check(Outcome.FAILED, misconception=mistake, message="A.\nB.\nC.", **told)

    return QuestionResult(name, tuple(one(number) for number in range(5)))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    chromium = shutil.which("chromium")
    if chromium is None and os.environ.get("CI") != "true":
        pytest.skip("no chromium here")
    assert chromium, "CI needs chromium"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield started
        started.close()


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
        return [words(each) for each in opened.locator(selector).locator("visible=true").all_inner_texts()]

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


def contrast(*colours: str) -> float:
    """WCAG 2.2, contrast ratio and relative luminance."""

    def luminance(colour: str) -> float:
        parts = np.array([int(part) for part in re.findall(r"\d+", colour)[:3]]) / 255
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    dark, light = sorted(map(luminance, colours))
    return (light + 0.05) / (dark + 0.05)


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
    source = class_page([report(seen(hostile), student=hostile)], page_link, hostile, [hostile, "bo"])
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
