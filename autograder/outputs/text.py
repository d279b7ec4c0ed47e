"""A stranger's words in a terminal: nothing in them that it would obey, and not too many."""

from __future__ import annotations

from rich.text import Text

NOTE_LENGTH = 80


def plain(text: str, length: int = NOTE_LENGTH) -> Text:
    """The text with control characters made visible, cut to a length."""
    visible = "".join(character if character.isprintable() or character == "\n" else "\ufffd" for character in text)
    return Text(visible if len(visible) <= length else visible[: length - 1] + "…")
