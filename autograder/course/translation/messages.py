"""Sentences of `make translations`, for whoever translates; and what release says of a lesson that is not all there."""

from __future__ import annotations

from pathlib import Path

from autograder.language.current import translatable

translatable(__name__)


def not_a_catalogue(file: Path, reason: str) -> str:
    return f"{file} is no catalogue that can be read: {reason}"


def not_a_catalogue_at(file: Path, line: int, reason: str) -> str:
    return f"{file}, line {line}: {reason}"


def not_utf8(file: Path, line: int) -> str:
    return f"{file}, line {line}: this is no UTF-8: save the file as UTF-8"


def no_line_of_a_catalogue(file: Path, line: int) -> str:
    return f"{file}, line {line}: this is no line of a catalogue: msgid, msgstr, or a text in double quotes"


def there_twice(file: Path, line: int, first: int) -> str:
    return f"{file}, line {line}: this text is there already, in line {first}: keep one of the two"


def no_assignment(file: Path) -> str:
    return f"{file} is a catalogue of no assignment of the course: delete it, or move it to where its texts went"


def other_fields(file: Path, line: int, wanted: str, found: str) -> str:
    return f"{file}, line {line}: the translation has the fields {found}, and the English text {wanted}"


def no_plain_field(file: Path, line: int) -> str:
    return f"{file}, line {line}: fields are plain names in braces, {{name}}, and a brace alone is written twice"


def bold_not_closed(file: Path, line: int, text: str) -> str:
    return (
        f"{file}, line {line}: `**` stays a star in `{text}`, between punctuation and a letter: "
        "let the bold end before the punctuation"
    )


NO_FIELDS = "none"


def counts(file: Path, done: int, count: int, fuzzy: int) -> str:
    return f"{file}: {done} of {count} translated, {fuzzy} to be looked at again"


def half_translated(assignment: str, done: int, count: int, language: str) -> str:
    return f"{assignment}: {done} of {count} texts are translated into {language}; the others are released in English"


def no_language_code(language: str) -> str:
    return f"“{language}” is no code of a language, such as zh_CN or fr"
