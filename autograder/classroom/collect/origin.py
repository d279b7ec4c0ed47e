"""What the name of a file in a download tells: whose it is, what it was called, what the system says of its time.

The forms are those of Canvas' "Download Submissions", Moodle's "Download all submissions" and nbgrader's exchange, as
their sources write them: Canvas, lib/content_zipper.rb; Moodle, mod/assign/classes/downloader.php; nbgrader,
nbgrader/exchange/default/submit.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath

CANVAS, MOODLE, NBGRADER, FOLDERS = "canvas", "moodle", "nbgrader", "folders"
# Each number is the first that it may be: what comes behind it is the student's own.
_CANVAS = re.compile(r"(?P<name>.*?)(?P<late>_(?:LATE|late))?_(?P<user>\d+)_\d+_(?P<file>.+)")
_CANVAS_ANONYMOUS = re.compile(r"(?P<late>LATE_)?anon_(?P<user>[^_]+)_\d+_(?P<file>.+)")
_CANVAS_TEXT = re.compile(r"(?P<name>.*?)(?P<late>_(?:LATE|late))?_(?P<user>\d+)_(?P<file>(?:text|link)\.html)")
_MOODLE = re.compile(r"(?P<name>.*?)(?:_(?P<number>\d+))?_assignsubmission_[a-z]+(?:_(?P<file>.+)|_)?")
_NBGRADER = re.compile(r"(?P<student>.+?)\+(?P<assignment>[^+]+)\+(?P<time>[^+]*)(?:\+[\w-]{12})?")


@dataclass(frozen=True)
class Origin:
    """What is known of a file. `file` is its path as the student had it.

    `ids` are those of whoever handed it in, by the column under which the system lists them; `name` is what it says of
    their name. `is_late` and `handed_in` are the system's own words, and not the student's; `unread_time` is one that
    cannot be read.
    """

    system: str
    file: PurePosixPath
    name: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    assignment: str = ""
    is_late: bool | None = None
    handed_in: datetime | None = None
    unread_time: str = ""


def origin_of(path: PurePosixPath) -> Origin:
    """What a path in a download tells, by its first part: what lies below that is the student's own word."""
    part, below = path.parts[0], PurePosixPath(*path.parts[1:])
    is_file = len(path.parts) == 1
    for read in (_of_nbgrader, _of_moodle, _of_canvas):
        if origin := read(part, below, is_file):
            return origin
    return Origin(FOLDERS, path) if is_file else Origin(FOLDERS, below, part, {"folder": part})


def _of_nbgrader(part: str, below: PurePosixPath, is_file: bool) -> Origin | None:
    match = None if is_file else _NBGRADER.fullmatch(part)
    if not match:
        return None
    student, time = match["student"], _utc(match["time"])
    unread = "" if time else match["time"]
    ids = {"folder": student}
    return Origin(NBGRADER, below, student, ids, match["assignment"], handed_in=time, unread_time=unread)


def _utc(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.removesuffix(" UTC")).replace(tzinfo=UTC) if text.endswith(" UTC") else None
    except ValueError:
        return None


def _of_moodle(part: str, below: PurePosixPath, is_file: bool) -> Origin | None:
    match = _MOODLE.fullmatch(part)
    if not match or (is_file and not match["file"]):
        return None
    file = PurePosixPath(match["file"] or "", below)
    ids = {"Identifier": match["number"]} if match["number"] else {}
    return Origin(MOODLE, file, match["name"], ids)


def _of_canvas(part: str, below: PurePosixPath, is_file: bool) -> Origin | None:
    """A file, or an archive that was unpacked and whose folder has its name."""
    for form in (_CANVAS_ANONYMOUS, _CANVAS, _CANVAS_TEXT):
        if match := form.fullmatch(part):
            groups = match.groupdict()
            name = groups.get("name", "")
            column = "ID" if form is not _CANVAS_ANONYMOUS else "Anonymous ID"
            return Origin(
                CANVAS,
                PurePosixPath(groups["file"], below),
                name,
                {column: groups["user"]},
                is_late=bool(groups["late"]),
            )
    return None
