"""What students read of a wrong answer: how it is wrong; and of a slip, where it costs and where it does not."""

from __future__ import annotations

from enum import Enum


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
        "{call} returned {answer} in which 1 of 1 numbers is not finite; yours is {value}.",
        "{call} returned {parts} values; number {part} is not right: it is {answer} in which 1 of 1 numbers "
        "is not finite; yours is {value}.",
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
        "{call} returned {answer}, as asked, but 1 of 1 numbers is wrong; yours is {value}.",
        "{call} returned {parts} values; number {part} is not right: it is {answer}, as asked, but 1 of 1 numbers "
        "is wrong; yours is {value}.",
    )


IMPRECISE = "The numbers are nearly right, to about five digits. Is something kept in float32, or rounded on the way?"
ROUNDED = "But for rounding, all are right: other functions compute with these numbers, and need all of their digits."
OTHER_ORDER = "The right arrays are all there, in another order than the docstring says."
ONE_BATCH_AXIS = (
    "With one axis more in front it is right: it counts on exactly one batch axis, and there may be none, or several."
)


def excused(question: str, statement: str) -> str:
    return f"Your `{question}` earns these points: what is wrong here has cost another check its own. {statement}"
