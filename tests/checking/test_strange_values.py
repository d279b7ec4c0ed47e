"""Whatever a function returns, the grader compares, judges, explains and words it, and raises nothing."""

from __future__ import annotations

import tracemalloc
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from autograder.checking.assertions import assert_allclose
from autograder.checking.comparison.arrays import agrees, difference, shaped, to_array, to_arrays
from autograder.checking.comparison.messages import described
from autograder.checking.comparison.tolerance import Tolerance
from autograder.checking.follow_through import FollowThrough, Rerun
from autograder.checking.hindsight import look_back
from autograder.checking.recognition.judge import NotPassedError, Question, Record
from autograder.checking.recognition.memo import Memo
from autograder.checking.recognition.misconceptions import Misconception
from autograder.checking.recognition.rules import explain
from autograder.checking.recognition.slips import Answer, OneBatchAxis, OtherOrder, find_slip
from autograder.sandbox.protocol import Matrix, Opaque, Raised, Reply, Returned, UpstreamCall
from autograder.sandbox.repeat import alike
from autograder.sandbox.wire.arrays import DTYPES as ARRAYS_CROSS

pytestmark = [pytest.mark.portable, pytest.mark.slow]

EXPECTED = (
    np.arange(6.0).reshape(2, 3),
    np.float64(2.5),
    np.zeros((0, 3)),
    np.arange(4, dtype=np.float32),
    (np.ones((2, 3)), np.zeros(3)),
    (np.ones(3), np.ones(3), np.arange(3.0)),
)
ODD_NUMBERS = (0, True, -1, 2**63 - 1, 10**300, 1.5, -0.0, 1e308, 5e-324, float("nan"), float("inf"), -float("inf"), 2j)
ODD_SHAPES = (
    *((), (0,), (1,), (6,), (2, 3), (3, 2), (1, 2, 3), (2, 3, 1), (0, 10**6), (10**6, 0), (3, 0, 10**5)),
    *((1,) * 16, (1,) * 12 + (2,) * 4, (1,) * 15 + (3,)),
)
DTYPES = [name for name in ARRAYS_CROSS if name != "float16"] + ["float16"]


def filled(shape: tuple[int, ...], dtype: str, number: Any) -> np.ndarray:
    with np.errstate(all="ignore"):
        return np.full(shape, complex(number).real if isinstance(number, complex) else number).astype(dtype)


ARRAYS = st.builds(filled, st.sampled_from(ODD_SHAPES), st.sampled_from(DTYPES), st.sampled_from((0, 1, 2.5, np.nan)))


@np.errstate(all="ignore")
def nearly(expected: Any, turned: bool, factor: float, more: float) -> np.ndarray:
    array = np.asarray(expected[0] if isinstance(expected, tuple) else expected)
    return (array.T if turned else array) * factor + more


ODD_FLOATS = st.sampled_from([number for number in ODD_NUMBERS if isinstance(number, float)])
NEARLY = st.builds(nearly, st.sampled_from(EXPECTED), st.booleans(), ODD_FLOATS, ODD_FLOATS)
COMPLEX = st.sampled_from(((2, 3), ())).map(lambda shape: np.full(shape, 1 + 2j))
LEAVES = st.one_of(
    st.none(),
    st.sampled_from(ODD_NUMBERS),
    st.sampled_from(("", "a" * 100, "\ud800", "{call}", "\x1b[2J")),
    st.sampled_from((Opaque("Thing"), Opaque("\ud800{}"), Matrix(np.ones((1, 3))), Matrix(np.zeros((0, 3))))),
    ARRAYS,
    NEARLY,
    COMPLEX,
    st.integers(),
    st.floats(),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.builds(lambda value, times: [value] * times, inner, st.sampled_from((1, 2, 3, 1001))),
        st.dictionaries(st.sampled_from(("a", "\ud800", "")), inner, max_size=2),
    ),
    max_leaves=6,
)


def nested(depth: int) -> Any:
    value: Any = 1.0
    for _ in range(depth):
        value = [value]
    return value


@dataclass(frozen=True)
class Always:
    """Functions that answer one thing, whatever they are asked."""

    value: Any

    def call(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: object = None) -> Reply:
        return self.value if isinstance(self.value, Raised) else Returned(self.value)

    repeat = call


def question(record: Record, wrong: Any) -> Question:
    known = Misconception("known", "f", lambda *_args, **_kwargs: wrong, "It is `x.T`.", "Why?")
    return Question("f", "check", False, lambda _args, _kwargs: "f(…)", [known], record, Memo())


