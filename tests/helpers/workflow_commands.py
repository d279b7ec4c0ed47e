"""GitHub's workflow commands, read as its runner reads them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """A workflow command, read as GitHub's runner reads it (actions/runner, ActionCommand.TryParseV2)."""

    name: str
    properties: dict[str, str]
    data: str

    @classmethod
    def read(cls, line: str) -> Command:
        assert line.startswith("::")
        head, separator, data = line[2:].partition("::")
        assert separator
        name, _, written = head.partition(" ")
        pairs = (pair.split("=", 1) for pair in written.split(",") if pair)
        return cls(name, {key: unescape(value, ":,") for key, value in pairs}, unescape(data))


def unescape(text: str, more: str = "") -> str:
    for character in ("\r", "\n", *more, "%"):
        text = text.replace(f"%{ord(character):02X}", character)
    return text
