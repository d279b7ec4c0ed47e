"""Markdown, paragraph by paragraph: what of it is to be translated, and the same text in another language.

`say` is asked for each paragraph: the one walk finds what a catalogue holds, and puts the translations in their places.
What nobody reads as a sentence stays as it is: formulas, rows of numbers, tags, marks around solutions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from autograder.course.translation.code import code_in
from autograder.language.sentences import is_sentence
from autograder.submission.handout import STUB

Say = Callable[[str], str]
FENCE = re.compile(r"\s*```(\w*)")
ITEM = re.compile(r"(?P<mark>\s*(?:[-*]|\d+\.)\s+)(?P<text>.*)")
HEADING = re.compile(r"(?P<mark>#{1,6} +)(?P<text>.*)")
SUMMARY = re.compile(r"(?P<mark><details[^>]*><summary>)(?P<text>.*)(?P<end></summary>)\s*")
TAG = re.compile(r"\s*</?[a-z][^>]*>\s*")
MARK = re.compile(r"\s*### (?:BEGIN|END) ")
WORDS_IN_FORMULA = re.compile(r"\\text\{[^}]*[^\W\d_]{2}[^}]*\}")
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)


def prose_in(source: str, say: Say) -> str:
    """Markdown with each paragraph, item and heading as `say` has it."""
    return "\n".join(_said(source.split("\n"), say))


def headings_in(source: str) -> list[str]:
    """The headings of a text in Markdown, as they stand there."""
    return [found["text"] for found in map(HEADING.fullmatch, source.split("\n")) if found]


def anchor(heading: str) -> str:
    """What a link to a heading says behind its `#`, as JupyterLab has it: the words, joined by hyphens."""
    return re.sub(r"[`*]", "", heading).strip().replace(" ", "-")


def anchored(source: str, anchors: Mapping[str, str]) -> str:
    """Markdown in which each of these headings has an anchor of its own, where it is not the one that it has anyway.

    JupyterLab finds no heading by an anchor that has other signs than ASCII's.
    """
    return "\n".join(_anchored(line, anchors) for line in source.split("\n"))


def _anchored(line: str, anchors: Mapping[str, str]) -> str:
    found = HEADING.fullmatch(line)
    name = anchors.get(found["text"]) if found else None
    if found is None or name is None or name == anchor(found["text"]):
        return line
    return f'{found["mark"]}<a id="{name}"></a>{found["text"]}'


def _said(lines: Sequence[str], say: Say) -> Iterator[str]:
    number = 0
    while number < len(lines):
        line = lines[number]
        if fence := FENCE.match(line):
            end = _until(lines, number + 1, lambda each: FENCE.match(each) is not None)
            code = "\n".join(lines[number + 1 : end])
            yield line
            yield from (code_in(code, say) if fence[1] == "python" else code).split("\n")
            yield from lines[end : end + 1]
            number = end + 1
        elif line.startswith("$$"):
            end = (
                number
                if line.rstrip().endswith("$$") and len(line.strip()) > 2
                else _until(lines, number + 1, lambda each: each.rstrip().rstrip(".,").endswith("$$"))
            )
            block = lines[number : end + 1]
            yield from _in_words(block, say) if WORDS_IN_FORMULA.search("\n".join(block)) else block
            number = end + 1
        elif found := SUMMARY.fullmatch(line) or (not MARK.match(line) and HEADING.fullmatch(line)) or None:
            marks = found.groupdict("")
            yield marks["mark"] + say(marks["text"]) + marks.get("end", "") if is_sentence(marks["text"]) else line
            number += 1
        elif _stands_alone(line):
            yield line
            number += 1
        else:
            end = number + 1
            while end < len(lines) and not _begins(lines[end], lines[number]):
                end += 1
            yield from _paragraph(lines[number:end], say)
            number = end


def _paragraph(lines: Sequence[str], say: Say) -> Sequence[str]:
    """A paragraph, an item or a table in another language; its own lines where there are no words for it."""
    if lines[0].startswith("|"):
        return _in_words(lines, say) if is_sentence(FORMULA.sub("", "\n".join(lines))) else lines
    item = ITEM.fullmatch(lines[0])
    mark, first = (item["mark"], item["text"]) if item else ("", lines[0])
    text = " ".join([first.strip(), *(line.strip() for line in lines[1:])])
    if not is_sentence(FORMULA.sub("", text)):
        return lines
    said = say(text)
    return lines if said == text else [mark + said]


def _in_words(lines: Sequence[str], say: Say) -> Sequence[str]:
    """Lines that stay lines: a table, a formula with words in it."""
    return say("\n".join(lines)).split("\n")


def _begins(line: str, first: str) -> bool:
    """Whether a line is no part of the paragraph that begins with another one."""
    if first.startswith("|") or line.startswith("|"):
        return not (first.startswith("|") and line.startswith("|"))
    return bool(
        _stands_alone(line) or ITEM.fullmatch(line) or HEADING.fullmatch(line) or FENCE.match(line)
        or line.startswith("$$")
    )  # fmt: skip


def _stands_alone(line: str) -> bool:
    return not line.strip() or bool(TAG.fullmatch(line) or MARK.match(line) or SUMMARY.match(line)) or line == STUB


def _until(lines: Sequence[str], start: int, is_last: Callable[[str], bool]) -> int:
    """The number of the first line from `start` on that is the last of a block; that behind all where there is none."""
    return next((number for number in range(start, len(lines)) if is_last(lines[number])), len(lines))
