"""What NumPy says about shapes is followed by which sizes met, and by the shapes of the arrays in that line."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.checking.recognition.exceptions import described, in_our_words
from autograder.sandbox.protocol import CodeLine, Raised
from tests.helpers.loading import call, load_cells

pytestmark = pytest.mark.portable

Q, K, B = np.ones((5, 3)), np.ones((7, 3)), np.ones((2, 4, 3))
M = np.ones((5, 7), dtype=bool)

SAID = {
    "Q @ K": "here 3 meets 7",
    "np.dot(Q, K)": "here 3 meets 7",
    "Q @ np.ones(4)": "here 3 meets 4",
    "Q.T @ K": "here 5 meets 7",
    "Q + K": "here 5 meets 7",
    "np.where(M, B, 0)": "here 7 meets 3",
    "np.broadcast_to(Q, (4, 3))": "here 5 meets 4",
    "B @ np.ones((3, 3, 5))": "here 2 meets 3",
    "np.einsum('ij,jk->ik', Q, K)": "here 3 meets 7",
    "np.ones(1).reshape(4)": "There is 1 number; the sizes of (4,)",
    "[n for (n,) in [Q.shape]]": "counts on exactly 1 axis.",
    "Q.reshape(4, -1)": "There are 15 numbers; the sizes of (4,-1)",
    "Q.reshape(2, -1, 2)": "There are 15 numbers; the sizes of (2,-1,2)",
    "Q.reshape(-1, 4)": "There are 15 numbers; the sizes of (4), and that for a -1",
    "Q.reshape(4, 4)": "There are 15 numbers; the sizes of (4,4)",
    "np.concatenate([Q, K], axis=1)": "along axis 0, 5 meets 7",
    "np.vstack([Q, np.ones((1, 4))])": "along axis 1, 3 meets 4",
    "B[M]": "along axis 0, 5 meets 2",
    "Q.sum(axis=2)": "With 2 axes, there is no axis 2",
    "np.swapaxes(Q, 1, 2)": "With 2 axes, there is no axis 2",
    "np.split(Q, 2, axis=1)": "only if its length is a multiple",
    "B.transpose(1, 0)": "must name each axis of the array once",
    "[b for b, n, d in [Q.shape]]": "counts on exactly 3 axes",
    "[n for n, d in [B.shape]]": "counts on exactly 2 axes",
    "Q.copy().__setitem__(slice(None), K)": "has the shape (7,3), and its place the shape (5,3)",
    "np.stack([Q, K])": "puts arrays of one shape side by side",
    "np.concatenate([Q, B])": "equally many axes: one has 2, another 3",
    "Q[9]": "Axis 0 has the length 5, and places are counted from 0: number 9",
    "Q[0, 0, 0]": "More indices were given (3) than there are axes (2)",
    "np.ones(3).sum(axis=1)": "With a single axis, there is no axis 1",
    "Q.__iadd__(np.ones((2, 5, 3)))": "The result has the shape (2,5,3)",
    "1 if Q else 0": "neither true nor false",
    "float(Q)": "takes one number",
    "np.array([Q, K])": "of different lengths",
}


def raised(source: str, **more: str) -> Raised:
    cell = f"import math\nimport numpy as np\ndef f(Q, K, B, M):\n    return {source}\n"
    reply = call(load_cells(cell), "f", Q, K, B, M)
    assert isinstance(reply, Raised), reply
    return reply


@pytest.mark.parametrize("source", SAID)
def test_which_sizes_met_is_told(source: str) -> None:
    reply = raised(source)
    first, *_ = in_our_words(reply)
    assert SAID[source] in first
    assert first.endswith(".")
    lines = described("f(…)", reply).splitlines()
    assert lines[0].startswith(f"f(…) raised {reply.type}: ")
    assert lines[1] == f"In code cell 1, line 4: `return {source}`"
    assert lines[2] == first


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("Q @ K", "In that line, `Q` has the shape (5, 3), `K` has the shape (7, 3)."),
        ("np.stack([Q, B])", "In that line, `Q` has the shape (5, 3), `B` has the shape (2, 4, 3)."),
        ("np.linalg.inv(Q)", "In that line, `Q` has the shape (5, 3)."),
    ],
)
def test_the_arrays_of_that_line_are_told_with_their_shapes(source: str, told: str) -> None:
    assert in_our_words(raised(source))[-1] == told


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("math.erf(Q)", "NumPy has none of that name for arrays: use `np.vectorize(math.erf)`."),
        ("np.erf(Q)", "NumPy has none of that name for arrays: use `np.vectorize(math.erf)`."),
        ("math.lgamma(Q)", "NumPy has none of that name for arrays: use `np.vectorize(math.lgamma)`."),
        ("math.exp(Q)", "For arrays, NumPy has a function of that name: `np.exp`."),
        ("Q * (1 + math.erf(Q / math.sqrt(2))) / math.sqrt(X)", "use `np.vectorize(math.erf)`."),
        ("math.exp(Q) + math.sqrt(X)", "`np.exp`."),
        ("math.exp(Q) + math.erf(Q)", "What stands there takes one number, and was given an array of several."),
        ("float(Q)", "What stands there takes one number, and was given an array of several."),
    ],
)
def test_what_takes_one_number_only_is_told_with_what_takes_arrays(source: str, told: str) -> None:
    assert in_our_words(raised(source.replace("X", "math.pi")))[0].endswith(told)


def test_the_product_says_plainly_which_axes_must_be_equally_long() -> None:
    first, *_ = in_our_words(raised("Q @ K"))
    assert "A's last axis must be as long as B's last but one (or as B itself, if B is a vector)" in first


@pytest.mark.parametrize("source", ["np.softmax(Q)", "np.factorial(Q)"])
def test_of_what_no_number_has_either_nothing_is_said(source: str) -> None:
    assert in_our_words(raised(source)) == []


@pytest.mark.parametrize("source", ["[a for a, b, c in [(1, 2)]]", "Q.missing", "missing", "1 / 0", "{}['a']", "[][0]"])
def test_of_what_is_not_about_shapes_nothing_is_said(source: str) -> None:
    reply = raised(source)
    assert not [each for each in in_our_words(reply) if "In that line" not in each]


@pytest.mark.parametrize(
    "message",
    [
        "could not be broadcast together with shapes (a,b) (c)",
        "could not be broadcast together with shapes (9999999999999999999999) (2)",
        "could not be broadcast together with shapes ()",
        "could not be broadcast together with shapes (\u0661) (\u0662)",
        "shapes (,) and () not aligned: 3 (dim 1) != 7 (dim 0)",
        "cannot reshape array of size 7 into shape (",
        "cannot reshape array of size 7 into shape (newaxis,newaxis)",
        "not enough values to unpack (expected 3",
    ],
)
def test_a_message_that_a_student_made_up_does_no_harm(message: str) -> None:
    reply = Raised("ValueError", ("ValueError",), message, CodeLine("c", 1, ""), (("a", (1, 2)),))
    assert all(isinstance(sentence, str) for sentence in in_our_words(reply))


@pytest.mark.parametrize("used", ["", "    def later(): return out, Q\n"])
def test_a_name_without_a_value_yet_has_not_the_shape_of_a_global_one(used: str) -> None:
    given = "import numpy as np\n\nout, K = np.ones((2, 9)), np.ones((7, 3))\n"
    reply = call(load_cells(f"{given}def f(Q):\n{used}    out, _ = Q @ K\n    return out, K\n"), "f", Q)
    assert isinstance(reply, Raised)
    assert reply.shapes == (("Q", (5, 3)), ("K", (7, 3)))


def test_no_more_than_some_shapes_are_told_and_none_of_what_is_no_array() -> None:
    source = "def f(a, b, c, d, e, n):\n    return a + b + c + d + e + n.missing\n"
    reply = call(load_cells(source), "f", *(np.ones(3) for _ in range(5)), 3)
    assert isinstance(reply, Raised)
    assert [name for name, _ in reply.shapes] == ["a", "b", "c", "d"]
