"""What texts in Chinese are written with, beside letters and signs that all texts have."""

from __future__ import annotations

HAN = "\u3400-\u9fff"  # the characters, as a range of a regular expression
FULL_WIDTH = "，。、；：？！（）《》"  # noqa: RUF001
IN_CHINESE = ".zh_CN."  # in the name of a file
