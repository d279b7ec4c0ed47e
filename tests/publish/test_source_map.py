"""Where an annotation stands: at the line of the file, as it lies on disk, that the student would look for."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.publish.ci.annotations import Location
from autograder.publish.ci.source_map import find_line, own_cells, source_maps
from autograder.sandbox.protocol import CodeLine
from tests.helpers.golden_class import find

SOURCES = st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")) | st.just("\n")), max_size=4)


def write(folder: Path, *sources: str, **options: object) -> Path:
    """A notebook as Jupyter writes it, a prose cell before each of its code cells."""
    cells = [
        cell
        for source in sources
        for cell in (nbformat.v4.new_markdown_cell('"cells": "source"'), nbformat.v4.new_code_cell(source))
    ]
    file = folder / "a.ipynb"
    if options:
        file.write_text(json.dumps(nbformat.v4.new_notebook(cells=cells), **options))  # type: ignore[arg-type]
    else:
        nbformat.write(nbformat.v4.new_notebook(cells=cells), file)
    return file


@settings(deadline=None, max_examples=80)
@given(SOURCES)
def test_every_line_of_every_cell_is_found_in_the_file(
    tmp_path_factory: pytest.TempPathFactory, sources: list[str]
) -> None:
    file = write(tmp_path_factory.mktemp("notebook"), *sources)
    written, cells = file.read_text().split("\n"), own_cells(file)
    for place, source in enumerate(sources, 1):
        for number, text in enumerate(source.split("\n"), 1):
            line = CodeLine(f"code cell {place}", number, text)
            begins = text.splitlines()[0] if text else ""  # nbformat cuts at U+2028 as well
            if number <= len(source.splitlines()) and source.strip():  # a notebook of blanks alone is empty
                assert json.dumps(begins, ensure_ascii=False)[1:-1] in written[find_line(cells, "", line) - 1]


@pytest.mark.parametrize("character", ["\x0c", "\x1c", "\x85", "\u2028"])
@pytest.mark.parametrize("suffix", [".ipynb", ".py"])
def test_lines_are_counted_as_python_counts_them(tmp_path: Path, suffix: str, character: str) -> None:
    source = f"a = '{character}'\nb = 2\nc = 3"
    file = write(tmp_path, source)
    if suffix == ".py":
        file = tmp_path / "a.py"
        file.write_text(source, newline="")
    cell = own_cells(file)[-1]
    line = find_line((cell,), "", CodeLine(cell.label, 3, "c = 3"))
    assert "c = 3" in file.read_text().split("\n")[line - 1]


def test_a_notebook_on_one_line_has_one_line(tmp_path: Path) -> None:
    cells = own_cells(write(tmp_path, "a = 1\nb = 2", indent=None))
    assert find_line(cells, "", CodeLine("code cell 1", 2, "b = 2")) == 1


def test_without_a_line_it_is_the_last_definition(tmp_path: Path) -> None:
    file = write(tmp_path, "def f(x):\n    return 1", "# def f(x):\n\ndef f(x):\n    return 2", "f(1) == 2\ng = f")
    written = file.read_text().split("\n")
    line = find_line(own_cells(file), "f", None)
    assert "def f(x):" in written[line - 1]
    assert "return 2" in written[line]
    assert '"g = f"' in written[find_line(own_cells(file), "g", None) - 1]
    assert find_line(own_cells(file), "h", None) == 1


@pytest.mark.parametrize("line", [0, -3, 3, 10**30])
@pytest.mark.parametrize("label", ["code cell 1", "code cell 2", "", "a.py"])
def test_a_line_that_a_process_made_up_is_nowhere(tmp_path: Path, label: str, line: int) -> None:
    cells = own_cells(write(tmp_path, "def f(x):\n    return 1"))
    assert find_line(cells, "g", CodeLine(label, line, "")) == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[" * 100_000, b'{"cells": 3}', b'{"cells": [3, {"cell_type": "code", "source": [1]}]}', b"\xff\xfe"],
    ids=["empty", "cut off", "deep", "no cells", "odd cells", "no text"],
)
def test_what_is_no_notebook_has_its_first_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.ipynb").write_bytes(content)
    assert find_line(own_cells(tmp_path / "a.ipynb"), "f", CodeLine("code cell 1", 1, "")) == 1


def test_a_name_that_is_there_twice_confuses_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text(
        '{"metadata": {"a": "x", "a": "y"},\n "cells": [\n'
        '{"cell_type": "code", "source": "no",\n "source": ["def f(x):\\n",\n "  return \\"x\\""]}]}'
    )
    assert find_line(own_cells(tmp_path / "a.ipynb"), "f", None) == 4
    assert find_line(own_cells(tmp_path / "a.ipynb"), "f", CodeLine("code cell 1", 2, "")) == 5


def test_a_file_is_named_from_where_the_run_was_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "class" / "bo" / "03_softmax"
    folder.mkdir(parents=True)
    (folder / "03_softmax.py").write_text("import numpy\n\ndef softmax(S):\n    return S / 0\n")
    monkeypatch.chdir(tmp_path)
    path = folder / "03_softmax.py"
    locate = source_maps(lambda report: path if report.student == "bo" else None, lambda _: own_cells(path))
    file = "class/bo/03_softmax/03_softmax.py"
    assert locate(find("bo"), "softmax", None) == Location(file, 3)
    assert locate(find("bo"), "softmax", CodeLine("03_softmax.py", 4, "")) == Location(file, 4)
    assert locate(find("ada", "04_attention"), "attention", None) is None
