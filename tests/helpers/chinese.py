"""What texts in Chinese are written with, beside letters and signs that all texts have."""

from __future__ import annotations

import re

HAN = "\u3400-\u9fff"  # the characters, as a range of a regular expression
FULL_WIDTH = "，。、；：？！（）《》"  # noqa: RUF001
IN_CHINESE = ".zh_CN."  # in the name of a file

FULL = f"{FULL_WIDTH}“”…—"
STOOD_FOR = "`"  # what stands in the place of a code span, a link or a formula when signs are looked at
# Full-width marks in Chinese text, a blank between Han and other words, none beside a full-width mark.
AGAINST_THE_RULE = (
    rf"[{HAN}][,;:?!()\"']|[,;:?!()\"'][{HAN}]|[{HAN}]\.",
    rf"[{HAN}][A-Za-z0-9{STOOD_FOR}]|[A-Za-z0-9%{STOOD_FOR}][{HAN}]",
    rf"[{FULL}] (?!=)|(?<!=) [{FULL}]|[{HAN}] [{HAN}]|[\d}}{STOOD_FOR}] %",
)


def wrong_signs(text: str) -> list[str]:
    """Where signs and blanks do not follow the one rule, with what stands around."""
    found = (match for rule in AGAINST_THE_RULE for match in re.finditer(rule, text))
    return [text[max(0, match.start() - 8) : match.end() + 8] for match in found]
