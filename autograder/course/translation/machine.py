"""All that is to be translated of the machine: its messages modules, help, templates of pages, and a handout."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

from jinja2.ext import babel_extract

from autograder.course.bundle import README, START
from autograder.course.machine import DEFAULTS
from autograder.course.translation.code import texts_of_program
from autograder.course.translation.entries import SourceText
from autograder.course.translation.prose import prose_in
from autograder.language.sentences import sentences_of

PACKAGE = Path(__file__).parents[2]


def entries_of_machine() -> list[SourceText]:
    """Each sentence of the machine, with the file that it stands in."""
    return [*_of_messages(), *_of_help(), *_of_templates(), *_of_handout()]


def _of_messages() -> Iterator[SourceText]:
    for path in sorted(PACKAGE.rglob("*messages.py")):
        place = path.relative_to(PACKAGE.parent).as_posix()
        for each in sentences_of(path.read_text(encoding="utf-8")):
            yield SourceText(each.text, place, each.several)


def _of_help() -> Iterator[SourceText]:
    """What `--help` says: the paragraphs of commands, and what is said of their options."""
    for path in sorted((PACKAGE / "cli").rglob("*.py")):
        place = path.relative_to(PACKAGE.parent).as_posix()
        if not path.name.endswith("messages.py"):
            for text in _help_in(ast.parse(path.read_text(encoding="utf-8"))):
                yield from (SourceText(" ".join(each.split()), place) for each in re.split(r"\n\s*\n", cleandoc(text)))


def _help_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(decorator_list=decorators) if any(map(_makes_command, decorators)):
                yield ast.get_docstring(node) or ""
            case ast.keyword(arg="help" | "short_help", value=ast.Constant(value=str() as text)):
                yield text
            case ast.Call(func=ast.Name(id="language_option"), args=[ast.Constant(value=str() as text)]):
                yield text
            case ast.Assign(targets=[ast.Name(id="COMMANDS")], value=ast.Dict(values=values)):
                yield from (str(each.value) for each in values if isinstance(each, ast.Constant))


def _makes_command(decorator: ast.expr) -> bool:
    match decorator:
        case ast.Call(func=ast.Attribute(attr="command" | "group")):
            return True
    return False


def _of_handout() -> Iterator[SourceText]:
    """What students of any course are told to begin with: the README of their zip, and the program that sets it up."""
    place = (DEFAULTS / README).relative_to(PACKAGE.parent).as_posix()
    texts: list[str] = []

    def note(text: str) -> str:
        texts.append(text)
        return text

    prose_in((DEFAULTS / README).read_text(encoding="utf-8"), note)
    yield from (SourceText(text, place) for text in texts)
    source = (DEFAULTS / START).read_text(encoding="utf-8")
    place = (DEFAULTS / START).relative_to(PACKAGE.parent).as_posix()
    yield from (SourceText(text, place) for text in texts_of_program(source))


def _of_templates() -> Iterator[SourceText]:
    for path in sorted(PACKAGE.rglob("templates/*.html")):
        place = path.relative_to(PACKAGE.parent).as_posix()
        with path.open("rb") as file:
            options = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
            found = babel_extract(
                file, ("gettext", "ngettext", "_"), (), {**options, "trim_blocks": "true", "lstrip_blocks": "true"}
            )
            for _, _, text, _ in found:
                texts = [text] if isinstance(text, str) else [each for each in text or () if isinstance(each, str)]
                yield SourceText(texts[0], place, "".join(texts[1:]))
