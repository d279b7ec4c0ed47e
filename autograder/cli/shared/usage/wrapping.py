"""Text in lines for a terminal, where a Chinese sign is two columns wide, and a line may end behind any of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autograder.text import columns_of

# What must stay together: a word, or a sign that is wide; with marks that begin no line, and those that end none.
_ENDS = "\uff0c\u3002\u3001\uff1b\uff1a\uff1f\uff01\uff09\u300b\u201d\u2019\u2026"  # from the comma to the dots
_BEGINS = "\uff08\u300a\u201c\u2018"
_WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
_PIECE = re.compile(rf" +|[{_BEGINS}]*(?:{_WIDE}|(?:(?!{_WIDE})[^\s{_ENDS}{_BEGINS}])+)?[{_ENDS}]*")


def wrapped(text: str, width: int, initial_indent: str = "", subsequent_indent: str = "") -> str:
    """A paragraph in lines of `width` columns at most; a word that is longer stands in one of its own."""
    lines, line = [], initial_indent
    room = width - columns_of(initial_indent)
    for piece in _pieces(text):
        if columns_of(piece.rstrip()) > room and line.strip():
            lines.append(line.rstrip())
            line, room = subsequent_indent, width - columns_of(subsequent_indent)
            piece = piece.lstrip()
        line, room = line + piece, room - columns_of(piece)
    return "\n".join([*lines, line.rstrip()])


def _pieces(text: str) -> Iterator[str]:
    return (found[0] for found in _PIECE.finditer(" ".join(text.split())) if found[0])
