"""All that is to be translated of the machine: its messages modules, and the templates of its pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jinja2.ext import babel_extract

from autograder.course.translation.entries import SourceText
from autograder.language.sentences import sentences_of

PACKAGE = Path(__file__).parents[2]


def entries_of_machine() -> list[SourceText]:
    """Each sentence of the machine, with the file that it stands in."""
    return [*_of_messages(), *_of_templates()]


def _of_messages() -> Iterator[SourceText]:
    for path in sorted(PACKAGE.rglob("*messages.py")):
        place = path.relative_to(PACKAGE.parent).as_posix()
        for each in sentences_of(path.read_text(encoding="utf-8")):
            yield SourceText(each.text, place, each.several)


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
