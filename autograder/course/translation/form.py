"""Whether a file has the form of a catalogue, line by line: what a lenient reader would take, and lose something of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from autograder.course.translation import messages

LINE = re.compile(r'\s*(?:(?P<keyword>msgid|msgid_plural|msgstr(?:\[\d+\])?)\s+)?(?P<text>"(?:[^"\\]|\\.)*")\s*')

CHARSET = re.compile(r'"Content-Type:.*charset=([^\\\s"]+)')


def problems_of_form(file: Path) -> Iterator[str]:
    """A line on what is no UTF-8, on each line that is none of a catalogue, and on each text that is there twice."""
    content = file.read_bytes()
    try:
        lines = content.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        yield messages.not_utf8(file, content[: error.start].count(b"\n") + 1)
        return
    for number, line in enumerate(lines, 1):
        if (said := CHARSET.match(line)) and said[1].casefold() != "utf-8":
            yield messages.not_utf8(file, number)
    seen: dict[str, int] = {}
    is_open, begun, text = False, 0, ""  # of the msgid that is being read
    for number, line in enumerate([*lines, ""], 1):
        found = LINE.fullmatch(line)
        if not (found or not line.strip() or line.lstrip().startswith("#")):
            yield messages.no_line_of_a_catalogue(file, number)
        if is_open and found and not found["keyword"]:
            text += found["text"][1:-1]
            continue
        if is_open and text in seen:
            yield messages.there_twice(file, begun, seen[text])
        if is_open:
            seen.setdefault(text, begun)
        is_open = bool(found and found["keyword"] == "msgid")
        if found and is_open:
            begun, text = number, found["text"][1:-1]
