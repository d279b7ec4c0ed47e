"""Where in a student's file a line or a function stands, in lines from the file's first, as code hosts count."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from autograder.publish.ci.annotations import Locate, Location
from autograder.report.model import Report
from autograder.sandbox.protocol import CodeLine
from autograder.submission.reader import UnreadableError, read_regular_file, script_cells

STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


@dataclass(frozen=True)
class MappedCell:
    """The lines of a cell, each with the line of the file that it stands in."""

    label: str
    lines: tuple[tuple[int, str], ...]


class SourceMap:
    """Where the questions of a submission stand in its file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._cells = read_mapped_cells(path)

    def locate(self, question: str, line: CodeLine | None) -> Location:
        """The line that is meant; else that of the question's last definition; else the first."""
        return Location(Path(os.path.relpath(self._path)).as_posix(), find_line(self._cells, question, line))


def source_maps(file: Callable[[Report], Path | None]) -> Locate:
    """A `Locate` for the files that reports are about, each read once."""
    maps = cache(SourceMap)

    def locate(report: Report, question: str, line: CodeLine | None) -> Location | None:
        path = file(report)
        return maps(path).locate(question, line) if path else None

    return locate


def find_line(cells: tuple[MappedCell, ...], question: str, line: CodeLine | None) -> int:
    """The line of the file that `line` is; else that of the last definition of `question`; else the first.

    A student's process may have made `line` up, so that it may be nowhere.
    """
    for cell in cells if line else ():
        if line and cell.label == line.label and 1 <= line.number <= len(cell.lines):
            return cell.lines[line.number - 1][0]
    defines = re.compile(rf"(?:async\s+)?def\s+{re.escape(question)}\b|{re.escape(question)}\s*(?::[^=]*)?=(?!=)")
    found = [number for cell in cells for number, text in cell.lines if question and defines.match(text)]
    return found[-1] if found else 1


def read_mapped_cells(file: Path) -> tuple[MappedCell, ...]:
    """The code cells of a file, labelled as `submission` labels them; none where it cannot be read."""
    try:
        content = read_regular_file(file)
        if file.suffix != ".ipynb":
            (script,) = script_cells(content, file.name)
            return (MappedCell(script.label, tuple(enumerate(script.source.splitlines(), 1))),)
        return tuple(_notebook_cells(content.decode("utf-8")))
    except (UnreadableError, ValueError, RecursionError):
        return ()


def _notebook_cells(text: str) -> Iterator[MappedCell]:
    # Strings stand in a JSON file in the order in which a walk through its tree meets them, names of members included.
    tree = json.loads(text, object_pairs_hook=_Members)
    starts = (match.start() for match in STRING.finditer(text))
    at: dict[tuple[Any, ...], int] = {}
    line, before = 1, 0
    for path, start in zip(_strings(tree, ()), starts, strict=True):
        line += text.count("\n", before, start)
        before = start
        at[path] = line  # of a member's name, and then, if it is a string, of the member
    cells = dict(tree).get("cells") if isinstance(tree, _Members) else None
    code = 0
    for index, cell in enumerate(cells if isinstance(cells, list) else ()):
        members = dict(cell) if isinstance(cell, _Members) else {}
        if members.get("cell_type") != "code":
            continue
        code += 1
        lines: list[tuple[int, str]] = []
        source = members.get("source", "")
        for part_index, part in enumerate(source) if isinstance(source, list) else ((None, source),):
            if isinstance(part, str):
                here = at["cells", index, "source"] if part_index is None else at["cells", index, "source", part_index]
                lines += [(here, each) for each in part.splitlines()]
        yield MappedCell(f"code cell {code}", tuple(lines))


class _Members(list[tuple[str, Any]]):
    """The members of a JSON object, in order and each of them, even where a name is there twice."""


def _strings(tree: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if isinstance(tree, str):
        yield path
    elif isinstance(tree, _Members):
        for name, value in tree:
            yield (*path, name)
            yield from _strings(value, (*path, name))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from _strings(value, (*path, index))
