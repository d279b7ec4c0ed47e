"""Catalogues: brought up to date, refused with file and line, compiled; and those of this project are in order."""

from __future__ import annotations

import shutil
import subprocess
import sys
from gettext import GNUTranslations
from pathlib import Path

import pytest

from autograder.course.loader import load_course
from autograder.course.translation.catalogues import (
    TranslationError,
    compiled,
    problems_of,
    read_catalogue,
    unclosed_bold,
    update,
)
from autograder.course.translation.cells import RELEASED, cells_in
from autograder.course.translation.code import code_in
from autograder.course.translation.entries import SourceText, entries_of
from autograder.course.translation.machine import entries_of_machine
from autograder.course.translation.prose import prose_in
from autograder.language.catalogue import LOCALE, MACHINE
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

GREETING = SourceText("Good morning, {name}.", "a.py")
NUMBERS = SourceText("1 number", "a.py", "{count} numbers")


def written(folder: Path, *translations: tuple[str, str]) -> Path:
    """A Chinese catalogue of GREETING, with what somebody has written into it."""
    update(folder / "zh_CN.po", "zh_CN", [GREETING, NUMBERS])
    text = (folder / "zh_CN.po").read_text()
    for english, chinese in translations:
        text = text.replace(f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{chinese}"')
    (folder / "zh_CN.po").write_text(text)
    return folder / "zh_CN.po"


def said_in(file: Path) -> GNUTranslations:
    with file.with_suffix(".mo").open("rb") as content:
        return GNUTranslations(content)


def test_a_catalogue_is_made_filled_and_compiled(tmp_path: Path) -> None:
    file = written(tmp_path, (GREETING.text, "早上好，{name}。"))
    counts = update(file, "zh_CN", [GREETING, NUMBERS])
    assert (counts.done, counts.all, counts.fuzzy) == (1, 2, 0)
    assert said_in(file).gettext(GREETING.text) == "早上好，{name}。"
    assert said_in(file).ngettext("1 number", "{count} numbers", 2) == "{count} numbers", "not translated yet: English"
    before = file.read_bytes(), file.with_suffix(".mo").read_bytes()
    update(file, "zh_CN", [GREETING, NUMBERS])
    assert before == (file.read_bytes(), file.with_suffix(".mo").read_bytes())


def test_a_changed_english_sentence_is_said_in_english_until_somebody_has_looked(tmp_path: Path) -> None:
    file = written(tmp_path, (GREETING.text, "早上好，{name}。"))
    changed = SourceText("Good morning, dear {name}.", "a.py")
    counts = update(file, "zh_CN", [changed, NUMBERS])
    assert (counts.done, counts.fuzzy) == (0, 1)
    assert "早上好，{name}。" in file.read_text()
    assert said_in(file).gettext(changed.text) == changed.text


def test_what_stands_nowhere_any_more_is_gone(tmp_path: Path) -> None:
    file = written(tmp_path)
    update(file, "zh_CN", [NUMBERS])
    assert "Good morning" not in file.read_text()


@pytest.mark.parametrize(
    ("translation", "told"),
    [
        ("早上好。", "the translation has the fields none, and the English text {name}"),
        ("早上好，{name}、{other}。", "the translation has the fields {name}, {other}, and the English text {name}"),
        ("早上好，{nome}。", "the translation has the fields {nome}, and the English text {name}"),
        ("早上好，{name.first}。", "fields are plain names in braces"),
        ("早上好，{name:>9}。", "fields are plain names in braces"),
        ("**早上好。**你{name}", "`**` stays a star in `**早上好。**`"),
    ],
)
def test_what_would_break_is_refused_with_file_and_line(tmp_path: Path, translation: str, told: str) -> None:
    file = written(tmp_path, (GREETING.text, translation))
    line = file.read_text().splitlines().index(f'msgid "{GREETING.text}"') + 1
    with pytest.raises(TranslationError) as error:
        update(file, "zh_CN", [GREETING, NUMBERS])
    assert f"{file}, line {line}: " in str(error.value).replace(f"line {line - 1}", f"line {line}")
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'msgid "a\n', ", line 1: this is no line of a catalogue"),
        (b'msgid "a"\nmsgstr "b"\n\n<<<<<<< HEAD\nmsgid "c"\nmsgstr "d"\n', ", line 4: this is no line of a catalogue"),
        (b'msgid "a"\nmsgstr "b\n', ", line 2: this is no line of a catalogue"),
        (b'msgid "a"\nmsgstr "b"\n\nmsgid ""\n"a"\nmsgstr "c"\n', ", line 4: this text is there already, in line 1"),
        ('msgid "a"\nmsgstr "é"\n'.encode("latin-1"), ", line 2: this is no UTF-8"),
        (b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=latin-1\\n"\n', ", line 3: this is no UTF-8"),
        (b'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] "d"\n', ", line 1: msg has more translations than"),
    ],
)
def test_what_is_no_catalogue_is_told_with_its_line(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "zh_CN.po").write_bytes(content)
    with pytest.raises(TranslationError) as error:
        update(tmp_path / "zh_CN.po", "zh_CN", [GREETING])
    assert f"{tmp_path / 'zh_CN.po'}{told}" in str(error.value)
    assert (tmp_path / "zh_CN.po").read_bytes() == content, "nothing that somebody wrote is lost"


