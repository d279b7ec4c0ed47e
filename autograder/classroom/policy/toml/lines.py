"""The line on which each key, table and entry of a list of a TOML text stands: tomllib does not tell."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Keys = tuple[str | int, ...]  # from the top down to a value: ("extensions", 1, "days"); a number counts in a list

# Of a text that tomllib has read, so that nothing here needs to tell right from wrong. A text of three quotes may end
# with one or two more, which are its own.
_TOKEN = re.compile(
    r'''
      (?P<text> """(?:\\.|[^\\])*?"""(?!") | \'\'\'.*?\'\'\'(?!\') | "(?:\\.|[^"\\])*" | '[^']*' )
    | (?P<newline> \n )
    | (?P<sign> [\[\]{}=,.] )
    | (?P<bare> [^\s\[\]{}=,.\#"']+ )
    | \#[^\n]* | \s
    ''',
    re.VERBOSE | re.DOTALL,
)
_NEWLINE, _END = "newline", "end"


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    line: int


def lines_of(text: str) -> Mapping[Keys, int]:
    """For each key, table and entry of a list, the line on which it is first named, from 1.

    `text` is TOML that tomllib has read. A table that is only named as a part of another's name stands where that is.
    """
    return _Scanner(text).lines


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup:
            yield _Token(match.lastgroup, match[0], line)
        line += match[0].count("\n")
    yield _Token(_END, "", line)


class _Scanner:
    """Goes through a text from its first token to the last."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Keys, int] = {}
        self._lengths: defaultdict[Keys, int] = defaultdict(int)  # of lists of tables, so far
        self._tokens = _tokens(text)
        self._next = next(self._tokens)
        table: Keys = ()
        while self._past_newlines().kind != _END:
            if self._next.text == "[":
                table = self._header()
            else:
                self._entry(table)

    def _take(self) -> _Token:
        token = self._next
        self._next = next(self._tokens, token)
        return token

    def _past_newlines(self) -> _Token:
        while self._next.kind == _NEWLINE:
            self._take()
        return self._next

    def _header(self) -> Keys:
        """`[a.b]` or `[[a.b]]`: the table that what follows stands in."""
        line = self._take().line
        if is_one_of_many := self._next.text == "[":
            self._take()
        *above, name = self._key()
        place: Keys = ()
        for part in above:
            place = self._last_of(self._named((*place, part), line))
        place = self._named((*place, name), line)
        if is_one_of_many:
            self._lengths[place] += 1
            place = self._named(self._last_of(place), line)
            self._take()
        self._take()
        return place

    def _last_of(self, place: Keys) -> Keys:
        return (*place, self._lengths[place] - 1) if place in self._lengths else place

    def _named(self, place: Keys, line: int) -> Keys:
        self.lines.setdefault(place, line)
        return place

    def _key(self) -> list[str]:
        """A key with its parts, `a."b.c"`."""
        parts = [_plain(self._take())]
        while self._next.text == ".":
            self._take()
            parts.append(_plain(self._take()))
        return parts

    def _entry(self, table: Keys) -> None:
        """`key = value`, in a table whose name is known."""
        place, line = table, self._next.line
        for part in self._key():
            place = self._named((*place, part), line)
        self._take()  # =
        self._value(place)

    def _value(self, place: Keys) -> None:
        opening = self._take().text
        if opening == "[":
            index = 0
            while self._past_newlines().text not in ("]", ""):
                self._value(self._named((*place, index), self._next.line))
                index += 1
                self._past_comma()
            self._take()
        elif opening == "{":
            while self._past_newlines().text not in ("}", ""):
                self._entry(place)
                self._past_comma()
            self._take()
        else:  # a number or a time may be of several tokens
            while self._next.text not in ("]", "}", ",") and self._next.kind not in (_NEWLINE, _END):
                self._take()

    def _past_comma(self) -> None:
        if self._past_newlines().text == ",":
            self._take()


def _plain(token: _Token) -> str:
    """A part of a key without quotes and escapes."""
    return token.text if token.kind == "bare" else next(iter(tomllib.loads(f"{token.text} = 0")))
