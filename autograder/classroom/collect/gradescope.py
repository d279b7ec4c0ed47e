"""Gradescope's "SubmissionsExport submissions": who handed in which folder, as its `submission_metadata.yml` says.

No page of theirs describes the file: its form is that of files that were seen. Ids are read as text, for some begin
with zeros; nothing in it can make an object.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import yaml  # type: ignore[import-untyped]  # PyYAML comes without types

from autograder.classroom.collect import messages
from autograder.classroom.collect.origin import Origin
from autograder.errors import UserError

GRADESCOPE = "gradescope"
METADATA = "submission_metadata.yml"
MAX_BYTES = 50 << 20
# What is there called, and how the rosters of most systems call it.
COLUMNS = {":sid": ("SID", "ID number", "SIS User ID"), ":email": ("Email", "Email address")}


@dataclass(frozen=True)
class SubmissionsExport:
    """The folders of an export, and the people of each: several where they worked together."""

    root: PurePosixPath
    people: Mapping[str, tuple[Origin, ...]]

    def origins(self, path: PurePosixPath) -> Iterator[Origin]:
        """Those of a file below the export: one for each who handed it in."""
        if not path.is_relative_to(self.root):
            return
        folder, *own = path.relative_to(self.root).parts
        for each in self.people.get(folder, ()):
            yield replace(each, file=PurePosixPath(*own))


def read_export(metadata: Path, root: PurePosixPath) -> SubmissionsExport:
    """The export whose metadata this is. Raises UserError."""
    try:
        if metadata.stat().st_size > MAX_BYTES:
            raise UserError(messages.no_metadata(metadata))
        data = yaml.load(metadata.read_text(encoding="utf-8"), yaml.BaseLoader)  # text, lists and mappings only
        return SubmissionsExport(root, {str(folder): tuple(_people(found)) for folder, found in data.items()})
    except (OSError, UnicodeDecodeError, yaml.YAMLError, AttributeError, TypeError, RecursionError):
        raise UserError(messages.no_metadata(metadata)) from None


def _people(submission: Mapping[str, Any]) -> Iterator[Origin]:
    told = str(submission.get(":created_at", ""))
    time = _time(told)
    for person in submission.get(":submitters", ()):
        ids = {
            column: value for key, columns in COLUMNS.items() if (value := person.get(key, "")) for column in columns
        }
        unread = "" if time else told
        name = str(person.get(":name", ""))
        yield Origin(GRADESCOPE, PurePosixPath(), name, ids, handed_in=time, unread_time=unread)


def _time(text: str) -> datetime | None:
    """A time with its offset; another one is not known for what it is."""
    try:
        time = datetime.fromisoformat(text.replace(" Z", "+00:00").replace("Z", "+00:00"))
    except ValueError:
        return None
    return time if time.tzinfo else None
