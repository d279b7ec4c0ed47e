"""A value as it is written down, in short: the whole of a very long one takes more time than it is worth."""

from __future__ import annotations

import reprlib
from typing import Any

import numpy as np

from autograder.text import on_one_line

GENERATOR = "default_rng(…)"  # and not where it lies in memory
MAX_SHOWN_CHARS, MAX_SHOWN_BITS = 60, 600


class _Short(reprlib.Repr):
    """A value in so many characters: the whole of a very long one takes more time than it is worth."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = MAX_SHOWN_CHARS
        self.maxlong = MAX_SHOWN_CHARS
        self.maxlevel, self.maxlist, self.maxtuple, self.maxset, self.maxdict = 3, 6, 6, 6, 6

    def repr1(self, value: Any, level: int) -> str:
        if type(value) is int and value.bit_length() > MAX_SHOWN_BITS:
            return "a very large whole number"
        if isinstance(value, np.random.Generator):
            return GENERATOR
        if isinstance(value, np.generic):  # which NumPy writes as np.str_('a')
            return super().repr1(value.item(), level)
        if callable(value):
            return getattr(value, "__name__", type(value).__name__)
        return super().repr1(value, level)


_short = _Short()


def shown(value: Any) -> str:
    """A value as it is written down, in short."""
    return on_one_line(_short.repr(value))
