"""The percent format of lessons: read as Jupytext reads it, and refused where a marker is none."""

from __future__ import annotations

from pathlib import Path

import jupytext
import pytest

from autograder.course.lesson import CourseError, LessonCell, parse_lesson
from tests.helpers.paths import ROOT

LESSONS = sorted((ROOT / "solutions").glob("*/lesson.py"))
PATH = Path("solutions/01_sums/lesson.py")
# What stands before a marker that is tested: it is in line 12.
BEFORE = """\
# ---
# jupyter:
#   jupytext: {}
# ---

import numpy as np

# %% [markdown]
# # Sums

# %%
"""


def by_jupytext(text: str) -> list[tuple[str, str, str, float | None]]:
    """Type, source, name and points of each cell, as Jupytext has them."""
    cells = jupytext.reads(text, fmt="py:percent").cells
    return [
        (cell.cell_type, cell.source, cell.metadata.get("title", ""), cell.metadata.get("points")) for cell in cells
    ]


def by_us(text: str) -> list[tuple[str, str, str, float | None]]:
    cells = parse_lesson(text, PATH)
    return [("markdown" if cell.is_markdown else "code", cell.source, cell.name, cell.points) for cell in cells]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.parent.name)
def test_every_lesson_is_read_as_jupytext_reads_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert by_us(text) == by_jupytext(text)
    assert any(name for _, _, name, _ in by_us(text))


def test_there_are_lessons_with_written_answers_among_them() -> None:
    cells = [cell for path in LESSONS for cell in parse_lesson(path.read_text(encoding="utf-8"), path)]
    assert {(cell.is_question, cell.is_written) for cell in cells} == {(True, False), (False, True), (False, False)}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import numpy as np\n",
        f"{BEFORE}x = 1\n",
        "# %%\nx = 1\n\n\n# %% softmax\ndef softmax(S):\n    return S\n",
        "# %% [markdown]\n# # Title\n#\n# Text\n\n# %% why [markdown] points=5\n# Why?\n",
        "# %% why [markdown] points=2.5\n# Why?\n",
        "# %% [markdown]\n#no blank\n# \n#   indented\n",
        "# %%\n# a comment of the code\nx = 1  # %% no marker\n",
        '# %%\ntext = """\n%% no marker\n"""\n',
    ],
    ids=["nothing", "no marker", "header", "code", "written", "half points", "text", "comments", "string"],
)
def test_what_a_lesson_may_hold_is_read_as_jupytext_reads_it(text: str) -> None:
    assert by_us(text) == by_jupytext(text)


def test_a_cell_knows_the_line_of_its_marker() -> None:
    text = f"{BEFORE}x = 1\n\n# %% total\ndef total(X):\n    return X\n\n# %% why [markdown] points=5\n# Why?\n"
    lines = text.splitlines()
    before, *cells = parse_lesson(text, PATH)
    assert before == LessonCell("import numpy as np", 5)
    assert [lines[cell.line - 1] for cell in cells] == [line for line in lines if line.startswith("# %%")]


@pytest.mark.parametrize(
    ("marker", "says"),
    [
        ("# %% soft-max", "`# %% soft-max` begins no cell: a marker is `# %%`,"),
        ("# %% 1st", "`# %% 1st` begins no cell"),
        ("# %% softmax, the first", "`# %% softmax, the first` begins no cell"),
        ("# %% [unknown]", "`# %% [unknown]` begins no cell"),
        ("# %% why [raw] points=5", "`# %% why [raw] points=5` begins no cell"),
        ("# %% [markdown] why points=5", "`# %% [markdown] why points=5` begins no cell"),
        ("# %% why [markdown] points = 5", "`# %% why [markdown] points = 5` begins no cell"),
        ("# %%  two_blanks", "`# %%  two_blanks` begins no cell"),
        ("# %%softmax", "`# %%softmax` begins no cell"),
        ("#%% softmax", "`#%% softmax` begins no cell"),
        ("# %% why [markdown]", "the written answer `why` does not say what it is worth: add points=…"),
        ("# %% why [markdown] points=five", "points=five is no number of points: write one from 0 to 10000"),
        ("# %% why [markdown] points=-1", "points=-1 is no number of points"),
        ("# %% why [markdown] points=nan", "points=nan is no number of points"),
        ("# %% why [markdown] points=inf", "points=inf is no number of points"),
        ("# %% why [markdown] points=1e300", "points=1e300 is no number of points"),
        ("# %% why [markdown] points=", "`# %% why [markdown] points=` begins no cell"),
        ("# %% why [markdown] points= 5", "`# %% why [markdown] points= 5` begins no cell"),
        ("# %% why [markdown] points=5 points=5", "`# %% why [markdown] points=5 points=5` begins no cell"),
        ("# %% x points=3", "points=… belongs to a written answer, `# %% name [markdown] points=…`;"),
        ("# %% points=3", "points=… belongs to a written answer"),
        ("# %% [markdown] points=3", "points=… belongs to a written answer"),
    ],
)
def test_a_malformed_marker_is_refused_with_its_line(marker: str, says: str) -> None:
    text = f"{BEFORE}{marker}\n# Why?\n"
    assert text.splitlines()[11] == marker
    with pytest.raises(CourseError) as refused:
        parse_lesson(text, PATH)
    assert str(refused.value).startswith(f"{PATH}, line 12: {says}")
    assert len(str(refused.value).splitlines()) == 1


def test_a_name_is_given_once() -> None:
    with pytest.raises(CourseError, match="line 4: `why` is the name of the cell in line 1 already"):
        parse_lesson("# %% why [markdown] points=5\n# Why?\n\n# %% why\nwhy = 1\n", PATH)


@pytest.mark.parametrize(("written", "points"), [("0", 0), ("5", 5), ("5.0", 5), ("2.5", 2.5)])
def test_points_are_whole_where_they_can_be(written: str, points: float) -> None:
    (cell,) = parse_lesson(f"# %% why [markdown] points={written}\n# Why?\n", PATH)
    assert (cell.points, type(cell.points)) == (points, type(points))
