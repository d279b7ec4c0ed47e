"""Restores a submission to the structure of the released notebook: every graded cell exactly once.

nbgrader finds cells by their metadata, which editors drop and students copy and delete. Here an answer is found as the
grader finds it, by the name of its function; the metadata comes from the release, the source from the student.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.nbgrader import messages
from autograder.submission.model import CODE, MARKDOWN, NotebookCell
from autograder.submission.written import find_written
from autograder.text import inert_markdown

Json = dict[str, Any]
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(eq=False)
class _StudentCell:
    """One cell of the student's: what is kept of it, and the hints at the released cell that it came from."""

    cell: Json
    hints: NotebookCell
    name: str = ""  # of the released cell that it is

    @property
    def source(self) -> str:
        return str(self.cell["source"])


def restore_cells(cells: Sequence[NotebookCell], released: Json, answered: Collection[str] = ()) -> Json:
    """The notebook of `cells` with the graded cells of `released`: each is there once, none has outputs.

    The questions in `answered` are answered in words, be it in a cell of the student's own. Restoring what is restored
    changes nothing.
    """
    graded = {name: cell for cell in released["cells"] if (name := _graded_name(cell))}
    own = list(_readable(cells, {str(cell["source"]) for cell in released["cells"]}))
    _insert_missing(graded, own, _match(graded, own, answered))
    return {
        "cells": _with_ids(own),
        "metadata": copy.deepcopy(released["metadata"]),
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _match(
    graded: Mapping[str, Json], own: Sequence[_StudentCell], answered: Collection[str]
) -> dict[str, _StudentCell]:
    """The student's cell for each graded one that is there; several answers may share a cell."""
    matches: dict[str, _StudentCell] = {}
    for name, cell in graded.items():
        match = _find(name, cell, own)
        if match is None:
            continue
        matches[name] = match
        if not match.name:
            match.name = name
            match.cell = _as_released(cell, match)
            if name in answered and match.cell["source"] == cell["source"]:  # it must not pass for an empty one
                match.cell["source"] = f"{messages.ANSWER_NEARBY}\n\n{cell['source']}"
    return matches


def _insert_missing(graded: Mapping[str, Json], own: list[_StudentCell], matches: dict[str, _StudentCell]) -> None:
    """Insert the graded cells without a match, each behind the graded cell before it, else before the next one."""
    names = list(graded)
    previous: _StudentCell | None = None
    for index, (name, cell) in enumerate(graded.items()):
        if name not in matches:
            restored = _restored(cell)
            matches[name] = _StudentCell(restored, NotebookCell(MARKDOWN, ""), name)
            following = (matches[each] for each in names[index + 1 :] if each in matches)
            position = own.index(previous) + 1 if previous else next(map(own.index, following), len(own))
            own.insert(position, matches[name])
        if matches[name].name == name or previous is None:  # not a cell that several answers share
            previous = matches[name]


def _graded_name(cell: Json) -> str:
    """The name of a cell that is an answer, or that earns points."""
    metadata = cell["metadata"].get("nbgrader", {})
    return str(metadata["grade_id"]) if metadata.get("grade") or metadata.get("solution") else ""


def _readable(cells: Sequence[NotebookCell], released_sources: set[str]) -> Iterator[_StudentCell]:
    """The student's cells, reduced to what may be shown: untrusted Markdown without HTML, no outputs, no metadata."""
    for cell in cells:
        source = cell.source.encode("utf-8", "replace").decode()  # half a character is none
        readable: Json = {"cell_type": cell.kind, "source": source}
        if cell.kind == CODE:
            readable |= {"outputs": [], "execution_count": None}
        elif source not in released_sources:
            readable["source"] = inert_markdown(source, cell.pictures)
            readable |= {"attachments": dict(cell.pictures)} if cell.pictures and cell.kind == MARKDOWN else {}
        yield _StudentCell(readable, replace(cell, source=readable["source"]))


def _find(name: str, cell: Json, own: Sequence[_StudentCell]) -> _StudentCell | None:
    """The student's cell that matches a released one, surest sign first; of several, the last."""
    same_kind = [each for each in own if each.cell["cell_type"] == cell["cell_type"]]
    free = [each for each in same_kind if not each.name]
    if cell["cell_type"] == "markdown" and cell["metadata"]["nbgrader"]["solution"]:
        index = find_written(name, cell["source"], [each.hints for each in free])
        return None if index is None else free[index]
    signs: list[Callable[[_StudentCell], bool]] = [
        lambda each: each.hints.grade_id == name,
        lambda each: each.hints.id == name,
    ]
    if not cell["metadata"]["nbgrader"]["solution"]:  # a check: with other code in it, it is a cell of the student's
        signs = [lambda each: each.source.strip() == str(cell["source"]).strip()]
    else:
        defines = re.compile(rf"^(?:async\s+)?(?:def\s+{name}\b|{name}\s*(?::[^=\n]*)?=(?!=))", re.MULTILINE)
        if defining := [each for each in same_kind if defines.search(each.source)]:
            return defining[-1]
    return next((each for sign in signs for each in reversed(free) if sign(each)), None)


def _as_released(cell: Json, own: _StudentCell) -> Json:
    """The student's cell with the release's metadata; a check is as it was released."""
    source = own.source if cell["metadata"]["nbgrader"]["solution"] else cell["source"]
    return {**own.cell, "source": source, "metadata": copy.deepcopy(cell["metadata"]), "id": cell["id"]}


def _restored(cell: Json) -> Json:
    """A released cell that is missing. A written answer may stand elsewhere: it must not pass for an empty one."""
    restored = copy.deepcopy(cell)
    if cell["cell_type"] == "markdown":
        restored["source"] = f"{messages.ANSWER_NOT_FOUND}\n\n{cell['source']}"
    return restored


def _with_ids(own: Sequence[_StudentCell]) -> list[Json]:
    """The cells, each with metadata and an id of its own: the student's where that will do."""
    taken = {each.name for each in own if each.name}
    cells = []
    for number, each in enumerate(own, 1):
        if not each.name:
            own_id = each.hints.id
            is_usable = ID.fullmatch(own_id) and own_id not in taken
            each.cell["id"] = own_id if is_usable else next(id_ for id_ in _new_ids(number) if id_ not in taken)
            each.cell["metadata"] = {}
            taken.add(each.cell["id"])
        cells.append(each.cell)
    return cells


def _new_ids(number: int) -> Iterator[str]:
    yield f"own-{number}"
    for again in range(2, 1 << 20):
        yield f"own-{number}-{again}"
