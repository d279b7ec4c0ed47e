"""The earlier questions that an answer builds on, in a running notebook or in a file. Portable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Any, NamedTuple

from autograder.sandbox.toplevel.builds_on import Known, builds_on
from autograder.student.previous import FETCHED
from autograder.student.workspace import Workspace


class QuestionAt(NamedTuple):
    """A question, and the assignment that asks it."""

    assignment: str
    name: str


def in_order(
    names: Iterable[str], question: QuestionAt, course: Workspace | None, own: Sequence[str]
) -> tuple[QuestionAt, ...]:
    """Of some names, the questions that are asked before another one, in the order in which they are taught.

    `own` are the questions of its assignment, in their order. Without a `course`, there are no others.
    """
    assignments = course.names[: course.names.index(question.assignment)] if course else ()
    before = [QuestionAt(each, name) for each in assignments for name in course.asked(each)] if course else []
    before += [QuestionAt(question.assignment, name) for name in takewhile(question.name.__ne__, own)]
    wanted = set(names)
    return tuple(at for at in before if at.name in wanted)


def before_in_notebook(
    course: Workspace | None, question: QuestionAt, function: object, names: dict[str, Any], own: Sequence[str]
) -> dict[QuestionAt, Any]:
    """What a function in a running notebook builds on, `in_order`, each with what answers it there.

    `names` are the notebook's, to which `previous` has brought those of earlier ones.
    """
    known = Known()
    for handed, fetched in list(FETCHED.items()) if course else ():
        known.add_all(fetched.space)
        known.answers[id(handed)] = fetched.name
    known.add(names, own)
    found = builds_on(function, known)
    return {at: found[at.name] for at in in_order(found, question, course, own)}
