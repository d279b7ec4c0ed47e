"""Sentences about marks: for students, how theirs came about; for instructors, what a person has to decide."""

from __future__ import annotations

# Numbers and times


MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def moment(day: int, month: str, year: int, clock: str, zone: str) -> str:
    return f"{day} {month} {year}, {clock} {zone}"


def days(count: str) -> str:
    return "1 day" if count == "1" else f"{count} days"


def hours(count: str) -> str:
    return "1 hour" if count == "1" else f"{count} hours"


def minutes(count: str) -> str:
    return "1 minute" if count == "1" else f"{count} minutes"


def two_times(longer: str, shorter: str) -> str:
    """How long, of two parts: days and hours, for one."""
    return f"{longer} and {shorter}"


def three_times(longest: str, longer: str, shorter: str) -> str:
    return f"{longest}, {longer} and {shorter}"


def begun_days(count: str) -> str:
    return "1 begun day" if count == "1" else f"{count} begun days"


def begun_hours(count: str) -> str:
    return "1 begun hour" if count == "1" else f"{count} begun hours"


def points(count: str) -> str:
    return "1 point" if count == "1" else f"{count} points"


# What counts


def check_removed(check: str, question: str, points: str) -> str:
    """`points` is one of the above."""
    return f"`{check}` of `{question}` ({points}) counts for nobody."


def question_removed(question: str, points: str) -> str:
    return f"`{question}` ({points}) counts for nobody."


def check_in_full(check: str, question: str, points: str, earned: str) -> str:
    return f"`{check}` of `{question}` counts in full for everybody: {points}, in the place of {earned}."


def question_in_full(question: str, points: str, earned: str) -> str:
    return f"`{question}` counts in full for everybody: {points}, in the place of {earned}."


def extra_credit(name: str) -> str:
    return f"`{name}` is extra credit: what it earns counts, and the maximum is without it."


# Points by hand


def by_person(question: str, points: str, checks: str, comment: str) -> str:
    if comment:
        return f"`{question}`: a person gave {points}, in the place of {checks} from its checks: {comment}"
    return f"`{question}`: a person gave {points}, in the place of {checks} from its checks."


def extra_points(question: str, points: str) -> str:
    return f"`{question}`: a person added {points}."


def fewer_points(question: str, points: str) -> str:
    return f"`{question}`: a person took off {points}."


def not_graded_by_hand(question: str) -> str:
    return f"`{question}` has not been graded by hand yet."


def to_be_looked_at_again(question: str) -> str:
    return f"`{question}` is to be looked at again by a person before its points by hand count."


def sources_differ(question: str, given: str) -> str:
    """`given` lists points with their sources."""
    return f"`{question}` has different points by hand, of which none count until a person decides: {given}."


def given_in(points: str, source: str) -> str:
    return f"{points} in {source}"


UNGRADED_COUNTS_ZERO = "What nobody has graded by hand yet counts 0 points."


# Overrides, and no mark


def question_set(question: str, points: str, reason: str) -> str:
    return f"`{question}` was set to {points}: {reason}" if reason else f"`{question}` was set to {points}."


def mark_set(points: str, reason: str) -> str:
    return f"Your mark was set to {points}: {reason}" if reason else f"Your mark was set to {points}."


def excused(reason: str) -> str:
    return f"You are excused from this assignment: {reason}" if reason else EXCUSED


EXCUSED = "You are excused from this assignment."
MISSING = "Nothing was handed in."
MISSING_IS_ZERO = "Nothing was handed in: that counts as 0 points."


def not_due_yet(due: str) -> str:
    return f"Nothing has been handed in so far; it is due {due}."


UNREADABLE = "What was handed in could not be read, so there is no mark."
UNREADABLE_IS_ZERO = "What was handed in could not be read: that counts as 0 points."
GRADER_ERROR = "The grader itself failed in a check: that is not your fault, and there is a mark when it is mended."


# Late work


def extended(due: str, reason: str) -> str:
    return f"Your deadline was moved to {due}: {reason}" if reason else f"Your deadline was moved to {due}."


def free_days_taken(taken: str, all_of_them: str, due: str, left: str) -> str:
    return f"Free days move your deadline to {due}: {taken} of {all_of_them} taken here, {left} left."


def late(lateness: str, due: str, cost: str) -> str:
    """`cost` is one of the below."""
    return f"Handed in {lateness} late (due {due}): {cost}."


NOTHING_OFF = "nothing is taken off"


def of_possible(begun: str, percent: str, possible: str) -> str:
    return f"{begun} at {percent}% of {possible}"


def of_earned(begun: str, percent: str, earned: str) -> str:
    return f"{begun} at {percent}% of the {earned} earned"


def at_percent(begun: str, percent: str) -> str:
    return f"{begun} at {percent}% will be taken off"


def closed(longest: str) -> str:
    return f"what comes more than {longest} after that earns nothing"


CLOSED_AT_ONCE = "what comes after that earns nothing"


def at_most(percent: str) -> str:
    return f"For being late, no more than {percent}% is taken off."


def no_more_than_earned(earned: str) -> str:
    return f"No more is taken off than was earned: {earned}."


NOTHING_EARNED = "Nothing was earned, so nothing is taken off."
SAID_TO_BE_LATE = "It is said to have come late, but not when: nothing is taken off."


def recorded_penalty(points: str) -> str:
    return f"For being late, the gradebook takes off {points}."


# For the instructor: what many have in common; `names` are some of them


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
        f"override the mark where that is not right: {count} ({names})"
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


def and_more(listed: str, count: int) -> str:
    return f"{listed} and {count} more"


def person_given(name: str, given: str) -> str:
    """`given` lists points with their sources."""
    return f"{name} [{given}]"


# For the instructor: overrides


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
