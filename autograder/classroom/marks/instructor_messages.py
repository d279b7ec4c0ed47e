"""Sentences about marks, for instructors: what a person has to decide, and the sum of one student, line by line."""

from __future__ import annotations

from autograder.language.current import translatable

translatable(__name__)

# What many have in common; `names` are some of them


def claims(assignment: str, count: int, names: str) -> str:
    return (
        f"{assignment}: the time of handing in is only the student's word, and counts as it stands; "
        f"look at it where it matters: {count} ({names})"
    )


def unread(assignment: str, count: int, names: str) -> str:
    return (
        f"{assignment}: the time of handing in cannot be read, so nothing is taken off; "
        f"look at whether it was late: {count} ({names})"
    )


def unknown(assignment: str, count: int, names: str) -> str:
    return (
        f"{assignment}: it is not known when the work was handed in, so nothing is taken off; "
        f"look at whether it was late: {count} ({names})"
    )


def said_late(assignment: str, count: int, names: str) -> str:
    return (
        f"{assignment}: the work is said to be late, but not when it came, so nothing is taken off; "
        f"write the time into the timestamp.txt beside it, and grade again: {count} ({names})"
    )


def nothing_is_possible(assignment: str) -> str:
    return (
        f"{assignment}: all of it is dropped or extra credit, so it has no maximum and no place in the course total; "
        "look at drop and extra_credit"
    )


def differ(assignment: str, question: str, count: int, names: str) -> str:
    return (
        f"{assignment}: `{question}` has different points by hand, so none are taken; "
        f"make them the same: {count} ({names})"
    )


def by_hand_for_nothing(assignment: str, question: str, count: int, names: str) -> str:
    return (
        f"{assignment}: points by hand for `{question}` count nowhere, for the report has no such question; "
        f"grade the work again: {count} ({names})"
    )


def person_given(name: str, given: str) -> str:
    """`given` lists points with their sources."""
    return f"{name} [{given}]"


# Late work

NOTHING_IS_DUE = (
    "class.toml says in [late] what late work costs, but no assignment has a `due`, so that never applies: "
    "add `due` to each [assignments.NAME] that has a deadline"
)


def late_without_due(assignment: str) -> str:
    return (
        f"{assignment}: class.toml has a late rule for it, but no `due`, so it never applies: "
        f"add `due` to [assignments.{assignment}]"
    )


# Overrides


def override_beyond(assignment: str, student: str, points: str, possible: str) -> str:
    return f"{assignment}: {student}'s mark was set to {points}, beyond the maximum of {possible}"


def question_override_beyond(assignment: str, student: str, question: str, points: str, possible: str) -> str:
    return f"{assignment}: {student}'s `{question}` was set to {points}, beyond its maximum of {possible}"


def override_without_maximum(assignment: str, student: str) -> str:
    return f"{assignment}: {student}'s mark was set, but no report tells the maximum, so it is not in the course total"


def override_of_nothing(assignment: str, student: str, question: str) -> str:
    return (
        f"{assignment}: {student}'s `{question}` was set, but it does not count or is not there; "
        "override the whole mark, or take that override out"
    )


# The sum of one student, line by line


STATUS = {
    "graded": "graded",
    "missing": "nothing handed in",
    "excused": "excused",
    "unreadable": "could not be read",
    "grader_error": "the grader failed",
    "awaits_hand_grading": "awaits hand grading",
}
FROM_CHECKS = "from checks"
BY_HAND = "for answers in words"
MARK_OF = "of {possible}: {status}"
LATE_MARK_OF = "of {possible}: {status}, late"
WITHDRAWN = "Withdrawn from the class."
COURSE_TOTAL = "Course total"
NO_TOTAL = "No total: no mark counts in it yet."
NOT_FINAL = "Not final: something that counts is still to come."
NO_MAXIMUM = "outside of the total: no maximum"


def about(student: str, section: str) -> str:
    return f"{student}, section {section}" if section else student


def answer(question: str, points: str, possible: str, comment: str) -> str:
    return f"`{question}`: {points} of {possible}: {comment}" if comment else f"`{question}`: {points} of {possible}"


def answer_ungraded(question: str, possible: str) -> str:
    return f"`{question}`: of {possible}, not graded yet"


def weight(weight: str) -> str:
    return f"weight {weight}"


def total(share: str) -> str:
    return f"Total: {share}"


def capped_total(share: str, uncapped: str) -> str:
    return f"Total: {share} (the marks give {uncapped}, and no total is higher than that)"
