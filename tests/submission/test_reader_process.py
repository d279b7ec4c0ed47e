"""Whatever a file holds, reading it is bounded in time and memory, and costs that file only."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course.loader import Course
from autograder.submission import reader_process
from autograder.submission.errors import UnreadableError
from autograder.submission.handout import Handout, ReleasedCell
from autograder.submission.model import CODE, Submission
from autograder.submission.reader_process import Reader, reader_for
from tests.helpers.loading import F

pytestmark = pytest.mark.slow

A = "01"
HANDOUT = Handout(A, (ReleasedCell(CODE, "def f(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()", "f"),))
CODE_CELL = json.dumps({"cell_type": "code", "source": F})
TOO_MUCH = "cannot be read within 5 seconds and 512 MB"


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    made = Reader([HANDOUT])
    yield made
    made.close()


def notebook(inside: str) -> bytes:
    return f'{{"cells": [{CODE_CELL}], "metadata": {inside}}}'.encode()


def many(cell: str, count: int) -> bytes:
    return f'{{"cells": [{CODE_CELL}{f",{cell}" * count}]}}'.encode()


def outcome(reader: Reader, path: Path) -> Submission | str:
    """What was read, or the line that says why it cannot be."""
    try:
        return reader.read(path, A)
    except UnreadableError as error:
        return str(error)


TEXT = '{"cell_type": "markdown", "source": "x"}'
PICTURE = '{"cell_type": "markdown", "source": "x", "attachments": {"\\ud800.png": {"image/png": "AA"}}}'
# What each becomes: it is read, or it is told why not.
EVIL: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "punycode": ("a.py", lambda: b"# coding: punycode\n" + F.encode() + b"#" + b"a" * 9_000_000 + b"-a", "MB of code"),
    "short punycode": ("a.py", lambda: b"# coding: punycode\n" + F.encode() + b"#" + b"a" * 500_000 + b"-a", ""),
    "utf-7": ("a.py", lambda: b"# coding: utf-7\n" + F.encode() + b"#" + b"+AAA-" * 200_000, ""),
    "rot13": ("a.py", lambda: b"# coding: rot13\n" + F.encode(), ""),
    "zip codec": ("a.py", lambda: b"# coding: zip\n" + F.encode(), ""),
    "deep": ("a.ipynb", lambda: notebook("[" * 100_000 + "]" * 100_000), "JSON cannot be read"),
    "deep and wide": ("a.ipynb", lambda: notebook("[" * 900 + '""' + ',""' * 3_000_000 + "]" * 900), ""),
    "wide": ("a.ipynb", lambda: notebook("[" + ",".join(["[[]]"] * 4_000_000) + "]"), TOO_MUCH),
    "names": ("a.ipynb", lambda: notebook("{" + ",".join(f'"{n:x}":[]' for n in range(1_700_000)) + "}"), ""),
    "a large number": ("a.ipynb", lambda: notebook("9" * 5_000_000), ""),
    "a large fraction": ("a.ipynb", lambda: notebook("0." + "9" * 5_000_000), ""),
    "escapes": ("a.ipynb", lambda: notebook('"' + "\\ud800" * 3_000_000 + '"'), ""),
    "many texts": (
        "a.ipynb",
        lambda: many(TEXT, 400_000),
        "more than 10,000 cells",
    ),
    "much text": ("a.ipynb", lambda: many(json.dumps({"cell_type": "markdown", "source": "x" * 900_000}), 20), ""),
    "many lines": ("a.ipynb", lambda: many(json.dumps({"cell_type": "code", "source": "\n" * 100_000}), 9), ""),
    "definitions": ("a.py", lambda: F.encode() + b"x" * 1_000_000, ""),
    "assignments": ("a.py", lambda: F.encode() + b"x:" * 400_000, ""),
    "blanks": ("a.py", lambda: F.encode() + b" \t" * 400_000, ""),
    "stubs": ("a.py", lambda: (HANDOUT.stubs["f"] + "\n").encode() * 15_000 + F.encode(), ""),
    "a zip": ("a.ipynb", lambda: b"PK\x03\x04" + b"\0" * 999, "is an archive"),
    "odd attachments": ("a.ipynb", lambda: many(PICTURE, 1), ""),
    "no source": ("a.ipynb", lambda: many('{"cell_type": "code"}, 7, null, [], "x", {}', 1), ""),
}


@pytest.mark.parametrize("name", EVIL)
def test_a_file_is_read_or_refused_within_its_bounds(reader: Reader, tmp_path: Path, name: str) -> None:
    file, make, says = EVIL[name]
    path = tmp_path / file
    path.write_bytes(make())
    assert path.stat().st_size < 21 << 20
    read = outcome(reader, path)
    if isinstance(read, str):
        assert says
        assert says in read
    else:
        assert not says
        assert read.answered == {A: ("f",)}
        assert len(read.to_json()) < 30 << 20
    good = tmp_path / "good.py"
    good.write_text(F)
    assert reader.read(good, A).answered == {A: ("f",)}, "the next one is read, whatever became of the one before"


def test_time_is_bounded(reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is known that takes long, a process that stands still is as good."""
    monkeypatch.setattr(reader_process, "WALL_SECONDS", 0.5)
    path = tmp_path / "a.py"
    path.write_text(F)
    reader.read(path, A)
    assert reader._process is not None
    os.kill(reader._process._process.pid, signal.SIGSTOP)
    began = time.monotonic()
    with pytest.raises(UnreadableError, match=TOO_MUCH):
        reader.read(path, A)
    assert time.monotonic() - began < 60
    assert reader.read(path, A).answered == {A: ("f",)}


