"""What students read of a wrong answer: how it is wrong; and of a slip, where it costs and where it does not."""

from __future__ import annotations

from enum import Enum

from autograder.language.current import translatable

translatable(__name__)


class Wrong(Enum):
    """How an answer is wrong: what is said where it is all that was returned, and where it is one of several values."""

    alone: str
    as_part: str

    def __init__(self, alone: str, as_part: str) -> None:
        self.alone = alone
        self.as_part = as_part

    KIND_OR_SHAPE = (
        "{call} returned {answer}; {wanted} is asked for.",
        "{call} returned {parts} values; number {part} is not right: it is {answer}; {wanted} is asked for.",
    )
    NOT_SEVERAL = (
        "{call} returned {answer}; {count} arrays are asked for, in order.",
        "{call} returned {parts} values; number {part} is not right: it is {answer}; "
        "{count} arrays are asked for, in order.",
    )
    ONE_NOT_FINITE = (
        "{call} returned {answer} in which 1 of {size} numbers is not finite; "
        "it stands at {position}, where yours has {value}.",
        "{call} returned {parts} values; number {part} is not right: it is {answer} in which 1 of {size} numbers "
        "is not finite; it stands at {position}, where yours has {value}.",
    )
    SOME_NOT_FINITE = (
        "{call} returned {answer} in which {count} of {size} numbers are not finite; "
        "the first stands at {position}, where yours has {value}.",
        "{call} returned {parts} values; number {part} is not right: it is {answer} in which {count} of {size} numbers "
        "are not finite; the first stands at {position}, where yours has {value}.",
    )
    NUMBER_NOT_FINITE = (
        "{call} returned {answer}, which is not finite; yours is {value}.",
        "{call} returned {parts} values; number {part} is {answer}, which is not finite; yours is {value}.",
    )
    ONE_NUMBER = (
        "{call} returned {answer}, as asked, but 1 of {size} numbers is wrong; "
        "it stands at {position}, where yours has {value}.",
        "{call} returned {parts} values; number {part} is not right: it is {answer}, as asked, but 1 of {size} numbers "
        "is wrong; it stands at {position}, where yours has {value}.",
    )
    SOME_NUMBERS = (
        "{call} returned {answer}, as asked, but {count} of {size} numbers are wrong; "
        "the first stands at {position}, where yours has {value}.",
        "{call} returned {parts} values; number {part} is not right: it is {answer}, as asked, but {count} of {size} "
        "numbers are wrong; the first stands at {position}, where yours has {value}.",
    )
    THE_NUMBER = (
        "{call} returned {answer}, as asked, but it is wrong; yours is {value}.",
        "{call} returned {parts} values; number {part} is {answer}, as asked, but it is wrong; yours is {value}.",
    )
    # What is no array: what is said of the whole, and of something in it, at a place.
    OTHER_KIND = (
        "{call} returned {answer}; {wanted} is asked for.",
        "In what {call} returned, {place} is {answer}; {wanted} is asked for.",
    )
    OTHER_VALUE = (
        "{call} returned {answer}, which is not right.",
        "In what {call} returned, {place} is {answer}, which is not right.",
    )
    OTHER_LENGTH = (
        "What {call} returned has the length {count}; {wanted} is asked for.",
        "In what {call} returned, {place} has the length {count}; {wanted} is asked for.",
    )
    OTHER_ENTRIES = (
        "{call} returned a set with other entries than are asked for: {lacking} missing, {extra} too many.",
        "In what {call} returned, {place} is a set with other entries than are asked for: {lacking} missing, "
        "{extra} too many.",
    )
    OTHER_KEYS = (
        "{call} returned other names or keys than are asked for: {lacking} missing, {extra} too many.",
        "In what {call} returned, {place} has other names or keys than are asked for: {lacking} missing, "
        "{extra} too many.",
    )
    NOT_RIGHT = ("{call} returned {answer}, and it is not right.",) * 2


