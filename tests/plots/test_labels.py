"""What stands in pictures is translated when they are drawn, where a font has the signs for it; and never as boxes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from matplotlib.font_manager import fontManager
from matplotlib.text import Text

from autograder.course.translation.entries import SourceText
from autograder.course.translation.machine import entries_of_machine
from autograder.language import catalogue, current
from autograder.plots import labels, token_map
from tests.helpers.brackets import LANGUAGE, write_catalogue

pytestmark = pytest.mark.slow

TEXTS = [SourceText(text, "lesson.py") for text in ("weights", "scores {label}", "as they are", "key")]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An assignment in which pictures are drawn, in a course in the third language."""
    here = tmp_path / "course/01_sums"
    here.mkdir(parents=True)
    settings = 'title = "a"\nassignments = ["01_sums"]\nimports = []\n'
    (here.parent / "course.toml").write_text(f'language = "{LANGUAGE}"\n{settings}')
    write_catalogue(here / "locale", TEXTS)
    write_catalogue(tmp_path / "machine", [each for each in entries_of_machine() if "plots" in each.place])
    monkeypatch.setattr(catalogue, "MACHINE", tmp_path / "machine")
    monkeypatch.setattr(current, "_of_process", None)
    monkeypatch.chdir(here)
    with mpl.rc_context():
        yield here
    plt.close("all")
    catalogue._speech.cache_clear()


def drawn() -> list[str]:
    figure, ax = plt.subplots()
    ax.set(title="weights", xlabel="scores as they are", ylabel="$d_k$")
    figure.canvas.draw()
    return [text.get_text() for text in figure.findobj(Text) if text.get_text() and not text.get_text()[-1].isdigit()]


def test_labels_are_translated_when_they_are_drawn() -> None:
    labels.translate_pictures()
    labels.translate_pictures()  # as often as somebody imports it
    assert {"⟦weights⟧", "⟦scores ⟦as they are⟧⟧", "$d_k$"} <= set(drawn())


def test_words_at_ticks_are_translated_too() -> None:
    """They are asked for anew when an axis is drawn; as often as it is, they stay."""
    labels.translate_pictures()
    figure, ax = plt.subplots()
    ax.set(xticks=[1, 2], xticklabels=["key", "scores 2"], yticks=[0, 1])
    for _ in range(2):
        figure.canvas.draw()
        assert [text.get_text() for text in ax.get_xticklabels()] == ["⟦key⟧", "⟦scores 2⟧"]
        assert [text.get_text() for text in ax.get_yticklabels()] == ["0", "1"]


def drawn_token_map() -> list[str]:
    figure, ax = plt.subplots()
    token_map(ax, [[1.0, float("nan")]], ["it"], ["cat", "milk"], "weights")
    figure.canvas.draw()
    return [ax.get_xlabel(), ax.get_ylabel(), ax.get_title()]


def test_what_we_write_into_a_picture_is_translated_with_it() -> None:
    labels.translate_pictures()
    assert drawn_token_map() == ["⟦key⟧", "⟦query⟧", "⟦⟦weights⟧\n(1 of 2 are no finite numbers)⟧"]


def test_without_a_font_it_is_english_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(labels.FONTS, LANGUAGE, ("No such font",) * 7)
    labels.translate_pictures()
    assert drawn_token_map() == ["key", "query", "weights\n(1 of 2 are no finite numbers)"]


def test_in_english_nothing_is_done(folder: Path) -> None:
    settings = folder.parent / "course.toml"
    settings.write_text(settings.read_text().replace(LANGUAGE, "en"))
    hooks = list(mpl.rcParams["figure.hooks"])
    from autograder.student import language

    language._around.cache_clear()
    labels.translate_pictures()
    assert mpl.rcParams["figure.hooks"] == hooks
    assert "weights" in drawn()


def test_without_a_font_they_stay_english_and_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(labels.FONTS, LANGUAGE, (*"ABC", "D", "E", "F", "G", "H"))
    labels.translate_pictures()
    assert "weights" in drawn()
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    assert "Install one of" in printed


def test_the_font_that_has_the_signs_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(labels.FONTS, LANGUAGE, ("No such font", "DejaVu Serif"))
    labels.translate_pictures()
    assert mpl.rcParams["font.family"] == ["DejaVu Serif", labels.OWN_FONT]
    assert "⟦weights⟧" in drawn()


def test_a_font_that_was_installed_since_matplotlib_looked_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Matplotlib keeps its list from run to run: whoever installs one as they are told must not wait in vain."""
    serif = next(font.fname for font in fontManager.ttflist if font.name == "DejaVu Serif")
    monkeypatch.setattr(fontManager, "ttflist", [font for font in fontManager.ttflist if font.name != "DejaVu Serif"])
    monkeypatch.setattr(labels, "findSystemFonts", lambda: [str(Path(__file__)), serif])
    monkeypatch.setitem(labels.FONTS, LANGUAGE, ("No such font", "DejaVu Serif"))
    labels.translate_pictures()
    assert mpl.rcParams["font.family"] == ["DejaVu Serif", labels.OWN_FONT]
    assert "⟦weights⟧" in drawn()
