"""Names in an archive: which of them a file may have here, which are passed over, and how they are shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from autograder.classroom.collect import messages
from autograder.classroom.collect.archives.errors import EntryRefusedError
from autograder.classroom.roster import MAX_NAME_BYTES
from autograder.submission.which_file import LEFT_BEHIND, NOBODYS_FILE
from autograder.text import decode_name, on_one_line, sanitise

MAX_PATH_BYTES = 1000
MAX_PARTS = 30
MAX_SHOWN_CHARS = 200
_DRIVE = re.compile(r"[A-Za-z]:")
_LEFT_BEHIND = {name.casefold() for name in LEFT_BEHIND}


def parts_of(name: str) -> tuple[str, ...]:
    """The folders and the name of an entry, below the target; none for the target itself. Raises EntryRefusedError."""
    if len(name) > MAX_PATH_BYTES:
        raise EntryRefusedError(messages.NAME_TOO_LONG)
    path = unicodedata.normalize("NFC", name.replace("\\", "/"))
    if path != sanitise(path) or "\t" in path or "\n" in path:
        raise EntryRefusedError(messages.NAME_NOT_TEXT)
    parts = tuple(part for part in path.split("/") if part not in ("", "."))
    if path.startswith("/") or any(map(_DRIVE.match, parts[:1])):
        raise EntryRefusedError(messages.ABSOLUTE_NAME)
    if ".." in parts:
        raise EntryRefusedError(messages.LEADS_OUT)
    if any(len(part.encode()) > MAX_NAME_BYTES for part in parts):
        raise EntryRefusedError(messages.NAME_TOO_LONG)
    return parts


def check_depth(parts: Iterable[str]) -> None:
    """Of a whole path, with the archives that an entry lies in. Raises EntryRefusedError."""
    sizes = [len(part.encode()) for part in parts]
    if len(sizes) > MAX_PARTS or sum(sizes) > MAX_PATH_BYTES:
        raise EntryRefusedError(messages.NAME_TOO_DEEP)


def passed_over(parts: tuple[str, ...]) -> tuple[str, ...]:
    """The folder or file that programs leave behind, and that is never needed, on the way to an entry; or nothing."""
    for number, part in enumerate(parts, 1):
        if part.casefold() in _LEFT_BEHIND or (number == len(parts) and NOBODYS_FILE.fullmatch(part)):
            return parts[:number]
    return ()


@lru_cache(maxsize=4096)
def sameness(part: str) -> str:
    """The same for any two names that some system takes for one: it knows no accents apart, or no capitals."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", part).casefold())


def shown(name: str) -> str:
    """A name as it stands in an archive, safe to show, on one line; of a very long one, the beginning."""
    line = on_one_line(decode_name(name[: MAX_SHOWN_CHARS + 1])).replace("\t", " ")
    return line if len(name) <= MAX_SHOWN_CHARS else f"{line[:MAX_SHOWN_CHARS]}…"