IMPRECISE = "The numbers are nearly right, to about five digits. Is something kept in float32, or rounded on the way?"
ROUNDED = "But for rounding, all are right: other functions compute with these numbers, and need all of their digits."
OTHER_ORDER = "The right arrays are all there, in another order than the docstring says."
TWO_AXES_ONLY = (
    "It is right for arrays with two axes, and for no others: there may be one, for a single token, or more in front."
)
ONE_BATCH_AXIS = (
    "With one axis more in front it is right: it counts on exactly one batch axis, and there may be none, or several."
)

# What stands behind NumPy's words about shapes.


def in_that_line(shapes: str) -> str:
    return f"In that line, {shapes}."


def has_shape(name: str, shape: tuple[int, ...]) -> str:
    return f"`{name}` has the shape {shape}"


def product(left: str, right: str) -> str:
    return (
        f"In a product `A @ B`, A's last axis must be as long as B's last but one (or as B itself, if B is a vector): "
        f"here {left} meets {right}."
    )


def summed(one: str, other: str) -> str:
    return f"The axes that are summed over must be equally long: here {one} meets {other}."


def batches(one: int, other: int) -> str:
    return (
        f"In a product `A @ B`, the axes in front of the last two are those of the batch, and two of them must be "
        f"equally long, or one of them 1: here {one} meets {other}."
    )


def broadcast(one: int, other: int) -> str:
    return (
        f"Shapes are compared from the last axis on, and two sizes must be equal, or one of them 1: "
        f"here {one} meets {other}."
    )


def grown(place: str, result: str) -> str:
    return f"The result has the shape {result}, and is to be written into an array of the shape {place}."


def reshape(count: str, shape: str) -> str:
    numbers = "There is 1 number" if count == "1" else f"There are {count} numbers"
    return f"{numbers}; the sizes of {shape}, and that for a -1, must have as many as their product."


def assigned(given: str, place: str) -> str:
    return f"What is written has the shape {given}, and its place the shape {place}: it does not fit in."


def concatenated(axis: str, one: str, other: str) -> str:
    return f"Arrays that are joined must be equally long along all other axes: along axis {axis}, {one} meets {other}."


def other_ranks(one: str, other: str) -> str:
    return f"Arrays that are joined must have equally many axes: one has {one}, another {other}."


STACKED = "`np.stack` puts arrays of one shape side by side, along an axis that is new."


def indexed(axis: str, size: str, mask: str) -> str:
    return (
        f"An index of True and False must be as long as what it picks from: along axis {axis}, {mask} meets {size}. "
        "`np.where` does with one mask for a whole batch."
    )


def no_such_index(index: str, axis: str, size: str) -> str:
    return f"Axis {axis} has the length {size}, and places are counted from 0: number {index} is none of them."


def too_many_indices(axes: str, indices: str) -> str:
    return f"More indices were given ({indices}) than there are axes ({axes}). `X[..., i]` counts from the end."


def no_such_axis(axis: str, count: str) -> str:
    return f"With {count} axes, there is no axis {axis}. Counted from the end, -1 is the last, and -{count} the first."


def no_second_axis(axis: str) -> str:
    return f"With a single axis, there is no axis {axis}. A token alone is a vector: `axis=-1` does for it, too."


def unpacked(wanted: str) -> str:
    axes = "1 axis" if wanted == "1" else f"{wanted} axes"
    return f"The code counts on exactly {axes}. How many there are in front of the last depends on the call."


UNEQUAL_PARTS = "An axis can be split into equal parts only if its length is a multiple of their number."
OTHER_AXES = "`transpose` must name each axis of the array once: how many axes it has depends on the batch."
AMBIGUOUS = (
    "An array is neither true nor false as a whole. `if array is not None` asks whether it is there; "
    "`np.where` decides for each number."
)
ONE_NUMBER_ONLY = "What stands there takes one number, and was given an array of several."


