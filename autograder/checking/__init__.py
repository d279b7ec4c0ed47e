"""The language that checks are written in: ordinary pytest functions over `student`, `reference` and `rng`."""

from autograder.checking.assertions import assert_allclose, assert_keeps_inputs, assert_matches
from autograder.checking.collection import points
from autograder.checking.misconceptions import misconception

__all__ = ["assert_allclose", "assert_keeps_inputs", "assert_matches", "misconception", "points"]
