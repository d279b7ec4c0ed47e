"""What NumPy raises, in our words: which shapes met, and which sizes should have been equal."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import zip_longest

from autograder.checking.messages import raised
from autograder.checking.recognition import messages
from autograder.sandbox.protocol import Raised

SIZE = re.compile(r"\d+|newaxis")
ABOUT_SHAPES = {"ValueError", "IndexError", "TypeError", "AxisError"}


def described(call: str, reply: Raised) -> str:
    """What a call raised, in the words of the exception, and in ours."""
    return "\n".join([raised(call, reply), *in_our_words(reply)])


def in_our_words(reply: Raised) -> list[str]:
    """Sentences that follow NumPy's own; none where it is not about shapes."""
    if not ABOUT_SHAPES & {reply.type, *reply.bases}:
        return []
    said = (say(*found.groups()) for pattern, say in SAYINGS if (found := re.search(pattern, reply.message)))
    first = next(filter(None, said), "")
    shapes = [messages.has_shape(name, shape) for name, shape in reply.shapes]
    sentences = [first, messages.in_that_line(", ".join(shapes)) if shapes else ""]
    return [sentence for sentence in sentences if sentence]


def _product(_signature: str, right: str, left: str) -> str:
    return messages.product(left, right)


def _dot(left: str, right: str) -> str:
    return messages.product(left, right)


def _broadcast(shapes: str) -> str:
    """The first two sizes, from the last axis on, that do not go together."""
    compared = re.findall(r"->\(([\w, ]*)\)", shapes) or re.findall(r"\(([\w, ]*)\)", shapes)
    found = [
        [1 if size == "newaxis" else int(size) for size in re.findall(r"\d+|newaxis", shape)] for shape in compared
    ]
    for sizes in zip_longest(*map(reversed, found), fillvalue=1):
        different = dict.fromkeys(size for size in sizes if size != 1)
        if len(different) > 1:
            one, other, *_ = different
            return messages.broadcast(one, other)
    return ""


SAYINGS: list[tuple[str, Callable[..., str]]] = [
    (r"matmul: .* signature (\S+) \(size (\d+) is different from (\d+)\)", _product),
    (r"shapes .* not aligned: (\d+) \(dim \d+\) != (\d+) \(dim \d+\)", _dot),
    (r"could not be broadcast together with (?:remapped )?shapes(?: \[original->remapped\]:)?(.*)", _broadcast),
    (r"cannot reshape array of size (\d+) into shape (\(.*\))", messages.reshape),
    (r"could not broadcast input array from shape (\(.*?\)) into shape (\(.*?\))", messages.assigned),
    (
        r"along dimension (\d+), the array at index \d+ has size (\d+) and the array at index \d+ has size (\d+)",
        messages.concatenated,
    ),
    (
        r"boolean index did not match .* axis (\d+); size of axis is (\d+) but .* boolean axis is (\d+)",
        messages.indexed,
    ),
    (r"axis (-?\d+) is out of bounds for array of dimension (\d+)", messages.no_such_axis),
    (r"(?:not enough|too many) values to unpack \(expected (\d+)(?:, got (\d+))?\)", messages.unpacked),
    (r"matmul: Input operand (\d) does not have enough dimensions", messages.no_matrix),
    (r"array split does not result in an equal division()", lambda _: messages.UNEQUAL_PARTS),
    (r"axes don't match array()", lambda _: messages.OTHER_AXES),
]
