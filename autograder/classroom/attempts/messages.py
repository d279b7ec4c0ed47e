"""Sentences about attempts: for the instructor and, in reports, for the student."""

from __future__ import annotations

from autograder.language.current import translatable

translatable(__name__)

EMPTY_TIME = "(empty)"


def cut_off(text: str) -> str:
    return f"{text} …"


# Which attempt counts. `names` are those of students, or of the folders of teams.


def earlier_counts(assignment: str, names: str) -> str:
    return f"{assignment}: the last attempt by the deadline is graded, and not the newest one: {names}"


def earlier_counts_by_word(assignment: str, names: str) -> str:
    return (
        f"{assignment}: the newest attempt is not graded, for the system calls it late without a time, and the one "
        f"before it not, of {names}. Did anybody of them have more time? Write when the newest one was handed in into "
        "timestamp.txt beside it, and grade again"
    )


def newest_counts(assignment: str, names: str) -> str:
    return (
        f"{assignment}: there are several attempts, and no system says which is the last one by the deadline (a commit "
        f"only claims its time): the newest is graded, of {names}. If that is not right, write when it was handed in "
        "into timestamp.txt beside it, and grade again"
    )


def changed_counts(assignment: str, names: str) -> str:
    return (
        f"{assignment}: what lies in the folder was changed by hand since it was collected, and is graded; the last "
        f"attempt by the deadline is not: {names}"
    )


def attempt_gone(assignment: str, names: str) -> str:
    return (
        f"{assignment}: the last attempt by the deadline is no longer where `collect` kept it, or not as it was: the "
        f"newest is graded, of {names}. Collect all downloads into a new folder, and grade that"
    )


def time_of_other_files(assignment: str, names: str) -> str:
    return (
        f"{assignment}: changed by hand since it was collected, so that the time of handing in may not be right, the "
        f"work of {names}. Write when it was handed in into timestamp.txt beside it, and grade again"
    )


# In reports, for the student.


def note_of_earlier(counts: str, newest: str) -> str:
    return (
        f"This is your attempt of {counts}, the last one by the deadline. The one of {newest} came after it, and is "
        "not graded."
    )


NOTE_WITHOUT_TIMES = "This is your last attempt by the deadline. A newer one came after it, and is not graded."
