"""Untrusted text made safe to show: one table of dangerous characters, and one function for each place it is shown in.

Whatever a student wrote (a name, a message, a line of code) passes through the function of its destination: terminal,
HTML, Markdown, CSV, XML, JSON, GitHub's workflow commands. Portable; imports nothing of the package.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from html import escape, unescape
from html.entities import html5

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# The table. Control characters but for tab and line feed, separators that begin a line, overrides of the reading order,
# halves of a character, and what no XML document may hold.
DANGEROUS = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff"
_DANGEROUS = re.compile(f"[{DANGEROUS}]")
_NOT_IN_A_CELL = re.compile(f"[\t\n{DANGEROUS}]+")
TAB_COLUMNS = 4
_CLASS, _NEXT_WORD = re.compile(r"(?:[A-Z][a-z]+){2,}"), re.compile(r"(?<=[a-z])(?=[A-Z])")

# What a spreadsheet may take for a formula, also behind blanks, quotes and characters that have no width.
_AHEAD = "\\s\"'`\u00ad\u2018-\u201f\u200b-\u200f\u2060\ufeff\uff02\uff07"
_FORMULA = re.compile(f"[{_AHEAD}]*[=+\\-@\u2212\uff0b\uff0d\uff1d\uff20]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")

# The signs that our messages use: `code` in backticks, and a *word* or *two words* that are stressed; in Chinese, which
# has no italics and no blanks between words, **两个**.
_MARKS = re.compile(
    r"`(?P<code>[^`\n]+)`|(?<![\w*])\*(?P<word>[^\W\d_]+(?: [^\W\d_]+)?)\*(?![\w*])"
    r"|(?<!\*)\*\*(?P<bold>[\u3400-\u9fff]+)\*\*(?!\*)"
)
# What Markdown or HTML gives a meaning to; as a reference it has none (https://spec.commonmark.org, 2.5).
_MARKUP = re.compile(r"[\\`*_~\[\]<>&|$#@:!.+-]")
# Markdown lets HTML through and makes links of text, and MathJax does what TeX says. Behind a character of no width,
# nothing begins a tag or a link any more, whoever reads it, and all still looks like itself.
INERT = "\u200b"
# Where a link may lead: to the web, to a mailbox, and within the page. A picture may be an attachment or lie beside the
# notebook. All of it is spelled out, so that no parser finds anything else there.
_ALLOWED = r"[ ]*(?:(?ai:https?://|mailto:)|\#)"
_PART = r"(?:[\w-]|%20)(?:[\w.-]|%20)*"
_PICTURE = (
    r"(?<!\\)!\[[^\[\]\\`$<>&\x00-\x1f]*\]\("
    rf"(?:attachment:(?P<name>[A-Za-z0-9._~@+-]+)|(?:{_PART}/)*{_PART}\.(?ai:png|jpe?g|gif))\)"
)
# What makes links, loads or styles anything in MathJax, its extensions, or KaTeX.
_TEX = (
    "bbox|class|csname|cssId|data|fcolorbox|href|html[A-Za-z]+|includegraphics|mmlToken|require|setoptions|style|"
    "unicode|url"  # a character may name its font, and that be any style
)
_LIVE = re.compile(
    rf"""
      (?P<picture>{_PICTURE})
    | &(?=(?P<character>\#\w+|\w+;))        # it may spell a command
    | <(?=[A-Za-z/!?])                      # a tag
    | \](?=\((?!{_ALLOWED}))                # a link
    | \](?=:(?!{_ALLOWED}))                 # where a link of that name leads
    | !(?=\[)                               # a picture
    | \\(?=(?:{_TEX})(?![A-Za-z]))
    | (?:(?<=```)|(?<=~~~))[ \t]*(?=(?ai:mermaid))  # a diagram, with links and pictures
    | (?ai:ftp)(?=://)                      # a link without any brackets
    | \x00(?!{INERT})                       # browsers drop it
    """,
    re.VERBOSE,
)
_LONGEST_NUMBER = 32  # with more zeros than anybody needs


def sanitise(text: str) -> str:
    """Replace every dangerous character with U+FFFD. Enough for XML and JSON, whose writers do the escaping."""
    return _DANGEROUS.sub(REPLACEMENT, text)


def on_one_line(text: str) -> str:
    """Sanitised, for a name or a value inside a line of ours."""
    return sanitise(text).replace("\n", " ")


def in_words(name: str) -> str:
    """What a function or a class is called, `over_queries` or `NearestAlone`, in words; all else as it is."""
    if not name.isidentifier():
        return name
    return _NEXT_WORD.sub(" ", name).lower() if _CLASS.fullmatch(name) else name.replace("_", " ")


def columns_of(text: str) -> int:
    """How many columns of a terminal a text takes: signs of Chinese and its like take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def for_terminal(text: str) -> str:
    """Text without control sequences. Print it as `rich.text.Text`, or without markup: brackets are left alone."""
    return sanitise(text).expandtabs(TAB_COLUMNS)


def without_marks(text: str) -> str:
    """Drop the stress marks of our messages, for places that have no italics. Code keeps its backticks."""
    return _MARKS.sub(lambda match: match["word"] or match["bold"] or match[0], text)


def escape_html(text: str) -> str:
    """Escaped HTML, for what is no sentence of ours: a name, or a comment in which nothing can be marked."""
    return escape(sanitise(text))


def for_html(text: str) -> str:
    """Escaped HTML, in which the marks of our messages have become <code>, <em> and <strong>."""
    return _MARKS.sub(_html_mark, escape_html(text))


def _html_mark(match: re.Match[str]) -> str:
    tag = {"code": "code", "word": "em", "bold": "strong"}[match.lastgroup or ""]
    return f"<{tag}>{match[match.lastgroup or 0]}</{tag}>"


def for_markdown(text: str, max_chars: int) -> str:
    """One line of Markdown in which nothing is markup but `code` in backticks."""
    parts = re.split(r"`([^`\n]+)`", sanitise(text).strip()[:max_chars])
    return "".join(
        f"<code>{_markdown_escape(part)}</code>" if index % 2 else _markdown_escape(part)
        for index, part in enumerate(parts)
    )


def _markdown_escape(text: str) -> str:
    return re.sub(r"\s*\n\s*", "<br>", _MARKUP.sub(lambda match: f"&#{ord(match[0])};", text))


def inert_markdown(markdown: str, attachments: Collection[str] = ()) -> str:
    """A student's own Markdown, still as Markdown: without HTML, without links or pictures that lead anywhere else.

    Nothing is taken away; only characters of no width are put in. Where they are already, none is.
    """

    def inert(match: re.Match[str]) -> str:
        if match["picture"] and (match["name"] is None or match["name"] in attachments):
            return match[0]
        if match["picture"]:
            return f"!{INERT}{inert_markdown(match[0][1:])}"
        is_harmless = match["character"] and not _spells(match["character"])
        return match[0] if is_harmless else f"{match[0]}{INERT}"

    return _LIVE.sub(inert, markdown)


def _spells(character: str) -> bool:
    """Whether what stands behind an `&` means a letter or a backslash to HTML, of which TeX makes commands."""
    is_number = character.startswith("#")
    if is_number and len(character) > _LONGEST_NUMBER:
        return True
    meant = unescape(f"&{character}").removeprefix("&") if is_number else html5.get(character, "")
    return meant != character and re.search(r"[A-Za-z\\]", meant) is not None


def without_inert(text: str) -> str:
    """What `inert_markdown` was given: the same text without characters of no width."""
    return text.replace(INERT, "")


def for_csv(text: str) -> str:
    """A CSV cell: one line, and no spreadsheet takes it for a formula."""
    line = _NOT_IN_A_CELL.sub(" ", text)
    return f"'{line}" if _FORMULA.match(line) or text.startswith(("\t", "\r")) else line


def lines_for_csv(text: str) -> str:
    """A CSV cell of several lines; no spreadsheet takes it, or one of its lines, for a formula."""
    return "\n".join(map(for_csv, text.expandtabs(TAB_COLUMNS).split("\n")))


def without_formula(text: str) -> str:
    """A cell of somebody else's CSV as it is, unless a spreadsheet would take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def is_safe_in_csv(text: str) -> bool:
    """Whether a cell may stay as it is: a number, or what `for_csv` does not change."""
    return _NUMBER.fullmatch(text) is not None or for_csv(text) == text


def for_github_message(text: str) -> str:
    """The message of a workflow command (https://github.com/actions/toolkit, packages/core/src/command.ts)."""
    return sanitise(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def for_github_property(text: str) -> str:
    """A property of a workflow command, such as its title."""
    return for_github_message(text).replace(":", "%3A").replace(",", "%2C")


def decode_name(name: str) -> str:
    """A file's name, which may hold bytes that are no text, as text; different names stay different.

    But for one thing: a letter and its accent are one character, as most systems write them. macOS takes them apart.
    """
    if name.isascii() and "\\" not in name:
        return name
    text = name.replace("\\", "\\\\").encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return unicodedata.normalize("NFC", text)
