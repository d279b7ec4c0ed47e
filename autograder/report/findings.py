"""What a report says to a student, in any format: our own faults do not quote themselves, and nothing acts up."""

from __future__ import annotations

import re

from autograder.outputs.inline import plain_text
from autograder.report.model import CheckResult, Outcome

OUR_FAULT = "This check itself failed: the grader's fault, not yours. It is mended and graded again."
# Controls but for line ends and tabs, reversed reading order, halves of a character: what neither XML nor people want.
_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def spoken(check: CheckResult) -> str:
    """The words of a check to the student, where nothing can be stressed.

    A grader error speaks to the instructor: it may quote the solution.
    """
    return OUR_FAULT if check.outcome is Outcome.GRADER_ERROR else readable(plain_text(check.message))


def is_unread(check: CheckResult) -> bool:
    """Whether a function is there, and it is its code that could not be read. (See `checking.messages.missing`.)"""
    return check.outcome is Outcome.MISSING and "could not be read: " in check.message


def readable(text: str) -> str:
    """The text with all that must not be obeyed replaced by a sign that something stood there."""
    return _UNREADABLE.sub("\ufffd", text)