def test_what_is_no_language_is_told(tmp_path: Path) -> None:
    with pytest.raises(TranslationError, match="“nowhere” is no code of a language"):
        update(tmp_path / "nowhere.po", "nowhere", [GREETING])


@pytest.mark.parametrize(
    ("text", "stars"),
    [
        ("**词元（token）**是", ["**词元（token）**"]),
        ("**看数字。**一张图", ["**看数字。**"]),
        ("是**“词元”**", ["**“词元”**"]),
        ("**词元**（token）是", []),
        ("**看数字**：一张图", []),
        ("**Bold.** And more", []),
    ],
)
def test_bold_that_would_not_close_is_found(text: str, stars: list[str]) -> None:
    assert list(unclosed_bold(text)) == stars
    from markdown_it import MarkdownIt

    assert ("**" in MarkdownIt().render(text)) == bool(stars), "as CommonMark has it"


def upper(text: str) -> str:
    return text.upper()


def test_markdown_keeps_what_is_no_sentence() -> None:
    source = (
        "# A head\n\none line\nand another\n\n$$x = y$$\n\n1. first\n   goes on\n2. second\n\n</details>\n\n| a | 1 |"
    )
    assert prose_in(source, lambda text: text) == source
    assert prose_in(source, upper) == (
        "# A HEAD\n\nONE LINE AND ANOTHER\n\n$$x = y$$\n\n1. FIRST GOES ON\n2. SECOND\n\n</details>\n\n| a | 1 |"
    )
    fence = "```python\nx = 1  # a comment\n```\n\n### BEGIN SOLUTION\nthe model\n### END SOLUTION"
    assert prose_in(fence, upper) == fence.replace("a comment", "A COMMENT").replace("the model", "THE MODEL")


CODE = '''
def f(x):
    """Say it.

    x: (n,), numbers
       and more
    """
    # one line
    # and another
    # YOUR CODE HERE
    return table["a key"]


print(f"the loss is {loss:.4f}", "of all")  # (2, 2)
ax.set(title="the loss", color="tab:blue")
'''


def test_code_keeps_all_that_is_run() -> None:
    assert code_in(CODE, lambda text: text) == CODE
    said = code_in(CODE, lambda text: text if "{" in text else text.upper())
    for text in ("Say it.", "x: (n,), numbers", "   and more", "of all"):
        assert text in CODE
        assert text.upper() in said
    assert '    # ONE LINE AND ANOTHER\n    # YOUR CODE HERE\n    return table["a key"]' in said
    assert said.endswith('"OF ALL")  # (2, 2)\nax.set(title="the loss", color="tab:blue")\n')
    printed = code_in('print(f"the loss is {loss:.4f}")', lambda _: "损失为 {loss}")
    assert printed == 'print(f"损失为 {loss:.4f}")'


def catalogues() -> list[Path]:
    return sorted([*MACHINE.glob("*.po"), *(ROOT / "solutions").glob(f"*/{LOCALE}/*.po")])


@pytest.mark.parametrize("file", catalogues(), ids=lambda file: str(file.relative_to(ROOT)))
def test_our_catalogues_are_up_to_date_sound_and_compiled(file: Path, tmp_path: Path) -> None:
    """`make translations` makes them so."""
    course = load_course(ROOT / "solutions")
    is_machine = file.parent == MACHINE
    assignment = None if is_machine else course.assignment(file.parents[1].name)
    again = Path(shutil.copy(file, tmp_path))
    update(again, file.stem, entries_of(assignment) if assignment else entries_of_machine())
    assert again.read_text() == file.read_text()
    catalogue = read_catalogue(file, file.stem)
    assert list(problems_of(file, catalogue)) == []
    assert file.with_suffix(".mo").read_bytes() == compiled(catalogue)
    if assignment:
        import json

        kept = json.loads((file.parent / f"{file.stem}{RELEASED}").read_text())
        made = cells_in(assignment.folder, assignment.cells, file.stem)
        pairs = zip(made, assignment.cells, strict=True)
        assert kept == [one.released for one, english in pairs if one.released != english.released]


def test_the_program_says_how_far_each_catalogue_is_and_refuses(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples/other_course/solutions", tmp_path / "solutions")
    command = [sys.executable, "-m", "autograder.course.translation", "fr"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "fr.po: 0 of " in done.stdout
    (file, *_) = sorted((tmp_path / "solutions").glob("*/locale/fr.po"))
    lines = file.read_text().splitlines()
    number = next(number for number, line in enumerate(lines) if line.startswith('msgid "') and len(line) > 9)
    lines[number + 1] = 'msgstr "{nobody}"'
    file.write_text("\n".join(lines) + "\n")
    refused = subprocess.run(command[:-1], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert refused.returncode == 1
    assert "the translation has the fields {nobody}" in refused.stderr
    unknown = subprocess.run([*command, "nowhere"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (unknown.returncode, unknown.stderr) == (2, "“nowhere” is no code of a language, such as zh_CN or fr\n")
    gone = tmp_path / "solutions/99_gone/locale/fr.po"
    gone.parent.mkdir(parents=True)
    shutil.copy(file, gone)
    told = subprocess.run(command[:-1], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert "solutions/99_gone/locale/fr.po is a catalogue of no assignment of the course: delete it" in told.stderr
    lost = subprocess.run(command, cwd="/", capture_output=True, text=True, timeout=60)
    assert lost.returncode == 2
    assert lost.stderr.count("\n") == 1
