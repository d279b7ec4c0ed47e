"""Deadlines: which point in time is meant, and what is none."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.classroom.policy import times
from autograder.errors import UserError
from tests.classroom.policy.a_class import policy_of

pytestmark = pytest.mark.portable

TEXT = "{zone}[assignments.03_softmax]\ndue = {due}\n"
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "UTC")


def due(folder: Path, written: str, zone: str = "Europe/Berlin") -> datetime:
    top = f'timezone = "{zone}"\n' if zone else "\n"
    time = policy_of(folder, TEXT.format(zone=top, due=written)).for_assignment("03_softmax").due
    assert time is not None
    return time


def refused(folder: Path, written: str, zone: str = "Europe/Berlin") -> str:
    with pytest.raises(UserError) as error:
        due(folder, written, zone)
    return str(error.value).removeprefix(f"{folder / 'class.toml'}, line ")


@pytest.mark.parametrize("written", ["2026-10-12T23:59:00", "2026-10-12 23:59:00", "2026-10-12 23:59:00.000"])
@pytest.mark.parametrize(("zone", "hour"), [("Europe/Berlin", 21), ("UTC", 23), ("Atlantic/Reykjavik", 23)])
def test_a_local_time_is_that_of_the_class(tmp_path: Path, written: str, zone: str, hour: int) -> None:
    assert due(tmp_path, written, zone) == datetime(2026, 10, 12, hour, 59, tzinfo=UTC)


def test_summer_time_is_known(tmp_path: Path) -> None:
    assert due(tmp_path, "2026-10-24T23:59:00").isoformat() == "2026-10-24T23:59:00+02:00"
    assert due(tmp_path, "2026-10-25T23:59:00").isoformat() == "2026-10-25T23:59:00+01:00"


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    written=st.datetimes(datetime(2000, 1, 1), datetime(2199, 12, 31)).map(lambda time: time.replace(microsecond=0)),
    zone=st.sampled_from(ZONES),
)
def test_a_time_is_what_clocks_show_once_or_is_refused(tmp_path: Path, written: datetime, zone: str) -> None:
    """Counted without our rule: how many points in time have clocks show it."""
    place = zoneinfo.ZoneInfo(zone)
    shown = {
        instant
        for fold in (0, 1)
        if (instant := written.replace(tzinfo=place, fold=fold).astimezone(UTC))
        and instant.astimezone(place).replace(tzinfo=None) == written
    }
    if len(shown) == 1:
        assert due(tmp_path, written.isoformat(), zone) in shown
    else:
        assert ("does not exist", "comes twice")[len(shown) // 2] in refused(tmp_path, written.isoformat(), zone)


@pytest.mark.parametrize(
    ("written", "zone", "says"),
    [
        (
            "2026-03-29T02:30:00",
            "Europe/Berlin",
            "3: due does not exist in Europe/Berlin, for clocks are put forward then: write due = 2026-03-29T03:30:00",
        ),
        (
            "2026-10-25T02:30:00",
            "Europe/Berlin",
            "3: due comes twice in Europe/Berlin, for clocks are put back then: "
            "write due = 2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00",
        ),
        (
            "2026-10-12T23:59:00",
            "",
            '3: due is in no time zone: write yours at the top of the file, timezone = "Europe/Berlin", or an offset '
            "behind the time, due = 2026-10-12T23:59:00+02:00",
        ),
        (
            "2026-10-12",
            "UTC",
            "3: due has no time of day: write it behind the date, due = 2026-10-12T23:59:00",
        ),
        ("23:59:00", "UTC", "3: due has no date: write it before the time, due = 2026-10-12T23:59:00"),
        ('"2026-10-12"', "UTC", "3: due has no time of day: write it behind the date, due = 2026-10-12T23:59:00"),
        ('"2026-10-12 23:59"', "UTC", "3: due stands without quotes: due = 2026-10-12T23:59:00"),
        ('" 2026-10-12T23:59:00Z "', "UTC", "3: due stands without quotes: due = 2026-10-12T23:59:00+00:00"),
        *(
            (
                written,
                "UTC",
                "3: due is to be a date and a time, without quotes: due = 2026-10-12T23:59:00",
            )
            for written in ('"12.10.2026"', '""', "20261012", "true", "[2026-10-12T23:59:00Z]", "{}")
        ),
        ("0001-01-01T00:00:00Z", "UTC", "3: due is in no year from 2000 to 2199: mend the year"),
        ("9999-12-31T23:59:00-12:00", "UTC", "3: due is in no year from 2000 to 2199: mend the year"),
        (
            "2026-10-12T23:59:00Z",
            "Europe/Berlni",
            '1: no time zone is called "Europe/Berlni": did you mean "Europe/Berlin"?',
        ),
        (
            "2026-10-12T23:59:00Z",
            "europe/berlin",
            '1: no time zone is called "europe/berlin": did you mean "Europe/Berlin"?',
        ),
        ("2026-10-12T23:59:00Z", "Berlin", '1: no time zone is called "Berlin": did you mean "Europe/Berlin"?'),
        ("2026-10-12T23:59:00Z", "New York", '1: no time zone is called "New York": did you mean "America/New_York"?'),
        *(
            (
                "2026-10-12T23:59:00Z",
                zone,
                f'1: no time zone is called "{zone}": write one such as "Europe/Berlin" or "UTC"',
            )
            for zone in ("+02:00", "../../etc/passwd", "/etc/localtime", "localtime", "*", "x" * 300)
        ),
    ],
)
def test_what_is_no_point_in_time_is_refused(tmp_path: Path, written: str, zone: str, says: str) -> None:
    assert refused(tmp_path, written, zone) == says


def test_an_extension_is_read_by_the_same_rules(tmp_path: Path) -> None:
    text = '[[extensions]]\nstudent = "ana"\nassignment = "*"\ndue = 2026-10-12T23:59:00\n'
    with pytest.raises(UserError, match=r"line 4: due is in no time zone"):
        policy_of(tmp_path, text)


def test_an_extension_by_the_hour_that_clocks_show_twice_is_one(tmp_path: Path) -> None:
    text = """
        timezone = "Europe/Berlin"
        assignments.03_softmax.due = 2026-10-25T02:30:00+02:00
        extensions = [{student = "ana", assignment = "03_softmax", due = 2026-10-25T02:15:00+01:00}]
    """
    (extension,) = policy_of(tmp_path, text).extensions
    assert extension.due is not None
    assert extension.due.astimezone(UTC) == datetime(2026, 10, 25, 1, 15, tzinfo=UTC)


def test_a_machine_without_time_zones_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(times, "available_timezones", set)
    assert refused(tmp_path, "2026-10-12T23:59:00") == (
        "1: this machine knows no time zones: install them with `pip install tzdata`"
    )
