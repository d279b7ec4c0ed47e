"""The language that checks are written in: ordinary pytest functions over `student`, `reference` and `rng`.

| | |
|---|---|
| `points`              | marks a function as a check, and says what it is worth |
| `assert_matches`      | the student's function answers as the reference does |
| `assert_allclose`     | numbers that were made of an answer are these, within tolerances |
| `assert_no_side_effects` | nothing is left of a call but its answer, and it is the same again |
| `any_order`, `up_to_sign` | how `assert_matches` may compare, if not entry by entry |
| `misconception`       | marks a function as a wrong variant of a question's, which has a name and a hint |

A check, whole:

    @points(2)
    @pytest.mark.parametrize("shape", [(3, 5), (2, 4, 6)], ids=["a matrix", "a batch"])
    def test_softmax(student, reference, rng, shape):
        \"\"\"Rows of all lengths\"\"\"
        assert_matches(student.softmax, reference.softmax, rng.normal(size=shape))

An ordinary `assert` with a sentence does as well, which is what the student reads. Numbers, and lists of them, come
back as arrays: `assert_allclose` compares these. Text, dicts and sets come back as they are.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.checking.assertions import assert_allclose as assert_allclose
    from autograder.checking.assertions import assert_matches as assert_matches
    from autograder.checking.assertions import assert_no_side_effects as assert_no_side_effects
    from autograder.checking.collection import points as points
    from autograder.checking.comparison.by_name import any_order as any_order
    from autograder.checking.comparison.by_name import up_to_sign as up_to_sign
    from autograder.checking.recognition.misconceptions import misconception as misconception

__all__ = [
    "any_order",
    "assert_allclose",
    "assert_matches",
    "assert_no_side_effects",
    "misconception",
    "points",
    "up_to_sign",
]

_HOMES = {
    **dict.fromkeys(("assert_allclose", "assert_matches", "assert_no_side_effects"), "assertions"),
    **dict.fromkeys(("any_order", "up_to_sign"), "comparison.by_name"),
    "misconception": "recognition.misconceptions",
    "points": "collection",
}


def __getattr__(name: str) -> Any:
    """What is imported from here is loaded where it is used: who only reads a course needs neither NumPy nor pytest."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
