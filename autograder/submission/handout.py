"""What students were given for an assignment, so that what they made of it can be told from it.

Portable.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Self

from autograder.submission.model import CODE, NotebookCell

STUB = "YOUR ANSWER HERE"  # what nbgrader puts in the place of a solution in words
CODE_STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")  # and of one in code
# What Python does not run: comments that fill a line, and docstrings. Found in text, for no source is parsed here.
_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
_DOCSTRING = re.compile(r"(\"\"\"|\'\'\').*?\1", re.DOTALL)
# How code gives a name a meaning of its own, but for `name = previous("name")`.
_BINDING = r"""
    \b(?:def|class|as)[ \t\\\n]+{name}\b
    | \b{name}[ \t]*(?:[,:][^=\n]{{0,300}})?(?:=(?!=|[ \t]*previous\()|:=)
    | ["']{name}["'][ \t]*\][ \t]*=(?!=)
"""
_EMPTY_BODY = re.compile(r"^(?:raise NotImplementedError(?:\(.*\))?|pass|\.\.\.)$", re.MULTILINE)


@dataclass(frozen=True)
class ReleasedCell:
    """A cell as it is handed out. `name` is that of the question that is answered in it, or that it checks."""

    kind: str
    source: str
    name: str = ""


@dataclass(frozen=True)
class Handout:
    """An assignment as it is handed out."""

    assignment: str
    cells: tuple[ReleasedCell, ...]
    elsewhere: tuple[str, ...] = ()  # those cells that are others in another language, as they are there

    @cached_property
    def stubs(self) -> dict[str, str]:
        """The functions to fill in, by name."""
        return {cell.name: cell.source for cell in self.cells if cell.name and cell.kind == CODE}

    @cached_property
    def written(self) -> dict[str, str]:
        """The questions to answer in words, by name."""
        return {cell.name: cell.source for cell in self.cells if cell.name and cell.kind != CODE}

    def defined_in(self, source: str) -> tuple[str, ...]:
        """The questions that some code has a definition of."""
        text = _runs(source)
        return tuple(name for name in self.stubs if _count(name, text))

    def answered_in(self, source: str) -> tuple[str, ...]:
        """The questions that are answered in some code: it defines them more often than it holds their stubs.

        Comments, docstrings and blanks make no answer of a stub.
        """
        text = _runs(source)
        return tuple(
            name for name, stubs in self._plain_stubs.items() if _count(name, text) > sum(map(text.count, stubs))
        )

    def answers_in_code(self, cell: NotebookCell) -> bool:
        return cell.kind == CODE and bool(self.answered_in(cell.source))

    def is_released(self, cell: NotebookCell) -> bool:
        """Whether a cell of a student's is one that was handed out, as it was or changed."""
        return bool(cell.grade_id) or _plain(cell.source) in self._texts

    def own_texts(self, cells: Sequence[NotebookCell]) -> list[NotebookCell]:
        """The cells of text that are not as they were handed out."""
        texts = (cell for cell in cells if cell.kind != CODE and cell.source.strip())
        return [cell for cell in texts if _plain(cell.source.replace(STUB, "")) not in self._texts]

    @cached_property
    def _plain_stubs(self) -> dict[str, set[str]]:
        """What of each stub runs; of those in other languages too, where that is not the same."""
        others = [_runs(source) for source in self.elsewhere]
        return {
            name: {_runs(stub), *(other for other in others if _count(name, other))}
            for name, stub in self.stubs.items()
        }

    @cached_property
    def _texts(self) -> frozenset[str]:
        checks = (f"check({name})" for name in self.stubs)
        sources = [*(cell.source for cell in self.cells), *self.elsewhere]
        return frozenset(map(_plain, (*checks, *sources, *(source.replace(STUB, "") for source in sources))))

    def to_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value or name != "elsewhere"}

    def to_text(self) -> str:
        """As the file that lies beside the notebook."""
        return json.dumps(self.to_json(), ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def read(cls, file: Path) -> Self:
        """What `to_text` wrote. Raises OSError, and ValueError where the file holds something else."""
        try:
            return cls.from_json(json.loads(file.read_text(encoding="utf-8")))
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"{file.name}: no handout: {error!r}") from error

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        cells = tuple(ReleasedCell(**cell) for cell in data["cells"])
        return cls(data["assignment"], cells, tuple(map(str, data.get("elsewhere", ()))))


@lru_cache(maxsize=4)  # one file is read for all assignments
def _runs(source: str) -> str:
    """What of some code runs, line by line, without blanks around its words; bodies that do nothing are all alike."""
    text = _plain(_COMMENT.sub("", _DOCSTRING.sub("", source)))
    return f"\n{_EMPTY_BODY.sub('pass', text)}\n"


def _count(name: str, text: str) -> int:
    """How often some code gives a name a meaning."""
    return sum(1 for _ in _binding(name).finditer(text)) if name in text else 0


@cache
def _binding(name: str) -> re.Pattern[str]:
    return re.compile(_BINDING.format(name=re.escape(name)), re.VERBOSE)


def _plain(text: str) -> str:
    """Lines without the blanks around and between their words, which editors add and drop, and without empty ones."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)
