"""The Jinja environment of both pages, which sanitises and escapes everything that a template prints; its filters.

The pages stand alone: no font, no address outside, and no script but one: the class page carries its own, for sorting
and filtering, says everything without it too, and lets the browser run no other. Their sentences are in
templates/; those that depend on a number, in messages.py.
"""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from datetime import datetime
from importlib.util import cache_from_source, source_hash
from pathlib import Path
from pickle import PickleError
from statistics import median

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined
from jinja2 import __version__ as jinja_version
from jinja2.bccache import Bucket
from markupsafe import Markup

from autograder.classroom.marks import messages as marks_messages
from autograder.classroom.person import composed
from autograder.language import messages as language_messages
from autograder.language.current import current, label_of, translated, translated_count
from autograder.language.listing import listed
from autograder.pages import messages
from autograder.report.formatting import percent
from autograder.report.model import number
from autograder.report.statistics import MIN_STUDENTS_FOR_STATISTICS, distribution
from autograder.text import escape_html, for_html, sanitise


def _blocks(message: str) -> list[tuple[bool, str]]:
    """The paragraphs of a message. True: laid out with spaces. Else as HTML, with code and stressed words in it."""
    lines = "\n".join(message.splitlines())
    paragraphs = [text for text in re.split(r"\n\s*\n", lines.strip("\n")) if text.strip()]
    laid_out = [re.search(r"^[ \t]|\S  ", text, re.MULTILINE) is not None for text in paragraphs]
    return [(a, b if a else Markup(for_html(b))) for a, b in zip(laid_out, paragraphs, strict=True)]


def _breakable(name: str) -> Markup:
    """A name that may go on in the next line behind each of its underscores."""
    return Markup(escape_html(name).replace("_", "_<wbr>"))  # escaped here


def _sanitised(value: object) -> object:
    """Every value that a template prints passes here, before it is escaped."""
    return sanitise(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _said(text: str, **fields: object) -> Markup:
    """A sentence of a template in the language that is spoken, its fields made safe."""
    return Markup(translated(text)) % {name: _sanitised(field) for name, field in fields.items()}


def _counted(text: str, several: str, num: int, **fields: object) -> Markup:
    """One of two sentences, by a count."""
    return Markup(translated_count(text, several, num)) % {name: _sanitised(field) for name, field in fields.items()}


def _share(share: float) -> str:
    """A share of what was seen: few is not none, and most is not all."""
    return "<1%" if 0 < share < 1 else ">99%" if 99 < share < 100 else percent(share)


def _moment(time: datetime, zone: str = "") -> str:
    """To the minute. `zone` says what clocks they are."""
    return marks_messages.moment(
        time.day, marks_messages.MONTHS[time.month - 1], time.year, time.time().isoformat("minutes"), zone
    ).rstrip()


class CompiledTemplates(FileSystemBytecodeCache):
    """Compiled templates, kept where this module's own bytecode is, if that can be."""

    def __init__(self) -> None:
        made_by = source_hash(jinja_version.encode() + Path(__file__).read_bytes()).hex()
        super().__init__(str(Path(cache_from_source(__file__)).parent), f"template-{made_by}-%s")

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except (OSError, EOFError, ValueError, PickleError):  # it is damaged: the template is compiled again
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                super().dump_bytecode(bucket)


PAGES = Environment(
    bytecode_cache=CompiledTemplates(),
    loader=PackageLoader("autograder.pages"),
    autoescape=True,
    auto_reload=False,  # or each page looks six times whether a template was written to
    undefined=StrictUndefined,
    finalize=_sanitised,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)
PAGES.policies["ext.i18n.trimmed"] = True
PAGES.newstyle_gettext = True  # type: ignore[attr-defined]
PAGES.filters.update(
    number=number,
    blocks=_blocks,
    marked=lambda sentence: Markup(for_html(sentence)),  # escaped there
    count="{:,}".format,
    composed=composed,
    breakable=_breakable,
    label=label_of,
    percent=percent,
    clock=_moment,
    moment=lambda time: _moment(time, str(time.tzinfo)),
    share=_share,
    distribution=distribution,
    median=median,
)
PAGES.globals.update(
    gettext=_said,
    _=_said,
    ngettext=_counted,
    say=messages,
    comma=lambda: listed(("", "")),
    blank=lambda: language_messages.and_sentence("", ""),
    semicolon=lambda: language_messages.and_besides("", ""),
    language_tag=lambda: current().replace("_", "-"),
    MIN_STUDENTS_FOR_STATISTICS=MIN_STUDENTS_FOR_STATISTICS,
)


def compile_templates() -> None:
    """Compile all of them now, while there is nothing else to do: they are kept."""
    for name in PAGES.list_templates():
        PAGES.get_template(name)
