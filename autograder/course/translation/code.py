"""Code, comment by comment: what of it people read, and the same code with these texts in another language.

Comments, docstrings and what is printed are put into the code. Other texts, which may be what stands in a picture, are
asked for as well, and stay: a picture is translated when it is drawn, where there is a font for it.
"""

from __future__ import annotations

import ast
import io
import re
import textwrap
import tokenize
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from autograder.language.sentences import is_sentence
from autograder.submission.handout import CODE_STUB

Say = Callable[[str], str]
QUOTES = re.compile(r"[rRuU]*(\"\"\"|'''|\"|')")
SHAPES = re.compile(r"`[^`]*`|\([^()]*\)|\[[^\[\]]*\]")
NO_TEXT = {"color", "c", "cmap", "layout", "fmt", "loc", "where", "ha", "va", "style", "linestyle", "over", "aspect"}
NO_TEXT |= {"colors", "colours", "sharey", "sharex", "dtype", "mode", "marker", "fontweight", "projection", "which"}


@dataclass(frozen=True)
class Template:
    """The text of an f-string with plain names for its fields, and what stands in each."""

    text: str
    fields: dict[str, str]

    def filled(self, text: str) -> str:
        """The f-string again, of a translation of the text."""
        parts = re.split(r"\{(\w+)\}", text.replace("{{", "\0").replace("}}", "\1"))
        source = [self.fields[part] if number % 2 else _quoted(part) for number, part in enumerate(parts)]
        return 'f"' + "".join(source).replace("\0", "{{").replace("\1", "}}") + '"'


def code_in(source: str, say: Say) -> str:
    """Code with its comments, docstrings and printed texts as `say` has them."""
    lines = source.split("\n")
    changes = [*_comments(source, lines, say), *_strings(source, lines, say)]
    for (first, start), (last, end), text in sorted(changes, reverse=True):
        before, after = lines[first][:start], lines[last][end:]
        lines[first : last + 1] = (before + text + after).split("\n")
    return "\n".join(lines)


def texts_of_program(source: str) -> list[str]:
    """What a program says that has its sentences in constants at its top: a constant with a blank in it is one."""
    return [str(each.value) for each in _said_at_the_top(source)]


def program_in(source: str, say: Say) -> str:
    """The program with these constants as `say` has them."""
    lines = source.split("\n")
    for each in reversed(_said_at_the_top(source)):
        text = str(each.value)
        if (said := say(text)) != text:
            (first, start), (last, end) = _places(each, lines)
            lines[first : last + 1] = [f'{lines[first][:start]}"{_quoted(said)}"{lines[last][end:]}']
    return "\n".join(lines)


def _said_at_the_top(source: str) -> list[ast.Constant]:
    values = (node.value for node in ast.parse(source).body if isinstance(node, ast.Assign))
    return [each for each in values if isinstance(each, ast.Constant) and " " in str(each.value)]


Place = tuple[int, int]  # a line, counted from 0, and how far in it
Change = tuple[Place, Place, str]


def _comments(source: str, lines: Sequence[str], say: Say) -> Iterator[Change]:
    """Comments; those that fill lines one below the other are one text."""
    tokens: list[tokenize.TokenInfo] = []
    try:
        tokens += tokenize.generate_tokens(io.StringIO(source).readline)
    except (tokenize.TokenError, SyntaxError):  # no Python: `%magic`
        return
    found = [(each.start[0] - 1, each.start[1]) for each in tokens if each.type == tokenize.COMMENT]
    while found:
        line, start = found.pop(0)
        last = line
        if not lines[line][:start].strip():
            while found and found[0] == (last + 1, start) and _is_text(lines[found[0][0]][start:]):
                last = found.pop(0)[0]
        text = " ".join(each[start:].lstrip("#").strip() for each in lines[line : last + 1])
        if not _is_text(lines[line][start:]) or not is_sentence(SHAPES.sub("", text)):
            continue
        said = say(text)
        if said != text:
            yield (line, start), (last, len(lines[last])), f"# {said}"


def _is_text(comment: str) -> bool:
    return not comment.startswith(("###", *CODE_STUB))


