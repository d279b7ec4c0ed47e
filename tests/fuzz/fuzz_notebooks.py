"""Coverage-guided fuzzing of what reads strangers' bytes on the grader's side: notebooks, scripts, frames of the wire.

Not run by pytest, and atheris is no dependency of the project. To run it for five minutes, with a corpus that it keeps:

    python3.11 -m venv /tmp/fuzz
    /tmp/fuzz/bin/pip install atheris -e .
    mkdir -p /tmp/fuzz/corpus
    /tmp/fuzz/bin/python tests/fuzz/fuzz_notebooks.py /tmp/fuzz/corpus -max_total_time=300 -timeout=10

It ends with exit code 0 when nothing was found. A finding is written into a file `crash-…` (or `timeout-…`, `oom-…`);
give that file as the only argument to see it again. Each becomes a test in tests/submission/test_reader.py,
tests/sandbox/test_loader.py or tests/sandbox/test_wire.py.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path

try:
    import atheris
except ImportError:
    sys.exit("this needs atheris, in an environment of its own: see the first lines of this file")

with atheris.instrument_imports(include=["autograder", "json", "tokenize"]):
    from autograder.sandbox.loader import Cell, _compiled
    from autograder.sandbox.wire import frame as wire
    from autograder.sandbox.wire.limits import WireError
    from autograder.submission.errors import UnreadableError
    from autograder.submission.notebook import notebook_cells
    from autograder.submission.reader import script_cells

LIMIT = 1 << 20
SOURCE = "import numpy as np\n\n@np.vectorize\ndef f(x):\n    return x\n\n%time\n!ls\nf?\nx: int = (\ny = !ls\n"


def main() -> None:
    arguments = [*sys.argv, "-max_len=4096"]
    for folder in map(Path, sys.argv[1:]):
        if folder.is_dir():
            plant(folder)
    atheris.Setup(arguments, try_one)
    atheris.Fuzz()


def plant(corpus: Path) -> None:
    """Honest inputs to begin with: the first byte says what the others are."""
    notebook = {"cells": [{"cell_type": "code", "source": [SOURCE]}], "nbformat": 4}
    older = {"worksheets": [{"cells": [{"cell_type": "code", "input": SOURCE}]}], "nbformat": 3}
    message = {"id": "x", "value": [None, True, 1, 0.5, "text", (1,), {"a": wire.Opaque("type")}], "changed": [0]}
    frame = wire.encode(message, LIMIT)
    seeds = {
        "notebook": b"\0" + json.dumps(notebook).encode(),
        "format-3": b"\0" + json.dumps(older).encode("utf-16"),
        "script": b"\1# coding: latin-1\n" + SOURCE.encode(),
        "source": b"\2" + SOURCE.encode(),
        "frame": b"\3" + frame[wire.PREFIX.size :],
        "array": b'\4{"dict": {"value": {"array": ["float64", 2, 3]}, "m": {"matrix": ["bool", 1, 1]}}}' + bytes(49),
    }
    for name, seed in seeds.items():
        (corpus / name).write_bytes(seed)


def try_one(data: bytes) -> None:
    """Whatever the bytes are, they are read, or refused in the one way that is meant for it."""
    kinds = [try_notebook, try_script, try_source, try_header, try_body]
    kinds[data[0] % len(kinds) if data else 0](data[1:])


def try_notebook(content: bytes) -> None:
    with suppress(UnreadableError):
        cells = notebook_cells(content)
        assert all(isinstance(cell.source, str) for cell in cells)
        assert len(cells) <= len(content)


def try_script(content: bytes) -> None:
    (cell,) = script_cells(content, "name.py")
    assert isinstance(cell.source, str)
    assert len(cell.source) <= len(content)


def try_source(content: bytes) -> None:
    """Source is cut into statements in the worker; no source may keep the cells around it from being read."""
    source = content.decode("utf-8", "surrogateescape")
    for statement in _compiled(Cell("label", source), (), computing=True):
        assert statement.line <= source.count("\n") + source.count("\r") + source.count("\f") + 1


def try_header(rest: bytes) -> None:
    decode(rest, b"")


def try_body(rest: bytes) -> None:
    header, brace, body = rest.rpartition(b"}")
    decode(header + brace, body)


def decode(header: bytes, body: bytes) -> None:
    try:
        message = wire.decode(wire.PREFIX.pack(len(header), len(body)), header + body, LIMIT)
    except WireError:
        return
    assert isinstance(message, dict)
    again = wire.encode(message, LIMIT << 4)
    assert wire.decode(again[: wire.PREFIX.size], again[wire.PREFIX.size :], LIMIT << 4).keys() == message.keys()


if __name__ == "__main__":
    main()
