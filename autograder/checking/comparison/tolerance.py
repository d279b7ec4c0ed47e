"""How near a number must be to the one that is expected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Tolerance:
    """Numbers are right when |actual - expected| <= absolute + relative * |expected|.

    Where whole numbers are expected, they are right or they are not, unless a check has said otherwise.
    """

    relative: float = 1e-6
    absolute: float = 1e-9
    whole_numbers_too: bool = False

    @classmethod
    def of(cls, arguments: Iterable[Any]) -> Tolerance:
        """Looser when any argument is float32, or an array in a dict of them."""
        return cls(1e-3, 1e-5) if any(map(_is_single, arguments)) else cls()


def _is_single(argument: Any) -> bool:
    if isinstance(argument, Mapping):
        return any(map(_is_single, argument.values()))
    return isinstance(argument, np.ndarray) and argument.dtype == np.float32
