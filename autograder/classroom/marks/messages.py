"""Sentences about marks, for students: how theirs came about, and why there is none."""

from __future__ import annotations

from autograder.language.current import translatable

translatable(__name__)

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
    """`check` is its title, as students know it; `points` is one of the above."""
    return f"“{check}” of `{question}` ({points}) was dropped: it counts for nobody."


def question_removed(question: str, points: str) -> str:
    return f"`{question}` ({points}) was dropped: it counts for nobody."


def check_in_full(check: str, question: str, points: str, earned: str) -> str:
    return f"“{check}” of `{question}` counts in full for everybody: {points}, in the place of {earned}."


def question_in_full(question: str, points: str, earned: str) -> str:
    return f"`{question}` counts in full for everybody: {points}, in the place of {earned}."


def check_is_extra(check: str, question: str) -> str:
    return f"“{check}” of `{question}` is extra credit: what it earns counts, and the maximum is without it."


def question_is_extra(question: str) -> str:
    return f"`{question}` is extra credit: what it earns counts, and the maximum is without it."


# Points by hand


def by_person(question: str, points: str, checks: str, comment: str) -> str:
    if comment:
        return f"`{question}`: a person gave {points}, in the place of {checks} from its checks: {comment}"
    return f"`{question}`: a person gave {points}, in the place of {checks} from its checks."


def comment(question: str, comment: str) -> str:
    return f"About `{question}`: {comment}"


def extra_points(question: str, points: str) -> str:
    return f"`{question}`: a person added {points}."


def fewer_points(question: str, points: str) -> str:
    return f"`{question}`: a person took off {points}."


def not_graded_by_hand(question: str) -> str:
    return f"`{question}` has not been graded by hand yet."


def to_be_looked_at_again(question: str) -> str:
    return f"`{question}` is to be looked at again by a person before its points by hand count."


def sources_differ(question: str) -> str:
    """Which points, and where they stand, is told to instructors only."""
    return f"`{question}` has different points by hand, of which none count until a person decides."


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


def late(lateness: str, due: str) -> str:
    return f"Handed in {lateness} late (due {due}): nothing is taken off."


def late_of_possible(lateness: str, due: str, begun: str, percent: str, possible: str) -> str:
    return f"Handed in {lateness} late (due {due}): {begun} at {percent}% of {possible}."


def late_of_earned(lateness: str, due: str, begun: str, percent: str, earned: str) -> str:
    return f"Handed in {lateness} late (due {due}): {begun} at {percent}% of the {earned} earned."


def late_so_far(lateness: str, due: str, begun: str, percent: str) -> str:
    return f"Handed in {lateness} late (due {due}): {begun} at {percent}% will be taken off."


def closed(lateness: str, due: str, longest: str) -> str:
    return f"Handed in {lateness} late (due {due}): what comes more than {longest} after that earns nothing."


def closed_at_once(lateness: str, due: str) -> str:
    return f"Handed in {lateness} late (due {due}): what comes after that earns nothing."


def at_most(percent: str) -> str:
    return f"For being late, no more than {percent}% is taken off."


def no_more_than_earned(earned: str) -> str:
    return f"No more is taken off than was earned: {earned}."


NOTHING_EARNED = "Nothing was earned, so nothing is taken off."
SAID_TO_BE_LATE = "It is said to have come late, but not when: nothing is taken off."


def recorded_penalty(points: str) -> str:
    return f"For being late, the gradebook takes off {points}."
