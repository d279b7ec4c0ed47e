"""What work was called in the download of an LMS: by the numbers in that name, its system knows it when it comes back.

They are kept for each person, system and assignment, as the newest download has them: Canvas takes a file back only for
an upload that is still part of what was handed in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from autograder.classroom.collect.attempts import Together
from autograder.classroom.collect.manifest import DownloadName
from autograder.classroom.collect.owners import Owners
from autograder.classroom.collect.systems.origin import ANONYMOUS_ID, IDENTIFIER, USER_ID, System

ANONYMOUS = "anon"  # Canvas', in the place of a name where it hides whose the work is


def with_names(known: Iterable[DownloadName], found: Iterable[Together], owners: Owners) -> list[DownloadName]:
    """The names of somebody's work for an assignment: those of before, and those that came in now in their place."""
    names: dict[tuple[str, str], list[DownloadName]] = {}
    for name in known:
        names.setdefault((name.system, name.member), []).append(name)
    for together in sorted(found, key=lambda each: each.number):
        for key, fresh in _of_download(together, owners).items():
            if _newest(fresh) >= _newest(names.get(key, ())):
                names[key] = fresh
    return [name for key in sorted(names) for name in names[key]]


def _of_download(together: Together, owners: Owners) -> dict[tuple[str, str], list[DownloadName]]:
    hashes: defaultdict[DownloadName, set[str]] = defaultdict(set)
    for name, content in _read(together, owners):
        hashes[name].add(content)
    found: dict[tuple[str, str], list[DownloadName]] = {}
    for name, contents in hashes.items():
        own = DownloadName(name.system, name.member, name.name, name.id, name.upload, tuple(sorted(contents)))
        found.setdefault((name.system, name.member), []).append(own)
    return {key: sorted(each, key=lambda name: (name.upload or 0, name.id)) for key, each in found.items()}


def _read(together: Together, owners: Owners) -> Iterator[tuple[DownloadName, str]]:
    """What the name of each file says, and a hash of the file; nothing where its system could not use it."""
    for file in together.files.values():
        origin = file.incoming.origin
        match origin.system:
            case System.CANVAS if origin.upload is not None:
                number = origin.ids.get(USER_ID) or origin.ids[ANONYMOUS_ID]
                name = origin.name if USER_ID in origin.ids else ANONYMOUS
            case System.MOODLE if owners.is_own_number(origin, together.member):
                name, number = origin.name, origin.ids[IDENTIFIER]
            case _:
                continue
        yield DownloadName(origin.system, together.member, name, number, origin.upload), file.hash


def _newest(names: Iterable[DownloadName]) -> int:
    """The highest number of an upload: later ones are higher; of systems that have none, what comes in last is."""
    return max((name.upload or 0 for name in names), default=0)
