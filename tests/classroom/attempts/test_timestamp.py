"""Times of handing in, in every form in which they come: read, or kept as one that cannot be read. Nothing raises."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.utils import parse_utc

from autograder.classroom.attempts.timestamp import MAX_SHOWN, read_timestamp
from autograder.report.handed_in import HandedIn
from autograder.text import on_one_line

NINE_FORTY = datetime(2026, 10, 12, 21, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-12 21:40:00 UTC",
        "2026-10-12 21:40:00.000000 UTC\n",
        "2026-10-12 21:40:00.000000 utc",
        "2026-10-12 21:40:00 GMT",
        "2026-10-12 21:40 UTC",
        "2026-10-12T21:40:00Z",
        "2026-10-12 21:40:00",  # as nbgrader takes it
        "2026-10-12 23:40:00 +0200",
        "2026-10-12 23:40:00+02:00",
        "2026-10-12 16:40:00.000000 -05:00",
        "2026-10-12 23:40:00 Europe/Berlin",
        "2026-10-13 06:40:00.000000 Asia/Tokyo",
        "\ufeff2026-10-12 21:40:00 UTC\r\n",
        "  2026-10-12   21:40:00   UTC ",
    ],
)
def test_every_usual_form_is_read(text: str) -> None:
    told = read_timestamp(text)
    assert told == HandedIn(NINE_FORTY)
    assert told.time is not None
    assert told.time.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    [
        *("yesterday", "12.10.2026 21:40", "2026-13-12 21:40:00 UTC", "2026-10-12 9:40 PM", "21:40", "1"),
        *("2026-10-12 21:40:00 CEST", "2026-10-12 21:40:00 UTC+2", "2026-10-12 21:40:00 ../../etc/passwd"),
        *("2026-10-12 21:40:00 America", "0001-01-01 00:00:00 +14:00", "9999-12-31 23:59:59 UTC", "0999-01-01"),
        *("\ufffd\ufffd2\x000\x002\x006", "x" * 64, "<b>2026</b>"),
    ],
)
def test_another_text_is_kept_as_one_that_cannot_be_read(text: str) -> None:
    told = read_timestamp(text)
    assert told.time is None
    assert told.unread
    assert told.unread == on_one_line(told.unread)
    assert len(told.unread) <= MAX_SHOWN + 2


def test_nothing_is_no_time_at_all() -> None:
    assert read_timestamp("") == read_timestamp(" \n") == HandedIn()


@given(st.text(max_size=64))
def test_no_text_makes_anything_fall_over(text: str) -> None:
    told = read_timestamp(text)
    assert told.time is None or not told.unread
    assert HandedIn.from_json(told.to_json()) == told


MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(9998, 12, 30))


@given(MOMENTS, st.integers(-14 * 60, 14 * 60))
def test_a_time_with_its_offset_is_that_moment(moment: datetime, minutes: int) -> None:
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    for text in (str(aware), aware.isoformat(), f"{moment} {aware:%z}"):
        assert read_timestamp(text).time == aware


@given(MOMENTS)
def test_what_nbgrader_writes_is_read_as_nbgrader_reads_it(moment: datetime) -> None:
    for text in (f"{moment:%Y-%m-%d %H:%M:%S.%f} UTC", f"{moment:%Y-%m-%d %H:%M:%S.%f}"):
        told = read_timestamp(text).time
        assert told is not None
        assert told.replace(tzinfo=None) == parse_utc(text)
