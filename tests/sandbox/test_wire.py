"""The wire carries every value there and back, and takes nothing for a message that is none."""

from __future__ import annotations

import json
import math
from collections import namedtuple
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from autograder.sandbox.protocol import Matrix, Opaque
from autograder.sandbox.wire import frame as wire
from autograder.sandbox.wire.arrays import DTYPES
from autograder.sandbox.wire.limits import MAX_INT_BITS, MAX_KEYS, NO_LIMIT, CannotCrossError, WireError
from autograder.sandbox.wire.values import Instance, Items

pytestmark = pytest.mark.portable

LIMIT = 1 << 20
ANSWER = 16 << 20  # what the course allows
HONEST_HEADER = 1 << 15  # bytes of words and shapes, which the grader must take however small the limit


def array_of(name: str, order: str, shape: tuple[int, ...], seed: int) -> NDArray[Any]:
    """An array of any bytes whatever, so that its numbers are of all sizes, and some are none."""
    dtype = np.dtype(name).newbyteorder(order)
    noise = np.random.default_rng(seed).bytes(math.prod(shape) * dtype.itemsize)
    numbers = np.frombuffer(noise, np.uint8)
    return (numbers > 127 if name == "bool" else numbers.view(dtype)).reshape(shape)


SHAPES = arrays.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=4)
ARRAYS = st.builds(array_of, st.sampled_from(sorted(DTYPES)), st.sampled_from("<>="), SHAPES, st.integers(0, 999))
WORDS = st.text(max_size=4)
PLAIN = (
    st.sampled_from(
        [None, True, False, "", "\ud800", "\x00\U0001f393", 0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324]
    )
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=5)
)
VALUES = st.recursive(
    PLAIN | ARRAYS | st.sampled_from([Opaque("Thing"), Opaque("array of object")]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple) | st.dictionaries(WORDS, inner, max_size=3)
    ),
    max_leaves=8,
)
MESSAGES = st.dictionaries(WORDS, VALUES, max_size=3)


def decode(frame: bytes, limit: int = LIMIT) -> dict[str, Any]:
    """Take a frame apart as a reader does."""
    prefix, rest = frame[: wire.PREFIX.size], frame[wire.PREFIX.size :]
    assert wire.lengths(prefix, limit) == len(rest)
    return wire.decode(prefix, rest, limit)


