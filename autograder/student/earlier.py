"""The earlier questions that an answer builds on, in a running notebook or in a file. Portable."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from autograder.sandbox.namespace import ABSENT, Namespace
from autograder.student.builds_on import Known, QuestionAt, builds_on
from autograder.student.workspace import FETCHED, Workspace


def before_in_file(
    course: Workspace, question: QuestionAt, space: Namespace, own: Sequence[str]
) -> dict[QuestionAt, Any]:
    """What the answer to a question in a file builds on, each with what answers it there: earliest first.

    `own` are the questions of the same assignment, in their order.
    """
    earlier = _earlier(course, question, own)
    known = _known(earlier, question)
    _add_file(known, course, space, question.assignment)
    found = builds_on(space.values.get(question.name), known)
    return {at: found[at] for at in earlier if at in found}


def before_in_notebook(
    course: Workspace | None, question: QuestionAt, function: object, names: dict[str, Any], own: Sequence[str]
) -> dict[QuestionAt, Any]:
    """The same for a function in a running notebook with these names, to which `previous` has brought earlier ones.

    Without a `course`, there are only those of the notebook itself.
    """
    earlier = _earlier(course, question, own)
    known = _known(earlier, question)
    if course:
        for handed, fetched in list(FETCHED.items()):
            _add_file(known, course, fetched.space, fetched.at.assignment)
            known.questions[id(handed)] = fetched.at
    known.add(names, {name: QuestionAt(question.assignment, name) for name in own})
    found = builds_on(function, known)
    return {at: found[at] for at in earlier if at in found}


def _earlier(course: Workspace | None, question: QuestionAt, own: Sequence[str]) -> list[QuestionAt]:
    """All questions that are asked before one, in the order in which they are taught."""
    names = course.names[: course.names.index(question.assignment)] if course else ()
    before = [QuestionAt(each, name) for each in names for name in course.asked(each)] if course else []
    return [*before, *(QuestionAt(question.assignment, name) for name in takewhile(question.name.__ne__, own))]


def _known(earlier: Sequence[QuestionAt], question: QuestionAt) -> Known:
    """A name that is defined nowhere is that of a question of an earlier assignment, if there is one."""
    homes = {at.name: at for at in reversed(earlier) if at.assignment != question.assignment}
    return Known(homes.get)


def _add_file(known: Known, course: Workspace, space: Namespace, assignment: str) -> None:
    """What a file and those before it have defined. Whose questions they answer tells which assignments they are of."""
    assignments = {course.asked(name): name for name in course.names}
    answers: dict[str, tuple[QuestionAt, Any]] = {}
    for each in (*space.earlier, space):
        name = assignment if each is space else assignments.get(tuple(each.questions))
        if name is None:  # its checks are others by now
            continue
        handed_on = {
            question: at for question, (at, answer) in answers.items() if each.values.get(question, ABSENT) is answer
        }
        own = {question: QuestionAt(name, question) for question in each.questions}
        known.add(each.values, handed_on | own)
        answers |= {question: (at, each.values.get(question)) for question, at in own.items()}
