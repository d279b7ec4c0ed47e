"""The process that opens a stranger's archive: started by `unpack.py`, asked once, under limits of its own."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import astuple
from pathlib import Path
from typing import Any

from autograder.classroom.collect import messages
from autograder.classroom.collect.archives.allowance import Allowance
from autograder.classroom.collect.archives.errors import ArchiveRefusedError
from autograder.classroom.collect.archives.extract import Extraction
from autograder.classroom.collect.archives.kinds import open_file
from autograder.sandbox.bounded.process import Asker, bound_process

MAX_ENTRIES = 100_000  # a large class, each with a folder of files
MAX_BYTES = 10 << 30
SECONDS = 580  # of the processor, in which an archive has to come to its end
CPU_SECONDS = 600  # behind which the process is killed
MEMORY_MB = 512


def main() -> None:
    """Answer once."""
    asker = Asker()
    with suppress(EOFError):
        question = asker.next_question()
        bound_process(CPU_SECONDS, MEMORY_MB << 20)
        _bound_files()
        asker.answer(_answer(Path(question["archive"]), Path(question["into"])))


def _bound_files() -> None:
    """Let no file become larger than all may be together, where the system knows such a limit."""
    with suppress(ImportError):  # Windows
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_BYTES, most))


def _answer(archive: Path, into: Path) -> dict[str, Any]:
    extraction = Extraction(into, Allowance(MAX_ENTRIES, MAX_BYTES, SECONDS))
    try:
        file = open_file(archive)
    except OSError as error:
        return {"problem": messages.cannot_be_opened(error.strerror)}
    try:
        with file:
            extraction.run(file, archive.name)
    except ArchiveRefusedError as refusal:
        return {"problem": str(refusal)}
    except OSError as error:
        return {"problem": messages.cannot_be_written(error.strerror)}
    except MemoryError:
        return {"problem": messages.TAKES_TOO_MUCH}
    return {"refused": [astuple(each) for each in extraction.refused]}


if __name__ == "__main__":
    main()