@settings(
    max_examples=25,  # beside all those that are named here
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(value=VALUES, other=VALUES)
@example(value=[], other=np.zeros(0))
@example(value=(), other=Matrix(np.zeros((0, 3))))
@example(value=[[]], other=np.zeros((0, 10**6)))
@example(value=np.zeros(0), other=[])
@example(value=nested(31), other=nested(30))
@example(value=[1, [2], [[3]]], other=[[1, 2], [3]])
@example(value=["a" * 400_000] + [""] * 3000, other=["a" * 400_000] + [""] * 3000)
@example(value=[np.empty((0, 10**5))] * 10, other=[np.empty((0, 10**5))] * 11)
@np.errstate(all="ignore")  # as while a submission is graded
def test_nothing_is_raised(value: Any, other: Any) -> None:
    call = UpstreamCall("g", (other, value), {"k": other})
    chain = FollowThrough(Rerun(Always(value), Always(other)), {"g": ("x",)}, upstream_calls=[call])
    assert chain.root_cause() in ("", "g")
    assert isinstance(described(value), str)
    assert alike(value, other) in (True, False)
    to_arrays(value)
    for expected in EXPECTED:
        tolerance = Tolerance.of([value, other])
        if different := difference(value, expected, tolerance, nan_is_nan=True):
            assert different.message("f(…)")
        shaped(value, expected)
        ask = Always(other).call
        answer = Answer(
            lambda args, kwargs, ask=ask: ask("f", args, kwargs), [np.ones((2, 3))], {}, Returned(value), expected
        )
        refused = Answer(answer.ask, answer.args, {}, Raised("ValueError", ("ValueError",), "1"), expected)
        for each in (answer, refused):
            find_slip(each)
            for slip in (OtherOrder((1, 0)), OneBatchAxis(1, 1, masks=True), OneBatchAxis(1, 3, masks=False)):
                slip.excuses(each)
        record = Record()
        for each in (answer, refused, answer, answer):
            question(record, other).judge(each)
        explain([], record.seen)
        explain([], [seen for seen in record.seen if seen.answer.reply is not refused.reply])
        look_back({}, {}, {}, {"f": record}, Memo())
    with suppress(NotPassedError):
        assert_allclose(value, 1.0)


# No more memory than was sent


TEXT = ["a" * 400_000, *[""] * 1000]
GROWING = {
    "text": TEXT,
    "text in lists": [[text] for text in TEXT],
    "text among numbers": [0.5, *TEXT],
    "text behind arrays": [np.ones(()), *TEXT],
    "narrow arrays beside a wide one": [np.zeros(700, bool)] * 17_000 + [np.zeros(700, complex)],
    "one array many times": [np.zeros(10**6)] * 1000,
    "in lists": [[np.zeros(10**6)] * 10] * 100,
}


@pytest.mark.parametrize("value", GROWING.values(), ids=GROWING)
def test_what_is_no_answer_is_made_no_array(value: list[Any]) -> None:
    tracemalloc.start()
    try:
        assert to_array(value) is None
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1 << 24


@pytest.mark.parametrize("value", [TEXT, [0.5, *TEXT], [[text] for text in TEXT]])
def test_an_answer_of_text_costs_nothing_wherever_it_is_compared(value: list[Any]) -> None:
    tracemalloc.start()
    try:
        assert agrees(value, value, Tolerance())
        seen(value)
        seen(value, (np.ones(3), np.ones(3)))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1 << 22


@pytest.mark.parametrize(
    "value",
    [
        [1, 2.5],
        [True, np.int8(2)],
        ([1, 2], np.ones(2)),
        [np.float32(1), 2j - 2j],
        [[[]]],
        [np.ones((2, 3))] * 2,
        3,
        [3],
    ],
)
def test_what_numpy_makes_an_array_of_numbers_is_one(value: Any) -> None:
    array = to_array(value)
    assert array is not None
    assert array.tolist() == np.asarray(value).real.tolist()


# What is kept while a submission is graded


def seen(value: Any, expected: Any = 1.5, args: Sequence[Any] = ()) -> Any:
    record = Record()
    question(record, None).judge(Answer(Always(value).call, args, {}, Returned(value), expected))  # type: ignore[arg-type]
    reply = record.seen[-1].answer.reply
    return reply.value if isinstance(reply, Returned) else reply


def test_of_a_large_answer_that_is_like_nothing_nothing_is_kept() -> None:
    large = np.ones(10**6)
    assert isinstance(seen(large), Opaque)
    assert isinstance(seen((large, large[1:])), Opaque)
    assert isinstance(seen(TEXT * 20), Opaque)
    assert seen(np.ones(3)).size == 3


def test_one_that_a_mistake_may_explain_is_kept() -> None:
    large = np.ones(10**6)
    assert seen(large, args=[np.zeros(10**6)]) is large  # it may be the argument itself
    assert seen(large, expected=np.zeros((1000, 1000))) is large  # or turned
    assert seen(large, expected=np.ones(10**6)) is large  # or right
    assert seen((large, large), expected=(np.zeros(10**6), np.zeros(10**6))) == (large, large)
