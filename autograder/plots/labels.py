"""What stands in pictures, in the language of the student: where there is a font for its signs, and else in English.

A lesson's code is the same in every language. The texts of a figure are put into another one when it is drawn.
Portable.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.text import Text

from autograder.language.current import ENGLISH, current, speaking, translated
from autograder.language.listing import listed
from autograder.plots import messages
from autograder.plots.notices import say
from autograder.student.language import speak_in

# Fonts with the signs of a language, those that Windows, macOS and Linux bring along, or that are free. All other
# languages do with matplotlib's own font.
FONTS = {
    "zh": (
        *("Microsoft YaHei", "SimHei", "PingFang SC", "Hiragino Sans GB", "Heiti SC", "STHeiti", "Songti SC"),
        *("Arial Unicode MS", "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Source Han Sans SC"),
        *("WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback"),
    )
}
OWN_FONT = "DejaVu Sans"  # matplotlib's, which has all signs of formulas
HOOK = f"{__name__}:watch"


def translate_pictures() -> None:
    """Let the figures of this process be drawn in the language of the course around here, where it is not English."""
    speak_in(Path.cwd())
    if current() == ENGLISH or HOOK in mpl.rcParams["figure.hooks"]:
        return
    fonts = FONTS.get(current().partition("_")[0], ())
    font = next((name for name in fonts if name in _installed()), None)
    if fonts and font is None:
        say(messages.no_font(listed(fonts[-7:-4])))
        return
    if font:
        mpl.rcParams["font.family"] = [font, OWN_FONT]  # what the one lacks, the other has
        mpl.rcParams["axes.unicode_minus"] = False
    mpl.rcParams["figure.hooks"] = [*mpl.rcParams["figure.hooks"], HOOK]


def watch(figure: Figure) -> None:
    """Put the texts of a figure into the language that is spoken, whenever it is drawn."""
    draw = figure.draw

    def draw_translated(renderer: Any) -> None:
        with speaking(current(), Path.cwd()):
            for text in figure.findobj(Text):
                shown = text.get_text()
                if shown and (said := translated(shown)) != shown:
                    text.set_text(said)
        draw(renderer)

    figure.draw = draw_translated  # type: ignore[method-assign]


@cache
def _installed() -> frozenset[str]:
    return frozenset(font.name for font in fontManager.ttflist)
