"""The index beside the reports: of each, what it was made of and what it says in brief, so that it need not be parsed.

It is believed only as far as what lies there has the very bytes that it speaks of: those of the report, of what is kept
of the work, and of what was handed in. So it may be deleted, damaged or old: that costs time, and no mark. It lies in
one SQLite file, and says what many reports have in common once.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.report.brief import Briefs
from autograder.report.diff import Key
from autograder.report.model import Report
from autograder.submission.model import SubmissionBrief

FILE = ".index.sqlite"
SCHEMA = 1
ROWS_PER_COMMIT = 500  # what a run that is killed forgets
_TABLES = """
CREATE TABLE IF NOT EXISTS reports (
    key BLOB PRIMARY KEY, inputs BLOB, content BLOB, said BLOB, facts TEXT, own_hash BLOB
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS said (hash BLOB PRIMARY KEY, text BLOB) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """What is known of a report that is nobody's fault but the student's.

    `inputs` is a hash of all that the score rests on, and `content` one of the report's file and of what is kept of the
    work. `ungraded` has the other files that may hold work, each with the reason.
    """

    inputs: bytes
    content: bytes
    report: Report
    work: SubmissionBrief | None
    ungraded: tuple[tuple[str, str], ...] = ()


class Index:
    """Use `opened_index`. `problem` is the last thing that went wrong with the file, empty where nothing did."""

    def __init__(self, file: Path, briefs: Briefs) -> None:
        self.problem = ""
        self._file = file
        self._briefs = briefs
        self._waiting = 0
        self._database: sqlite3.Connection | None = None
        self._open()

    def get(self, key: Key) -> IndexEntry | None:
        """What is known of a report, if that is whole."""
        try:
            name = _bytes_of(key)
            row = self._row("SELECT inputs, content, said, facts, own_hash FROM reports WHERE key = ?", name)
            if row is None or row[-1] != _own_hash(name, *row[:-1]):
                return None
            inputs, content, said, facts, _ = row
            report = self._briefs.known(said, key[0]) or self._read_said(said, key[0])
            return _entry(inputs, content, report, facts) if report else None
        except (ValueError, TypeError, KeyError):
            return None

    def put(self, key: Key, entry: IndexEntry) -> None:
        hash_of_said, text = self._briefs.said(entry.report)
        work = asdict(entry.work) if entry.work else None
        facts = json.dumps([work, entry.ungraded])
        row = (entry.inputs, entry.content, hash_of_said, facts)
        if text:
            self._execute("INSERT OR IGNORE INTO said VALUES (?, ?)", hash_of_said, zlib.compress(text.encode()))
        name = _bytes_of(key)
        own = _own_hash(name, *row)
        self._execute("INSERT OR REPLACE INTO reports VALUES (?, ?, ?, ?, ?, ?)", name, *row, own)
        self._waiting += 1
        if self._waiting % ROWS_PER_COMMIT == 0:
            self._execute("COMMIT")
            self._execute("BEGIN")

    def close(self) -> None:
        """Keep what was put, and drop what nothing speaks of any more."""
        if self._waiting:
            self._execute("DELETE FROM said WHERE hash NOT IN (SELECT said FROM reports)")
        self._execute("COMMIT")
        self._end()

    def _read_said(self, said: bytes, student: str) -> Report | None:
        row = self._row("SELECT text FROM said WHERE hash = ?", said)
        if row is None:
            return None
        try:
            text = zlib.decompress(row[0]).decode()
        except (zlib.error, UnicodeDecodeError):
            return None
        return self._briefs.known(said, student) if self._briefs.remember(text) == said else None

    def _open(self) -> None:
        for _ in range(2):  # the second time without the file, if it was none of ours
            with self._is_no_loss():
                self._database = sqlite3.connect(self._uri(), uri=True, isolation_level=None)
                if self._row("PRAGMA user_version") not in ((0,), (SCHEMA,)):
                    raise sqlite3.DatabaseError("another version wrote it")
                begin = f"PRAGMA user_version = {SCHEMA}; PRAGMA synchronous = OFF; {_TABLES} BEGIN;"
                self._database.executescript(begin)
                self.problem = ""
                return

    def _uri(self) -> str:
        """Without locks of SQLite's, which not every network has: only who holds the folder's opens it."""
        return f"{self._file.absolute().as_uri()}?nolock=1"

    def _row(self, query: str, *values: object) -> tuple[Any, ...] | None:
        try:
            if self._database:
                row: tuple[Any, ...] | None = self._database.execute(query, values).fetchone()
                return row
        except sqlite3.Error as error:
            self._give_up(error)
        return None

    def _execute(self, command: str, *values: object) -> None:
        with self._is_no_loss():
            if self._database:
                self._database.execute(command, values)

    @contextmanager
    def _is_no_loss(self) -> Iterator[None]:
        """Where the file fails, it is deleted, and the run goes on without it."""
        try:
            yield
        except sqlite3.Error as error:
            self._give_up(error)

    def _give_up(self, error: sqlite3.Error) -> None:
        self.problem = str(error)
        self._end()
        for file in (self._file, self._file.with_name(f"{self._file.name}-journal")):
            with suppress(OSError):
                file.unlink(missing_ok=True)

    def _end(self) -> None:
        if self._database:
            with suppress(sqlite3.Error):
                self._database.close()
        self._database = None


def _entry(inputs: bytes, content: bytes, report: Report, facts: str) -> IndexEntry:
    """Raises TypeError and ValueError where the facts are none."""
    work, ungraded = json.loads(facts)
    return IndexEntry(
        inputs,
        content,
        report,
        SubmissionBrief.from_json(work) if work else None,
        tuple((file, reason) for file, reason in ungraded),
    )


def _bytes_of(key: Key) -> bytes:
    return json.dumps(key).encode()


def _own_hash(*parts: bytes | str) -> bytes:
    pieces = (part.encode() if isinstance(part, str) else part for part in parts)
    return hashlib.blake2b(b"".join(pieces), digest_size=16).digest()
