"""Text in and out where not every character can be: plain signs stand for ours, escapes for all else. Portable.

A pipe on Windows speaks cp1252 or gbk, a bare system ASCII: a sign that is not in there would end the program.
"""

from __future__ import annotations

import codecs
import io
import sys

# What our own sentences and tables, and those of courses, are written with, in ASCII.
PLAIN = {
    "✓": "ok",
    "✗": "x",
    "·": "-",
    "—": "-",
    "\u2013": "-",
    "→": "->",
    "…": "...",
    "×": "x",
    "√": "sqrt",
    "≠": "!=",
    "π": "pi",
    "“": '"',
    "”": '"',
    "\u2018": "'",
    "\u2019": "'",
    "ϵ": "epsilon",
    "ε": "epsilon",
    "Φ": "Phi",
    "≤": "<=",
    "≥": ">=",
    "≈": "~",
    "±": "+-",
    "÷": "/",
    "\u2212": "-",
    "∞": "inf",
    "½": "1/2",
    "⁰": "^0",
    "¹": "^1",
    "²": "^2",
    "³": "^3",
    "ᵀ": "^T",
    "↑": "^",
    "↓": "v",
    "↔": "<->",
    "●": "*",
    "○": "o",
    "\u200b": "",
}
ERRORS = "autograder.plain"


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    written = error.object[error.start : error.end]
    signs = (PLAIN.get(sign, sign.encode("ascii", "backslashreplace").decode()) for sign in written)
    return "".join(signs), error.end


codecs.register_error(ERRORS, _plain)


def write_all_signs() -> None:
    """Let this program's output hold every text, whatever its encoding, be it half a character."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=ERRORS)


def as_shown(text: str) -> str:
    """A text as this program's output can show it, for somebody else's program to print."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return text.encode(encoding, ERRORS).decode(encoding)


def as_typed(argument: str) -> str:
    """An argument of this program, in UTF-8 as terminals send it: in the C locale, Python reads each byte by itself."""
    return argument.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
