"""What is shown of the numbers that a visible check compared: a part that can be taken in, and each number as text.

It holds plain values only. Whether it becomes HTML or text is no matter here. Portable.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checking.comparison.compared import Compared
from autograder.checking.comparison.tolerance import Tolerance

MOST = 8  # rows and columns that are shown of a matrix
BEFORE = 3  # of them, in front of the first difference
DECIMALS = 3  # are enough to compare by eye, however small the tolerance is
DIGITS = 17  # tell any two floats apart
LARGE = 1e6  # from here on, numbers are written with a power of ten

Floats = NDArray[np.float64]
Texts = list[list[str]]
Format = Callable[[float, int], str]


@dataclass(frozen=True)
class ShownNumber:
    """One number as it is shown: its text, how strong its colour is, from -1 to 1, and whether it is another one."""

    text: str
    strength: float
    differs: bool


@dataclass(frozen=True)
class Grid:
    """A part of an array: of its slice `index`, these `rows` and `columns`. A vector has no rows, a number neither."""

    shape: tuple[int, ...]
    index: tuple[int, ...]
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    entries: tuple[tuple[ShownNumber, ...], ...]


@dataclass(frozen=True)
class SideBySide:
    """The student's numbers, and those in the check: the same part of both."""

    yours: Grid
    expected: Grid

    @property
    def differs(self) -> bool:
        """Whether some entries are marked; none is where the shapes differ."""
        return any(entry.differs for row in self.yours.entries for entry in row)


@dataclass(frozen=True, eq=False)
class _Part:
    """A matrix out of an array, and where it stands there."""

    shape: tuple[int, ...]
    index: tuple[int, ...]
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    numbers: Floats


def side_by_side(compared: Compared) -> SideBySide:
    """The part of both arrays in which the first difference stands; of arrays of two shapes, how each begins."""
    if compared.wrong is None:
        yours, expected = (_part(each, (0,) * each.ndim) for each in (compared.yours, compared.expected))
        wrong = None
    else:
        place = tuple(int(each) for each in np.argwhere(compared.wrong)[0])
        yours, expected = _part(compared.yours, place), _part(compared.expected, place)
        wrong = _part(compared.wrong, place).numbers > 0
    largest = _largest(expected.numbers) or _largest(yours.numbers)
    texts = _texts(yours.numbers, expected.numbers, wrong, compared.tolerance)
    return SideBySide(*(_grid(part, each, wrong, largest) for part, each in zip((yours, expected), texts, strict=True)))


def _part(array: NDArray[Any], place: tuple[int, ...]) -> _Part:
    """The matrix around an entry, as large as can be taken in."""
    if array.size == 0:
        return _Part(array.shape, (), (), (), np.empty((0, 0)))
    index = place[:-2]
    windows = [_window(*each) for each in zip(array.shape[-2:], place[-2:], strict=True)]
    numbers = array[index][np.ix_(*windows)].astype(np.float64) if windows else array.astype(np.float64)
    rows, columns = ((), (), *windows)[-2:]
    return _Part(array.shape, index, rows, columns, np.atleast_2d(numbers))


def _window(length: int, place: int) -> tuple[int, ...]:
    first = max(0, min(place - BEFORE, length - MOST))
    return tuple(range(first, min(first + MOST, length)))


def _grid(part: _Part, texts: Texts, wrong: NDArray[Any] | None, largest: float) -> Grid:
    def entry(place: tuple[int, int]) -> ShownNumber:
        number = float(part.numbers[place])
        strength = max(-1.0, min(1.0, number / largest)) if largest and not math.isnan(number) else 0.0
        return ShownNumber(texts[place[0]][place[1]], strength, wrong is not None and bool(wrong[place]))

    rows, columns = part.numbers.shape
    entries = tuple(tuple(entry((row, column)) for column in range(columns)) for row in range(rows))
    return Grid(part.shape, part.index, part.rows, part.columns, entries)


def _largest(numbers: Floats) -> float:
    return float(np.max(np.abs(numbers[np.isfinite(numbers)]), initial=0))


def _texts(yours: Floats, expected: Floats, wrong: NDArray[Any] | None, tolerance: Tolerance) -> tuple[Texts, Texts]:
    """Each number as text: rounded, all alike, but for those that differ and would look the same."""
    write, digits = _format(np.concatenate([yours.ravel(), expected.ravel()]), tolerance)
    own, wanted = ([[write(number, digits) for number in row] for row in each.tolist()] for each in (yours, expected))
    for row, column in np.argwhere(wrong).tolist() if wrong is not None else ():
        one, other = float(yours[row, column]), float(expected[row, column])
        more = digits
        while own[row][column] == wanted[row][column] and more < DIGITS:
            more += 1
            own[row][column], wanted[row][column] = write(one, more), write(other, more)
    return own, wanted


def _format(numbers: Floats, tolerance: Tolerance) -> tuple[Format, int]:
    """How numbers are written, and with how many digits: as many as the tolerance tells apart, and no zeros for all."""
    finite = numbers[np.isfinite(numbers)]
    largest = _largest(finite)
    if largest >= LARGE:
        return _with_power, DECIMALS
    allowed = 2 * (tolerance.absolute + tolerance.relative * largest)
    decimals = DECIMALS if allowed <= 0 else min(DECIMALS, max(0, -math.floor(math.log10(allowed) + 1e-9)))
    if 0 < largest < 10.0**-decimals:
        return _with_power, DECIMALS
    while decimals and all(_fixed(number, decimals).endswith("0") for number in finite.tolist()):
        decimals -= 1
    return _fixed, decimals


def _fixed(number: float, decimals: int) -> str:
    return f"{number:z.{decimals}f}"


def _with_power(number: float, decimals: int) -> str:
    return f"{number:.{decimals}e}" if number else "0"
