"""The commit that counts, fetched with as little of its history as will do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from autograder.classroom.collect.git import messages
from autograder.classroom.collect.git.errors import FetchError
from autograder.classroom.collect.git.process import FETCHED, Git

# A filter would send the history without its files; but where objects are missing then, git asks the server for each,
# and each time as another process.
_DEPTHS = (1, 50, 1000, 2**31 - 1)  # the last is all that there is
_SAID = re.compile(r"(?P<hash>[0-9a-f]+) (?P<seconds>-?[0-9]{1,18}) (?P<offset>[+-][0-9]{1,6})")
_LAST_SECOND = datetime(9999, 12, 30, tzinfo=UTC).timestamp()


@dataclass(frozen=True)
class Commit:
    """A commit, and when it was made, as whoever made it says."""

    hash: str
    committed: datetime


def fetch_commit(git: Git, ref: str, before: datetime | None) -> Commit:
    """The commit of a branch or tag, or the last in its history dated before a time or at it. Raises FetchError."""
    if before is None:
        git.fetch(ref, depth=1)
        return _commit(git, FETCHED)
    latest = int(before.timestamp())
    for depth in _DEPTHS:
        git.fetch(ref, depth)
        if not _is_cut_after(git, latest):
            break
    name = git.run("rev-list", "--max-count=1", f"--min-age={latest}", FETCHED)
    if not name:
        raise FetchError(messages.none_before(before.isoformat(sep=" ")))
    return _commit(git, name)


def _is_cut_after(git: Git, latest: int) -> bool:
    """Whether the history ends, for want of depth, at a commit that is too late: one behind it may be the one."""
    ends = git.ends_of_history()
    options = ("--no-walk", "--max-count=1", f"--max-age={latest + 1}", "--stdin")
    return bool(ends) and git.run("rev-list", *options, given=ends) != ""


def _commit(git: Git, name: str) -> Commit:
    if not git.run("rev-parse", "--revs-only", f"{name}^{{commit}}"):
        raise FetchError(messages.NOT_A_COMMIT)
    said = git.run("log", "--max-count=1", "--no-show-signature", "--date=raw", "--format=%H %cd", name)
    match = _SAID.fullmatch(said.strip())
    if not match:  # whoever made it may have written anything there
        raise FetchError(messages.NO_DATE)
    return Commit(match["hash"], _time(int(match["seconds"]), int(match["offset"])))


def _time(seconds: int, offset: int) -> datetime:
    """A time as git keeps it, with its offset as `+0130`; of one that no calendar has, the nearest."""
    minutes = abs(offset) // 100 * 60 + abs(offset) % 100
    zone = timezone(timedelta(minutes=minutes if offset > 0 else -minutes)) if minutes < 24 * 60 else UTC
    return datetime.fromtimestamp(max(0, min(seconds, _LAST_SECOND)), zone)
