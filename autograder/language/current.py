"""The language in which somebody is spoken to, here and now. English costs nothing: no catalogue is read. Portable.

`speaking` sets it for as long as a report, a page or a table is made: a class may read both. Its own value is seen by
the code that it calls, and by no other thread. What a messages module says follows it (`translatable`), and so does a
text of a course, by `translated`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, cached_property
from pathlib import Path
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gettext import NullTranslations

ENGLISH = "en"
CELL = "code cell {number}"  # as cells are called in data; in a sentence, they are called so in its language
CELLS = ("label", "cell")  # the fields that such a name stands in
LABEL = re.compile(r"code cell (\d+)$")


class Speech:
    """A language other than English: its sentences, and what the messages modules are in it."""

    def __init__(self, language: str, catalogue: NullTranslations, own: Collection[str] = ()) -> None:
        """`own` are the texts of an assignment that the catalogue holds."""
        self.language = language
        self._catalogue = catalogue
        self._own = own
        self._spoken: dict[str, dict[str, Any]] = {}

    def text(self, text: str) -> str:
        """A text as it stands, in this language; as it is where that is not known."""
        return self._catalogue.gettext(text) if text else ""

    def whatever(self, text: str) -> str:
        """A text as it stands, or one that was made of a template of an assignment, in this language."""
        said = self.text(text)
        if said != text or not text:
            return said
        for pattern, template in self._templates:
            if found := pattern.fullmatch(text):
                return self.said(template, **{name: self.text(value) for name, value in found.groupdict().items()})
        return text

    @cached_property
    def _templates(self) -> list[tuple[re.Pattern[str], str]]:
        """The templates among the texts of an assignment, those with the most words of their own first."""
        from autograder.language.sentences import pattern_of

        known = [text for text in self._own if "{" in text]
        patterns = [(pattern, text) for text in known if (pattern := pattern_of(text))]
        return sorted(patterns, key=lambda each: -len(each[0].pattern))

    def said(self, text: str, /, **fields: Any) -> str:
        """A template in this language, filled in."""
        return self.text(text).format(**self._told(fields))

    def counted(self, text: str, several: str, count: int | str, /, **fields: Any) -> str:
        """The one of the forms of a template that goes with a count, filled in."""
        return self.plural(text, several, count).format(**self._told(fields))

    def plural(self, text: str, several: str, count: int | str) -> str:
        digits = str(count).replace(",", "")
        return self._catalogue.ngettext(text, several, int(digits) if digits.isdecimal() else 2)

    def _told(self, fields: dict[str, Any]) -> dict[str, Any]:
        return {name: self.label(value) if name in CELLS else value for name, value in fields.items()}

    def label(self, label: str) -> str:
        """What a cell is called."""
        return LABEL.sub(lambda match: self.text(CELL).format(number=match[1]), label)

    def of_module(self, name: str) -> dict[str, Any]:
        """All that a messages module says in this language, for a process that can read no file: its code, with the
        sentences that it looks up."""
        from autograder.language.sentences import lookups_of, sentences_of

        source = Path(str(sys.modules[name].__file__)).read_text(encoding="utf-8")
        texts = [each.text for each in sentences_of(source) if not each.several]
        return {
            "language": self.language,
            "module": name,
            "source": lookups_of(source),
            "sentences": {text: self.text(text) for text in (*texts, CELL)},
        }

    def module(self, module: ModuleType) -> Mapping[str, Any]:
        """All that a messages module has, in this language."""
        name = module.__name__
        if name not in self._spoken:
            self.learn(module, _code(name))
        return self._spoken[name]

    def learn(self, module: ModuleType, code: CodeType) -> None:
        """Speak the language in a messages module; `code` is that of the module with its lookups."""
        spoken = dict(vars(module)) | {"_text": self.text, "_said": self.said, "_counted": self.counted}
        exec(code, spoken)
        self._spoken[module.__name__] = spoken


_speech: ContextVar[Speech | None] = ContextVar("speech")
_of_process: Speech | None = None  # where none is set for what is being done
_translatable: list[str] = []
_is_ready = False


class Messages(ModuleType):
    """A messages module that says everything in the language that is spoken."""

    def __getattribute__(self, name: str) -> Any:
        speech = None if name.startswith("__") else _speech.get(_of_process)
        if speech is None:
            return super().__getattribute__(name)
        try:
            return speech.module(self)[name]
        except KeyError:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}") from None


def translatable(module: str, *same: str) -> None:
    """Say of a messages module, in itself, that it speaks other languages too.

    `same` are the names of its constants that are the same in every language: what stands in a file that is read by
    programs.
    """
    if _is_ready:
        sys.modules[module].__class__ = Messages
    _translatable.append(module)


def current() -> str:
    """The language that is spoken."""
    speech = _speech.get(_of_process)
    return speech.language if speech else ENGLISH


def translated(text: str) -> str:
    """A text in the language that is spoken; as it is where that has no words for it.

    It may be one that was made of a template, as that of an f-string in a check.
    """
    speech = _speech.get(_of_process)
    return speech.whatever(text) if speech else text


def looked_up(text: str) -> str:
    """The same for a text that is known to stand in a catalogue as it is, or in none."""
    speech = _speech.get(_of_process)
    return speech.text(text) if speech else text


def label_of(cell: str) -> str:
    """What a cell is called in data, such as `code cell 3`, in the language that is spoken."""
    speech = _speech.get(_of_process)
    return speech.label(cell) if speech else cell


def translated_count(text: str, several: str, count: int) -> str:
    """One of two texts, by a count, in the language that is spoken."""
    speech = _speech.get(_of_process)
    return speech.plural(text, several, count) if speech else text if count == 1 else several


def spoken_in(module: str) -> dict[str, Any]:
    """What another process has to know to speak as this one does, in one messages module; empty for English."""
    speech = _speech.get(_of_process)
    return speech.of_module(module) if speech else {}


def speak_as(told: Mapping[str, Any]) -> None:
    """Speak from now on as another process does (`spoken_in`)."""
    global _of_process
    if not told:
        return
    from gettext import NullTranslations  # which English does without

    class Told(NullTranslations):
        def gettext(self, message: str) -> str:
            return str(told["sentences"].get(message, message))

    _get_ready()
    speech = Speech(told["language"], Told())
    speech.learn(sys.modules[told["module"]], compile(told["source"], told["module"], "exec"))
    _of_process = speech


@contextmanager
def speaking(language: str, folder: Path | None = None) -> Iterator[None]:
    """Speak a language for a while; `folder` is where an assignment keeps what is its own. Raises LanguageError."""
    token = _speech.set(_speech_of(language, folder))
    try:
        yield
    finally:
        _speech.reset(token)


def speak(language: str) -> None:
    """Speak a language in all of this process from now on: it talks to one person. Raises LanguageError."""
    global _of_process
    _of_process = _speech_of(language, None)


def _speech_of(language: str, folder: Path | None) -> Speech | None:
    if language in ("", ENGLISH):
        return None
    _get_ready()
    from autograder.language.catalogue import speech  # which English does without

    return speech(language, folder)


def _get_ready() -> None:
    global _is_ready
    if not _is_ready:
        _is_ready = True
        for module in _translatable:
            sys.modules[module].__class__ = Messages


@cache
def _code(module: str) -> CodeType:
    """A messages module in which each sentence is looked up."""
    from autograder.language.sentences import code_of

    file = Path(str(sys.modules[module].__file__))
    return code_of(file.read_text(encoding="utf-8"), str(file))
