"""What was read of a submission, within limits: the data that is graded, and kept beside its report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from autograder.sandbox.protocol import Cell

SCHEMA = 1  # of the JSON form


@dataclass(frozen=True)
class Submission:
    """The code that a student handed in, and the answers in words by the names of their questions.

    `digest` identifies the file's content; `notes` tell what was decided.
    """

    file: str
    cells: tuple[Cell, ...]
    digest: str
    notes: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def earlier_cells(self) -> tuple[Cell, ...]:
        """The cells as part of another assignment's submission: the label says from which file each is."""
        return tuple(
            cell if cell.label == self.file else replace(cell, label=f"{self.file}, {cell.label}")
            for cell in self.cells
        )

    def to_json(self) -> str:
        """As JSON text. Valid UTF-8 whatever a student wrote: everything beyond ASCII is escaped."""
        data = {
            "schema": SCHEMA,
            "file": self.file,
            "digest": self.digest,
            "notes": self.notes,
            "cells": [{"label": cell.label, "source": cell.source} for cell in self.cells],
            "answers": dict(self.answers),
        }
        return json.dumps(data, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote. Raises ValueError when the text is something else, or of a schema after ours."""
        try:
            data = json.loads(text)
            if data["schema"] != SCHEMA:
                raise ValueError(f"schema {data['schema']!r}")
            return cls(
                file=data["file"],
                cells=tuple(Cell(**cell) for cell in data["cells"]),
                digest=data["digest"],
                notes=tuple(data["notes"]),
                answers=dict(data["answers"]),
            )
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"not a submission: {error!r}") from error
