"""Runs one call of a student's function, and describes how it ended.

Runs wherever the student's functions live: in a worker, or in the student's own notebook. Portable.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any

import numpy as np

from autograder.sandbox.protocol import CodeLine, Locate, Raised, Reply, Returned

MAX_MESSAGE_CHARS = 500  # of an exception
MAX_NAME_CHARS = 100  # of a class


def nowhere(_filename: str, _number: int) -> CodeLine | None:
    """Where a line of trusted code stands: no student wrote it."""
    return None


def execute(
    function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any], locate: Locate = nowhere
) -> Reply:
    """Call `function` on copies of its arguments and describe what happened. Warnings are not the student's fault."""
    given: dict[int | str, Any] = dict(enumerate(args))
    given.update(kwargs)
    copies = copied(given)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            value = function(
                *(copies[position] for position in range(len(args))), **{name: copies[name] for name in kwargs}
            )
    except BaseException as error:  # whatever a student raises, SystemExit included, is the answer to this call
        return raised(error, locate)
    return Returned(value, tuple(key for key in given if not same(given[key], copies[key])))


def copied(value: Any) -> Any:
    """A copy as deep as it goes, made in a fraction of the time where it is arrays, or a dict or sequence of them."""
    kind = type(value)
    if kind is np.ndarray and value.dtype != object:
        return value.copy(order="K")
    if value is None or kind in (bool, int, float, str):
        return value
    if kind is dict:
        return {key: copied(each) for key, each in value.items()}
    if kind in (list, tuple):
        return kind(map(copied, value))
    return copy.deepcopy(value)


def raised(error: BaseException, locate: Locate) -> Raised:
    """Describe an exception. Its class and its text may be hostile, so that reading them may fail."""
    return Raised(
        type=_described(lambda: type(error).__name__, "Exception"),
        bases=tuple(_described(lambda base=base: base.__name__, "Exception") for base in type(error).__mro__),  # type: ignore[misc]
        message=_described(lambda: str(error), "(its message cannot be shown)", MAX_MESSAGE_CHARS),
        line=_last_line(error.__traceback__, locate),
    )


def _described(describe: Callable[[], str], otherwise: str, length: int = MAX_NAME_CHARS) -> str:
    """What an untrusted object says of itself, cut to a length."""
    try:
        text = describe()
        return str.__getitem__(text, slice(length))
    except BaseException:  # whatever it raises instead
        return otherwise


def same(left: Any, right: Any) -> bool:
    """Whether two arguments are alike to the last bit of their numbers: arrays, or dicts and sequences of them."""
    if isinstance(left, np.ndarray):
        return isinstance(right, np.ndarray) and left.shape == right.shape and left.tobytes() == right.tobytes()
    if isinstance(left, Mapping):
        return isinstance(right, Mapping) and left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and (left == right or left != left)


def _last_line(traceback: TracebackType | None, locate: Locate) -> CodeLine | None:
    """The innermost line of the student's own code in a traceback."""
    locations = []
    while traceback is not None:
        locations.append((traceback.tb_frame.f_code.co_filename, traceback.tb_lineno))
        traceback = traceback.tb_next
    return next((line for location in reversed(locations) if (line := locate(*location))), None)
