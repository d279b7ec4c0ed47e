"""What a proof of `certify` says when it fails, or where something counts for nothing, for the course's author."""

from __future__ import annotations

from pathlib import Path

from autograder.language.current import translatable

translatable(__name__)

LOSES_NO_POINT = "loses no point"
WORTH_NOTHING = "worth nothing: all of its checks have @points(0)"
CAUGHT_FOR_NOTHING = "loses no point: only checks with @points(0) fail"
NAMED_NOTHING = "named as nothing"
NO_MISCONCEPTION = "no misconception is known for this question"


def check_at_fault(check: str) -> str:
    return f"the reference does not pass {check} either"


def wrong_score(score: str, wanted: str) -> str:
    return f"earns {score} instead of {wanted}"


def nonsense_earns(what: str, check: str) -> str:
    return f"a function that returns {what} passes {check}"


def named_otherwise(names: str) -> str:
    return f"named as {names}"


def too_close(tolerances: str) -> str:
    return f"differs by only {tolerances} times the tolerance"


# What is refused before anything is proved.


def name_taken(path: Path, line: int, name: str, first: str, at: int) -> str:
    return f"{path}, line {line}: the misconception in {first}, line {at}, is called `{name}` as well: choose another"


def other_signature(path: Path, line: int, name: str, signature: str, question: str, wanted: str) -> str:
    return (
        f"{path}, line {line}: the misconception `{name}{signature}` is to be called as `{question}{wanted}` is: give "
        "it the same parameters"
    )


def says_nothing(file: Path, line: int, function: str) -> str:
    return (
        f"{file}, line {line}: `{function}` may fail here without a word to the student: say what is asked for, as in "
        '`assert …, "Each row sums to 1."`'
    )


def shows_the_answer(file: Path, line: int, function: str) -> str:
    return (
        f"{file}, line {line}: what `{function}` says here is made of the reference's answers, which are hidden: say "
        "what is asked for without them"
    )


def shows_numbers(file: Path, line: int, name: str) -> str:
    return (
        f"{file}, line {line}: NumPy's `{name}` shows students the numbers that this hidden check asks for: take "
        "`assert_matches` or `assert_allclose` of autograder.checking"
    )


def other_arguments(file: Path, line: int, check: str, question: str) -> str:
    return (
        f"{file}, line {line}: check `{check}` calls `{question}` with other arguments when it is run again: draw them "
        "from `rng`, or from a generator with a seed"
    )


def unsteady(file: Path, line: int, name: str) -> str:
    return (
        f"{file}, line {line}: `{name}` answers the same call of a check otherwise when it is called again: let it "
        "draw no numbers, or from a generator with a seed, and keep nothing between calls"
    )


def other_name(file: Path, line: int, check: str) -> str:
    return (
        f"{file}, line {line}: check `{check}` has another name when it is collected again: its parameters must be the "
        "same each time"
    )


# Of notebooks.


def as_released(reason: str) -> str:
    return f"{reason} (in the notebook as released, where no answer is written yet)"


def stub_raises(reason: str) -> str:
    return f"{reason}: put the marks around the solution into the body of the function, or into the class's methods"


def checked_already(lesson: Path, line: int) -> str:
    return f"{lesson}, line {line}: released, the answer that begins there is checked as if it was written already"


def checked_wrong(lesson: Path, line: int, check: str, said: str, assignment: str) -> str:
    return (
        f"{lesson}, line {line}: solved, the answer that begins there fails a visible check in the notebook, "
        f"“{check}”: {said} `pytest solutions/{assignment}` shows where"
    )


def notice_on_right(lesson: Path, line: int) -> str:
    return f"{lesson}, line {line}: solved, the cell that begins there shows a notice, as if an answer was wrong"


# What does not end.


def does_not_end(path: Path, line: int, check: str, seconds: str) -> str:
    return f"{path}, line {line}: this has not ended after {seconds} s, in check `{check}`: is there a loop?"


def does_not_end_outside(path: Path, line: int, seconds: str) -> str:
    return f"{path}, line {line}: this has not ended after {seconds} s, and no check had begun: is there a loop?"


def does_not_end_somewhere(assignment: str, seconds: str) -> str:
    return f"{assignment}: its proofs have not gone on for {seconds} s: is there a loop?"


def process_ended(assignments: str) -> str:
    return (
        f"the process that proved {assignments} was ended: does a check or a misconception end it, or take too much "
        "memory?"
    )