def has_array_form(name: str) -> str:
    return f"`math.{name}` takes single numbers. For arrays, NumPy has a function of that name: `np.{name}`."


def has_no_array_form(name: str) -> str:
    return (
        f"`math.{name}` takes single numbers, and NumPy has none of that name for arrays: "
        f"use `np.vectorize(math.{name})`."
    )


RAGGED = "The rows are of different lengths, and an array has none of those."

TRANSPOSED = (
    "The answer is the transpose of the right one: its last two axes have changed places.\n"
    "Look at the order of the factors, and at each `.T` and `swapaxes`: write the shape of every step beside it."
)
SIGN_TURNED = (
    "All numbers have the wrong sign.\nWhich difference is the other way round, or which minus is missing or too many?"
)
AXES_OF_LENGTH_1 = (
    "The numbers are right, but an axis of length 1 is lost, or there is one too many.\n"
    "`np.squeeze` and an index like `[0]` take away axes that the next function counts on; `keepdims=True` keeps them."
)
OTHER_SHAPE = (
    "The right numbers are all there, in their order; it is the shape that is another one.\n"
    "Which `reshape` is missing at the end, or one too many?"
)
OTHER_PLACES = (
    "The right numbers are all there, and stand in other places.\n"
    "A `reshape` keeps the numbers in their order. Which axes must change places before it, or after it?"
)
SAME_FACTOR = (
    "Every number is the same multiple of what it should be.\nIs a factor of the formula missing, or one too many?"
)
SAME_NUMBER = "Every number is off by the same amount.\nIs a term of the formula missing, or one too many?"
WRONG_IN_FLOAT32 = (
    "It is right for float64, and wrong for float32, which is less precise and overflows earlier.\n"
    "Which of your steps makes a number that is very large or very small?"
)
WRONG_WITH_A_MASK = (
    "It is right without a mask, and wrong with one.\n"
    "Where does the mask come into the formula, and what does True mean?"
)
EXAMPLE_ONLY = (
    "It is right for the example, and for no other numbers.\n"
    "Does it compute with its arguments, with all of them, and with their shapes as they are?"
)


def constant_factor(factor: str) -> str:
    return f"Every number is {factor} times what it should be.\nIs a factor of the formula missing, or one too many?"


def constant_added(number: str) -> str:
    return f"Every number is too large by {number}.\nIs a term of the formula missing, or one too many?"


def of_part(part: int, statement: str) -> str:
    return f"This is about number {part} of what is returned. {statement}"


def in_another_place(found: int, wanted: int) -> str:
    return (
        f"What should be number {wanted} of what is returned is its number {found}.\n"
        "The caller unpacks by position. In which order does the docstring return the arrays?"
    )


def nearly_right(error: str) -> str:
    return (
        f"The numbers are nearly right: off by {error} of the largest one.\n"
        "Is there a constant that should be another one, or a formula that is only an approximation?"
    )


def argument_returned(place: int) -> str:
    return (
        f"What comes back is argument number {place} as it was handed in.\n"
        "Is there a `return` of what you have computed?"
    )


def some_axes_only(fine: str, wrong: str) -> str:
    return (
        f"It is right for arrays with {fine} axes, and wrong for those with {wrong}.\n"
        "Count axes from the end: `axis=-1`, `keepdims=True`, `np.swapaxes(X, -1, -2)` and `...` do with any number of "
        "axes in front of them."
    )


def or_else(some: str, last: str) -> str:
    return f"{some} or {last}"


def short_axes_only(longest: int, shortest: int) -> str:
    return (
        f"It is right for axes of length {longest}, and wrong for those of length {shortest} and more.\n"
        "Which table, number or type in it has an end?"
    )


def excused(question: str, statement: str) -> str:
    return f"Your `{question}` earns these points: what is wrong here has cost another check its own. {statement}"
