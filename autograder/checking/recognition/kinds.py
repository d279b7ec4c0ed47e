"""Kinds of calls, and what is wrong with a function that answers all calls of a kind wrongly, and no others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.checking.recognition import messages
from autograder.checking.recognition.slips import ONE_BATCH_AXIS, Answer
from autograder.language.listing import listed

MIN_RIGHT = 3  # answers, before it is said what kind of calls are answered rightly
MIN_TELLING = 4  # numbers in answers, before it is said how they are wrong
LONG, LONGER = 40, 2  # a long axis, and how much longer it is than the others
AXES = {1: "one_axis", 2: "two_axes", 3: "three_axes", 4: "four_axes"}


@dataclass(frozen=True)
class Seen:
    """An answer to one call of a check; `is_right` is None where it is right but for a slip that has been paid for."""

    check: str
    visible: bool
    answer: Answer
    is_right: bool | None


@dataclass(frozen=True)
class Explanation:
    """What is wrong: its name for instructors, and what a student reads."""

    name: str
    statement: str


def kind(answer: Answer) -> tuple[int, bool, bool, bool, bool]:
    """Of what kind a call is: how many axes, float32, with a mask, an axis of length 1, a long axis."""
    return rank(answer), _is_single(answer), _has_mask(answer), 1 in _lengths(answer), _length(answer) >= LONG


def is_degenerate(answer: Answer) -> bool:
    """Whether an answer tells little: it has few numbers, or axes of length 1, where mistakes make no difference."""
    parts = answer.expected if isinstance(answer.expected, tuple) else (answer.expected,)
    return 1 in _lengths(answer) or min(np.size(part) for part in parts) < MIN_TELLING


def explain_where(right: Sequence[Seen], wrong: Sequence[Seen]) -> Explanation | None:
    """The kind of calls that are answered wrongly, if it is all calls of a kind, and no others."""
    if not wrong or len(right) < MIN_RIGHT:
        return None
    return explain_by_form(right, wrong) or _long(right, wrong)


def explain_by_form(right: Sequence[Seen], wrong: Sequence[Seen]) -> Explanation | None:
    """The same, by how many axes there are, their precision, a mask."""
    return next(filter(None, (where(right, wrong) for where in (_axes, _float32, _masked))), None)


def _axes(right: Sequence[Seen], wrong: Sequence[Seen]) -> Explanation | None:
    """By the number of axes of the first array."""
    fine, bad = ({rank(seen.answer) for seen in each} for each in (right, wrong))
    if fine & bad or 0 in fine | bad:
        return None
    most = max(fine)
    if len(fine) == 1 and most > 2 and most - 1 in bad and max(bad) > most:
        name = ONE_BATCH_AXIS
    elif most in AXES and max(bad) > most and (len(fine) == 1 or min(bad) > most):
        name = f"{AXES[most]}_only" if len(fine - {1}) < 2 else f"at_most_{AXES[most]}"
    else:
        return None
    return Explanation(name, messages.some_axes_only(_listed(fine), _listed(bad)))


def rank(answer: Answer) -> int:
    return next((value.ndim for value in answer.args if isinstance(value, np.ndarray)), 0)


def _listed(numbers: set[int]) -> str:
    *most, last = map(str, sorted(numbers))
    return messages.or_else(listed(most), last) if most else last


def _float32(right: Sequence[Seen], wrong: Sequence[Seen]) -> Explanation | None:
    holds = _only_of(_is_single, right, wrong)
    return Explanation("wrong_in_float32", messages.WRONG_IN_FLOAT32) if holds else None


def _masked(right: Sequence[Seen], wrong: Sequence[Seen]) -> Explanation | None:
    holds = _only_of(_has_mask, right, wrong)
    return Explanation("wrong_with_a_mask", messages.WRONG_WITH_A_MASK) if holds else None


def _only_of(kind: Callable[[Answer], bool], right: Sequence[Seen], wrong: Sequence[Seen]) -> bool:
    """Whether all calls of a kind are answered wrongly, and no others."""
    return all(kind(seen.answer) for seen in wrong) and not any(kind(seen.answer) for seen in right)


def _is_single(answer: Answer) -> bool:
    return any(isinstance(value, np.ndarray) and value.dtype == np.float32 for value in answer.args)


def _has_mask(answer: Answer) -> bool:
    values = (*answer.args, *answer.kwargs.values())
    return any(isinstance(value, np.ndarray) and value.dtype == np.bool_ for value in values)


def _long(right: Sequence[Seen], wrong: Sequence[Seen]) -> Explanation | None:
    longest, shortest = (pick(_length(seen.answer) for seen in each) for pick, each in ((max, right), (min, wrong)))
    holds = shortest >= max(LONGER * longest, LONG)
    return Explanation("short_axes_only", messages.short_axes_only(longest, shortest)) if holds else None


def _lengths(answer: Answer) -> list[int]:
    return [size for value in answer.args if isinstance(value, np.ndarray) for size in value.shape]


def _length(answer: Answer) -> int:
    """The length of the longest axis of an argument, or the largest whole number, which asks for one."""
    return max([*_lengths(answer), *(value for value in answer.args if type(value) is int)], default=0)
