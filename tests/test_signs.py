"""No sign that the fonts of Windows, macOS and Linux lack: what people read is written with letters and these."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from matplotlib import get_data_path
from matplotlib.ft2font import FT2Font

from tests.helpers.chinese import FULL_WIDTH, IN_CHINESE
from tests.helpers.paths import ROOT

# All of these are in Segoe UI and Segoe UI Symbol, in Apple's system fonts and Apple Symbols, and in DejaVu Sans, and
# none of them is shown as a picture (emoji) by itself. Before you add one, look it up in all three.
SIGNS = {
    *"·…—\u2013“”\u2018\u2019",
    *"×÷±\u2212√∞≤≥≠≈½⁰¹²³ᵀ",  # mathematics; Greek letters are letters
    *"→←↑↓↕",
    *"✓✗●○⚙",
    *"─│┌┐└┘├┤┬┴▼",  # drawings of boxes
}
# A link to the same page in another language, in that language: who cannot see it has no need of it.
LANGUAGE_LINK = re.compile(r"\[简体中文\](?=\(\S+\.zh_CN\.md\))")
# The one lesson that is about another script. What its font may lack is spelled in Latin letters beside it.
CHINESE = ROOT / "solutions" / "05_self_and_cross" / "lesson.py"
SEEN = sorted(
    {
        *(ROOT / "autograder").rglob("*messages.py"),
        *(ROOT / "autograder" / "pages" / "templates").rglob("*.*"),
        *(ROOT / "autograder" / "course" / "handout").rglob("*.md"),
        *(ROOT / "autograder" / "course" / "scaffold" / "templates").rglob("*.jinja"),
        *(ROOT / "solutions").rglob("*.py"),
        *(ROOT / "solutions").rglob("*.md"),
        *(ROOT / "assignments").rglob("*.ipynb"),
        *ROOT.glob("*.zh_CN.md"),
        *(ROOT / "docs").rglob("*.zh_CN.md"),
        ROOT / "autograder" / "student" / "check_table.py",
        *(ROOT / "autograder" / "cli").rglob("*.py"),
    }
)


def strange(text: str) -> set[str]:
    return {sign for sign in text if not sign.isascii() and not is_a_letter(sign) and sign not in SIGNS}


def is_a_letter(sign: str) -> bool:
    """A Latin or Greek letter: every system has them."""
    return unicodedata.category(sign)[0] == "L" and unicodedata.name(sign).startswith(("LATIN", "GREEK"))


@pytest.mark.parametrize("file", SEEN, ids=lambda file: str(file.relative_to(ROOT)))
def test_what_people_read_has_only_signs_that_every_system_shows(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    found = strange(LANGUAGE_LINK.sub("", text))
    is_in_chinese = IN_CHINESE in file.name
    if is_in_chinese or CHINESE.parent.name in (file.stem, file.parent.name):
        found = {sign for sign in found if not unicodedata.name(sign).startswith("CJK UNIFIED IDEOGRAPH")}
    if is_in_chinese:
        found -= set(FULL_WIDTH)
    assert not found, f"not in every system's fonts: {found}"


def test_the_font_that_every_linux_has_shows_them_all() -> None:
    """DejaVu Sans, which matplotlib brings along: pictures are drawn with it on every system."""
    font = FT2Font(str(Path(get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")))
    assert {sign for sign in SIGNS if ord(sign) not in font.get_charmap()} == set()


@pytest.mark.parametrize("sign", ["⏱", "⏰", "🎉", "✅", "❌", "⚠", "猫"])
def test_the_guard_knows_what_a_system_may_lack(sign: str) -> None:
    assert strange(f"About {sign} 10 min") == {sign}
