"""Files that broke: each kind has its own advice, at home and in grading, and it can be followed."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from pathlib import Path

import nbformat
import pytest

from autograder.submission.errors import UnreadableError
from autograder.submission.messages import Problem
from autograder.submission.reader import read_file

SOURCE = "def total(X):\n    return X.sum(axis=-1)\n"
CELLS = [
    {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "outputs": [], "source": SOURCE},
    {"cell_type": "markdown", "id": "b", "metadata": {}, "source": "Because."},
]
TREE = {"cells": CELLS, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
NOTEBOOK = json.dumps(TREE, indent=1).encode()


def conflict(begin: str = "<<<<<<< HEAD", middle: str = "=======", end: str = ">>>>>>> mine") -> bytes:
    """As git leaves a notebook that two people have run: another number in the JSON."""
    both = f'{begin}\n   "execution_count": 1,\n{middle}\n   "execution_count": 2,\n{end}\n'
    return NOTEBOOK.replace(b'   "execution_count": null,\n', both.encode())


def zipped() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.ipynb", NOTEBOOK)
    return content.getvalue()


OLDER_COPY = "older copy (in the folder .ipynb_checkpoints beside it, in git, among your downloads)"
PAGE = b"<!DOCTYPE html>\n<html><body>Sign in to continue</body></html>"
TEXTS = (SOURCE + "\nimport numpy as np\n").encode()
# What is in the file, under which name; what is wrong with it; and what whoever still has it is told to do.
BROKEN = {
    "empty": ("a.ipynb", b"", Problem.EMPTY_NOTEBOOK, "save your work if it is still open in Jupyter"),
    "blank": ("a.ipynb", b"\xef\xbb\xbf \r\n", Problem.EMPTY_NOTEBOOK, OLDER_COPY),
    "zeros": ("a.ipynb", bytes(4096), Problem.EMPTY_NOTEBOOK, "take a.ipynb from your course again"),
    "empty script": ("a.py", b"\n", Problem.EMPTY, "save your work"),
    "cut in a text": ("a.ipynb", NOTEBOOK[:150], Problem.CUT_OFF, "copy your answers into it"),
    "cut behind a comma": ("a.ipynb", NOTEBOOK[: NOTEBOOK.index(b",") + 1], Problem.CUT_OFF, OLDER_COPY),
    "cut in UTF-16": ("a.ipynb", NOTEBOOK.decode().encode("utf-16")[:401], Problem.CUT_OFF, OLDER_COPY),
    "conflict": ("a.ipynb", conflict(), Problem.CONFLICT, "git checkout --ours a.ipynb, or --theirs"),
    "conflict of Windows": ("a.ipynb", conflict().replace(b"\n", b"\r\n"), Problem.CONFLICT, "in a text editor"),
    "conflict, half settled": ("a.ipynb", conflict("", "=======", ""), Problem.CONFLICT, "settle each conflict"),
    "conflict of whole files": (
        "a.ipynb",
        b"<<<<<<< HEAD\n" + NOTEBOOK + b"\n=======\n" + NOTEBOOK + b"\n>>>>>>> mine\n",
        Problem.CONFLICT,
        "git checkout --ours",
    ),
    "zip": ("a.ipynb", zipped(), Problem.ARCHIVE, "unpack it, and use the notebook itself"),
    "zip as a script": ("a.py", zipped(), Problem.ARCHIVE, "unpack it"),
    "web page": ("a.ipynb", PAGE, Problem.WEB_PAGE, "on GitHub: Download raw file"),
    "web page as a script": ("a.py", PAGE, Problem.WEB_PAGE, "in Jupyter: File, Download"),
    "PDF": ("a.ipynb", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", Problem.PDF, "in Jupyter: File, Download"),
    "picture": ("a.ipynb", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Problem.BINARY, "Look for your work under another name"),
    "pickle": ("a.py", pickle.dumps(TREE), Problem.BINARY, OLDER_COPY),
    "bytes": ("a.ipynb", bytes(range(1, 200)) + bytes(100), Problem.BINARY, OLDER_COPY),
    "bytes as a script": ("a.py", b"x\1" + bytes(100) + b"\2" * 99, Problem.BINARY, OLDER_COPY),
    "script as a notebook": ("a.ipynb", TEXTS, Problem.SCRIPT_AS_NOTEBOOK, "name it a.py"),
    "notebook as a script": ("a.py", NOTEBOOK, Problem.NOTEBOOK_AS_SCRIPT, "name it a.ipynb"),
    "letters of 16 bits without a mark": ("a.py", SOURCE.encode("utf-16-le"), Problem.NOT_UTF_8, "save it as UTF-8"),
    "no cells": ("a.ipynb", b'{"metadata": {}, "nbformat": 4}', Problem.NO_CELLS, "Use the notebook itself"),
    "not one cell": ("a.ipynb", json.dumps({**TREE, "cells": []}).encode(), Problem.WITHOUT_CELLS, OLDER_COPY),
    "no code": ("a.ipynb", json.dumps({**TREE, "cells": CELLS[1:]}).encode(), Problem.NO_CODE, "write your answers"),
    "a line too few": (
        "a.ipynb",
        NOTEBOOK.replace(b'"metadata": {},\n   "execution', b'"metadata": {}\n   "execution'),
        Problem.NO_JSON_FROM_LINE,
        "Mend that line in a text editor",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "content", "problem", "advice"), BROKEN.values(), ids=BROKEN)
def test_each_kind_of_broken_file_has_its_own_advice(
    tmp_path: Path, name: str, content: bytes, problem: Problem, advice: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(UnreadableError) as caught:
        read_file(file)
    assert caught.value.problem is problem
    handed_in, own = str(caught.value), str(caught.value.for_own_file(name))
    assert advice in own
    assert own.startswith(name)
    assert "hand" not in own.lower(), "nothing was handed in yet"
    assert "hand" in handed_in.lower()
    for sentence in (handed_in, own):
        assert "\n" not in sentence
        assert "{" not in sentence
        assert "Open it in Jupyter, save it" not in sentence


@pytest.mark.parametrize("case", [name for name, case in BROKEN.items() if case[0] == "a.ipynb"])
def test_what_jupyter_cannot_open_is_never_to_be_opened_there(tmp_path: Path, case: str) -> None:
    """nbformat is what Jupyter reads with: where it gives up, no advice may begin in Jupyter."""
    name, content, problem, _ = BROKEN[case]
    (tmp_path / name).write_bytes(content)
    try:
        nbformat.read(tmp_path / name, as_version=4)
    except Exception:  # of many kinds
        assert "open it in Jupyter, " not in problem.own_file
        assert "see whether Jupyter opens it" not in problem.own_file


def test_a_conflict_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_bytes(conflict())
    line = conflict().decode().splitlines().index("<<<<<<< HEAD") + 1
    with pytest.raises(UnreadableError, match=rf"a conflict marker of git \(line {line}\)"):
        read_file(tmp_path / "a.ipynb")


OF_FORMAT_3 = {
    "worksheets": [{"cells": [{"cell_type": "code", "language": "python", "input": SOURCE, "outputs": []}]}],
    "nbformat": 3,
    "nbformat_minor": 0,
    "metadata": {},
}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ipynb", json.dumps(OF_FORMAT_3).encode()),
        ("a.ipynb", NOTEBOOK.decode().encode("utf-16")),
        ("a.ipynb", NOTEBOOK.decode().encode("utf-16-le")),
        ("a.py", SOURCE.encode("utf-16")),
    ],
    ids=["format 3", "UTF-16", "UTF-16 without a mark", "script in UTF-16"],
)
def test_what_is_old_or_oddly_written_and_still_whole_is_read(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert SOURCE in read_file(tmp_path / name).cells[0].source
