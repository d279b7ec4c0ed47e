"""Pictures of matrices: what stands in them, and one sentence where something cannot be drawn."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from autograder.plots import DrawingError, heatmap, picture, token_map
from tests.helpers.notebooks import run_notebook, write_notebook

TWO_BY_THREE = np.array([[0.5, -1.0, 2.0], [0.0, 0.25, -0.001]])
WORDS = ["the", "cat", "drank"]


@pytest.fixture
def ax() -> Axes:
    return Figure().subplots()


def written(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def labels(ax: Axes) -> tuple[list[str], list[str]]:
    return [each.get_text() for each in ax.get_yticklabels()], [each.get_text() for each in ax.get_xticklabels()]


def test_every_number_stands_in_its_cell(ax: Axes) -> None:
    heatmap(ax, TWO_BY_THREE, "a title")
    assert written(ax) == ["0.50", "-1.00", "2.00", "0.00", "0.25", "0.00"], "there is no -0.00"
    assert [tuple(text.get_position()) for text in ax.texts][:4] == [(0, 0), (1, 0), (2, 0), (0, 1)]
    assert ax.get_title() == "a title"
    assert labels(ax) == ([], [])


def test_rows_and_columns_have_labels_where_they_are_given(ax: Axes) -> None:
    heatmap(ax, TWO_BY_THREE, "", rows=["$q_1$", "$q_2$"], columns=range(3))
    assert labels(ax) == (["$q_1$", "$q_2$"], ["0", "1", "2"])


def test_a_larger_number_is_darker_and_limits_say_how_dark(ax: Axes) -> None:
    def light(value: float) -> float:
        return float(np.sum(ax.images[-1].to_rgba(np.array([[value]]))[..., :3]))

    heatmap(ax, TWO_BY_THREE, "")
    assert light(2.0) < light(0.5) < light(-1.0)
    assert ax.images[-1].get_clim() == (-1.0, 5.0), "from the smallest to twice as far as the largest"
    heatmap(ax, TWO_BY_THREE, "", limits=(-4, 4))
    assert ax.images[-1].get_clim() == (-4, 4)


def test_what_is_written_on_dark_is_white(ax: Axes) -> None:
    heatmap(ax, np.array([[0.0, 1.0]]), "", "Greys", limits=(0, 1))
    assert [text.get_color() for text in ax.texts] == ["black", "white"]


@pytest.mark.parametrize("draw", [heatmap, picture])
def test_what_is_no_finite_number_is_told_and_the_rest_is_drawn(ax: Axes, draw: Callable[..., None]) -> None:
    draw(ax, np.array([[np.nan, 1.0], [np.inf, -np.inf]]), "weights")
    assert ax.get_title() == "weights\n(3 of 4 are no finite numbers)"
    assert written(ax) in ([], ["nan", "1.00", "inf", "-inf"])
    draw(ax, np.full((2, 2), np.nan), "weights")
    assert ax.get_title() == "weights\n(4 of 4 are no finite numbers)"


def test_a_mask_and_weights_are_maps_of_tokens(ax: Axes) -> None:
    token_map(ax, [[0.96, 0.04, 0.0], [1 / 3, 1 / 3, 1 / 3]], WORDS[:2], WORDS, "who?")
    assert written(ax) == ["1", "", "", "0.3", "0.3", "0.3"]
    assert labels(ax) == (WORDS[:2], WORDS)
    assert (ax.get_ylabel(), ax.get_xlabel(), ax.get_title()) == ("query", "key", "who?")
    token_map(Figure().subplots(), np.tri(3, dtype=bool), WORDS, WORDS, "a mask")


def test_a_large_matrix_is_drawn_without_its_numbers(ax: Axes) -> None:
    heatmap(ax, np.zeros((30, 30)), "")
    assert written(ax) == []


NO_MATRIX: dict[str, tuple[Any, str]] = {
    "None": (None, "None cannot be drawn: is there a `return`?"),
    "a number": (3.0, "a matrix with rows and columns can be drawn; this has the shape ()"),
    "a vector": (np.zeros(2), "a matrix with rows and columns can be drawn; this has the shape (2,)"),
    "3-D": (np.zeros((1, 2, 3)), "a matrix with rows and columns can be drawn; this has the shape (1, 2, 3)"),
    "a list of numbers": ([1, 2], "a matrix with rows and columns can be drawn; this has the shape (2,)"),
    "rows of different lengths": ([[1], [2, 3]], "a matrix can be drawn, with rows of one length; these differ"),
    "text": ("softmax", "a matrix of numbers can be drawn; this is str"),
    "a list of text": ([["a"]], "a matrix of numbers can be drawn; this is list"),
    "an array of text": (np.array([["a"]]), "a matrix of numbers can be drawn; this is <U1 in an array"),
    "complex": (np.zeros((1, 1), complex), "a matrix of numbers can be drawn; this is complex128 in an array"),
    "a function": (heatmap, "a matrix of numbers can be drawn; this is function"),
    "a dict": ({}, "a matrix of numbers can be drawn; this is dict"),
    "no rows": (np.zeros((0, 3)), "there is nothing to draw: the shape is (0, 3)"),
}  # fmt: skip


@pytest.mark.parametrize(("values", "sentence"), NO_MATRIX.values(), ids=NO_MATRIX)
def test_what_cannot_be_drawn_is_told_in_one_sentence(ax: Axes, values: Any, sentence: str) -> None:
    for draw in (
        lambda: heatmap(ax, values, "title"),
        lambda: token_map(ax, values, WORDS, WORDS, "title"),
        lambda: picture(ax, values),
    ):
        with pytest.raises(DrawingError) as refused:
            draw()
        assert str(refused.value) == sentence
    assert not ax.images


def test_a_wrong_count_of_labels_is_told_in_one_sentence(ax: Axes) -> None:
    with pytest.raises(DrawingError, match=r"^each row of the matrix needs a label: there are 2 rows and 3 labels$"):
        heatmap(ax, TWO_BY_THREE, "", rows=WORDS)
    with pytest.raises(DrawingError, match=r"there are 3 columns and 2 labels$"):
        heatmap(ax, TWO_BY_THREE, "", columns=WORDS[:2])
    with pytest.raises(DrawingError, match=r"there are 2 rows and 3 labels$"):
        token_map(ax, TWO_BY_THREE, WORDS, WORDS, "")


def test_where_to_draw_comes_first() -> None:
    with pytest.raises(DrawingError, match=r"^the first argument says where to draw, .*; it is ndarray$"):
        heatmap(np.array([1, 2]), TWO_BY_THREE, "")  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_notebook_shows_the_sentence_and_no_line_of_ours(tmp_path: Path) -> None:
    notebook = write_notebook(
        tmp_path / "n.ipynb",
        "import matplotlib.pyplot as plt\nfrom autograder.plots import heatmap\nfigure, ax = plt.subplots()",
        "%config InlineBackend.close_figures = True\ntry:\n    heatmap(ax, None, '')\nexcept Exception:\n"
        "    get_ipython().showtraceback()",
    )
    shown = run_notebook(notebook)[1]
    assert "DrawingError: None cannot be drawn" in shown
    assert "matrices.py" not in shown


def test_without_matplotlib_one_line_says_how_to_get_it() -> None:
    source = "import sys\nsys.modules['matplotlib'] = None\nimport autograder\nfrom autograder.plots import heatmap"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == (
        "ModuleNotFoundError: pictures need matplotlib, which is not installed here: "
        'pip install "numpy-autograder[course]"'
    )
    assert "During handling" not in done.stderr
