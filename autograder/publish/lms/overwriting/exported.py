"""What exports have written into an LMS, kept beside the reports: by it, the next one knows which cells are ours."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from autograder.classroom.person import composed
from autograder.errors import UserError
from autograder.grading.files import write_atomically
from autograder.grading.store import ReportStore
from autograder.publish.lms.overwriting import messages

SCHEMA = 1
FILE = ".exported.json"
MARK, COMMENT = "mark", "comment"


class CellKey(NamedTuple):
    """A cell of an LMS: whose it is, for which assignment, and whether it holds the mark or the comment."""

    system: str
    student: str
    assignment: str
    column: str = MARK


@dataclass(frozen=True)
class LastText:
    """The last text that was written to a place, and into which template (a hash of it; empty: a new file).

    `former` is what had been written there before that template: it may be filled in once more.
    """

    text: str
    template: str = ""
    former: str = ""


@dataclass(frozen=True)
class Exported:
    """The last text of each place that an export wrote to."""

    cells: Mapping[CellKey, LastText] = field(default_factory=dict)

    def ours(self, place: CellKey, template: str) -> tuple[str, ...]:
        """The texts that count as ours in that place of that template."""
        written = self.cells.get(place)
        if written is None:
            return ()
        is_again = written.former and written.template and written.template == template
        return (written.text, written.former) if is_again else (written.text,)

    def texts(self, place: CellKey) -> tuple[str, ...]:
        """The last two texts that were written to that place, of whatever template."""
        written = self.cells.get(place)
        return tuple(filter(None, (written.text, written.former))) if written else ()

    def after(self, texts: Mapping[CellKey, str], template: str) -> Exported:
        """The same, after an export has written these."""
        cells = dict(self.cells)
        for place, text in texts.items():
            old = cells.get(place, LastText(""))
            is_again = template and old.template == template
            cells[place] = LastText(text, template, old.former if is_again else old.text)
        return Exported(cells)

    def without(self, students: Collection[str]) -> Exported:
        """As if nothing had been written about these people."""
        names = set(map(composed, students))
        return Exported({place: written for place, written in self.cells.items() if place.student not in names})

    def to_json(self) -> str:
        cells = [[*place, each.text, each.template, each.former] for place, each in sorted(self.cells.items())]
        return json.dumps({"schema": SCHEMA, "cells": cells}) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote. Raises ValueError where it is something else, or of another version."""
        try:
            data = json.loads(text)
            if data["schema"] != SCHEMA:
                raise ValueError(f"schema {data['schema']!r}")
            cells = {}
            for system, student, assignment, column, *written in data["cells"]:
                if not all(isinstance(each, str) for each in (system, student, assignment, column, *written)):
                    raise TypeError(written)
                cells[CellKey(system, student, assignment, column)] = LastText(*written)
            return cls(cells)
        except (KeyError, TypeError, RecursionError) as error:
            raise ValueError(f"not a record of exports: {error!r}") from error


def read_exported(store: ReportStore) -> Exported:
    """What earlier exports wrote. Raises UserError where that cannot be read: our cells would pass for others'."""
    path = store.root / FILE
    try:
        return Exported.from_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Exported()
    except OSError as error:
        raise UserError(messages.cannot_read(path, error.strerror or str(error))) from None
    except ValueError:
        raise UserError(messages.broken_record(path)) from None


def save_exported(store: ReportStore, exported: Exported) -> None:
    """Whole or not at all. Raises UserError."""
    write_atomically(store.root / FILE, exported.to_json())
