"""Matrices and images as pictures: what lessons draw. Portable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from numpy.typing import ArrayLike, NDArray

from autograder.errors import UserError
from autograder.language.current import speaking, translated
from autograder.plots import messages
from autograder.plots.labels import language_of_pictures

Numbers = NDArray[np.floating]
MAX_WRITTEN = 400  # numbers of a matrix that are written into it
DARK = 0.47  # the luminance below which white is easier to read than black
NO_NUMBER = "0.85"  # the grey of what is no finite number
SEEN = 0.05  # the smallest weight whose number is written


class DrawingError(UserError):
    """Something cannot be drawn; the message is one sentence that says why."""


def heatmap(
    ax: Axes,
    values: ArrayLike,
    title: str,
    cmap: str = "Purples",
    *,
    rows: Sequence[object] | None = None,
    columns: Sequence[object] | None = None,
    limits: tuple[float, float] | None = None,
) -> None:
    """Draw a matrix of numbers: the darker a cell, the larger its number, which is written into it.

    ax: where to draw, one of the axes of `plt.subplots`
    values: (n, m), a matrix; what is no finite number is written into a grey cell
    title: what stands above it
    cmap: the colours, by matplotlib's name for them
    rows, columns: n and m labels; without them there are none
    limits: the numbers that get the lightest and the darkest colour; as it is, from 0, or the smallest number where
       that is negative, to twice as far as the largest, so that black can be read everywhere

    Raises DrawingError, with one sentence, where something cannot be drawn.
    """
    matrix = _matrix(ax, values)
    _require_labels(matrix, rows, columns)
    image = _draw(ax, matrix, cmap, limits or _limits(matrix))
    if matrix.size <= MAX_WRITTEN:
        _write(ax, image, matrix, lambda value: f"{value:z.2f}")
    ax.set(title=_title(title, matrix), xticks=[], yticks=[])
    if rows is not None:
        ax.set_yticks(range(len(rows)), list(map(str, rows)))
    if columns is not None:
        ax.set_xticks(range(len(columns)), list(map(str, columns)))


def token_map(ax: Axes, weights: ArrayLike, queries: Sequence[str], keys: Sequence[str], title: str) -> None:
    """Draw weights, or a mask: a row for each token that asks, a column for each token that answers.

    ax: where to draw, one of the axes of `plt.subplots`
    weights: (n_q, n_k), numbers from 0 to 1, or True and False; from 0.05 on they are written into their cells
    queries, keys: n_q and n_k tokens
    title: what stands above it

    Raises DrawingError, with one sentence, where something cannot be drawn.
    """
    matrix = _matrix(ax, weights)
    _require_labels(matrix, queries, keys)
    image = _draw(ax, matrix, "Purples", (0, 1.6))
    if matrix.size <= MAX_WRITTEN:
        _write(ax, image, matrix, lambda weight: f"{weight:.1g}" if not abs(weight) < SEEN else "", size="small")
    ax.set_xticks(range(len(keys)), list(map(str, keys)), rotation=60)
    ax.set_yticks(range(len(queries)), list(map(str, queries)))
    ax.set(title=_title(title, matrix), xlabel="key", ylabel="query")


def picture(ax: Axes, image: ArrayLike, title: str = "") -> None:
    """Draw an image: the darker, the more ink.

    ax: where to draw, one of the axes of `plt.subplots`
    image: (H, W), the ink of each pixel, from 0 (none) to 1
    title: what stands above it

    Raises DrawingError, with one sentence, where something cannot be drawn.
    """
    matrix = _matrix(ax, image)
    _draw(ax, matrix, "Greys", (0, 1))
    ax.set(title=_title(title, matrix), xticks=[], yticks=[])


def _matrix(ax: object, values: object) -> Numbers:
    """The numbers of a matrix. Raises DrawingError."""
    if not isinstance(ax, Axes):
        raise DrawingError(messages.not_axes(type(ax).__name__))
    if values is None:
        raise DrawingError(messages.NOTHING)
    try:
        array = np.asarray(values)
    except ValueError:
        raise DrawingError(messages.not_rows_alike()) from None
    if array.dtype.kind not in "biuf":
        kind = f"{array.dtype} in an array" if isinstance(values, np.ndarray) else type(values).__name__
        raise DrawingError(messages.not_numbers(kind))
    if array.ndim != 2:
        raise DrawingError(messages.not_a_matrix(array.shape))
    if array.size == 0:
        raise DrawingError(messages.empty(array.shape))
    return array.astype(float)


def _require_labels(matrix: Numbers, rows: Sequence[object] | None, columns: Sequence[object] | None) -> None:
    if rows is not None and len(rows) != matrix.shape[0]:
        raise DrawingError(messages.labels_of_rows(len(rows), matrix.shape[0]))
    if columns is not None and len(columns) != matrix.shape[1]:
        raise DrawingError(messages.labels_of_columns(len(columns), matrix.shape[1]))


def _limits(matrix: Numbers) -> tuple[float, float]:
    finite = matrix[np.isfinite(matrix)]
    low, high = float(min(0, finite.min(initial=0))), float(finite.max(initial=0))
    return low, low + 2 * (high - low)


def _draw(ax: Axes, matrix: Numbers, cmap: str, limits: tuple[float, float]) -> AxesImage:
    ax.set_facecolor(NO_NUMBER)
    return ax.imshow(np.ma.masked_invalid(matrix), cmap=cmap, vmin=limits[0], vmax=limits[1])


def _write(ax: Axes, image: AxesImage, matrix: Numbers, written: Callable[[float], str], size: str = "medium") -> None:
    """Write each number into its cell, in black or white, whichever is easier to read there."""
    luminance = np.asarray(image.to_rgba(matrix))[..., :3] @ (0.2126, 0.7152, 0.0722)
    is_dark = np.isfinite(matrix) & (luminance < DARK)
    for (row, column), value in np.ndenumerate(matrix):
        ink = "white" if is_dark[row, column] else "black"
        ax.text(column, row, written(float(value)), ha="center", va="center", color=ink, fontsize=size)


def _title(title: str, matrix: Numbers) -> str:
    others = matrix.size - int(np.isfinite(matrix).sum())
    if not others:
        return title
    with speaking(language_of_pictures(), Path.cwd()):
        return messages.not_finite(translated(title), others, matrix.size)
