"""What NumPy raises, in our words: which shapes met, and which sizes should have been equal."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from itertools import zip_longest

import numpy as np

from autograder.checking import messages as call_messages
from autograder.checking.recognition import messages
from autograder.language.listing import listed
from autograder.sandbox.protocol import Raised

SIZE = re.compile(r"\d+|newaxis")
NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
CALL = re.compile(r"(?<![\w.])(?:math\.)?(?P<name>\w+)\((?:(?P<all>[^()]*)\))?")  # all that is given, if it is simple
# Functions that take single numbers; the others of `math` make one of several, or take whole numbers only.
OF_SINGLE_NUMBERS = {name for name in dir(math) if callable(getattr(math, name)) and name.isalnum()} - {
    *("comb", "dist", "factorial", "fsum", "gcd", "hypot", "isqrt", "lcm", "perm", "prod", "sumprod")
}
NOT_IN_NUMPY = re.compile(r"^module 'numpy' has no attribute '(\w+)'")
ABOUT_SHAPES = {"ValueError", "IndexError", "TypeError", "AxisError"}


def described(call: str, reply: Raised) -> str:
    """What a call raised, in the words of the exception, and in ours."""
    return "\n".join([call_messages.raised(call, reply), *in_our_words(reply)])


def in_our_words(reply: Raised) -> list[str]:
    """Sentences that follow NumPy's own; none where it is not about shapes."""
    if reply.type == "AttributeError" and (name := NOT_IN_NUMPY.search(reply.message)):
        return [messages.has_no_array_form(name[1])] if name[1] in OF_SINGLE_NUMBERS else []
    if not ABOUT_SHAPES & {reply.type, *reply.bases}:
        return []
    said = (say(*found.groups()) for pattern, say in SAYINGS if (found := re.search(pattern, reply.message)))
    first = next(filter(None, said), "")
    if reply.line and ".shape" in reply.line.text and (unpacked := UNPACKED.search(reply.message)):
        first = messages.unpacked(unpacked[1])
    if first == messages.ONE_NUMBER_ONLY and reply.line:
        first = _one_number(reply.line.text, {name for name, _ in reply.shapes})
    shapes = [messages.has_shape(name, shape) for name, shape in reply.shapes]
    sentences = [first, messages.in_that_line(listed(shapes)) if shapes else ""]
    return [sentence for sentence in sentences if sentence]


def _product(_signature: str, right: str, left: str) -> str:
    return messages.product(left, right)


def _matmul_batch(shapes: str) -> str:
    """The first two sizes of batches, from the last on, that do not go together."""
    sizes = _met(re.findall(r"->\(([\w, ]*)\)", shapes))
    return messages.batches(*sizes) if sizes else ""


def _broadcast(shapes: str) -> str:
    """The first two sizes, from the last axis on, that do not go together."""
    sizes = _met(re.findall(r"->\(([\w, ]*)\)", shapes) or re.findall(r"\(([\w, ]*)\)", shapes))
    return messages.broadcast(*sizes) if sizes else ""


def _met(shapes: Sequence[str]) -> tuple[int, int] | None:
    found = [[1 if size == "newaxis" else int(size) for size in SIZE.findall(shape)] for shape in shapes]
    for sizes in zip_longest(*map(reversed, found), fillvalue=1):
        different = dict.fromkeys(size for size in sizes if size != 1)
        if len(different) > 1:
            one, other, *_ = different
            return one, other
    return None


def _reshape(count: str, shape: str) -> str:
    """NumPy leaves a -1 in front out of the shape that it tells, and calls any other `newaxis`."""
    sizes = [int(size) for size in SIZE.findall(shape) if size != "newaxis"]
    return messages.reshape(count, shape.replace("newaxis", "-1")) if sizes and math.prod(sizes) != 0 else ""


def _one_number(line: str, arrays: set[str]) -> str:
    """What takes single numbers, if a line gives an array to one function of `math` only; and what takes arrays."""
    called = {
        call["name"] for call in CALL.finditer(line) if call["all"] is None or arrays & {*NAME.findall(call["all"])}
    }
    called &= OF_SINGLE_NUMBERS
    if len(called) != 1:
        return messages.ONE_NUMBER_ONLY
    (name,) = called
    return messages.has_array_form(name) if hasattr(np, name) else messages.has_no_array_form(name)


def _axis(axis: str, count: str) -> str:
    return messages.no_such_axis(axis, count) if count != "1" else messages.no_second_axis(axis)


SAYINGS: list[tuple[str, Callable[..., str]]] = [
    (r"matmul: Input .* signature (\S+) \(size (\d+) is different from (\d+)\)", _product),
    (r"shapes \(.*,.*\) .* not aligned: (\d+) \(dim \d+\) != (\d+) \(dim 0\)", lambda *found: messages.product(*found)),
    (r"shapes .* not aligned: (\d+) \(dim \d+\) != (\d+) \(dim \d+\)", lambda *found: messages.summed(*found)),
    (r"remapped shapes \[original->remapped\]:(.*newaxis,newaxis\).*) and requested", _matmul_batch),
    (r"could not be broadcast together with (?:remapped )?shapes(?: \[original->remapped\]:)?(.*)", _broadcast),
    (
        r"non-broadcastable output operand with shape (\(.*?\)) doesn't match the broadcast shape (\(.*?\))",
        lambda *found: messages.grown(*found),
    ),
    (r"cannot reshape array of size (\d+) into shape (\(.*\))", _reshape),
    (
        r"could not broadcast input array from shape (\(.*?\)) into shape (\(.*?\))",
        lambda *found: messages.assigned(*found),
    ),
    (
        r"along dimension (\d+), the array at index \d+ has size (\d+) and the array at index \d+ has size (\d+)",
        lambda *found: messages.concatenated(*found),
    ),
    (
        r"must have same number of dimensions, .* has (\d+) .* has (\d+) dimension",
        lambda *found: messages.other_ranks(*found),
    ),
    (r"all input arrays must have the same shape()", lambda _: messages.STACKED),
    (
        r"boolean index did not match .* axis (\d+); size of axis is (\d+) but .* axis is (\d+)",
        lambda *found: messages.indexed(*found),
    ),
    (r"index (-?\d+) is out of bounds for axis (-?\d+) with size (\d+)", lambda *found: messages.no_such_index(*found)),
    (
        r"too many indices for array: array is (\d+)-dimensional, but (\d+) were indexed",
        lambda *found: messages.too_many_indices(*found),
    ),
    (r"^axis (-?\d+) is out of bounds for array of dimension (\d+)", _axis),
    (r"^(?:axis[12]|source|destination): axis (-?\d+) is out of bounds for array of dimension (\d+)", _axis),
    (r"array split does not result in an equal division()", lambda _: messages.UNEQUAL_PARTS),
    (r"axes don't match array()", lambda _: messages.OTHER_AXES),
    (r"truth value of an array with more than one element is ambiguous()", lambda _: messages.AMBIGUOUS),
    (r"only (?:0-dimensional|length-1|size-1) arrays can be converted()", lambda _: messages.ONE_NUMBER_ONLY),
    (r"inhomogeneous shape()", lambda _: messages.RAGGED),
]
# And where the line is about a shape.
UNPACKED = re.compile(r"(?:not enough|too many) values to unpack \(expected (\d+)(?:, got (\d+))?\)")
