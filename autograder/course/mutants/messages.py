"""What is said of mutants: how each was changed, for which inputs it answers wrongly, what became of it."""

from __future__ import annotations

from pathlib import Path

from autograder.language.current import translatable

translatable(__name__)

# Kinds of changes.

OPERATOR = "another operator"
COMPARISON = "another comparison"
CONDITION = "a condition"
CONSTANT = "a constant"
ARGUMENT = "an argument of a call"
FUNCTION = "another function"
NAME = "another name"
INDEX = "an index"
ORDER = "another order"
LEFT_OUT = "something left out"
CALL_LEFT_OUT = "a call left out"
STATEMENT = "a statement left out"
LOOP = "a loop"
RETURNED = "something else returned"
RAISED = "another exception"
IN_PLACE = "an argument written into"
DEFAULT = "a default value"
REGION = "wrong for some inputs"

# What an answer is in a region.

EVERYWHERE = "any inputs"
OFF_EVERYWHERE = "every number is off"
OFF_FIRST = "the first number is off"
OFF_LAST = "the last number is off"
SQUEEZED = "axes of length 1 are missing"
ROUNDED = "rounded to four decimals"
NOT_NEGATIVE = "without signs"
NOTHING = "nothing is returned"
RAISES = "inputs for which an error is raised"


WITHOUT_AN_ANSWER = "inputs of another draw, for which there is no end"


def written_into(name: str) -> str:
    return f"`{name}` is written into"


# Regions: kinds of inputs.


def axis_is(name: str, axis: int, length: int) -> str:
    return f"`{name}` has {length} along axis {axis}"


def axis_longer(name: str, axis: int, length: int) -> str:
    return f"`{name}` has more than {length} along axis {axis}"


def axes(name: str, count: int) -> str:
    return f"`{name}` has {count} axes"


def batch(name: str) -> str:
    return f"`{name}` is a batch"


def batch_of_one(name: str) -> str:
    return f"`{name}` is a batch of one"


def batch_of_several(name: str) -> str:
    return f"`{name}` is a batch of several"


def empty(name: str) -> str:
    return f"`{name}` is empty"


def single(name: str) -> str:
    return f"`{name}` has one entry"


def larger(name: str, size: int) -> str:
    return f"`{name}` has more than {size} entries"


def square(name: str) -> str:
    return f"the last two axes of `{name}` are equally long"


def not_square(name: str) -> str:
    return f"the last two axes of `{name}` are not equally long"


def of_dtype(name: str, dtype: str) -> str:
    return f"`{name}` is of {dtype}"


def not_contiguous(name: str) -> str:
    return f"`{name}` does not lie in one piece of memory"


def has_negative(name: str) -> str:
    return f"`{name}` has a negative number"


def all_negative(name: str) -> str:
    return f"`{name}` has negative numbers only"


def has_zero(name: str) -> str:
    return f"`{name}` has a 0"


def all_zero(name: str) -> str:
    return f"`{name}` has nothing but 0"


def has_infinity(name: str) -> str:
    return f"`{name}` has an infinity"


def has_nan(name: str) -> str:
    return f"`{name}` has a nan"


def has_large(name: str, size: int) -> str:
    return f"`{name}` has a number beyond {size}"


def all_small(name: str) -> str:
    return f"`{name}` has numbers below 0.01 only"


def has_twice(name: str) -> str:
    return f"`{name}` has an entry twice"


def all_alike(name: str) -> str:
    return f"`{name}` has entries that are all alike"


def in_order(name: str) -> str:
    return f"`{name}` is sorted"


def row_all_false(name: str) -> str:
    return f"`{name}` has a row without True"


def row_all_true(name: str) -> str:
    return f"`{name}` has a row without False"


def same_shape(name: str, other: str) -> str:
    return f"`{name}` has the shape of `{other}`"


def fewer_axes(name: str, other: str) -> str:
    return f"`{name}` has fewer axes than `{other}`"


def same_last_axis(name: str, other: str) -> str:
    return f"`{name}` and `{other}` are equally long along the last axis"


def as_long_as(name: str, other: str, axis: int) -> str:
    return f"`{name}` is the length of `{other}` along axis {axis}"


def number_is(name: str, value: int) -> str:
    return f"`{name}` is {value}"


def negative(name: str) -> str:
    return f"`{name}` is negative"


def beyond(name: str, value: int) -> str:
    return f"`{name}` is larger than {value}"


def odd(name: str) -> str:
    return f"`{name}` is odd"


def even(name: str) -> str:
    return f"`{name}` is even"


def fraction(name: str) -> str:
    return f"`{name}` is not whole"


def is_value(name: str, value: str) -> str:
    return f"`{name}` is {value}"


def of_type(name: str, kind: str) -> str:
    return f"`{name}` is a {kind}"


def given(name: str) -> str:
    return f"`{name}` is given"


def not_given(name: str) -> str:
    return f"`{name}` is not given"


def has_upper(name: str) -> str:
    return f"`{name}` has a capital letter"


def has_space(name: str) -> str:
    return f"`{name}` has a space"


def has_digit(name: str) -> str:
    return f"`{name}` has a digit"


def has_sign(name: str) -> str:
    return f"`{name}` has a sign that is no letter"


def beyond_ascii(name: str) -> str:
    return f"`{name}` has letters beyond ASCII"


def nested(name: str) -> str:
    return f"`{name}` has a sequence in it"


def in_method(method: str, region: str) -> str:
    return f"{method}: {region}"


# What is wrong with the course's own list of equivalents, and with a run.


def equivalents_broken(path: Path, reason: str) -> str:
    return f"{path} cannot be read: {reason}"


def equivalent_incomplete(path: Path, question: str, number: int) -> str:
    return f"{path}: entry {number} of [[{question}]] needs was, now and because, each a text (now may be several)"


def equivalent_of_no_question(path: Path, question: str) -> str:
    return f"{path}: {question} is no question of this assignment"


REASON_STALE = "no mutant is changed so any more: take the entry out"
REASON_CAUGHT = "the checks catch it: take the entry out"
REASON_WRONG = "it is no equivalent: it differs from the reference"
REASON_EMPTY = "no reason is given"


PROCESS_KILLED = (
    "a process that graded mutants was killed, perhaps for want of memory: try one assignment at a time, by its name"
)
RECORD = "What `autograder certify --mutants` has counted, by assignment. It writes this file; nobody else should."


def record_broken(path: Path, reason: str) -> str:
    return f"{path} cannot be read: {reason}. Make it an empty file: `autograder certify --mutants` fills it in again"


def record_unwritten(path: Path, reason: str) -> str:
    return f"{path} cannot be written: {reason}"
