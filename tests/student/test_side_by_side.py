"""Yours and expected, side by side: what is shown of two arrays, and how, in a notebook and elsewhere."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bs4 import BeautifulSoup
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder import check
from autograder.checking import assert_allclose
from autograder.checking.recognition.judge import NotPassedError
from autograder.report.model import CheckResult
from autograder.student.side_by_side.excerpt import MOST, SideBySide, side_by_side
from autograder.student.side_by_side.tables import html_pair, text_pair
from tests.helpers.command_line import autograder
from tests.helpers.course import WRONG_SUMS, hand_in
from tests.helpers.grading import grade_unconfined
from tests.helpers.notebooks import WITH_SETUP, run_notebook, write_notebook

pytestmark = pytest.mark.slow


def pair_of(actual: Any, desired: Any, **tolerances: float) -> SideBySide:
    """What a check shows that finds the one where it asks for the other."""
    with pytest.raises(NotPassedError) as caught:
        assert_allclose(actual, desired, **tolerances)
    assert caught.value.compared
    return side_by_side(caught.value.compared)


def texts(actual: Any, desired: Any, **tolerances: float) -> list[list[list[str]]]:
    """The numbers as they are shown, those that differ with their sign: yours, then expected."""
    pair = pair_of(actual, desired, **tolerances)
    return [
        [[f"{'≠' * entry.differs}{entry.text}" for entry in row] for row in grid.entries]
        for grid in (pair.yours, pair.expected)
    ]


def test_numbers_are_rounded_as_the_tolerance_allows():
    yours, expected = texts([[0.5, 0.6681], [0.5, 0.3]], [[0.33, 0.67], [0.5, 0.5]], atol=5e-3)
    assert yours == [["≠0.50", "0.67"], ["0.50", "≠0.30"]]
    assert expected == [["≠0.33", "0.67"], ["0.50", "≠0.50"]]


def test_whole_numbers_have_no_decimals():
    assert texts([[1, 1], [0, 1]], [[1, 0], [0, 1]]) == [[["1", "≠1"], ["0", "1"]], [["1", "≠0"], ["0", "1"]]]


def test_a_small_difference_is_seen():
    assert texts([1, 2, 3.00001], [1.0, 2, 3]) == [[["1", "2", "≠3.00001"]], [["1", "2", "≠3.00000"]]]


def test_what_is_not_finite_is_shown():
    assert texts([np.nan, np.inf, -np.inf, 1], [1.0, 1, 1, 1])[0] == [["≠nan", "≠inf", "≠-inf", "1"]]


def test_very_large_and_very_small_numbers_stay_short():
    assert texts([2e12, 1], [1e12, 1])[0] == [["≠2.000e+12", "1.000e+00"]]
    assert texts([2e-6, 0], [1e-6, 0])[0] == [["≠2.000e-06", "0"]]


@given(
    yours=arrays.arrays(float, (2, 3), elements=st.floats(width=64)),
    expected=arrays.arrays(float, (2, 3), elements=st.floats(width=64, allow_nan=False, allow_infinity=False)),
    atol=st.sampled_from([1e-9, 5e-3, 0.5]),
)
def test_what_differs_never_looks_the_same(yours, expected, atol):
    with np.errstate(all="ignore"):
        wrong = ~(np.abs(yours - expected) / (atol + 1e-6 * np.abs(expected)) <= 1)
    assume(wrong.any())
    pair = pair_of(yours, expected, atol=atol)
    rows = zip(pair.yours.entries, pair.expected.entries, strict=True)
    both = [each for one, other in rows for each in zip(one, other, strict=True)]
    assert [one.differs for one, _ in both] == wrong.ravel().tolist()
    assert all(one.text != other.text for one, other in both if one.differs)
    assert all(-1 <= entry.strength <= 1 for each in both for entry in each)
    assert text_pair(pair)
    assert html_pair(pair, "A title")


def test_of_a_large_matrix_the_part_around_the_first_difference_is_shown():
    expected = np.arange(600.0).reshape(30, 20)
    yours = expected.copy()
    yours[17, 18] = -1
    pair = pair_of(yours, expected)
    assert pair.yours.rows == tuple(range(14, 14 + MOST))
    assert pair.yours.columns == tuple(range(12, 20))
    assert (pair.expected.rows, pair.expected.columns) == (pair.yours.rows, pair.yours.columns)
    lines = text_pair(pair)
    assert "yours: rows 14 to 21 of 30 × columns 12 to 19 of 20" in lines
    assert sum("≠" in line for line in lines) == 2 + 1  # the number in both, and what the sign means


def test_of_more_axes_the_first_matrix_that_differs_is_shown_and_named():
    expected = np.zeros((2, 3, 2, 2))
    yours = expected.copy()
    yours[1, 2, 0, 1] = 7
    lines = text_pair(pair_of(yours, expected))
    assert lines[0] == "Both have shape (2, 3, 2, 2). Of their matrices, [1, 2] is the first that differs:"
    assert lines[1].split("    ") == ["yours[1, 2]: 2 rows × 2 columns", "expected[1, 2]: 2 rows × 2 columns"]
    assert "7 ≠" in lines[3]


@pytest.mark.parametrize(
    ("yours", "says"),
    [
        (np.ones((3, 5)), "yours: 3 rows × 5 columns"),
        (np.ones((2, 3, 5)), "yours[0]: 3 rows × 5 columns"),
        (np.ones(5), "yours: 5 numbers"),
        (np.ones(1), "yours: 1 number"),
        (np.ones((0, 4)), "yours: no numbers: shape (0, 4)"),
        (1.5, "yours: one number"),
    ],
)
def test_of_another_shape_both_are_shown_and_nothing_is_marked(yours, says):
    pair = pair_of(yours, [[1.0, 2.0]])
    text = "\n".join(text_pair(pair))
    assert text.startswith(says)
    assert "expected: 1 row × 2 columns" in text
    assert "≠" not in text + html_pair(pair, "A title")


def test_where_every_number_should_be_one_number_nothing_is_shown_beside_it():
    with pytest.raises(NotPassedError) as caught:
        assert_allclose([[1.0, 2.0]], 1.0)
    assert caught.value.compared is None


def test_a_screen_reader_meets_tables_with_captions_headers_and_words():
    page = BeautifulSoup(html_pair(pair_of([[1.0, 2, 3], [4, 5, 7]], [[1.0, 2, 3], [4, 5, 6]]), "Six"), "html.parser")
    group = page.find(attrs={"role": "group"})
    assert group["aria-label"] == "Yours and expected, for “Six”"
    yours, expected = page.find_all("table")
    assert [table.caption.text for table in (yours, expected)] == ["yours", "expected"]
    assert [th.text for th in yours.find_all("th", scope="colgroup")] == ["3 columns"]
    assert [th.text for th in yours.find_all("th", scope="col")] == ["0", "1", "2"]
    assert [th.text for th in yours.find_all("th", scope="row")] == ["0", "1"]
    marked = [td for td in page.find_all("td") if td.find("span")]
    assert [td.text for td in marked] == ["≠ differs 7", "≠ differs 6"]
    assert all(td.find("span", attrs={"aria-hidden": "true"}).text == "≠ " for td in marked)
    assert all("border:2px solid currentColor" in td["style"] for td in marked)


def test_colours_are_laid_over_those_of_the_page():
    """A colour of its own, for text or for what is behind it, would break the light theme or the dark one."""
    html = html_pair(pair_of([[1.0, -2.0]], [[1.0, 2.0]]), "Two")
    styles = ";".join(re.findall(r'style="([^"]*)"', html)).split(";")
    assert not [style for style in styles if style.startswith("color")]
    behind = {style.removeprefix("background:").split("(")[0] for style in styles if style.startswith("background")}
    assert behind == {"none", "rgba"}
    assert all(float(alpha) <= 0.4 for alpha in re.findall(r"rgba\([^)]*, ([\d.]+)\)", html))


# Through `check` and the command


def test_check_shows_both_in_a_notebook(workspace: Path):
    notebook = write_notebook(
        workspace / "02_centred" / "n.ipynb", WITH_SETUP, "def centre(X):\n    return X * 2\n\ncheck(centre)"
    )
    output = run_notebook(notebook)[1]
    assert "<caption" in output
    assert "yours: 1 row × 2 columns    expected: 1 row × 2 columns" in output  # the text beside the HTML
    assert re.search(r"0  2 ≠  6 ≠ +0  -1 ≠  1 ≠", output)


def test_a_title_cannot_break_out(workspace: Path):
    checks = workspace / "02_centred" / "visible_checks.py"
    checks.write_text(checks.read_text().replace("1 and 3 become -1 and 1", '1 <b>"and" 3'))

    def centre(X):
        return X * 2

    html = check(centre)._repr_html_()
    assert "aria-label" in html
    assert "<b>" not in html
    assert '"and"' not in html


def test_the_terminal_shows_both(workspace: Path):
    file = workspace / "01_sums" / "01_sums.py"
    file.write_text(WRONG_SUMS)
    lines = autograder("check", file).stdout.splitlines()
    assert "      yours: 2 numbers    expected: 1 number" in lines


def test_a_terminal_that_has_no_such_signs_gets_plain_ones(workspace: Path, monkeypatch: pytest.MonkeyPatch):
    (workspace / "02_centred" / "02_centred.py").write_text("def centre(X):\n    return X * 2")
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")
    done = autograder("check", "02_centred", cwd=workspace, encoding="cp1252")
    assert "yours: 1 row × 2 columns" in done.stdout, done.stderr
    assert "2 !=  6 !=" in done.stdout


def test_what_is_shown_at_home_stands_in_no_report(workspace: Path):
    """Nor in what CI makes of them."""
    (workspace / "02_centred" / "02_centred.py").write_text("def centre(X):\n    return X * 2 + 0.4321")
    junit = workspace / "junit.xml"
    assert "-1.000 ≠" in autograder("check", "02_centred", "--junit", junit, cwd=workspace).stdout
    assert "expected" not in junit.read_text()
    assert "-1.0" not in junit.read_text()


def test_what_is_shown_at_home_is_in_nothing_that_grading_writes(small_course: Path):
    hand_in(small_course / "class", "ada", "02_centred", "def centre(X):\n    return X * 2 + 0.4321")
    assert grade_unconfined(small_course).returncode == 0
    report, page = ((small_course / "out" / "ada" / f"02_centred{suffix}").read_text() for suffix in (".json", ".html"))
    assert "The mean is 2." in report
    for text in (report, page):
        assert "≠" not in text
        assert "-1.000" not in text
    checks = json.loads(report)["questions"][0]["checks"]
    assert {name for check in checks for name in check} == {each.name for each in fields(CheckResult)}
