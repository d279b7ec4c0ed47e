"""The two signs that our messages use: `code` in backticks, and a *word* that is stressed."""

from __future__ import annotations

import re
from html import escape

_SIGNS = re.compile(r"`(?P<code>[^`\n]+)`|(?<![\w*])\*(?P<word>[^\W\d_]+)\*(?![\w*])")


def html_text(text: str) -> str:
    """Text as HTML, with code and stressed words as such."""
    return _SIGNS.sub(_as_html, escape(text))


def _as_html(found: re.Match[str]) -> str:
    return f"<em>{found['word']}</em>" if found["word"] else f"<code>{found['code']}</code>"


def plain_text(text: str) -> str:
    """Text for where nothing can be stressed. Code keeps its backticks."""
    return _SIGNS.sub(lambda found: found["word"] or found[0], text)
