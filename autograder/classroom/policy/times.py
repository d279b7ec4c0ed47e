"""Points in time as a class.toml states them: in a time zone, which those without an offset are taken in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, available_timezones

from autograder.classroom.naming import nearest
from autograder.classroom.policy import messages
from autograder.classroom.policy.toml.table import TomlTable
from autograder.errors import UserError
from autograder.text import on_one_line

ZONE = "timezone"
NOT_A_PLACE = {"localtime", "Factory"}  # the first is another one on each machine
FIRST_YEAR, LAST_YEAR = 2000, 2199  # beyond, days cannot be counted on


def read_zone(top: TomlTable) -> ZoneInfo | None:
    """The time zone of the class, None where it has none. Raises UserError."""
    if not top.has(ZONE):
        return None
    name, where, known = top.text(ZONE), top.where(ZONE), available_timezones() - NOT_A_PLACE
    if name in known:
        return ZoneInfo(name)
    if not known:
        raise UserError(messages.no_zones(where))
    if near := _nearest_zone(name, known):
        raise UserError(messages.unknown_zone_like(where, on_one_line(name), near))
    raise UserError(messages.unknown_zone(where, on_one_line(name)))


def _nearest_zone(name: str, known: set[str]) -> str | None:
    """Also where only the city was written."""
    city = name.replace(" ", "_").casefold()
    of_city = (each for each in sorted(known) if each.rpartition("/")[2].casefold() == city)
    return nearest(name, sorted(known)) or next(of_city, None)


def read_time(table: TomlTable, key: str, zone: ZoneInfo | None) -> datetime:
    """A date and a time that know their zone: that of the class, if it has one. Raises UserError.

    One without an offset is what clocks show in `zone`. Where they are put forward or back, some times are not there,
    and some are there twice: neither is guessed.
    """
    value, where = table.values[key], table.where(key)
    if not isinstance(value, datetime):
        raise UserError(_not_a_time(where, key, value))
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise UserError(messages.unlikely_year(where, key, FIRST_YEAR, LAST_YEAR))
    if value.tzinfo is not None:
        return value.astimezone(zone) if zone else value
    if zone is None:
        raise UserError(messages.no_zone(where, key, value.isoformat()))
    first, second = (value.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    later = first.astimezone(UTC).astimezone(zone)
    if later.replace(tzinfo=None) != value:
        raise UserError(messages.no_such_time(where, key, zone.key, later.replace(tzinfo=None).isoformat()))
    raise UserError(messages.time_comes_twice(where, key, zone.key, first.isoformat(), second.isoformat()))


def _not_a_time(where: str, key: str, value: object) -> str:
    if isinstance(value, date):
        return messages.date_alone(where, key, value.isoformat())
    if isinstance(value, time):
        return messages.time_alone(where, key, value.isoformat())
    if isinstance(value, str):
        return _time_in_quotes(where, key, value.strip())
    return messages.not_a_time(where, key)


def _time_in_quotes(where: str, key: str, text: str) -> str:
    """What is to stand there without quotes, as far as it can be told."""
    try:
        written = datetime.fromisoformat(text)
    except ValueError:
        return messages.not_a_time(where, key)
    if len(text) == len(written.date().isoformat()):
        return messages.date_alone(where, key, text)
    return messages.time_in_quotes(where, key, written.isoformat())
