"""What is made once, in a process of its own: `python -m …wasm.making WHAT TO …`, the compiled module or an image.

For an image, what workers begin with comes as JSON on the standard input: what they may import and read, and the cells
that students were given. No submission ever runs here.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np

from autograder.sandbox.wasm.artifacts import code_folder, library_file, library_name, module_file
from autograder.sandbox.wasm.image import BLOCK, Image
from autograder.sandbox.wasm.lifting import lift_memory_bound
from autograder.sandbox.wasm.machine import THREAD_STACK_BYTES, Machine, compiled

# A guest finds this package, without what its __init__ loads.
BEGIN = """
import sys, types
package = types.ModuleType("autograder")
package.__path__ = ["/autograder"]
sys.modules["autograder"] = package
from autograder.sandbox.wasm.guest import prepare
prepare()
del package
"""


def make_module(to: Path) -> None:
    to.write_bytes(compiled(module_file().read_bytes()))


def make_image(to: Path, module: Path) -> None:
    """Raises OSError where the guest does not come to its end; it says why on standard error."""
    content = sys.stdin.buffer.read()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            _make_image(to, Machine(module, files=True), content)
        except BaseException as error:
            failures.append(error)

    threading.stack_size(THREAD_STACK_BYTES)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]


def _make_image(to: Path, machine: Machine, content: bytes) -> None:
    answers: list[bytes] = []

    def door(request: bytes) -> bytes:
        if request:
            answers.append(request)
        return b"" if request else content

    with tempfile.TemporaryDirectory() as library, tempfile.TemporaryDirectory() as root:
        shutil.copyfile(library_file(), Path(library, library_name()))
        # An empty root: in a guest without folders, each path is asked for beneath it, and refused.
        folders = {Path(root): "/", Path(library): "/usr/local/lib", code_folder(): "/autograder"}
        guest = machine.guest(door, folders=folders)
        status = guest.run(BEGIN)
    if failure := json.loads(answers[0])["failure"] if answers else f"a guest ended with {status}":
        sys.exit(failure)
    fresh = machine.guest(door)
    memory = guest.content
    Image.write(to, memory, changed(fresh.content, memory))


def changed(before: bytes, now: bytes) -> list[tuple[int, int]]:
    """Where `now`, which is the longer one, differs from `before`, in whole blocks; what was not there was 0."""
    old = np.zeros(len(now), np.uint8)
    old[: len(before)] = np.frombuffer(before, np.uint8)
    new = np.frombuffer(now, np.uint8)
    differs = (old.reshape(-1, BLOCK) != new.reshape(-1, BLOCK)).any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], differs, [False]]).astype(np.int8)))
    return [(int(first) * BLOCK, int(end - first) * BLOCK) for first, end in edges.reshape(-1, 2)]


def main() -> None:
    lift_memory_bound()
    what, to, *more = sys.argv[1:]
    if what == "module":
        make_module(Path(to))
    else:
        make_image(Path(to), Path(more[0]))


if __name__ == "__main__":
    main()
