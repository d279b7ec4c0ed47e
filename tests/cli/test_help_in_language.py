"""Help, and wrong arguments, in the language of whoever sits at the terminal: all of it, in columns that hold."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from autograder.cli import COMMANDS, main
from autograder.cli.shared.usage import messages
from autograder.cli.shared.usage.wrapping import wrapped
from autograder.language import catalogue, current
from autograder.text import columns_of
from tests.helpers.brackets import LANGUAGE, outside, write_machine
from tests.helpers.command_line import autograder, environment
from tests.helpers.course import WRONG_SUMS, hand_in

pytestmark = pytest.mark.slow

CHINESE = {"LANG": "zh_CN.UTF-8", "COLUMNS": "80"}
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
# What is written on a command line as it stands: options, what stands for a value, names of files.
AS_TYPED = re.compile(r"--?[a-z][a-z-]*|\[[^\]]*\]|\{[^}]*\}|\b[A-Z]{2,}\b|'[^']*'")


@pytest.fixture(autouse=True)
def nobody_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current, "_of_process", None)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_machine(tmp_path_factory.mktemp("machine"))


@pytest.fixture
def brackets(machine: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The terminal of somebody who reads the language in which all stands in brackets."""
    monkeypatch.setattr(catalogue, "MACHINE", machine)
    monkeypatch.setenv("LANG", LANGUAGE)
    catalogue._speech.cache_clear()
    yield
    catalogue._speech.cache_clear()


def escaped(output: str, *known: str) -> list[str]:
    return outside(AS_TYPED.sub(" ", output.replace("\n", " ")), [*COMMANDS, "main", *known])


@pytest.mark.usefixtures("brackets")
@pytest.mark.parametrize("command", ["", *COMMANDS, "new course", "new assignment"])
def test_no_sentence_of_help_escapes(command: str) -> None:
    shown = CliRunner().invoke(main, [*command.split(), "--help"])
    assert shown.exit_code == 0, shown.output
    assert escaped(shown.output, "course", "assignment", "zip") == []
    assert "⟦Show this message and exit.⟧" in shown.output


@pytest.mark.usefixtures("brackets")
@pytest.mark.parametrize(
    "arguments",
    [
        "grad",
        "check --langage",
        "check a b c",
        "grade",
        "grade nowhere",
        "grade . --jobs x",
        "grade . --jobs 0",
        "grade . --sandbox cellar",
        "grade . --out",
        "export moo .",
        "release --solutions=yes",
        "release --out pyproject.toml",
        "collect",
        "check --language xx",
        "grade . --jobs 2 --cluster tcp://1:1",
    ],
)
def test_no_sentence_on_wrong_arguments_escapes(arguments: str) -> None:
    shown = CliRunner().invoke(main, arguments.split())
    assert shown.exit_code == 2, shown.output
    assert escaped(shown.output, "en", LANGUAGE, "xx", "autograder") == []
    assert "⟦" in shown.output


def test_what_is_translated_of_click_is_what_it_says() -> None:
    """With another version of it, too, or the sentence would be in English."""
    said: set[str] = set()
    for name in ("core", "decorators", "exceptions", "formatting", "parser", "types"):
        source = Path(str(importlib.import_module(f"click.{name}").__file__)).read_text(encoding="utf-8")
        said |= {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}  # type: ignore[misc]
    assert [text for text in messages.OF_CLICK if text not in said] == []


def in_chinese(*arguments: str) -> subprocess.CompletedProcess[str]:
    return autograder(*arguments, env={**environment(), **CHINESE})


def test_the_system_says_which_language_and_columns_hold_wide_signs() -> None:
    shown = in_chinese("grade", "--help").stdout
    assert shown.startswith("用法: autograder grade [OPTIONS] SUBMITTED\n")
    lines = shown.splitlines()
    assert max(map(columns_of, lines)) <= 80
    options = [line for line in lines if re.match(r"  -", line)]
    begins = {columns_of(line[: re.search(r"(?<=\S)  +(?=\S)", line).end()]) for line in options}  # type: ignore[union-attr]
    assert len(begins) == 1, "what is said of each begins in one column"


def test_an_option_says_which_language_where_the_system_says_none() -> None:
    shown = autograder("check", "--language", "zh_CN", "--help").stdout
    assert "每次保存后重新检查" in shown
    assert "每次保存后重新检查" in autograder("check", "-h", "--language=zh-cn").stdout
    refused = autograder("check", "nowhere", "--language", "zh_CN")
    assert refused.returncode == 2
    assert refused.stderr.endswith("'[PATH]' 的值不对：路径 'nowhere' 不存在。\n")  # noqa: RUF001
    assert autograder("check", "--language", "xx", "--help").stdout.startswith("Usage:")


def test_who_is_at_the_terminal_is_spoken_to_in_their_own_language_and_students_in_theirs(small_course: Path) -> None:
    hand_in(small_course / "class", "ada", "01_sums", WRONG_SUMS)
    command = ("grade", "class", "--out", "out", "--jobs", "1", "--unconfined")
    english = autograder(*command, "--language", "zh_CN", cwd=small_course)
    assert "Reports and pages: " in english.stdout
    assert '"language": "zh_CN"' in (small_course / "out/ada/01_sums.json").read_text()
    marks = (small_course / "out/marks.csv").read_text()
    chinese = autograder(*command, "--language", "en", cwd=small_course, env={**environment(), **CHINESE})
    assert chinese.returncode == 0, chinese.stderr
    assert "报告和页面" in chinese.stdout
    report = (small_course / "out/ada/01_sums.json").read_text()
    assert not re.search(r"[\u4e00-\u9fff]|\\u[4-9]", report)
    assert (small_course / "out/marks.csv").read_text() == marks


def test_english_loads_nothing_for_it() -> None:
    code = (
        "import sys; from autograder.cli import main\n"
        "try: main(['check', '--help'])\n"
        "except SystemExit: pass\n"
        "print(*(name for name in sys.modules if 'usage' in name or name == 'autograder.language.sentences'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.endswith("\n\n"), done.stdout[-300:]


def test_a_command_that_was_asked_in_one_language_answers_in_the_next() -> None:
    runner = CliRunner()
    assert "保存" in runner.invoke(main, ["check", "--help"], env=CHINESE).output
    shown = runner.invoke(main, ["check", "--help"], env={"LANG": "C"}).output
    assert "Show this message and exit." in shown
    assert isinstance(main, click.Group)


@given(st.text(alphabet="词元，。（）a b`", max_size=60), st.integers(6, 30))  # noqa: RUF001
def test_wrapped_lines_are_no_wider_lose_nothing_and_begin_with_no_closing_mark(text: str, width: int) -> None:
    text = re.sub(r" +(?=[，。）])", "", text)  # noqa: RUF001
    lines = wrapped(text, width, "  ", "  ").split("\n")
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(columns_of(line) <= width or len(line.strip()) > width / 2 - 3 for line in lines)
    for line in lines[1:]:
        assert line.strip()[:1] not in tuple("，。）"), lines  # noqa: RUF001
