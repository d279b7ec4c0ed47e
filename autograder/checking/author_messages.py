"""Sentences to whoever writes checks and misconceptions."""

from __future__ import annotations

from autograder.language.current import translatable
from autograder.sandbox.protocol import Raised

translatable(__name__)


def no_points(file: object, line: int, check: str) -> str:
    return f"{file}, line {line}: check `{check}` does not say what it is worth: put @points(…) above it"


def not_points(checks: object, line: int, check: str, points: str, most: int) -> str:
    return (
        f"{checks}, line {line}: check `{check}` is worth {points}, which is no number of points: "
        f"write one from 0 to {most}, such as @points(2)"
    )


def no_title(file: object, line: int, check: str) -> str:
    return f"{file}, line {line}: check `{check}` has no docstring: its first line is the title that the student reads"


def visible_with_reference(file: object, line: int, check: str) -> str:
    return (
        f"{file}, line {line}: check `{check}` is visible and asks for `reference`, which students do not have: "
        "move it to the hidden checks"
    )


def about_no_question(file: object, line: int, check: str, known: str) -> str:
    return (
        f"{file}, line {line}: check `{check}` is about no question: it must call `student.<question>` itself, or hand "
        f"`student` to a function of its own file that does; there is {known}"
    )


def neither_passes_nor_fails(checks: object, line: int, check: str, how: str) -> str:
    return (
        f"{checks}, line {line}: check `{check}` has {how}: a check passes or fails, for everybody "
        "alike; take it out of the file, or let it be worth nothing, by @points(0)"
    )


def nothing_to_capture(checks: object, line: int, check: str, fixture: str) -> str:
    return (
        f"{checks}, line {line}: check `{check}` asks for `{fixture}`: answers run in a process of their own, and what "
        "they print, log or warn of is not kept; let them return it"
    )


def no_fixture(checks: object, line: int, check: str, fixture: str) -> str:
    return (
        f"{checks}, line {line}: check `{check}` asks for `{fixture}`, which nobody gives it: a check may have "
        "`student`, `reference` (if it is hidden), `rng`, what it is parametrised with, and what pytest or a "
        "conftest.py has"
    )


def no_function(file: object, line: int, fixture: str, name: str, known: str) -> str:
    return f"{file}, line {line}: there is no `{fixture}.{name}`: the lesson has {known}"


def name_taken(file: object, line: int, check: str) -> str:
    return f"{file}, line {line}: check `{check}` has the name of another check"


def defined_twice(file: object, line: int, check: str) -> str:
    return f"{file}, line {line}: check `{check}` stands there for the second time, and only this one would run"


def no_check_about(folder: object, question: str) -> str:
    return f"{folder}: no check is about the question `{question}`"


def broken(path: object, error: str, detail: str) -> str:
    return f"{path}: {error}: {detail}"


def broken_line(path: object, line: int, error: str, detail: str) -> str:
    return f"{path}, line {line}: {error}: {detail}"


def nothing_collected(file: object) -> str:
    return f"no check can be collected from {file}"


def no_question(name: str, known: str) -> str:
    return f"no question is named {name!r}: the lesson has {known}"


def no_hint(misconception: str) -> str:
    return f"the misconception `{misconception}` needs a docstring of two paragraphs: the mistake, and a hint"


# What no answer can pass


def not_a_function(assertion: str, kind: str) -> str:
    return (
        f"{assertion} is handed a {kind}: hand it the student's function or method itself, uncalled, such as "
        f"`student.softmax` or `model.predict`, and its arguments behind; what has been computed already is for "
        "`assert_allclose`, or for an `assert` with a sentence"
    )


def reference_raises(call: str, reply: Raised) -> str:
    raised, message = reply.type, reply.message
    return f"{call} raises {raised} in the reference ({message}): mend it there, or say `raises={raised}` in the check"


def reference_raises_nothing(call: str, kind: str) -> str:
    return f"{call} should raise {kind}, and does not in the reference: mend it there, or leave out `raises`"


def not_comparable(call: str, answer: str) -> str:
    return f"{call} returns {answer} in the reference, which cannot be compared with itself: say how, by `compare=`"


def no_attribute(name: str, attribute: str) -> str:
    return f"an object of the reference's {name} has no {attribute}: put the check or the reference right"


def cannot_cross(kind: str) -> str:
    return (
        f"an argument of type {kind} cannot be handed to a student's function: plain values, arrays, dataclasses, "
        "generators of random numbers, and functions of the lesson, of NumPy or of Python can"
    )
