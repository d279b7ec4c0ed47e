"""A page of the docs that walks through something: its blocks are done, one after the other, as they are written."""

from __future__ import annotations

import re
import shlex
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from tests.helpers.command_line import environment
from tests.helpers.course import edit

HOME = "/home/you"  # what a page calls the folder that a test has made
LEFT_OUT = "…"  # a line that stands for any number of lines
# What is another each time: how long something took, and numbers that hang on a seed.
VARYING = re.compile(r"(?<=graded in )[\d.]+ s( \([\d.]+/s\))?|[\d.]+e[+-]\d+ × tolerance")
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)  # and what it prints


class Walk:
    """The blocks of a page, in their order, each of which is done or compared in its turn, in a folder."""

    def __init__(self, folder: Path, page: Path) -> None:
        self.folder = folder
        self._home = str(folder)
        self._blocks: Iterator[tuple[str, str]] = iter(
            re.findall(r"```(\w+)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
        )

    def block(self, kind: str) -> str:
        """The next block, which must be of that kind."""
        found, text = next(self._blocks)
        assert found == kind, text
        return text

    def says(self, expected: int = 0) -> str:
        """Give the commands of the next block; each prints what stands below it. Returns the last one.

        `cd` is of the walk itself. The last command ends with the exit code `expected`, all others with 0.
        """
        given = COMMAND.findall(self.block("console"))
        for command, shown in given:
            if command.startswith("cd "):
                self.folder /= command.removeprefix("cd ")
            else:
                self.compare(self.again(command, expected if command == given[-1][0] else 0), shown)
        return str(given[-1][0])

    def says_again(self, command: str, expected: int = 0) -> None:
        """Give a command once more; it prints what the next block has."""
        self.compare(self.again(command, expected), self.block("text"))

    def again(self, command: str, expected: int = 0) -> str:
        """What a command prints, on a terminal of the usual width, errors and all."""
        programs = sysconfig.get_path("scripts")
        variables = environment()
        done = subprocess.run(
            shlex.split(command),
            cwd=self.folder,
            env={**variables, "COLUMNS": "80", "PATH": f"{programs}:{variables['PATH']}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == expected, done.stdout
        return done.stdout

    def changes(self) -> None:
        """Make the changes of the next block: in the file that its first line names, some lines for others."""
        name, *lines = self.block("diff").splitlines()
        file = self.folder / name.removeprefix("# ")
        for old, new in _replaced(lines):
            edit(file, old, new)

    def adds_to(self, name: str) -> None:
        """Put the next block, of Python, behind what stands in a file."""
        file = self.folder / name
        file.write_text(f"{file.read_text()}\n\n{self.block('python')}")

    def is_over(self) -> bool:
        return next(self._blocks, None) is None

    def compare(self, printed: str, shown: str) -> None:
        """By words, for a long number of seconds may break a line elsewhere."""
        printed = printed.replace(self._home, HOME)
        parts = [re.escape(_words(part)) for part in shown.split(f"{LEFT_OUT}\n")]
        assert re.fullmatch(".*".join(parts), _words(printed)), f"{printed}\n--- and the page has\n{shown}"


def _words(text: str) -> str:
    return VARYING.sub("", " ".join(text.split()))


def _replaced(lines: list[str]) -> Iterator[tuple[str, str]]:
    """The lines that go, each run of them with what comes in its place."""
    for run in re.finditer(r"((?:-.*\n)+)((?:\+.*\n)+)", "\n".join([*lines, ""])):
        yield tuple("".join(f"{line[1:]}\n" for line in part.splitlines()) for part in run.groups())  # type: ignore[misc]
