"""Reads when work was handed in: as `timestamp.txt` says, in nbgrader's forms, and as the record of an attempt does."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from autograder.classroom.attempts import messages
from autograder.classroom.collect.manifest import Attempt
from autograder.report.handed_in import HandedIn
from autograder.text import on_one_line

MAX_SHOWN = 40  # characters of a time that cannot be read
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # Notepad begins files with it
YEARS = range(1970, 9999)  # others are mistakes, and at the ends of the calendar no zone can be applied


def read_timestamp(text: str) -> HandedIn:
    """What a `timestamp.txt` says: `2026-10-12 21:40:00.123456 UTC`, or ISO 8601, or with the name of a time zone.

    A time without a zone is in UTC, as nbgrader takes it. Another text is kept, short, as one that cannot be read.
    """
    text = text.removeprefix(BYTE_ORDER_MARK).strip()
    if not text:
        return HandedIn()
    try:
        time = _time(text)
    except (ValueError, OverflowError, KeyError, OSError):  # the last two: of a zone that there is not
        return HandedIn(unread=_shown(text))
    return HandedIn(time) if time.year in YEARS else HandedIn(unread=_shown(text))


def of_attempt(attempt: Attempt) -> HandedIn:
    """What the record of an attempt says: the system's word, or the student's claim."""
    if attempt.unread_time is not None:
        return HandedIn(unread=_shown(attempt.unread_time), is_late=attempt.is_late)
    if not attempt.handed_in:
        return HandedIn(is_late=attempt.is_late)
    time = datetime.fromisoformat(attempt.handed_in)
    if time.year not in YEARS:
        return HandedIn(unread=_shown(attempt.handed_in), is_late=attempt.is_late)
    return HandedIn(time, attempt.is_claim)


def _time(text: str) -> datetime:
    """In UTC. Raises ValueError, OverflowError, KeyError and OSError."""
    *before, last = text.split()
    zone: tzinfo = UTC
    if before and last[0].isalpha():
        zone, iso = _zone(last), "T".join(before)
    elif before and last[0] in "+-":
        iso = "T".join(before) + last
    else:
        iso = "T".join((*before, last))
    time = datetime.fromisoformat(iso)
    return (time if time.tzinfo else time.replace(tzinfo=zone)).astimezone(UTC)


def _zone(name: str) -> tzinfo:
    """Raises ValueError, KeyError and OSError."""
    return UTC if name.upper() in ("UTC", "GMT", "Z") else ZoneInfo(name)


def _shown(text: str) -> str:
    line = on_one_line(text.strip())
    if not line:
        return messages.EMPTY_TIME
    return line if len(line) <= MAX_SHOWN else messages.cut_off(line[:MAX_SHOWN])
