"""Source map: from a line of a cell, or a question's name, to the line of the student's file, which is 1 at its top."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from autograder.publish.ci.annotations import Locate, Location
from autograder.report.model import Report
from autograder.sandbox.protocol import CodeLine, lines_of
from autograder.submission.errors import UnreadableError
from autograder.submission.model import CODE, NotebookCell
from autograder.submission.reader import read_file


def source_maps(file: Callable[[Report], Path | None], cells: Callable[[Report], Sequence[NotebookCell]]) -> Locate:
    """A `Locate` for the files that reports are about, by what was read of each."""

    known: dict[tuple[str, str], list[NotebookCell]] = {}  # of one report: all its places are asked for together

    def code(report: Report) -> list[NotebookCell]:
        key = (report.student, report.assignment)
        if key not in known:
            known.clear()
            known[key] = [cell for cell in cells(report) if cell.kind == CODE and cell.lines]
        return known[key]

    def locate(report: Report, question: str, line: CodeLine | None) -> Location | None:
        path = file(report)
        if path is None:
            return None
        return Location(Path(os.path.relpath(path)).as_posix(), find_line(code(report), question, line))

    return locate


def own_cells(file: Path | None) -> tuple[NotebookCell, ...]:
    """The cells of a file of one's own; none where it cannot be read."""
    try:
        return read_file(file).notebook if file else ()
    except UnreadableError:
        return ()


def find_line(cells: Sequence[NotebookCell], question: str, line: CodeLine | None) -> int:
    """The line of the file that `line` is; else that of the last definition of `question`; else the first.

    A student's process may have made `line` up, so that it may be nowhere.
    """
    for cell in cells if line else ():
        if line and cell.label == line.label and 1 <= line.number <= len(cell.lines):
            return cell.lines[line.number - 1]
    if not question:
        return 1
    defines = re.compile(rf"(?:async\s+)?def\s+{re.escape(question)}\b|{re.escape(question)}\s*(?::[^=]*)?=(?!=)")
    definitions = [
        place
        for cell in cells
        for place, text in zip(cell.lines, lines_of(cell.source), strict=False)
        if defines.match(text)
    ]
    return definitions[-1] if definitions else 1
