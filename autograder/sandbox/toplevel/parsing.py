"""From cells to the statements at their top level. Nothing of it is run."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from textwrap import dedent

from autograder.sandbox import messages
from autograder.sandbox.protocol import Cell, lines_of
from autograder.sandbox.toplevel.deeds import DYNAMIC
from autograder.sandbox.toplevel.imports import Import, imported, one_by_one
from autograder.sandbox.toplevel.statement import Statement, bare, touched
from autograder.sandbox.toplevel.syntax import parse

UNPARSABLE = (SyntaxError, ValueError, RecursionError, MemoryError)  # what parsing may raise
PYTHON_CELL_MAGICS = {"time", "timeit", "capture", "prun"}
DEFINING = re.compile(rf"^[ \t]*(?:async|class|def|from|import)\b|\blambda\b|\b(?:{'|'.join(DYNAMIC)})\(", re.MULTILINE)
CONFLICT_MARKER = re.compile(r"(?:<{7}|\|{7}|>{7})(?: |$)|={7}$")


class ParsedCell:
    """A cell whose statements are parsed when they are first asked for; most are never, for their text tells enough."""

    def __init__(self, cell: Cell, known: ParsedCell | None = None) -> None:
        """`known` is one with the same text."""
        self._cell = cell
        self._known = known
        self.text: str = known.text if known else _as_names(cell.source)

    @cached_property
    def statements(self) -> list[Statement]:
        """Its statements, in order; where it does not parse, those of its blocks, as far as they do."""
        if self._known:
            return [each.labelled(self._cell.label) for each in self._known.statements]
        return list(_of_cell(self._cell))

    def is_of(self, cell: Cell) -> bool:
        return self._cell == cell

    @cached_property
    def defines(self) -> bool:
        """Whether it may define or import anything, or bind names that its text does not show."""
        return self._known.defines if self._known else DEFINING.search(self.text) is not None

    @cached_property
    def touched(self) -> set[str]:
        """The names among which are all that it binds or changes."""
        return self._known.touched if self._known else touched(self.text)

    @cached_property
    def bare(self) -> set[str]:
        """Those of them that it does more with than to take something from them."""
        return self._known.bare if self._known else bare(self.text)


_known: dict[str, ParsedCell] = {}  # by their text


def remember(cells: Iterable[Cell]) -> None:
    """Parse and compile cells, and find out all about them: others of the same text need none of that from now on.

    Only the text of whoever grades may be compiled here. A cell in which something does not compile is left out.
    """
    for cell in cells:
        made = ParsedCell(cell)
        try:
            for each in made.statements:
                if each.problem:
                    break
                _ = (each.code, each.touched, each.bare, each.names, each.deeds, each.effects)
            else:
                _ = (made.defines, made.touched, made.bare)
                _known[cell.source] = made
        except UNPARSABLE:
            continue


def parsed(cell: Cell) -> ParsedCell:
    """A cell, with what is known of its text already."""
    known = _known.get(cell.source)
    if known is None or known.is_of(cell):
        return known or ParsedCell(cell)
    return ParsedCell(cell, known)


def _as_names(source: str) -> str:
    """Source in which names are as Python has them: it takes some forms of letters for the same, ϵ for ε."""
    return source if source.isascii() else unicodedata.normalize("NFKC", source)


def _of_cell(cell: Cell) -> Iterator[Statement]:
    label, source = cell.label, lines_of(cell.source.removeprefix("\ufeff"))
    magic = _cell_magic(source)
    if magic and magic not in PYTHON_CELL_MAGICS:
        line = next(number for number, text in enumerate(source, 1) if text.strip())
        reason = messages.not_python(label, line, magic)
        yield _broken(label, line, reason, _names_begun("\n".join(source)))
        return
    text = "\n".join(_blanked(source) if magic else source)
    for clean in (str, dedent, _without_line_magics):
        text = clean(text)
        try:
            body = parse(text).body
        except UNPARSABLE:
            continue
        yield from _each(body, label, source)
        return
    conflict = next((number for number, line in enumerate(source, 1) if CONFLICT_MARKER.match(line)), 0)
    for block in _blocks(text):
        try:
            body = parse(block).body
        except UNPARSABLE as error:
            reason = messages.conflict(label, conflict) if conflict else _not_parsed(error, label)
            yield _broken(label, conflict, reason, _names_begun(block))
            continue
        yield from _each(body, label, source)


def _broken(label: str, line: int, reason: str, names: tuple[str, ...]) -> Statement:
    names = tuple(map(_as_names, names))
    return Statement(label, line, text=" ".join(names), problem=reason, to_bind=names)


def _each(body: Sequence[ast.stmt], label: str, lines: Sequence[str]) -> Iterator[Statement]:
    """The statements of some code; of an import, one for each module."""
    shared = Counter(node.lineno for node in body)  # `a = 1; b = 2`
    for node in body:
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
        text = "\n".join(lines[first - 1 : node.end_lineno])
        if shared[node.lineno] > 1 and node.end_lineno == node.lineno:
            text = text.encode("utf-8", "replace")[node.col_offset : node.end_col_offset].decode("utf-8", "replace")
        for each in one_by_one(node) if isinstance(node, Import) else [node]:
            yield Statement(
                label, node.lineno, each, " ".join(imported(each)) if isinstance(each, Import) else _as_names(text)
            )


def _not_parsed(error: BaseException, label: str) -> str:
    kind = type(error).__name__
    if isinstance(error, SyntaxError) and error.lineno:
        return messages.not_parsed_from_line(kind, label, error.lineno, error.msg)
    return messages.not_parsed(kind, label)


def _cell_magic(lines: Sequence[str]) -> str:
    """The name of the magic that a cell begins with, such as `time` of `%%time`."""
    first = next((line.strip() for line in lines if line.strip()), "")
    words = first[2:].split()[:1] if first.startswith("%%") else []
    return words[0] if words else ""


def _blanked(lines: Sequence[str]) -> list[str]:
    """The lines without the first that is not empty. Line numbers stay."""
    first = next(number for number, line in enumerate(lines) if line.strip())
    return [*lines[:first], "", *lines[first + 1 :]]


def _without_line_magics(source: str) -> str:
    """Blank out what only IPython understands: `%magic`, `!shell`, `name?`; `%time` runs the rest of its line.

    Line numbers stay.
    """
    source = re.sub(r"^([ \t]*)%time[ \t]+(?=\S)", r"\1", source, flags=re.MULTILINE)
    line_magic = r"^([ \t]*)(?:(?:%%?[a-zA-Z]|!|\?).*|[\w.]+\?{1,2}|\w+\s*=\s*[%!].*)[ \t]*$"
    return re.sub(line_magic, r"\1pass", source, flags=re.MULTILINE)


def _blocks(source: str) -> Iterator[str]:
    """Cut source where a top-level statement seems to begin, each block padded so that its line numbers hold."""
    lines = lines_of(source)
    starts = [
        number
        for number, line in enumerate(lines)
        if re.match(r"(?!(?:else|elif|except|finally)\b)[^\s#)\]}]", line)
        and not (number and lines[number - 1].startswith("@"))
    ]
    for start, end in pairwise([*starts, len(lines)]):
        yield "\n" * start + "\n".join(lines[start:end])


def _names_begun(block: str) -> tuple[str, ...]:
    """The names that a block, which is not run, set out to define."""
    defined = re.findall(r"^(?:async\s+)?(?:def|class)\s+(\w+)", block, flags=re.M)
    return tuple(defined or re.findall(r"^(\w+)\s*=", block, flags=re.M))
