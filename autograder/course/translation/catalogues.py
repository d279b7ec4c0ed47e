"""Catalogues: made and brought up to date for whoever translates, held against the English, and compiled."""

from __future__ import annotations

import io
import re
import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

from autograder.course.translation import messages
from autograder.course.translation.entries import SourceText
from autograder.course.translation.form import problems_of_form
from autograder.course.translation.prose import FORMULA
from autograder.errors import UserError

SOURCE, COMPILED = ".po", ".mo"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # no date in a catalogue: the same entries make the same file
WIDTH = 100
HEADER = re.compile(
    r'^"(?:Project-Id-Version|Report-Msgid|POT-Creation|PO-Revision|Last-Trans|Language-Team|Generated).*\n', re.M
)
PERCENT = re.compile(r"%\((\w+)\)s")
# A closing `**` that has punctuation before it and a letter behind it closes nothing (CommonMark: right-flanking).
STARS = re.compile(r"\*\*(?P<inner>[^*\n]+)\*\*")


class TranslationError(UserError):
    """A catalogue cannot be used; each line of the message says where, and why."""


@dataclass(frozen=True)
class HowFar:
    """How far a catalogue is."""

    done: int
    all: int
    fuzzy: int


def update(file: Path, language: str, entries: Sequence[SourceText]) -> HowFar:
    """Bring a catalogue up to date and compile it; what is not there yet is made. Raises TranslationError.

    A text whose English has changed keeps its translation for whoever looks at it again, as `fuzzy`; until then, it is
    said in English. What stands nowhere any more is gone.
    """
    catalogue = read_catalogue(file, language) if file.is_file() else _empty(language)
    catalogue.update(_template(entries), update_header_comment=False)
    catalogue.obsolete.clear()
    for message in catalogue:
        if message.fuzzy and message.id and not any(_forms(message)):  # nothing is there to be looked at
            message.flags.discard("fuzzy")
            message.previous_id = []
    catalogue.header_comment = ""
    text = io.BytesIO()
    write_po(text, catalogue, width=WIDTH, sort_output=False, include_lineno=False, include_previous=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEADER.sub("", text.getvalue().decode()), encoding="utf-8", newline="\n")
    require_sound(file, language)
    file.with_suffix(COMPILED).write_bytes(compiled(read_catalogue(file, language)))
    return counted(catalogue)


def read_catalogue(file: Path, language: str) -> Catalog:
    """A catalogue as people have written it. Raises TranslationError."""
    if problems := list(problems_of_form(file)):
        raise TranslationError("\n".join(problems))
    try:
        with file.open("rb") as content:
            catalogue = read_po(content, locale=require_code(language), abort_invalid=True)
    except PoFileError as error:
        reason = str(error).removesuffix(f" on {error.lineno}")
        raise TranslationError(messages.not_a_catalogue_at(file, error.lineno + 1, reason)) from None
    except (OSError, ValueError, LookupError) as error:
        raise TranslationError(messages.not_a_catalogue(file, str(error))) from None
    catalogue.creation_date = catalogue.revision_date = NEVER
    return catalogue


def compiled(catalogue: Catalog, texts: Iterable[str] | None = None) -> bytes:
    """The file that is read where somebody is spoken to, with what is translated; of these texts only, if given."""
    wanted, chosen = None if texts is None else set(texts), _empty(str(catalogue.locale))
    for message in catalogue:
        if message.id and _is_done(message) and (wanted is None or _english(message)[0] in wanted):
            chosen.add(message.id, message.string)
    content = io.BytesIO()
    write_mo(content, chosen)
    return content.getvalue()


def counted(catalogue: Catalog, texts: Iterable[str] | None = None) -> HowFar:
    """How far it is, with these texts if they are given."""
    wanted = None if texts is None else set(texts)
    known = [each for each in catalogue if each.id and (wanted is None or _english(each)[0] in wanted)]
    done = sum(map(_is_done, known))
    return HowFar(done, len(known) if wanted is None else len(wanted), sum(each.fuzzy for each in known))


def require_sound(file: Path, language: str) -> None:
    """Raises TranslationError with a line on each translation whose fields, or whose bold, are not as they must be."""
    problems = list(problems_of(file, read_catalogue(file, language)))
    if problems:
        raise TranslationError("\n".join(problems))


def problems_of(file: Path, catalogue: Catalog) -> Iterator[str]:
    """A line on each thing that is wrong in a catalogue."""
    for message in catalogue:
        if not message.id or message.fuzzy:
            continue
        line = message.lineno or 0
        english = _english(message)
        for form in filter(None, _forms(message)):
            wanted, found = [_fields(text) for text in english], _fields(form)
            if found is None and None not in wanted:
                yield messages.no_plain_field(file, line)
            elif found not in wanted:
                yield messages.other_fields(file, line, _listed(wanted[-1]), _listed(found))
            for bold in unclosed_bold(form):
                yield messages.bold_not_closed(file, line, bold)


def unclosed_bold(text: str) -> Iterator[str]:
    """What is meant to be bold and shows its stars: punctuation at an end of it, and a letter beside that end."""
    for found in STARS.finditer(text):
        inner, before, after = found["inner"], text[: found.start()][-1:], text[found.end() :][:1]
        if (_is_mark(inner[-1]) and after.isalnum()) or (_is_mark(inner[0]) and before.isalnum()):
            yield found[0]


def _is_mark(sign: str) -> bool:
    return not sign.isalnum() and not sign.isspace()


def require_code(language: str) -> str:
    """Raises TranslationError where it is no code of a language."""
    try:
        Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        raise TranslationError(messages.no_language_code(language)) from None
    return language


def _template(entries: Iterable[SourceText]) -> Catalog:
    template = Catalog()
    for each in entries:
        template.add((each.text, each.several) if each.several else each.text, locations=[(each.place, 0)])
    return template


def _empty(language: str) -> Catalog:
    catalogue = Catalog(locale=require_code(language), fuzzy=False)
    catalogue.creation_date = catalogue.revision_date = NEVER
    return catalogue


def _english(message: Message) -> Sequence[str]:
    return [str(message.id)] if isinstance(message.id, str) else [str(each) for each in message.id]


def _forms(message: Message) -> Sequence[str]:
    string = message.string or ""
    return [string] if isinstance(string, str) else [str(each or "") for each in string]


def _is_done(message: Message) -> bool:
    return not message.fuzzy and all(_forms(message))


def _fields(text: str) -> set[str] | None:
    """The fields of a text, those of a page's template among them; None where one has more than a plain name."""
    try:
        found = [
            (name, spec) for _, name, spec, _ in string.Formatter().parse(FORMULA.sub("", text)) if name is not None
        ]
    except ValueError:  # a brace alone: code, which has no fields
        found = []
    if any(re.match(r"[^\W\d]\w*\W", name) or (name.isidentifier() and spec) for name, spec in found):
        return None
    return {name for name, _ in found if name.isidentifier()} | set(PERCENT.findall(text))


def _listed(fields: set[str] | None) -> str:
    return ", ".join(f"{{{each}}}" for each in sorted(fields or ())) or messages.NO_FIELDS
