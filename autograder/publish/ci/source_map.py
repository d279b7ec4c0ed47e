"""Source map: from a line of a cell, or a question's name, to the line of the student's file, which is 1 at its top."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from autograder.publish.ci.annotations import Locate, Location
from autograder.report.model import Report
from autograder.sandbox.namespace import lines_of
from autograder.sandbox.protocol import CodeLine
from autograder.submission.messages import code_cell
from autograder.submission.reader import UnreadableError, read_regular_file, script_cells

STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
JsonPath = tuple[Any, ...]  # names of members and indices of elements, from the root of the tree


@dataclass(frozen=True)
class MappedCell:
    """The lines of a cell, each with the line of the file that it stands in."""

    label: str
    lines: tuple[tuple[int, str], ...]


class SourceMap:
    """The source map of one file: the locations of a submission's questions."""

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
    definitions = [number for cell in cells for number, text in cell.lines if question and defines.match(text)]
    return definitions[-1] if definitions else 1


def read_mapped_cells(file: Path) -> tuple[MappedCell, ...]:
    """The code cells of a file, labelled as `submission` labels them; none where it cannot be read."""
    try:
        content = read_regular_file(file)
        if file.suffix != ".ipynb":
            (script,) = script_cells(content, file.name)
            return (MappedCell(script.label, tuple(enumerate(lines_of(script.source), 1))),)
        return tuple(_notebook_cells(content.decode("utf-8")))
    except (UnreadableError, ValueError, RecursionError):
        return ()


def _notebook_cells(text: str) -> Iterator[MappedCell]:
    tree = json.loads(text, object_pairs_hook=_Members)
    line_of = _string_lines(text, tree)
    cells = dict(tree).get("cells") if isinstance(tree, _Members) else None
    number = 0
    for index, cell in enumerate(cells if isinstance(cells, list) else ()):
        members = dict(cell) if isinstance(cell, _Members) else {}
        if members.get("cell_type") != "code":
            continue
        number += 1
        lines = _source_lines(members.get("source", ""), ("cells", index, "source"), line_of)
        yield MappedCell(code_cell(number), tuple(lines))


def _string_lines(text: str, tree: Any) -> dict[JsonPath, int]:
    """The line of each string in a JSON text, by its path; a member's string comes after its name, and replaces it."""
    # Strings stand in the text in the order in which a walk through its tree meets them, names of members included.
    starts = (match.start() for match in STRING.finditer(text))
    line_of: dict[JsonPath, int] = {}
    line, previous = 1, 0
    for path, start in zip(_strings(tree, ()), starts, strict=True):
        line += text.count("\n", previous, start)
        previous = start
        line_of[path] = line
    return line_of


def _source_lines(source: Any, path: JsonPath, line_of: Mapping[JsonPath, int]) -> list[tuple[int, str]]:
    """The lines of a cell's source, a string or a list of them, each with the line of the file that it begins in."""
    parts = [(path, source)]
    if isinstance(source, list):
        parts = [((*path, index), part) for index, part in enumerate(source)]
    lines: list[tuple[int, str]] = []
    unfinished = ""  # nbformat also cuts where Python does not end a line, at U+2028 for one
    for part_path, part in parts:
        if isinstance(part, str) and part:
            place = lines.pop()[0] if unfinished else line_of[part_path]
            first, *others = lines_of(unfinished + part)
            lines += [(place, first), *((line_of[part_path], text) for text in others)]
            unfinished = lines[-1][1]
            if not unfinished:
                lines.pop()
    return lines


class _Members(list[tuple[str, Any]]):
    """The members of a JSON object, in order and each of them, even where a name is there twice."""


def _strings(tree: Any, path: JsonPath) -> Iterator[JsonPath]:
    """The paths of all strings in the tree, in order: of a member, its name and then, if it is one, its value."""
    if isinstance(tree, str):
        yield path
    elif isinstance(tree, _Members):
        for name, value in tree:
            yield (*path, name)
            yield from _strings(value, (*path, name))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from _strings(value, (*path, index))
