"""Restore a submission to the structure of the released notebook: every graded cell exactly once.

nbgrader finds cells by their metadata, which editors drop and students copy and delete. Here an answer is found as the
grader finds it, by the name of its function; the metadata comes from the release, the source from the student.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.submission.reader import (
    UnreadableError,
    all_cells,
    find_work,
    read_regular_file,
    script_cells,
    source_text,
)
from autograder.text import INERT_TAG, inert_markdown

Json = dict[str, Any]
STUB = "YOUR ANSWER HERE"  # what nbgrader leaves in the place of a written solution
NOT_FOUND = (
    "*No answer to this question was found in what was handed in. Look through the other cells before you grade it.*"
)
PICTURES = ("image/png", "image/jpeg", "image/gif")
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(eq=False)
class _Own:
    """One cell of the student's: what is kept of it, and what tells where it came from."""

    cell: Json
    hints: tuple[object, object]  # the grade_id in its metadata, its id
    name: str = ""  # of the released cell that it is

    @property
    def source(self) -> str:
        return str(self.cell["source"])


def submitted_cells(folder: Path, assignment: str) -> list[Json]:
    """The cells of what counts in a student's folder, for people to see; none where it cannot be read."""
    if folder.is_symlink() or folder.parent.is_symlink():
        return []
    try:
        for file in find_work(folder, assignment)[:1]:
            content = read_regular_file(file)
            if file.suffix == ".ipynb":
                return all_cells(content)
            return [{"cell_type": "code", "source": cell.source} for cell in script_cells(content, file.name)]
    except UnreadableError:
        pass
    return []


def restore_cells(cells: Sequence[Json], released: Json) -> Json:
    """The notebook of `cells` with the graded cells of `released`: each is there once, none has outputs.

    Restoring what is restored changes nothing.
    """
    wanted = {name: cell for cell in released["cells"] if (name := _graded_name(cell))}
    own = list(_readable(cells, {str(cell["source"]) for cell in released["cells"]}))
    place: dict[str, _Own] = {}  # where each graded cell is; several answers may stand in one cell
    for name, cell in wanted.items():
        found = _find(name, cell, own)
        if found is None:
            continue
        place[name] = found
        if not found.name:
            found.name = name
            found.cell = _as_released(cell, found)
    before: _Own | None = None
    for position, (name, cell) in enumerate(wanted.items()):
        if name not in place:
            place[name] = _Own(_restored(cell), ("", ""), name)
            later = (place[each] for each in list(wanted)[position + 1 :] if each in place)
            at = own.index(before) + 1 if before else next((own.index(each) for each in later), len(own))
            own.insert(at, place[name])
        if place[name].name == name or before is None:  # not a cell that several answers share
            before = place[name]
    return {
        "cells": _with_ids(own),
        "metadata": copy.deepcopy(released["metadata"]),
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _graded_name(cell: Json) -> str:
    """The name of a cell that is an answer, or that earns points."""
    told = cell["metadata"].get("nbgrader", {})
    return str(told["grade_id"]) if told.get("grade") or told.get("solution") else ""


def _readable(cells: Sequence[Json], given: set[str]) -> Iterator[_Own]:
    for cell in cells:
        kind, metadata = cell.get("cell_type"), cell.get("metadata")
        told = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        hints = (told.get("grade_id") if isinstance(told, dict) else None, cell.get("id"))
        source = source_text(cell).encode("utf-8", "replace").decode()  # half a character is none
        if kind == "code":
            yield _Own({"cell_type": "code", "source": source, "outputs": [], "execution_count": None}, hints)
            continue
        if kind == "heading":  # of format 3
            level = cell.get("level")
            source = f"{'#' * (level if isinstance(level, int) and 0 < level < 7 else 1)} {source}"
        made: Json = {"cell_type": "raw" if kind == "raw" else "markdown", "source": source}
        if source not in given:
            attachments = _pictures(cell.get("attachments")) if made["cell_type"] == "markdown" else {}
            made["source"] = inert_markdown(source, list(attachments))
            made |= {"attachments": attachments} if attachments else {}
        yield _Own(made, hints)


def _pictures(attachments: object) -> Json:
    """The pictures in a cell, of kinds that can only be looked at."""
    found: Json = {}
    for name, kinds in attachments.items() if isinstance(attachments, dict) else ():
        kept = {
            kind: data
            for kind, data in (kinds.items() if isinstance(kinds, dict) else ())
            if kind in PICTURES and isinstance(data, str) and re.fullmatch(r"[A-Za-z0-9+/=\s]*", data)
        }
        if kept:
            found[name] = kept
    return found


def _find(name: str, cell: Json, own: Sequence[_Own]) -> _Own | None:
    """The student's cell that stands for a released one, surest sign first; of several, the last."""
    same_kind = [each for each in own if each.cell["cell_type"] == cell["cell_type"]]
    free = [each for each in same_kind if not each.name]
    signs: list[Callable[[_Own], bool]] = [lambda each: each.hints[0] == name, lambda each: each.hints[1] == name]
    if not cell["metadata"]["nbgrader"]["solution"]:  # a check: with other code in it, it is a cell of the student's
        signs = [lambda each: each.source.strip() == str(cell["source"]).strip()]
    elif cell["cell_type"] == "code":
        defines = re.compile(rf"^(?:async\s+)?(?:def\s+{name}\b|{name}\s*(?::[^=\n]*)?=(?!=))", re.MULTILINE)
        if defining := [each for each in same_kind if defines.search(each.source)]:
            return defining[-1]
    else:
        first = _first_line(str(cell["source"]))
        signs.insert(0, lambda each: name in each.hints and each.source != cell["source"])  # a bare copy is no answer
        signs.append(lambda each: first != "" and _first_line(each.source) == first)
    return next((each for sign in signs for each in reversed(free) if sign(each)), None)


def _first_line(source: str) -> str:
    """The line by which a written question is known, whatever an editor made of its blanks."""
    lines = (" ".join(line.split()) for line in source.replace(INERT_TAG, "<").splitlines())
    first = next((line for line in lines if line), "")
    return "" if first == STUB else first


def _as_released(cell: Json, own: _Own) -> Json:
    """The student's cell with the release's metadata; a check is as it was released."""
    source = own.source if cell["metadata"]["nbgrader"]["solution"] else cell["source"]
    return {**own.cell, "source": source, "metadata": copy.deepcopy(cell["metadata"]), "id": cell["id"]}


def _restored(cell: Json) -> Json:
    """A released cell that is missing. A written answer may stand elsewhere: it must not pass for an empty one."""
    restored = copy.deepcopy(cell)
    if cell["cell_type"] == "markdown":
        restored["source"] = f"{NOT_FOUND}\n\n{cell['source']}"
    return restored


def _with_ids(own: Sequence[_Own]) -> list[Json]:
    """The cells, each with metadata and an id of its own: the student's where that will do."""
    taken = {each.name for each in own if each.name}
    cells = []
    for number, each in enumerate(own, 1):
        if not each.name:
            mine = each.hints[1]
            good = isinstance(mine, str) and ID.fullmatch(mine) and mine not in taken
            each.cell["id"] = mine if good else next(x for x in _fresh(number) if x not in taken)
            each.cell["metadata"] = {}
            taken.add(each.cell["id"])
        cells.append(each.cell)
    return cells


def _fresh(number: int) -> Iterator[str]:
    yield f"own-{number}"
    for again in range(2, 1 << 20):
        yield f"own-{number}-{again}"
