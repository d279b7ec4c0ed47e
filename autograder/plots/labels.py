"""What stands in pictures, in the language of the student: where there is a font for its signs, and else in English.

A lesson's code is the same in every language. The texts of a figure are put into another one when it is drawn.
Portable.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.font_manager import findSystemFonts, fontManager
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
    font = _installed(fonts)
    if fonts and font is None:
        say(messages.no_font(listed(fonts[-7:-4])))
        return
    if font:
        mpl.rcParams["font.family"] = [font, OWN_FONT]  # what the one lacks, the other has
        mpl.rcParams["axes.unicode_minus"] = False
    mpl.rcParams["figure.hooks"] = [*mpl.rcParams["figure.hooks"], HOOK]


def language_of_pictures() -> str:
    """The language that is spoken, where it can be written in pictures."""
    return current() if HOOK in mpl.rcParams["figure.hooks"] else ENGLISH


def watch(figure: Figure) -> None:
    """Put the texts of a figure into the language that is spoken, whenever it is drawn."""
    draw = figure.draw

    def draw_translated(renderer: Any) -> None:
        with speaking(current(), Path.cwd()):
            for axis in (axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)):
                _translate_ticks(axis)
            for text in figure.findobj(Text):
                shown = text.get_text()
                if shown and (said := translated(shown)) != shown:
                    text.set_text(said)
        draw(renderer)

    figure.draw = draw_translated  # type: ignore[method-assign]


def _translate_ticks(axis: Axis) -> None:
    """Words at ticks are asked for anew whenever an axis is drawn, so they are replaced where they come from."""
    shown = [text.get_text() for text in axis.get_ticklabels()]
    said = [translated(each) if each else each for each in shown]
    if said != shown:
        axis.set_ticks(axis.get_ticklocs(), said)


def _installed(fonts: Sequence[str]) -> str | None:
    """The first of these fonts that is here, if any is: those that came after matplotlib made its list, too."""
    font = _listed(fonts)
    if fonts and font is None:
        _list_new_ones()
        font = _listed(fonts)
    return font


def _listed(fonts: Sequence[str]) -> str | None:
    known = {font.name for font in fontManager.ttflist}
    return next((name for name in fonts if name in known), None)


def _list_new_ones() -> None:
    """Add to matplotlib's list, which it keeps between runs, the fonts that were installed since."""
    known = {font.fname for font in fontManager.ttflist}
    for file in findSystemFonts():
        if file not in known:
            with suppress(OSError, RuntimeError):  # no font that can be drawn with
                fontManager.addfont(file)