def frame(header: object, body: bytes = b"") -> bytes:
    """A frame with any header: JSON, or bytes as they are."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return wire.PREFIX.pack(len(text), len(body)) + text + body


def same(left: Any, right: Any) -> bool:
    """Alike in type and value; arrays to the last bit, whatever their byte order."""
    if isinstance(left, np.ndarray):
        native: NDArray[Any] = left.astype(left.dtype.newbyteorder("="))
        alike = (native.dtype, native.shape) == (right.dtype, right.shape)
        return alike and native.tobytes() == right.tobytes()
    if isinstance(left, dict):
        return type(right) is dict and left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list | tuple):
        return type(left) is type(right) and len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and (left == right or left != left)


@settings(max_examples=50)
@given(MESSAGES)
def test_a_message_comes_back_as_it_was(message: dict[str, Any]) -> None:
    assert same(message, decode(wire.encode(message, LIMIT)))


@given(ARRAYS, st.data())
def test_an_array_comes_back_however_it_lies_in_memory(array: NDArray[Any], data: st.DataObject) -> None:
    axes = data.draw(st.permutations(range(array.ndim)))
    steps = tuple(slice(None, None, data.draw(st.sampled_from([1, 2, -1]))) for _ in range(array.ndim))
    view = array.transpose(axes)[(*steps, ...)]
    assert same(view.copy(), decode(wire.encode({"view": view}, LIMIT))["view"])


@given(ARRAYS)
def test_a_decoded_array_is_its_own(array: NDArray[Any]) -> None:
    back = decode(wire.encode({"it": array}, LIMIT))["it"]
    assert back.flags.writeable
    assert back.flags.owndata or back.base.flags.owndata
    assert back.dtype.isnative


@pytest.mark.parametrize("scalar", [np.float64(0.5), np.int8(-3), np.bool_(True), np.complex64(1j), np.float16(2)])
def test_a_scalar_of_numpy_becomes_an_array_of_its_dtype(scalar: np.generic) -> None:
    back = decode(wire.encode({"it": scalar}, LIMIT))["it"]
    assert (back.shape, back.dtype, back[()]) == ((), scalar.dtype, scalar)


def test_more_precision_than_crosses_the_wire_is_rounded() -> None:
    back = decode(wire.encode({"it": np.longdouble([0.1, math.pi])}, LIMIT))["it"]
    assert back.dtype == np.float64
    assert back.tolist() == [float(np.longdouble("0.1")), math.pi]


def test_a_matrix_stays_one() -> None:
    back = decode(wire.encode({"it": np.array([[1.0, 2.0]]).view(np.matrix)}, LIMIT))["it"]
    assert isinstance(back, Matrix)
    assert back.array.tolist() == [[1.0, 2.0]]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (object(), "object"),
        (1 << MAX_INT_BITS, "int"),
        (set(range(MAX_KEYS + 1)), "set"),
        (dict.fromkeys(range(MAX_KEYS + 1)), "dict"),
        (len, "builtin_function_or_method"),
        (np.array([object()]), "array of object"),
        (np.zeros(1, "V8"), "array of void64"),
        (np.zeros(1, [("a", [("b", float)])]), "array of void64"),
        (np.random.default_rng(0), "Generator"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_what_is_no_plain_value_crosses_as_the_name_of_its_type(value: object, kind: str) -> None:
    assert decode(wire.encode({"it": value}, LIMIT)) == {"it": Opaque(kind)}


@dataclass(frozen=True)
class Point:
    x: float
    labels: tuple[str, ...]


class Colour(Enum):
    RED = 1


KEYS = st.none() | st.booleans() | st.integers() | st.text() | st.binary() | st.floats(allow_nan=False)
HASHED = st.recursive(KEYS, lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3), max_leaves=5)
PLAIN_VALUES = st.recursive(
    KEYS | st.complex_numbers(allow_nan=False) | st.builds(range, *[st.integers(-99, 99)] * 2, st.integers(1, 9)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(HASHED, inner, max_size=4)
        | st.sets(HASHED, max_size=4)
        | st.builds(Instance, st.just("Point"), st.dictionaries(st.text(max_size=3), inner, max_size=3), st.booleans())
        | st.builds(Items, st.tuples(inner, inner), st.booleans())
    ),
    max_leaves=12,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PLAIN_VALUES)
@example(-(10**300))
@example({1: "a"} | {2.0: None, (1, "x"): {frozenset({1}), b"y"}})
@example([float("inf"), -float("inf"), 1e308])
def test_plain_values_cross_as_they_are(value: object) -> None:
    back = decode(wire.encode({"it": value}, LIMIT))["it"]
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize(
    "array",
    [
        np.array(["a", "bcd", ""]),
        np.array([b"a", b"bcd"]),
        np.array([["\u738b", "x"]]),
        np.array([("a", 1.5, [1, 2])], [("name", "U4"), ("size", "f8"), ("pair", "i4", (2,))]),
        np.array(["2026-10-05", "NaT"], "datetime64[D]"),
        np.array([3], "timedelta64[s]"),
        np.zeros((2, 0, 3), "U7"),
        np.array(["a"], ">U3"),
    ],
    ids=lambda array: str(array.dtype),
)
def test_arrays_of_other_things_than_numbers_cross(array: np.ndarray) -> None:
    back = decode(wire.encode({"it": array}, LIMIT))["it"]
    assert back.shape == array.shape
    assert back.dtype == array.dtype.newbyteorder("<")
    assert np.array_equal(back, array) or array.dtype.kind == "M"


def test_what_stands_for_objects_crosses() -> None:
    there = {"it": [Point(1.5, ("a",)), Colour.RED, namedtuple("Pair", "x y")(1, 2)]}
    assert decode(wire.encode(there, LIMIT))["it"] == [
        Instance("Point", {"x": 1.5, "labels": ("a",)}),
        Instance("Colour", {"name": "RED"}),
        Instance("Pair", {"x": 1, "y": 2}, is_tuple=True),
    ]


@pytest.mark.parametrize("kind", ["PCG64", "MT19937", "Philox", "SFC64", "PCG64DXSM"])
def test_a_generator_crosses_with_its_state_and_to_the_worker_only(kind: str) -> None:
    rng = np.random.Generator(getattr(np.random, kind)(7))
    rng.normal(size=3)
    sent = wire.encode({"it": rng}, NO_LIMIT)
    back = wire.decode(sent[: wire.PREFIX.size], sent[wire.PREFIX.size :], NO_LIMIT)["it"]
    assert back.normal(size=5).tolist() == rng.normal(size=5).tolist()
    with pytest.raises(WireError):
        decode(sent)


def test_what_the_grader_cannot_send_is_told() -> None:
    for value in (object(), lambda x: x, np.array([object()])):
        with pytest.raises(CannotCrossError):
            wire.encode({"it": value}, NO_LIMIT)


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ({"int": "0x" + "f" * (1 << 20)}, b""),
        ({"int": "12; import os"}, b""),
        ({"complex": [1, 2, 3]}, b""),
        ({"bytes": 5}, b"abc"),
        ({"bytes": -1}, b"abc"),
        ({"set": [{"list": []}]}, b""),
        ({"set": list(range(20_000))}, b""),
        ({"pairs": [[1, 2], [3]]}, b""),
        ({"pairs": [[{"dict": {}}], [1]]}, b""),
        ({"range": [0, 10, 0]}, b""),
        ({"range": ["a", 1, 1]}, b""),
        ({"items": [1, []]}, b""),
        ({"instance": ["A", [], False]}, b""),
        ({"function": "numpy.sin"}, b""),
        ({"generator": {"dict": {"bit_generator": "PCG64"}}}, b""),
        ({"array": ["<U1", 1]}, b"\xff\xff\xff\xff"),
        ({"array": ["<U99999", 1]}, b""),
        ({"array": ["|O8", 1]}, b"12345678"),
        ({"array": [[["a", "|O8"]], 1]}, b"12345678"),
        ({"array": [[["a", "float64"], ["a", "float64"]], 1]}, bytes(16)),
        ({"array": [[["a", "float64", 1 << 40]], 1]}, b""),
        ({"array": [[], 1]}, b""),
        ({"array": [{"a": 1}, 1]}, b""),
    ],
    ids=lambda case: str(case)[:40] if isinstance(case, dict) else "",
)
def test_no_header_makes_what_encode_would_not(header: object, body: bytes) -> None:
    text = json.dumps({"dict": {"it": header}}).encode()
    with pytest.raises(WireError):
        decode(wire.PREFIX.pack(len(text), len(body)) + text + body)


@pytest.mark.parametrize("depth", [1, 10, 29, 30, 31, 32, 33, 40, 100, 10_000])
@pytest.mark.parametrize("wrap", [lambda x: [x], lambda x: (x,), lambda x: {"x": x}], ids=["list", "tuple", "dict"])
def test_whatever_can_be_encoded_can_be_decoded_however_deep(depth: int, wrap: Any) -> None:
    value: Any = 1
    for _ in range(depth):
        value = wrap(value)
    assert decode(wire.encode({"it": value}, LIMIT)).keys() == {"it"}


@given(st.binary(max_size=200))
def test_noise_is_no_message(noise: bytes) -> None:
    with pytest.raises(WireError):
        wire.decode(wire.PREFIX.pack(len(noise), 0), noise, LIMIT)


TAGS = [
    *(
        "array",
        "matrix",
        "dict",
        "list",
        "tuple",
        "opaque",
        "",
        "x",
        "int",
        "complex",
        "bytes",
        "set",
        "frozenset",
        "pairs",
    ),
    *("range", "items", "instance", "handle", "function", "generator"),
]
JSON = st.recursive(
    PLAIN | st.integers() | st.sampled_from([*sorted(DTYPES), "<U3", "|S2", "<M8[D]", "<U99999", "0x1f"]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(TAGS), inner, max_size=2),
    max_leaves=15,
)


@given(JSON, st.binary(max_size=64))
@example({"array": "float64"}, b"")
@example({"array": 1}, b"")
@example({"array": []}, b"")
@example({"array": {}}, b"")
@example({"array": {"float64": 1, "int8": 2}}, b"")
@example({"array": [["float64"]]}, b"")
@example({"array": [None, 1]}, b"")
@example({"array": ["float64", 1.0]}, bytes(8))
@example({"array": ["float64", True]}, bytes(8))
@example({"array": ["float64", "1"]}, bytes(8))
@example({"array": ["bool", 10**30, 0]}, b"")
@example({"array": ["bool", -1, -1]}, b"x")
@example({"matrix": []}, b"")
@example({"matrix": {"array": ["bool", 1]}}, b"x")
@example({"dict": []}, b"")
@example({"dict": {"a": {"dict": {}}}, "list": []}, b"")
@example({"list": {}}, b"")
@example({"tuple": "text"}, b"")
@example({"opaque": 1}, b"")
@example({}, b"")
@example([], b"")
@example(10**4000, b"")
def test_any_header_is_a_message_or_a_wire_error(tree: object, body: bytes) -> None:
    for header in (tree, {"dict": {"it": tree}}):
        try:
            message = decode(frame(header, body))
        except WireError:
            continue
        assert isinstance(message, dict)


@settings(max_examples=30)
@given(MESSAGES, st.integers(), st.binary(min_size=1, max_size=20))
def test_a_frame_cut_short_or_extended_is_no_message(message: dict[str, Any], place: int, more: bytes) -> None:
    whole = wire.encode(message, LIMIT)
    prefix, rest = whole[: wire.PREFIX.size], whole[wire.PREFIX.size :]
    for other in (rest[: place % len(rest)], rest + more):
        with pytest.raises(WireError, match="another length"):
            wire.decode(prefix, other, LIMIT)


@settings(max_examples=50)
@given(MESSAGES, st.integers(), st.integers(1, 255))
def test_a_frame_with_one_byte_changed_is_a_message_or_a_wire_error(
    message: dict[str, Any], place: int, change: int
) -> None:
    whole = bytearray(wire.encode(message, LIMIT))
    whole[place % len(whole)] ^= change
    with suppress(WireError):
        assert isinstance(decode_anyway(bytes(whole)), dict)


def decode_anyway(whole: bytes) -> dict[str, Any]:
    prefix, rest = whole[: wire.PREFIX.size], whole[wire.PREFIX.size :]
    wire.lengths(prefix, LIMIT)
    return wire.decode(prefix, rest, LIMIT)


@given(
    st.integers(0, 2**32 - 1) | st.integers(0, 9999),
    st.integers(0, 2**64 - 1) | st.integers(0, 9999),
    st.integers(wire.PREFIX.size, 1 << 30) | st.integers(9000, 99999),
)
def test_lengths_are_bounded_before_anything_is_read(header: int, body: int, limit: int) -> None:
    prefix = wire.PREFIX.pack(header, body)
    if header + body + wire.PREFIX.size > limit:
        with pytest.raises(WireError, match="bytes where"):
            wire.lengths(prefix, limit)
    elif header < HONEST_HEADER:
        assert wire.lengths(prefix, limit) == header + body


@settings(max_examples=30)
@given(MESSAGES)
def test_a_frame_is_as_long_as_its_limit_allows_and_no_longer(message: dict[str, Any]) -> None:
    size = len(wire.encode(message, LIMIT))
    assert len(wire.encode(message, size)) == size
    with pytest.raises(WireError, match="bytes where"):
        wire.encode(message, size - 1)


@pytest.mark.parametrize("shape", [[LIMIT + 1], [LIMIT, 2], [0, LIMIT + 1], [0, 2**62, 2**62], [1] * 17, [0, 10**4000]])
def test_a_shape_is_bounded_before_it_is_allocated(shape: list[int]) -> None:
    with pytest.raises(WireError):
        decode(frame({"dict": {"it": {"array": ["bool", *shape]}}}))


@pytest.mark.parametrize("piece", ['{"list":[]}', "0", '{"array":["bool",0]}', '{"opaque":""}', '""', "1e5", "null"])
def test_a_header_holds_no_more_values_than_an_honest_answer(piece: str) -> None:
    """Each piece costs the grader a hundred times its bytes, in memory and in time, and NumPy as much again."""
    many = ",".join([piece] * (ANSWER // 8 // (len(piece) + 1)))
    with pytest.raises(WireError):
        decode(frame(f'{{"dict":{{"it":{{"list":[{many}]}}}}}}'.encode()), ANSWER)


def test_an_honest_answer_may_be_a_long_list() -> None:
    answer = np.random.default_rng(1).normal(size=(100, 100)).tolist()
    assert decode(wire.encode({"it": answer}, ANSWER), ANSWER) == {"it": answer}


def hand_written(value: object) -> Any:
    """What the grader makes of a frame whose one value is written by hand."""
    return decode(frame({"dict": {"it": value}}), LIMIT)["it"]


@pytest.mark.parametrize("number", [2**63, -(2**63), 10**4000])
def test_a_number_that_no_honest_side_sends_is_refused(number: int) -> None:
    with pytest.raises(WireError):
        hand_written(number)
    assert hand_written(2**63 - 1) == 2**63 - 1


def test_empty_arrays_are_counted_together() -> None:
    """Each is small enough, and a list of them becomes one array."""
    one = {"array": ["float64", 0, LIMIT // 16]}
    assert len(hand_written({"list": [one, one]})) == 2
    with pytest.raises(WireError):
        hand_written({"list": [one, one, one]})
