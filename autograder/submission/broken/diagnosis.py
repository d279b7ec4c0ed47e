"""What became of a file that is no notebook and no script any more: told by its first bytes, or by where its JSON ends.

Portable.
"""

from __future__ import annotations

import json
import re
from pathlib import PurePath

from autograder.submission.errors import UnreadableError
from autograder.submission.messages import Problem
from autograder.submission.which_file import NOTEBOOK, kind_of

CONFLICT = re.compile(r"^(?:(?:<{7}|\|{7}|>{7})(?: |\r?$)|={7}\r?$)", re.MULTILINE)  # a marker of git
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ")
_PDF = b"%PDF-"
_PROGRAMS_FILES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"MZ\x90", b"\xd0\xcf\x11\xe0", b"\x80\x04\x95")
_WEB_PAGE = re.compile(r"\s*<(?:!doctype|html|head|body|\?xml|svg|!--)", re.IGNORECASE)
_PYTHON = re.compile(r"^(?:def|class|import|from|@|# %%|# In\[)[ \w\[.]", re.MULTILINE)
_LOOKED_AT = 4096  # bytes at the beginning of a file
_MAX_NULLS = 0.05  # of these in a text; letters of 16 bits have half of them, and are told before


def refuse_if_empty(content: bytes, name: str) -> None:
    """Raises UnreadableError where nothing is in a file, not even an empty cell."""
    if not content.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise UnreadableError(Problem.EMPTY_NOTEBOOK if kind_of(name) == NOTEBOOK else Problem.EMPTY, file=name)


def refuse_if_of_another_kind(content: bytes, name: str) -> None:
    """Raises UnreadableError where the first bytes of a file say that it is neither a notebook nor a script."""
    if content.startswith(_ARCHIVES):
        raise UnreadableError(Problem.ARCHIVE, file=name)
    if content.startswith(_PDF):
        raise UnreadableError(Problem.PDF, file=name)
    if content.startswith(_PROGRAMS_FILES):
        raise UnreadableError(Problem.BINARY, file=name)


def refuse_if_no_script(text: str, name: str) -> None:
    """Raises UnreadableError where the text of a .py file is no Python, and it is known what it is."""
    if _WEB_PAGE.match(text):
        raise UnreadableError(Problem.WEB_PAGE)
    if _is_binary(text):
        raise UnreadableError(Problem.BINARY, file=name)
    if text.lstrip("\ufeff \t\r\n").startswith("{") and _is_notebook(text):
        raise UnreadableError(Problem.NOTEBOOK_AS_SCRIPT, file=name, renamed=f"{PurePath(name).stem}.ipynb")


def what_is_no_json(text: str, error: json.JSONDecodeError, name: str) -> UnreadableError:
    """Why the text of a notebook cannot be read, as far as that is known."""
    if text.lstrip("\ufeff \r\n\t").startswith("<") and not CONFLICT.match(text.lstrip("\ufeff \r\n\t")):
        return UnreadableError(Problem.WEB_PAGE)
    if _is_binary(text):
        return UnreadableError(Problem.BINARY, file=name)
    if marker := CONFLICT.search(text):
        return UnreadableError(Problem.CONFLICT, line=text.count("\n", 0, marker.start()) + 1)
    if not text.lstrip("\ufeff \r\n\t").startswith(("{", "[")) and _PYTHON.search(text):
        return UnreadableError(Problem.SCRIPT_AS_NOTEBOOK, file=name, renamed=f"{PurePath(name).stem}.py")
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return UnreadableError(Problem.CUT_OFF)
    return UnreadableError(Problem.NO_JSON_FROM_LINE, line=error.lineno)


def _is_binary(text: str) -> bool:
    begin = text[:_LOOKED_AT]
    return begin.count("\0") > _MAX_NULLS * len(begin)


def _is_notebook(text: str) -> bool:
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(tree.get("cells", tree.get("worksheets")), list)
