"""What the name of a file in a download tells: whose it is, what it was called, what the system says of its time.

Which system a source is from is decided once, by the names at its top; below these, all is the students' own word.
The forms are those of Canvas' "Download Submissions", Moodle's "Download all submissions", Gradescope's "Export
submissions" and nbgrader's exchange, as their sources write them: Canvas, lib/content_zipper.rb; Moodle,
mod/assign/classes/downloader.php; nbgrader, nbgrader/exchange/default/submit.py. Of Gradescope, from files that were
seen.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import PurePosixPath

from autograder.classroom.roster import FOLDER
from autograder.submission.which_file import ARCHIVE, kind_of, stem_of, without_assignments

NOWHERE = PurePosixPath()
METADATA = "submission_metadata.yml"  # Gradescope's, at the top of an export
IDENTIFIER, USER_ID, ANONYMOUS_ID = "Identifier", "ID", "Anonymous ID"  # columns of a roster

# Each number is the first that it may be: what comes behind it is the student's own.
_CANVAS = re.compile(r"(?P<name>.*?)(?P<late>_(?:LATE|late))?_(?P<user>[0-9]+)_(?P<upload>[0-9]+)_(?P<file>.+)")
_CANVAS_ANONYMOUS = re.compile(r"(?P<late>LATE_)?anon_(?P<anonymous>[^_]+)_(?:(?P<upload>[0-9]+)_)?(?P<file>.+)")
_CANVAS_TEXT = re.compile(r"(?P<name>.*?)(?P<late>_(?:LATE|late))?_(?P<user>[0-9]+)_(?P<file>(?:text|link)\.html)")
_MOODLE = re.compile(r"(?P<name>.*?)(?:_(?P<number>[0-9]+))?_assignsubmission_[a-z]+(?:_(?P<file>.+)|_)?")
_NBGRADER = re.compile(r"(?P<student>.+?)\+(?P<assignment>[^+]+)\+(?P<time>[^+]*?(?: \+[0-9]+)?)(?:\+[\w-]{12})?")
_GRADESCOPE = re.compile(r"submission_[0-9]+|[0-9]+(?:\.pdf)?")
_TIME = re.compile(
    r"(?P<local>[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)[0-9]*"
    r"\s*(?P<offset>UTC|GMT|Z|[+-][0-9]{2}:?[0-9]{2})"
)


class System(StrEnum):
    """Where work was handed in, as far as its names tell."""

    CANVAS = "canvas"
    MOODLE = "moodle"
    GRADESCOPE = "gradescope"
    NBGRADER = "nbgrader"
    REPOSITORY = "repository"
    FOLDERS = "folders"


@dataclass(frozen=True)
class Top:
    """A name at the top of a source, and whether a file has it; a folder in an archive may have been an archive."""

    name: str
    is_file: bool
    in_archive: bool = False


@dataclass(frozen=True)
class Origin:
    """What is known of a file. `file` is its path as the student had it.

    `ids` are those of whoever handed it in, by the column under which the system lists them; `name` is what it says of
    their name. `is_late` and `handed_in` are the system's own words; with `is_claim`, the time is the student's.
    `unread_time` is a time that cannot be read. What has one `unit` was handed in together.
    """

    system: System
    file: PurePosixPath = NOWHERE
    name: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    assignment: str = ""
    upload: int | None = None  # the number that Canvas gave it: later ones are higher
    is_late: bool | None = None
    handed_in: datetime | None = None
    is_claim: bool = False
    unread_time: str | None = None
    commit: str = ""


def system_of(tops: Iterable[Top]) -> System:
    """The system whose form most names at the top of a source have, and more than half of them; else, plain folders."""
    tops = list(tops)
    others = [top for top in tops if not (top.name == METADATA and top.is_file)]
    if len(others) < len(tops) and 2 * sum(bool(_GRADESCOPE.fullmatch(top.name)) for top in others) > len(others):
        return System.GRADESCOPE
    votes = Counter(form_of(top) for top in tops)
    system, count = votes.most_common(1)[0] if votes else (System.FOLDERS, 0)
    return system if 2 * count > len(tops) else System.FOLDERS


def holds_several(tops: Sequence[Top]) -> bool:
    """Whether a folder is one in which a system keeps the work of several people."""
    system = system_of(tops)
    if system not in _READ:
        return system is System.GRADESCOPE
    ids = {tuple(_READ[system](top.name, PurePosixPath()).ids.items()) for top in tops if form_of(top) is system}
    return len(ids) > 1


def form_of(top: Top) -> System:
    """The form whose own part of a name is the shortest: what looks like another stands in what the student chose."""
    is_packed = top.is_file or top.in_archive or kind_of(top.name) == ARCHIVE  # which is now a folder of its name
    found: list[tuple[int, System]] = []
    if is_packed and (match := _canvas(top.name)):
        found.append((match.start("file"), System.CANVAS))
    match = _MOODLE.fullmatch(top.name)
    if match and (match["file"] or not top.is_file):
        found.append((match.end("number") if match["number"] else match.end("name"), System.MOODLE))
    if not top.is_file and _NBGRADER.fullmatch(top.name):
        found.append((len(top.name), System.NBGRADER))
    return min(found)[1] if found else System.FOLDERS


def _canvas(name: str) -> re.Match[str] | None:
    forms = (_CANVAS_ANONYMOUS, _CANVAS, _CANVAS_TEXT)
    return next((match for form in forms if (match := form.fullmatch(name))), None)


def origin_of(system: System, top: Top, path: PurePosixPath, assignments: Sequence[str]) -> Origin:
    """What a path in a source of a system tells, below one of its tops. Gradescope's tell nothing.

    Among plain folders, one part may have been copied out of a download; or they are an assignment's, of students'.
    """
    part, below = path.parts[0], PurePosixPath(*path.parts[1:])
    if system is System.FOLDERS:
        system = form_of(replace(top, in_archive=False))
    if system in _READ:
        return _READ[system](part, below)
    if part in assignments and below.parts and not top.is_file:
        inner = origin_of(system, Top(below.parts[0], len(below.parts) == 1), below, ())
        return replace(inner, name=without_assignments(inner.name, assignments), assignment=part)
    if top.is_file:
        return Origin(System.FOLDERS, path, without_assignments(stem_of(part), assignments))
    return Origin(System.FOLDERS, below, part, {FOLDER: part})


def _of_nbgrader(part: str, below: PurePosixPath) -> Origin:
    match = _NBGRADER.fullmatch(part)
    if not match:
        return Origin(System.NBGRADER, below)
    student, time = match["student"], time_of(match["time"])
    return Origin(
        System.NBGRADER,
        below,
        student,
        {FOLDER: student},
        unit=part,
        assignment=match["assignment"],
        handed_in=time,
        unread_time=None if time else match["time"],
    )


def _of_moodle(part: str, below: PurePosixPath) -> Origin:
    match = _MOODLE.fullmatch(part)
    if not match:
        return Origin(System.MOODLE, PurePosixPath(part, below))
    ids = {IDENTIFIER: match["number"]} if match["number"] else {}
    return Origin(System.MOODLE, PurePosixPath(match["file"] or "", below), match["name"], ids)


def _of_canvas(part: str, below: PurePosixPath) -> Origin:
    match = _canvas(part)
    if not match:
        return Origin(System.CANVAS, PurePosixPath(part, below))
    groups = match.groupdict()
    column = ANONYMOUS_ID if groups.get("anonymous") else USER_ID
    return Origin(
        System.CANVAS,
        PurePosixPath(groups["file"], below),
        groups.get("name") or "",
        {column: groups.get("anonymous") or groups["user"]},
        upload=int(groups["upload"]) if groups.get("upload") else None,
        is_late=bool(groups["late"]),
    )


_READ = {System.NBGRADER: _of_nbgrader, System.MOODLE: _of_moodle, System.CANVAS: _of_canvas}


def time_of(text: str) -> datetime | None:
    """A time with its offset, or marked as UTC; another one is not known for what it is."""
    match = _TIME.fullmatch(text.strip())
    if not match:
        return None
    offset = match["offset"] if match["offset"][0] in "+-" else "+00:00"
    try:
        return datetime.fromisoformat(match["local"] + offset).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
