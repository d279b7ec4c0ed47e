"""Gradescope's "Export submissions": who handed in which folder, as its `submission_metadata.yml` says.

No page of theirs describes the file: its form is that of files that were seen. Ids are read as text, for some begin
with zeros; nothing in it can make an object. Students' own names and what their code printed stand in it: it is read
in a process of its own, under limits, of which this module is the part that is started.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import yaml  # type: ignore[import-untyped]  # PyYAML comes without types

from autograder.classroom.collect import messages
from autograder.classroom.collect.archives.kinds import open_file
from autograder.classroom.collect.systems.origin import Origin, System, time_of
from autograder.errors import UserError
from autograder.sandbox.bounded.process import Asker, BoundedProcess, bound_process

MAX_BYTES = 200 << 20  # what the autograder said of each submission stands in it as well
CPU_SECONDS, MEMORY_MB, WALL_SECONDS = 300, 4096, 900
# What is there called, and how the rosters of most systems call it.
COLUMNS = {":sid": ("SID", "ID number", "SIS User ID"), ":email": ("Email", "Email address")}
LOADER = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader  # text, lists and mappings only


@dataclass(frozen=True)
class SubmissionsExport:
    """The folders of an export, the people of each (several where they worked together), and its time."""

    submissions: Mapping[str, Mapping[str, Any]]

    def origins(self, path: PurePosixPath) -> list[Origin]:
        """Those of a file of the export: one for each who handed it in, or one of nobody."""
        folder, *own = path.parts
        submission = self.submissions.get(folder, {})
        told = submission.get("time", "")
        time = time_of(told)
        return [
            Origin(
                System.GRADESCOPE,
                PurePosixPath(*own) if own else path,
                person["name"],
                person["ids"],
                unit=folder,
                handed_in=time,
                unread_time=None if time or not told else told,
            )
            for person in submission.get("people", ())
        ] or [Origin(System.GRADESCOPE, path)]


def read_export(metadata: Path) -> SubmissionsExport:
    """The export whose metadata this is. Raises UserError."""
    process = BoundedProcess(__name__)
    try:
        answer = process.ask({"metadata": os.path.abspath(metadata)}, WALL_SECONDS)
    except (EOFError, OSError):
        answer = {}
    finally:
        process.close()
    if "submissions" not in answer:
        raise UserError(messages.no_metadata(metadata))
    return SubmissionsExport(answer["submissions"])


def main() -> None:
    """Answer once."""
    asker = Asker()
    with suppress(EOFError):
        metadata = Path(asker.next_question()["metadata"])
        bound_process(CPU_SECONDS, MEMORY_MB << 20)
        try:
            asker.answer({"submissions": _submissions(metadata)})
        except Exception:  # whatever stands in it; who asks says that it cannot be read
            asker.answer({})


def _submissions(metadata: Path) -> dict[str, dict[str, Any]]:
    with open_file(metadata) as file:
        text = file.read(MAX_BYTES + 1)
    if len(text) > MAX_BYTES:
        raise ValueError(metadata)
    found = yaml.load(text.decode("utf-8-sig"), LOADER).items()
    return {
        str(folder): {"time": _text(submission, ":created_at"), "people": list(_people(submission))}
        for folder, submission in found
    }


def _people(submission: object) -> Iterator[dict[str, Any]]:
    """What is not written as it should be is nobody's."""
    submitters = submission.get(":submitters") if isinstance(submission, dict) else None
    for person in submitters if isinstance(submitters, list) else ():
        ids = {column: value for key, columns in COLUMNS.items() if (value := _text(person, key)) for column in columns}
        name = _text(person, ":name")
        if ids or name:
            yield {"name": name, "ids": ids}


def _text(mapping: object, key: str) -> str:
    value = mapping.get(key) if isinstance(mapping, dict) else None
    return value.strip() if isinstance(value, str) else ""


if __name__ == "__main__":
    main()
