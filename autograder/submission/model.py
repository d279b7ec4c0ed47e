"""What was read of a submission, within limits: the data that is graded, shown, and kept beside its report."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from autograder.sandbox.protocol import Cell

SCHEMA = 3  # of the JSON form
CODE, MARKDOWN, RAW = "code", "markdown", "raw"
Questions = Mapping[str, tuple[str, ...]]  # by the names of their assignments
Pictures = Mapping[str, Mapping[str, str]]  # by the name of the attachment and the MIME type, in Base64


@dataclass(frozen=True)
class NotebookCell:
    """One cell of a notebook, or a whole script, without its outputs.

    `label` names a code cell in messages, and `lines` tells in which line of the file each of its lines stands, where
    that is known. `grade_id` and `id` are hints at the released cell that it was: nbgrader's, and the cell's own.
    """

    kind: str
    source: str
    label: str = ""
    lines: tuple[int, ...] = ()
    grade_id: str = ""
    id: str = ""
    pictures: Pictures = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(**{**data, "lines": tuple(data.get("lines", ()))})

    def to_json(self) -> dict[str, Any]:
        """Without what is empty, for that is most of it."""
        return {name: value for name, value in asdict(self).items() if value or name in ("kind", "source")}


def code_of(cells: Iterable[NotebookCell]) -> tuple[Cell, ...]:
    """The code among some cells."""
    return tuple(Cell(cell.label, cell.source) for cell in cells if cell.kind == CODE)


@dataclass(frozen=True, slots=True)
class SubmissionBrief:
    """What a class needs to know of a submission that was read: the same fields as there, and none of what is in it."""

    file: str
    digest: str
    handed_in: str
    unanswered: tuple[str, ...]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What `dataclasses.asdict` made of it. Raises TypeError where it is something else."""
        return cls(**{**data, "unanswered": tuple(data["unanswered"])})


@dataclass(frozen=True)
class Submission:
    """What a student handed in: a notebook or a script, and the answers in words by the names of their questions.

    `file` is its path below the folder that it was looked for in. `digest` identifies its content; `notes` tell what
    was decided. `defined` has, for each assignment, the questions that it has code for, and `answered` those of which
    that is more than what was handed out. `handed_in` is what `timestamp.txt` beside it says, unread. `unanswered` are
    the questions in words that are there as they were handed out; one that is in neither was not found.
    """

    file: str
    notebook: tuple[NotebookCell, ...]
    digest: str
    notes: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    defined: Questions = field(default_factory=dict)
    answered: Questions = field(default_factory=dict)
    handed_in: str = ""
    unanswered: tuple[str, ...] = ()

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The code, which is graded."""
        return code_of(self.notebook)

    @property
    def brief(self) -> SubmissionBrief:
        return SubmissionBrief(self.file, self.digest, self.handed_in, self.unanswered)

    @property
    def earlier_cells(self) -> tuple[Cell, ...]:
        """The cells as part of another assignment's submission: the label says from which file each is."""
        return tuple(
            cell if self.file.endswith(cell.label) else replace(cell, label=f"{self.file}, {cell.label}")
            for cell in self.cells
        )

    def answers_any(self, assignment: str) -> bool:
        """Whether there is anything in it that was not handed out, in code or in words."""
        return bool(self.answered.get(assignment) or self.answers)

    def to_json(self) -> str:
        """As JSON text. Valid UTF-8 whatever a student wrote: everything beyond ASCII is escaped."""
        data = {
            "schema": SCHEMA,
            "file": self.file,
            "digest": self.digest,
            "notes": self.notes,
            "answers": dict(self.answers),
            "defined": dict(self.defined),
            "answered": dict(self.answered),
            "handed_in": self.handed_in,
            "unanswered": self.unanswered,
            "notebook": [cell.to_json() for cell in self.notebook],
        }
        return json.dumps(data) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote. Raises ValueError when the text is something else, or of another schema."""
        try:
            data = json.loads(text)
            if data["schema"] != SCHEMA:
                raise ValueError(f"schema {data['schema']!r}")
            return cls(
                file=data["file"],
                notebook=tuple(map(NotebookCell.from_json, data["notebook"])),
                digest=data["digest"],
                notes=tuple(data["notes"]),
                answers=dict(data["answers"]),
                defined={name: tuple(questions) for name, questions in data["defined"].items()},
                answered={name: tuple(questions) for name, questions in data["answered"].items()},
                handed_in=data["handed_in"],
                unanswered=tuple(data["unanswered"]),
            )
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"not a submission: {error!r}") from error
