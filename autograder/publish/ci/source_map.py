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

from autograder.publish.ci.annotations import Place
from autograder.report.model import Report
from autograder.sandbox.protocol import CodeLine
from autograder.submission.reader import UnreadableError, read_regular_file, script_cells

STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


@dataclass(frozen=True)
class PlacedCell:
    """The lines of a cell, each with the line of the file that it stands in."""

    label: str
    lines: tuple[tuple[int, str], ...]


def places(file: Callable[[Report], Path | None]) -> Place:
    """The places in the files that reports are about."""
    cells = cache(read_cells)

    def place(report: Report, question: str, line: CodeLine | None) -> tuple[str, int] | None:
        path = file(report)
        if path is None:
            return None
        found = find_line(cells(path), question, line)
        return Path(os.path.relpath(path)).as_posix(), found

    return place


def submitted_file(folder: Path, assignment: str) -> Path | None:
    """The file in a student's folder that is read, and graded."""
    names = (folder / f"{assignment}{suffix}" for suffix in (".ipynb", ".py"))
    return next((name for name in names if os.path.lexists(name)), None)


def find_line(cells: tuple[PlacedCell, ...], question: str, line: CodeLine | None) -> int:
    """The line of the file that `line` is; else that of the last definition of `question`; else the first.

    A student's process may have made `line` up, so that it may be nowhere.
    """
    for cell in cells if line else ():
        if line and cell.label == line.label and 1 <= line.number <= len(cell.lines):
            return cell.lines[line.number - 1][0]
    defines = re.compile(rf"(?:async\s+)?def\s+{re.escape(question)}\b|{re.escape(question)}\s*(?::[^=]*)?=(?!=)")
    found = [number for cell in cells for number, text in cell.lines if question and defines.match(text)]
    return found[-1] if found else 1


def read_cells(file: Path) -> tuple[PlacedCell, ...]:
    """The code cells of a file, labelled as `submission` labels them; none where it cannot be read."""
    try:
        content = read_regular_file(file)
        if file.suffix != ".ipynb":
            (script,) = script_cells(content, file.name)
            return (PlacedCell(script.label, tuple(enumerate(script.source.splitlines(), 1))),)
        return tuple(_notebook_cells(content.decode("utf-8")))
    except (UnreadableError, ValueError, RecursionError):
        return ()


def _notebook_cells(text: str) -> Iterator[PlacedCell]:
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
    for place, cell in enumerate(cells if isinstance(cells, list) else ()):
        members = dict(cell) if isinstance(cell, _Members) else {}
        if members.get("cell_type") != "code":
            continue
        code += 1
        lines: list[tuple[int, str]] = []
        source = members.get("source", "")
        for index, part in enumerate(source) if isinstance(source, list) else ((None, source),):
            if isinstance(part, str):
                here = at["cells", place, "source"] if index is None else at["cells", place, "source", index]
                lines += [(here, each) for each in part.splitlines()]
        yield PlacedCell(f"code cell {code}", tuple(lines))


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
        for place, value in enumerate(tree):
            yield from _strings(value, (*path, place))
