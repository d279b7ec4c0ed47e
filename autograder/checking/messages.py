"""Every sentence that a check says to a student. None shows an expected array; a property may name its one number.

`{call}` is the call as a student would write it down, `softmax(S: (3, 5))`; `{answer}` and `{wanted}` are values by
their kind and shape, `an array of shape (3, 5)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograder.checking.comparison import messages as values
from autograder.language.current import translatable
from autograder.sandbox.protocol import CodeLine, Crash, Crashed, Missing, Raised, TimedOut, Unsteady

translatable(__name__)

IN_PLACE = "`+=`, `out=` and methods like `append` write into what was handed in: make something new instead."


# How a call ends.


def returned(call: str, value: Any) -> str:
    answer = values.described(value)
    return f"{call} returned {answer}."


ITSELF = "the object itself (`return self`)"


def no_object(call: str, value: Any, wanted: str) -> str:
    """`wanted` is the name of a class, or ITSELF."""
    answer = values.described(value)
    return f"{call} returned {answer}; {wanted} is asked for."


def changed_input(call: str, names: Sequence[str]) -> str:
    inputs = " and ".join(f"`{name}`" for name in names)
    return f"{call} changed its input {inputs}. {IN_PLACE}"


def should_raise(call: str, kind: str, value: Any) -> str:
    answer = values.described(value)
    return f"{call} should raise {kind}: it cannot be done. It returned {answer}."


def unsteady(call: str, name: str, reply: Unsteady) -> str:
    if reply.overwritten:
        return (
            f"After more calls of `{name}`, an array that it had returned before holds other numbers: "
            "each call should return an array of its own."
        )
    return (
        f"{call} gave one answer, and another one when it was called again: "
        "an answer should depend on nothing but the arguments."
    )


def missing(name: str, reply: Missing) -> str:
    reason = reply.reason
    if reason:
        return f"`{name}` could not be read: {reason}."
    return f"There is no function `{name}` yet. Its name must be exactly that."


def not_implemented(name: str) -> str:
    return f"`{name}` is still to be written: replace `raise NotImplementedError()` with your own lines."


def raised(call: str, reply: Raised) -> str:
    kind, message = reply.type, reply.message.strip()
    finding = f"{call} raised {kind}: {message}" if reply.message else f"{call} raised {kind}"
    if reply.line is None:
        return finding
    where = at_line(reply.line)
    return f"{finding}\n{where}"


def at_line(line: CodeLine) -> str:
    label, number, text = line.label, line.number, line.text
    return f"In {label}, line {number}: `{text}`"


def timed_out(call: str, reply: TimedOut) -> str:
    computing, passing = format(reply.cpu_seconds, "g"), format(reply.wall_seconds, "g")
    if reply.altogether:
        return (
            f"{call} has no answer: one submission may take {passing} s in all, and those were used up, here or by the "
            "calls before it."
        )
    finding = (
        f"{call} had no answer in time and was stopped: it may compute for {computing} s, and {passing} s may pass. "
        "Is there a loop that never ends?"
    )
    if reply.line is None:
        return finding
    where = at_line(reply.line)
    return f"{finding}\n{where}"


def not_tried_again(name: str) -> str:
    return f"Not run: time had run out in two checks of `{name}` before."


def crashed(call: str, reply: Crashed) -> str:
    finding = CRASHES[reply.crash].format(call=call, detail=reply.detail)
    if reply.line is None:
        return finding
    where = at_line(reply.line)
    return f"{finding}\n{where}"


CRASHES = {
    Crash.EXITED: "{call} brought no answer: the process that ran it ended itself (exit code {detail}).",
    Crash.ENDED_BY: "{call} brought no answer: the process that ran it was ended by {detail}.",
    Crash.HUNG_UP: "{call} brought no answer: the process that ran it hung up in the middle of the call.",
    Crash.NO_FRAME: "{call} brought no answer: the process that ran it sent {detail}.",
    Crash.NOT_ASKED: "{call} brought no answer: the process that ran it sent an answer to a call that was not made.",
    Crash.UNKNOWN_ANSWER: "{call} brought no answer: the process that ran it sent an answer of no known kind.",
    Crash.UNKNOWN_CHANGE: (
        "{call} brought no answer: the process that ran it said that it changed arguments which it had not got."
    ),
}

# How a check ends.

NO_RIGHT_CALL = (
    "The error is as it should be, but no call of `{question}` that can be done was answered rightly: "
    "refusing counts only beside a right answer."
)
NOTHING_CALLED = "The check could not use the answer: nothing was called."


def upstream(question: str, cause: str) -> str:
    if not cause:
        return (
            f"Your `{question}` is right here, and earns its points. It was tried with right functions in the place of "
            "those that it builds on, because with yours this check fails: see what their own checks say."
        )
    return (
        f"Your `{question}` is right here, and earns its points. It was tried with a right `{cause}`, because with "
        f"yours this check fails: mend `{cause}`."
    )


def upstream_missing(question: str, cause: str) -> str:
    return (
        f"Your `{question}` is right here, and earns its points. It was tried with a right `{cause}`, because there is "
        "none of yours."
    )


# The same where right functions upstream do not help. What the student's code says there is not shown: it may have
# been told right answers.


def not_right_either(question: str, cause: str) -> str:
    return f"With a right `{cause}` in its place, too, your `{question}` is not right here."


def raises_then(question: str, cause: str, kind: str, line: CodeLine | None) -> str:
    finding = f"With a right `{cause}` in its place, too, your `{question}` fails here: it raises {kind}."
    if line is None:
        return finding
    where = at_line(line)
    return f"{finding}\n{where}"


AN_EXCEPTION = "an exception"


def others_build_on(cause: str, question: str, title: str) -> str:
    return (
        f"Other functions cannot build on your `{cause}` as it is: `{question}` fails with it in the check "
        f"“{title}”, and passes with a right one. Look at what that check calls, and mend `{cause}`."
    )


def unusable(call: str, value: Any) -> str:
    answer = values.described(value)
    return f"The check could not use the answer: {call} returned {answer}."


GRADER_ERROR = "The check itself failed; this is the grader's fault, not yours, and costs you nothing in the end."


def grader_error(detail: str) -> str:
    return f"{GRADER_ERROR} ({detail})"


# Properties: the author's own sentence, `why`, stands in front of one of these.


def after_why(why: str, finding: str) -> str:
    return f"{why} {finding}" if why else finding


def yours_is(value: Any) -> str:
    answer = values.described(value)
    return f"Yours is {answer}."


def other_shape(shape: tuple[int, ...], wanted: tuple[int, ...]) -> str:
    return f"The shape is {shape}; {wanted} is asked for."


def _one_of(size: int) -> str:
    return f"1 of {size} numbers" if size > 1 else "The only number"


def the_number_should_be(desired: str, value: str) -> str:
    return f"The number should be {desired} and is not; yours is {value}."


def one_should_be(size: int, desired: str, position: str, value: str) -> str:
    one = _one_of(size)
    return f"{one} should be {desired} and is not; it stands at {position}, where yours has {value}."


def some_should_be(count: int, size: int, desired: str, position: str, value: str) -> str:
    return (
        f"{count} of {size} numbers should be {desired} and are not; "
        f"the first stands at {position}, where yours has {value}."
    )


def the_number_is_off(value: str) -> str:
    return f"The number is not as it should be; yours is {value}."


def one_is_off(size: int, position: str, value: str) -> str:
    one = _one_of(size)
    return f"{one} is not as it should be; it stands at {position}, where yours has {value}."


def some_are_off(count: int, size: int, position: str, value: str) -> str:
    return (
        f"{count} of {size} numbers are not as they should be; the first stands at {position}, where yours has {value}."
    )
