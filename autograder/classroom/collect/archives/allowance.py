"""How much an archive may take: of files and folders, of the disk, of time; and how far it may swell.

No number that stands in an archive is believed. What is counted is what has come out of it.
"""

from __future__ import annotations

import time

from autograder.classroom.collect import messages
from autograder.classroom.collect.archives.errors import ArchiveRefusedError
from autograder.classroom.collect.archives.packed import Source

RATIO = 200  # of what comes out to what went in; text has 10, and the same text in each of a class's files some 100
FREE_BYTES = 50 << 20  # which may come out of the smallest archive
INNER_ENTRIES, INNER_BYTES, INNER_SECONDS = 5_000, 500 << 20, 30  # of an archive in another: it is one student's


class Allowance:
    """What an archive, with those in it, may take. To take or check raises ArchiveRefusedError."""

    def __init__(self, entries: int, size: int, seconds: float) -> None:
        self.entries, self.size, self.seconds = entries, size, seconds
        self._entries = self._bytes = 0
        self._began = time.process_time()

    def take_entry(self) -> None:
        self._entries += 1
        if self._entries > self.entries:
            raise ArchiveRefusedError(messages.too_many_entries(self.entries))

    def take_bytes(self, count: int) -> None:
        self._bytes += count
        if self._bytes > self.size:
            raise ArchiveRefusedError(messages.too_many_bytes(self.size >> 20))

    def give_bytes_back(self, count: int) -> None:
        self._bytes -= count

    def check_time(self) -> None:
        if self._seconds_used() > self.seconds:
            raise ArchiveRefusedError(messages.TAKES_TOO_MUCH)

    def share(self) -> Allowance:
        """For an archive in this one: however much it takes, something is left for the next."""
        return Allowance(
            min((self.entries - self._entries) // 2, INNER_ENTRIES),
            min((self.size - self._bytes) // 2, INNER_BYTES),
            min((self.seconds - self._seconds_used()) / 2, INNER_SECONDS),
        )

    def take_all_of(self, other: Allowance) -> None:
        """What was used of a share."""
        self._entries += other._entries
        self._bytes += other._bytes

    def _seconds_used(self) -> float:
        return time.process_time() - self._began


class Meter:
    """Counts what comes out of one archive."""

    def __init__(self, packed_size: int, allowance: Allowance) -> None:
        self._left = FREE_BYTES + RATIO * packed_size
        self._allowance = allowance

    def count(self, size: int) -> None:
        self._left -= size
        self._allowance.check_time()
        if self._left < 0:
            raise ArchiveRefusedError(messages.SWELLS)

    def on(self, source: Source) -> Metered:
        return Metered(source, self)


class Metered:
    """A source of which each byte is counted."""

    def __init__(self, source: Source, meter: Meter) -> None:
        self._source = source
        self._meter = meter

    def read(self, size: int, /) -> bytes:
        data = self._source.read(size)
        self._meter.count(len(data))
        return data
