"""A new assignment's name in a course.toml: put behind the last one, with all else as it was, or not at all."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

LIST = "assignments"


def with_entry(text: str, name: str) -> str | None:
    """The text of a course.toml with one more assignment; None where no simple edit is sure to do that and no more.

    An edit is tried where the last name stands; what tomllib then reads says whether it was the right one.
    """
    before = tomllib.loads(text)
    wanted = {**before, LIST: [*before[LIST], name]}
    return next((edited for edited in _edits(text, before, name) if _read(edited) == wanted), None)


def _edits(text: str, before: Mapping[str, Any], name: str) -> Iterator[str]:
    """The text with the new name behind the last one, for each place that the last one might have."""
    last, new = (json.dumps(each, ensure_ascii=False) for each in (before[LIST][-1], name))
    for found in re.finditer(f"{re.escape(last)}|'{re.escape(before[LIST][-1])}'", text):
        line_start = text.rfind("\n", 0, found.start()) + 1
        indent = text[line_start : found.start()]
        rest, newline, _ = text[found.end() :].partition("\n")
        comma, behind = ("", rest) if rest.lstrip().startswith(",") else (",", rest)
        line_end = found.end() + len(rest)
        if newline and indent.isspace() and "]" not in rest.partition("#")[0]:  # a line of its own
            own_line = f"{indent}{new}{'' if comma else ','}"
            carriage = "\r" if rest.endswith("\r") else ""
            yield f"{text[: found.end()]}{comma}{behind}\n{own_line}{carriage}{text[line_end:]}"
        yield f"{text[: found.end()]}, {new}{text[found.end() :]}"


def _read(text: str) -> Mapping[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
