"""Sentences of the pictures, for a student at home."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.language.current import translatable

translatable(__name__)


def no_matplotlib(package: str) -> str:
    return f'pictures need matplotlib, which is not installed here: pip install "{package}"'


# What cannot be drawn.


def not_axes(kind: str) -> str:
    return (
        f"the first argument says where to draw, such as `axes[0]` of `figure, axes = plt.subplots(1, 3)`; it is {kind}"
    )


NOTHING = "None cannot be drawn: is there a `return`?"


def not_numbers(kind: str) -> str:
    return f"a matrix of numbers can be drawn; this is {kind}"


def not_rows_alike() -> str:
    return "a matrix can be drawn, with rows of one length; these differ"


def not_a_matrix(shape: tuple[int, ...]) -> str:
    return f"a matrix with rows and columns can be drawn; this has the shape {shape}"


def empty(shape: tuple[int, ...]) -> str:
    return f"there is nothing to draw: the shape is {shape}"


def labels_of_rows(labels: int, rows: int) -> str:
    return f"each row of the matrix needs a label: there are {rows} rows and {labels} labels"


def labels_of_columns(labels: int, columns: int) -> str:
    return f"each column of the matrix needs a label: there are {columns} columns and {labels} labels"


def not_finite(title: str, count: int, size: int) -> str:
    return f"{title}\n({count} of {size} are no finite numbers)"


# Words that stand in pictures: drawn in English, and put into another language there, where a font has its signs.
IN_PICTURES = ("key", "query")

# Above and in the place of pictures.

NOT_RIGHT_YET = "Not right yet."
NOT_CHECKED = "Not checked."


def one_not_right(name: str, passed: int, checks: int) -> str:
    return f"`{name}` passes {passed} of {checks} visible checks. What follows is what it computes now."


def several_not_right(names: Sequence[str]) -> str:
    listed = _listed(names)
    return f"{listed} do not pass their visible checks. What follows is what they compute now."


def first_fault(name: str, title: str, message: str) -> str:
    return f"`{name}`, “{title}”: {message}"


def first_fault_elsewhere(name: str, home: str, title: str, message: str) -> str:
    return f"`{name}` in {home}, “{title}”: {message}"


def not_checked(name: str, reason: str) -> str:
    return f"What follows is what `{name}` computes, be it right or wrong: {reason}."


def fill_in(names: Sequence[str]) -> str:
    listed = _listed(names)
    return f"Fill in {listed} above, then run this cell again."


def nothing_to_show(name: str) -> str:
    return f"There is nothing to show: what `{name}` gives cannot be used here."


def raised(name: str) -> str:
    return f"There is nothing to show, because `{name}` ended with an exception."


def raised_in_line(kind: str, message: str, number: int, line: str) -> str:
    return f"{kind} in its line {number}, `{line}`: {message}"


def raised_in(kind: str, message: str, label: str, number: int) -> str:
    return f"{kind} in {label}, line {number}: {message}"


def raised_elsewhere(kind: str, message: str, home: str, label: str, number: int) -> str:
    return f"{kind} in {home}, {label}, line {number}: {message}"


def cell_ended(kind: str, message: str) -> str:
    return f"This cell ended with {kind}: {message}"


def not_functions(kind: str) -> str:
    return (
        f"demo_of takes the functions that the cell shows, such as demo_of(softmax), and not what they return: {kind}"
    )


def _listed(names: Sequence[str]) -> str:
    *first, last = (f"`{name}`" for name in names)
    before = ", ".join(first)
    return f"{before} and {last}" if first else last


def no_font(fonts: str) -> str:
    return (
        f"What stands in pictures stays in English, for no font here has the signs of your language. Install one of "
        f"{fonts}, and restart the kernel."
    )