def test_a_reader_that_was_killed_is_started_again(reader: Reader, tmp_path: Path) -> None:
    """It is no fault of the next file's."""
    path = tmp_path / "a.py"
    path.write_text(F)
    reader.read(path, A)
    process = reader._process
    assert process is not None
    os.kill(process._process.pid, signal.SIGKILL)
    process._process.wait(timeout=60)
    assert reader.read(path, A).answered == {A: ("f",)}


def test_an_answer_that_nobody_waited_for_is_not_the_next_ones(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in a notebook, while a file is being read."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.py").write_text(F.replace("def f", f"def {name}"))
    reader.read(tmp_path / "a.py", A)

    class Interrupted:
        def get(self, timeout: float) -> bytes:
            raise KeyboardInterrupt

        def put(self, answer: bytes | None) -> None:
            """It comes, and nobody waits."""

    with monkeypatch.context() as patched:
        patched.setattr(reader._process, "_answers", Interrupted())
        with pytest.raises(KeyboardInterrupt):
            reader.read(tmp_path / "a.py", A)
    assert "def b" in reader.read(tmp_path / "b.py", A).cells[0].source


def test_a_file_is_found_from_wherever_it_is_named(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "below").mkdir()
    for folder in (tmp_path, tmp_path / "below"):
        (folder / "a.py").write_text(f"{F}# {folder.name}\n")
        monkeypatch.chdir(folder)
        assert reader.read(Path("a.py"), A).cells[0].source.endswith(f"# {folder.name}\n")


def test_a_fork_has_a_reader_of_its_own(reader: Reader, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.py").write_text(F.replace("def f", f"def {name}"))
    reader.read(tmp_path / "a.py", A)
    pid = os.fork()
    if not pid:
        right = all("def b" in reader.read(tmp_path / "b.py", A).cells[0].source for _ in range(50))
        reader.close()
        os._exit(0 if right else 1)
    assert all("def a" in reader.read(tmp_path / "a.py", A).cells[0].source for _ in range(50))
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert "def a" in reader.read(tmp_path / "a.py", A).cells[0].source


def test_the_reader_of_a_course_is_kept(course: Course) -> None:
    handouts = [each.handout for each in course.assignments]
    assert reader_for(handouts) is reader_for(list(handouts))
    assert reader_for(handouts[:1]) is not reader_for(handouts)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "heading"]) | VALUES,
        "source": st.lists(st.text(max_size=9), max_size=3) | VALUES,
        "input": VALUES,
        "id": VALUES,
        "metadata": st.fixed_dictionaries({"nbgrader": VALUES}) | VALUES,
        "attachments": st.dictionaries(st.text(max_size=3), VALUES, max_size=2) | VALUES,
    },
)


@settings(max_examples=200, deadline=None)
@given(cells=st.lists(CELLS | VALUES, max_size=5), cut=st.integers(0, 400), suffix=st.sampled_from([".ipynb", ".py"]))
def test_any_bytes_are_a_submission_or_one_line(
    reader: Reader, tmp_path_factory: pytest.TempPathFactory, cells: list[object], cut: int, suffix: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"fuzzed{suffix}"
    path.write_bytes(json.dumps({"cells": cells}).encode()[: None if cut > 200 else -cut or None])
    read = outcome(reader, path)
    if isinstance(read, str):
        assert "\n" not in read
        assert "Error:" not in read, "an exception that nobody expected"
    else:
        assert Submission.from_json(read.to_json()) == read
