"""What guests begin with: laid into a memory, by the system's own means or by copying, and never changed by a guest."""

from __future__ import annotations

import ctypes
import mmap
from pathlib import Path

import pytest

from autograder.sandbox.wasm import image
from autograder.sandbox.wasm.image import BLOCK, Image

pytestmark = pytest.mark.portable

RUNS = [(0, 2 * BLOCK), (5 * BLOCK, BLOCK)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "image"
    Image.write(path, bytes(each % 251 for each in range(8 * BLOCK)), RUNS)
    with path.open("ab") as end:
        end.write(b"digest")  # as the cache does
    return path


@pytest.mark.parametrize("maps", [True, False], ids=["mapped", "copied"])
def test_a_memory_becomes_the_image_and_the_image_stays_as_it_is(
    file: Path, monkeypatch: pytest.MonkeyPatch, maps: bool
) -> None:
    if not maps:
        monkeypatch.setattr(image, "_mapping", lambda _file, _begin: None)
    before = file.read_bytes()
    laid = Image(file)
    assert laid.size == 8 * BLOCK
    memory = mmap.mmap(-1, laid.size)
    memory[:] = b"\xff" * laid.size
    here = ctypes.c_ubyte.from_buffer(memory)
    for _ in range(2):  # what a guest writes into it, the next one does not find
        laid.lay_into(ctypes.addressof(here))
        assert memory[: 2 * BLOCK] == bytes(each % 251 for each in range(2 * BLOCK))
        assert memory[5 * BLOCK : 6 * BLOCK] == bytes(each % 251 for each in range(5 * BLOCK, 6 * BLOCK))
        assert memory[2 * BLOCK : 5 * BLOCK] == b"\xff" * 3 * BLOCK
        memory[:BLOCK] = b"\0" * BLOCK
    assert file.read_bytes() == before
