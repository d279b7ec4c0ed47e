"""What a pickle can do in a process that refuses them: be data, and nothing else."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from distributed.core import error_message

from autograder.grading.cluster.refused_pickles import MAX_WORDS_CHARS, words_in

# Reads pickles from files, by the two implementations of Python's, and says what has become of each.
READER = """
import copyreg, pickle, sys
from autograder.grading.cluster.refused_pickles import refuse_pickles
copyreg.add_extension("pathlib", "Path", 1)
refuse_pickles()
for path in sys.argv[1:]:
    content = open(path, "rb").read()
    for load in (pickle.loads, pickle._loads):
        try:
            print(repr(load(content)))
        except TypeError as error:
            print("refused", *error.args)
"""


class Touch:
    """Makes a file where it is read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self._path,)


def read_in_a_process(folder: Path, *pickles: bytes) -> list[str]:
    files = []
    for number, content in enumerate(pickles):
        files.append(folder / f"{number}.pickle")
        files[-1].write_bytes(content)
    done = subprocess.run([sys.executable, "-c", READER, *files], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_that_asks_for_anything_is_refused(tmp_path: Path, protocol: int) -> None:
    target = tmp_path / "touched"
    lines = read_in_a_process(tmp_path, pickle.dumps(Touch(target), protocol), pickle.dumps(Path(), protocol))
    assert all(line.startswith("refused ") for line in lines), lines
    assert len(lines) == 4
    assert not target.exists()


def test_a_pickle_of_data_is_read(tmp_path: Path) -> None:
    data = {"a": [1, 2.5, None, True, b"bytes", ("text",)], "b": frozenset({1})}
    assert read_in_a_process(tmp_path, pickle.dumps(data)) == [repr(data)] * 2


def test_an_extension_code_is_no_way_around(tmp_path: Path) -> None:
    """copyreg can give a class a number, by which a pickle names it."""
    assert read_in_a_process(tmp_path, b"\x80\x02\x82\x01.") == ["refused pathlib Path"] * 2


def test_the_words_of_an_exception_are_read_without_making_it(tmp_path: Path) -> None:
    def raised(error: BaseException) -> bytes:
        try:
            raise error
        except BaseException as caught:
            message: Any = error_message(caught)
            return bytes(message["exception"].data)

    assert words_in(raised(ModuleNotFoundError("No module named 'autograder'"))) == "No module named 'autograder'"
    assert words_in(raised(KeyError("key"))) == "KeyError"
    assert len(words_in(raised(ValueError("many words " * 1000)))) <= MAX_WORDS_CHARS
    target = tmp_path / "touched"
    assert words_in(pickle.dumps(Touch(target))) == ""
    assert not target.exists()
    assert words_in(b"\x80\x05 no pickle") == ""
    assert words_in(b"") == ""
