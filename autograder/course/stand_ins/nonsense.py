"""Answers without any work in them. In a course that is in order, none of them earns a point."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Nonsense = Callable[..., Any]


def constants(value: Any) -> Nonsense:
    """A function that always returns `value`."""
    return lambda *_args, **_kwargs: value


def of_the_first(make: Callable[[Any], Any]) -> Nonsense:
    """A function that returns something made from its first argument."""
    return lambda *args, **_kwargs: make(args[0])


def of_the_right_shape(reference: Callable[..., Any], make: Callable[[tuple[int, ...]], Any]) -> Nonsense:
    """A function that fills the shapes of the right answer, be it one array or several, and raises where that does."""

    def fill(*args: Any, **kwargs: Any) -> Any:
        right = reference(*args, **kwargs)
        if isinstance(right, tuple | list):
            return tuple(make(np.shape(each)) for each in right)
        return make(np.shape(right))

    return fill


def always_raises(*_args: Any, **_kwargs: Any) -> Any:
    raise ValueError("It cannot be done.")


def nonsense(reference: Callable[..., Any]) -> Mapping[str, Nonsense]:
    """Functions in the place of one, by what a reader of the proof is told of them."""
    constant = {
        "0": 0,
        "1": 1,
        "nan": np.nan,
        "inf": np.inf,
        "[]": [],
        "()": (),
        "None": None,
        "{}": {},
        "text": "text",
    }
    first: dict[str, Callable[[Any], Any]] = {
        "its first argument": lambda value: value,
        "a copy of its first argument": np.copy,
        "its first argument, transposed": np.transpose,
        "its first argument, negative": np.negative,
        "the mean of its first argument": np.mean,
        "the sum of its first argument": np.sum,
        "its first argument twice": lambda value: (value, value),
        "its first argument three times": lambda value: (value, value, value),
        "zeros like its first argument": np.zeros_like,
        "ones like its first argument": np.ones_like,
    }
    shaped: dict[str, Callable[[tuple[int, ...]], Any]] = {
        "zeros of the right shape": np.zeros,
        "ones of the right shape": np.ones,
        "nan of the right shape": lambda shape: np.full(shape, np.nan),
        "-inf of the right shape": lambda shape: np.full(shape, -np.inf),
        "True of the right shape": lambda shape: np.ones(shape, dtype=bool),
        "random numbers of the right shape": lambda shape: np.random.default_rng(0).random(shape),
        "0, 1, 2, … in the right shape": lambda shape: np.arange(np.prod(shape), dtype=np.float64).reshape(shape),
        "equal shares of 1 in the right shape": lambda shape: np.full(shape, 1 / max((*shape[-1:], 1))),
    }
    return {
        **{name: constants(value) for name, value in constant.items()},
        **{name: of_the_first(make) for name, make in first.items()},
        **{name: of_the_right_shape(reference, make) for name, make in shaped.items()},
        "its last argument": lambda *args, **_kwargs: args[-1],
        "all its arguments": lambda *args, **_kwargs: args,
        "nothing: it always raises ValueError": always_raises,
    }
