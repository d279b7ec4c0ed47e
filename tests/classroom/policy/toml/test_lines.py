"""The line of every key, table and entry of a list, whatever the layout."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.classroom.policy.toml.lines import Keys, lines_of

pytestmark = pytest.mark.slow

Draw = Callable[[st.SearchStrategy[Any]], Any]
COMMENTS = ("", "# [k1]", "#[[k1", "# it's \"k2 = 1", "# ]}", '# """', "#'''")
SIMPLE = (
    *("0", "-1.5e+3", "inf", "true", "0xff", "2026-10-12", "2026-10-12T23:59:00+02:00", "2026-10-12 23:59:00.5"),
    *("23:59:00", '""', "''", '"#"', '"]"', "'}'", '"a = \\"b\\\\"', "'a\\'", '"[[k1]]"', '"ë,"'),
    *('"""\n[k1]\nk2 = "x"\n"""', '"""a"""""', '""""a"""', '"""\\"" # no comment"""', '"""\\\n   a"""'),
    *("'''\n[k1]\n# k2 = 1\n'''", "'''a'''''", "''''a'''", "'''\\'''"),
)


def places(value: object, place: Keys = ()) -> Iterator[Keys]:
    """Where anything stands in what tomllib has read."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in entries:
        yield (*place, key)
        yield from places(each, (*place, key))


class Document:
    """A text that grows, and the line on which each thing was written into it. Every key is another one."""

    def __init__(self, draw: Draw) -> None:
        self.draw, self.text, self.lines, self.keys = draw, "", {}, 0

    def write(self, *texts: str) -> None:
        self.text += "".join(texts)

    def pick(self, *options: Any) -> Any:
        return self.draw(st.sampled_from(options))

    def named(self, place: Keys) -> Keys:
        self.lines.setdefault(place, self.text.count("\n") + 1)
        return place

    def blanks(self) -> None:
        self.write(self.pick("", " ", "\t"))

    def end_of_line(self) -> None:
        self.blanks()
        self.write(self.pick(*COMMENTS), self.pick("\n", "\r\n", "\n\n"))

    def key(self, place: Keys) -> Keys:
        """A new key, written in one of three ways; some hold a dot or a blank, and must be quoted."""
        self.keys += 1
        name = f"k{self.keys}{self.pick('', '', '.x', ' y', '#z', '=')}"
        is_bare = name.isalnum()
        self.write(self.pick(*((name, f'"{name}"', f"'{name}'") if is_bare else (f'"{name}"', f"'{name}'"))))
        return (*place, name)

    def dotted(self, place: Keys, last: Callable[[Keys], Keys]) -> Keys:
        """A key of one to three parts."""
        line = self.text.count("\n") + 1
        for _ in range(self.pick(0, 0, 1, 2)):
            place = self.key(place)
            self.lines.setdefault(place, line)
            self.blanks()
            self.write(".")
            self.blanks()
        return last(place)

    def entry(self, place: Keys, depth: int) -> None:
        place = self.dotted(place, lambda above: self.named(self.key(above)))
        self.blanks()
        self.write("=")
        self.blanks()
        self.value(place, depth)

    def value(self, place: Keys, depth: int) -> None:
        kind = self.pick("simple", "simple", "list", "table") if depth else "simple"
        if kind == "simple":
            self.write(self.pick(*SIMPLE))
        elif kind == "list":
            self.list_of_values(place, depth)
        else:
            count = self.pick(0, 1, 2)
            self.write("{")
            for index in range(count):
                self.write(" ")
                self.entry(place, depth - 1)
                self.write(" " if index == count - 1 else ",")
            self.write("}")

    def list_of_values(self, place: Keys, depth: int) -> None:
        count = self.pick(0, 1, 3)
        self.write("[")
        for index in range(count):
            self.maybe_new_line()
            self.value(self.named((*place, index)), depth - 1)
            self.maybe_new_line()
            self.write("," if index < count - 1 else self.pick("", ","))
        self.maybe_new_line()
        self.write("]")

    def maybe_new_line(self) -> None:
        if self.pick(True, False):
            self.end_of_line()

    def entries(self, place: Keys) -> None:
        for _ in range(self.pick(0, 1, 3)):
            self.blanks()
            self.entry(place, 2)
            self.end_of_line()

    def table(self) -> None:
        self.write("[")
        place = self.dotted((), lambda above: self.named(self.key(above)))
        self.write("]")
        self.end_of_line()
        self.entries(place)

    def tables(self) -> None:
        """A list of tables, each perhaps with one below it."""
        self.keys += 1
        name = f"k{self.keys}"
        for index in range(self.pick(1, 3)):
            self.named((name,))
            place = self.named((name, index))
            self.write(f"[[{name}]]")
            self.end_of_line()
            self.entries(place)
            if self.pick(True, False):
                self.write(f"[{name}.")
                below = self.named(self.key(place))
                self.write("]")
                self.end_of_line()
                self.entries(below)


@st.composite
def documents(draw: Draw) -> tuple[str, dict[Keys, int]]:
    document = Document(draw)
    document.maybe_new_line()
    document.entries(())
    for _ in range(document.pick(0, 2, 4)):
        document.pick(document.table, document.tables)()
    text = document.text
    return (text.rstrip("\r\n") if document.pick(True, False) else text), document.lines


@settings(max_examples=200, deadline=None)
@given(documents())
def test_everything_is_found_on_its_line(written: tuple[str, dict[Keys, int]]) -> None:
    text, lines = written
    assert {*places(tomllib.loads(text))} == {*lines}, "the writer of this test"
    assert lines_of(text) == lines


@settings(max_examples=300)
@given(st.text(alphabet="[]{}=,.#\"'\\\n\r\t abk01-_:T", max_size=40))
@example("a = [ # ]\n]")
@example('a = """"""\nb = ""\n')
def test_whatever_tomllib_reads_is_found(text: str) -> None:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert {*lines_of(text)} == {*places(values)}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", {}),
        ("a.b = 1\na.c = 2", {("a",): 1, ("a", "b"): 1, ("a", "c"): 2}),
        ("[a.b]\n[a]\nc = 1", {("a",): 1, ("a", "b"): 1, ("a", "c"): 3}),
        ("[[a]]\n\n[[a]]\nb = 1", {("a",): 1, ("a", 0): 1, ("a", 1): 3, ("a", 1, "b"): 4}),
        (
            "[[a]]\n[[a.b]]\n[[a]]\n[[a.b]]",
            {("a",): 1, ("a", 0): 1, ("a", 0, "b"): 2, ("a", 0, "b", 0): 2}
            | {("a", 1): 3, ("a", 1, "b"): 4, ("a", 1, "b", 0): 4},
        ),
        ("a = [\n{b = 1},\n{b = 2}]", {("a",): 1, ("a", 0): 2, ("a", 0, "b"): 2, ("a", 1): 3, ("a", 1, "b"): 3}),
        ('"a\\u00EB\\"" = 1', {('aë"',): 1}),
        ("\na = '''\n\n'''\r\n\nb = 1", {("a",): 2, ("b",): 6}),
    ],
)
def test_each_kind_by_itself(text: str, lines: dict[Keys, int]) -> None:
    assert lines_of(text) == lines
