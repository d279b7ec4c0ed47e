"""What students read of a slip: where it costs a check, and in the checks that pass behind it."""

from __future__ import annotations

IMPRECISE = "The numbers are nearly right, to about five digits. Is something kept in float32, or rounded on the way?"
ROUNDED = "But for rounding, all are right: other functions compute with these numbers, and need all of their digits."
OTHER_ORDER = "The right arrays are all there, in another order than the docstring says."
ONE_BATCH_AXIS = (
    "With one axis more in front it is right: it counts on exactly one batch axis, and there may be none, or several."
)


def excused(question: str, statement: str) -> str:
    return f"Your `{question}` earns these points: what is wrong here has cost another check its own. {statement}"