def _strings(source: str, lines: Sequence[str], say: Say) -> Iterator[Change]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    docstrings = {id(each) for each in _docstrings(tree)}
    printed = {id(each) for node in ast.walk(tree) if _prints(node) for each in node.args}  # type: ignore[attr-defined]
    for node in _texts(tree):
        start, end = _places(node, lines)
        if id(node) in docstrings:
            yield start, end, _docstring(_between(lines, start, end), say)
        elif isinstance(node, ast.JoinedStr):
            template = template_of(node)
            said = say(template.text) if is_sentence(template.text) else template.text
            if said != template.text and id(node) in printed:
                yield start, end, template.filled(said)
        elif isinstance(node, ast.Constant) and is_sentence(str(node.value)):
            said = say(str(node.value))
            if said != node.value and id(node) in printed:
                yield start, end, f'"{_quoted(said)}"'


def _prints(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"


def _docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(body=[ast.Expr(value=ast.Constant(value=str()) as text), *_]):
                yield text
            case ast.ClassDef(body=[ast.Expr(value=ast.Constant(value=str()) as text), *_]):
                yield text


def _texts(node: ast.AST) -> Iterator[ast.Constant | ast.JoinedStr]:
    """The texts in some code, but those that are no text to anybody: colours, indices, names of files and modules."""
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        yield node
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.keyword) and child.arg in NO_TEXT:
            continue
        if isinstance(node, ast.Subscript) and child is node.slice:
            continue
        if isinstance(child, ast.Call) and _name(child.func) in ("previous", "previous_data", "load", "Path"):
            continue
        yield from _texts(child)


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def _places(node: ast.expr, lines: Sequence[str]) -> tuple[Place, Place]:
    """Where a node begins and ends; Python counts bytes."""
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    return (first, _signs(lines[first], node.col_offset)), (last, _signs(lines[last], node.end_col_offset or 0))


def _signs(line: str, count: int) -> int:
    return len(line.encode()[:count].decode())


def _between(lines: Sequence[str], start: Place, end: Place) -> str:
    text = "\n".join(lines[start[0] : end[0] + 1])
    return text[start[1] : len(text) - (len(lines[end[0]]) - end[1])]


def _docstring(source: str, say: Say) -> str:
    """A docstring with each of its paragraphs in another language; its lines stay lines."""
    quotes = QUOTES.match(source)
    assert quotes is not None
    inner = source[quotes.end() : len(source) - len(quotes[1])]
    parts = re.split(r"(\n[ \t]*\n)", inner)
    for number in range(0, len(parts), 2):
        first, _, rest = parts[number].partition("\n")
        text = (first.strip() if number == 0 else textwrap.dedent(parts[number])).rstrip()
        if number == 0 and rest:
            text = f"{text}\n{textwrap.dedent(rest).rstrip()}"
        if not is_sentence(text):
            continue
        said = say(text)
        if said != text:
            below = rest if number == 0 else parts[number]
            said = textwrap.indent(said, below[: len(below) - len(below.lstrip(" \t"))] or "    ")
            parts[number] = (said.lstrip() if number == 0 else said) + parts[number][len(parts[number].rstrip()) :]
    return source[: quotes.end()] + "".join(parts) + quotes[1]


def template_of(node: ast.JoinedStr) -> Template:
    """An f-string as a template, whose fields have plain names: their own, or that of an attribute, or `value`."""
    text: list[str] = []
    fields: dict[str, str] = {}
    for each in node.values:
        if isinstance(each, ast.Constant):
            text.append(str(each.value).replace("{", "{{").replace("}", "}}"))
            continue
        source = ast.unparse(ast.JoinedStr([each]))[2:-1]
        value = each.value if isinstance(each, ast.FormattedValue) else None
        plain = value.id if isinstance(value, ast.Name) else value.attr if isinstance(value, ast.Attribute) else "value"
        name, number = plain, 1
        while fields.get(name, source) != source:
            number += 1
            name = f"{plain}_{number}"
        fields[name] = source
        text.append(f"{{{name}}}")
    return Template("".join(text), fields)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
