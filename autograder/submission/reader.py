"""Reads what a student handed in: any file in, the cells of a notebook or one clear line out.

Only JSON is parsed here. Python source is not even parsed on the grader's side: it goes to the worker as text, where
`sandbox.loader` finds the answers by the names of their functions. What strangers handed in is read by
`reader_process`, under limits of time and memory. Portable.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import os
import stat
import tokenize
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

from autograder.language.listing import listed
from autograder.sandbox.protocol import Place, lines_of
from autograder.submission import messages
from autograder.submission.broken.diagnosis import refuse_if_empty, refuse_if_no_script, refuse_if_of_another_kind
from autograder.submission.choice import candidates_in, choose
from autograder.submission.errors import UnreadableError
from autograder.submission.handout import Handout
from autograder.submission.messages import Problem
from autograder.submission.model import CODE, NotebookCell, Submission
from autograder.submission.notebook import MAX_LINES, notebook_cells
from autograder.submission.which_file import BESIDE_WORK, MAX_ENTRIES, NOTEBOOK, SCRIPT, TIMESTAMP, kind_of
from autograder.submission.written import left_as_released, written_answers

MAX_FILE_BYTES = 20 << 20  # a notebook with many pictures in its outputs
MAX_SOURCE_CHARS = 1 << 20  # all code of it, or all text
MAX_PICTURE_CHARS = 4 << 20  # of all pictures that are attached to its text
MAX_TIMESTAMP_BYTES = 64
MAX_NAMES_SHOWN = 3  # of the files that lie where another is expected
# How a file says in its first bytes what it is written in. The longer marks first: one begins as another does.
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# What a script may declare to be written in: what editors write, and what is decoded in one pass. Others (punycode for
# one) take time that grows with the square of the length, or are no encodings of text.
DECLARED = {
    *("ascii", "utf-8", "iso8859-1", "iso8859-2", "iso8859-5", "iso8859-7", "iso8859-9", "iso8859-15", "koi8-r"),
    *("cp437", "cp850", "cp852", "cp866", "mac-roman", "euc_jp", "shift_jis", "cp932", "euc_kr", "cp949", "johab"),
    *("gb2312", "gbk", "gb18030", "big5", "cp950", *(f"cp{number}" for number in range(1250, 1259))),
}
# No link is followed, no pipe waited for; where a system lacks a flag, it lacks the thing as well.
OPEN_FLAGS = os.O_RDONLY
for _flag in ("O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC", "O_BINARY"):
    OPEN_FLAGS |= getattr(os, _flag, 0)


def nothing_there(folder: Path, assignment: str, *, is_read: bool = False) -> UnreadableError:
    """Why there is nothing to read in a folder: perhaps the work lies there under another name, or in another form.

    With `is_read`, what looks like work there is none.
    """
    try:
        names = sorted(islice((path.name for path in folder.iterdir()), MAX_ENTRIES))
    except OSError:
        names = []
    work = [name for name in names if kind_of(name) in (NOTEBOOK, SCRIPT) and not is_read]
    others = listed((work or [name for name in names if name not in BESIDE_WORK])[:MAX_NAMES_SHOWN])
    if work:
        renamed = f"{assignment}.{kind_of(work[0])}"
        return UnreadableError(Problem.OTHER_NAMES, assignment=assignment, others=others, renamed=renamed)
    if others:
        return UnreadableError(Problem.NO_WORK, assignment=assignment, others=others)
    return UnreadableError(Problem.NOTHING_THERE, assignment=assignment)


def read_submission(folder: Path, assignment: str, read: Callable[[Path], Submission] | None = None) -> Submission:
    """Read what counts in a folder, by the rule of `choose`, with `read` if that is not done here.

    Raises UnreadableError.
    """
    choice = choose(assignment, candidates_in(folder, assignment, read or read_file))
    if choice is None:
        raise nothing_there(folder, assignment)
    if isinstance(choice.work, UnreadableError):
        raise choice.work
    return choice.work


def read_file(file: Path, assignment: str = "", handouts: Sequence[Handout] = ()) -> Submission:
    """Read a notebook or a script. Raises UnreadableError.

    `handouts` are the course's: by them is known which questions are answered in it, in words those of `assignment`.
    """
    content = read_regular_file(file)
    refuse_if_empty(content, file.name)
    refuse_if_of_another_kind(content, file.name)
    is_notebook = kind_of(file.name) == NOTEBOOK
    cells = notebook_cells(content, file.name) if is_notebook else script_cells(content, file.name)
    source = "\n".join(cell.source for cell in cells if cell.kind == CODE)
    if len(source) > MAX_SOURCE_CHARS:
        raise UnreadableError(Problem.TOO_MUCH_CODE, file=file.name, limit_mb=MAX_SOURCE_CHARS >> 20)
    own = next((each for each in handouts if each.assignment == assignment), None)
    answers = written_answers(cells, own) if own and is_notebook else {}
    if not source.strip() and not answers:
        raise UnreadableError(Problem.NO_CODE, file=file.name)
    defined = {each.assignment: each.defined_in(source) for each in handouts}
    answered = {each.assignment: each.answered_in(source) for each in handouts}
    return Submission(
        file.name,
        tuple(_bounded(cells)),
        hashlib.sha256(content).hexdigest(),
        answers=answers,
        unanswered=left_as_released(cells, own, answers) if own else (),
        defined={name: questions for name, questions in defined.items() if questions},
        answered={name: questions for name, questions in answered.items() if questions},
        handed_in=timestamp_in(file.parent),
    )


def timestamp_in(folder: Path) -> str:
    """What `timestamp.txt` says in a folder, unread; nothing where there is none, or one that is too long."""
    try:
        return read_regular_file(folder / TIMESTAMP, MAX_TIMESTAMP_BYTES).decode("utf-8", "replace").strip()
    except UnreadableError:
        return ""


def _bounded(cells: Sequence[NotebookCell]) -> Iterator[NotebookCell]:
    """The cells, with as much text and as many pictures as are kept; code has a limit of its own."""
    chars, picture_chars = MAX_SOURCE_CHARS, MAX_PICTURE_CHARS
    for cell in cells:
        if cell.kind == CODE:
            yield cell
            continue
        chars -= len(cell.source)
        picture_chars -= sum(len(data) for bundle in cell.pictures.values() for data in bundle.values())
        source = cell.source if chars >= 0 else messages.CELL_LEFT_OUT
        yield replace(cell, source=source, pictures=cell.pictures if picture_chars >= 0 else {})


def read_regular_file(path: Path, limit: int = MAX_FILE_BYTES) -> bytes:
    """The content of an untrusted file: no link is followed, no pipe or device waited for. Raises UnreadableError."""
    try:
        descriptor = os.open(path, OPEN_FLAGS)
    except OSError as error:
        if path.is_symlink():
            raise UnreadableError(Problem.LINK, file=path.name) from None
        raise UnreadableError(Problem.CANNOT_OPEN, file=path.name, reason=error.strerror) from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):  # `open` would raise for a folder
        os.close(descriptor)
        raise UnreadableError(Problem.NOT_A_FILE, file=path.name)
    with open(descriptor, "rb") as file:
        if status.st_size > limit:
            raise UnreadableError(Problem.TOO_LARGE, file=path.name, size_mb=status.st_size >> 20, limit_mb=limit >> 20)
        return file.read(limit + 1)


def script_cells(content: bytes, name: str) -> tuple[NotebookCell, ...]:
    """A .py file as one cell: as it says that it is written, else as UTF-8, else as Latin-1, which never fails.

    Raises UnreadableError where it is plainly something else.
    """
    text = _script_text(content, name)
    refuse_if_no_script(text, name)
    lines = len(lines_of(text))
    return (NotebookCell(CODE, text, name, tuple(range(1, lines + 1)) if lines <= MAX_LINES else ()),)


def _script_text(content: bytes, name: str) -> str:
    marked = next((encoding for mark, encoding in BYTE_ORDER_MARKS.items() if content.startswith(mark)), "")
    if not marked and b"\0" in content[:2]:
        raise UnreadableError(Problem.NOT_UTF_8, file=name)
    with suppress(SyntaxError, UnicodeError, LookupError):
        encoding = marked or codecs.lookup(tokenize.detect_encoding(io.BytesIO(content).readline)[0]).name
        if marked or encoding in DECLARED:
            return content.decode(encoding)
    with suppress(UnicodeError):
        return content.decode()
    return content.decode("latin-1")


def notes_on_definitions(repeated: Mapping[str, Sequence[Place]]) -> tuple[str, ...]:
    """A note on each question of which there are several definitions."""
    return tuple(
        messages.defined_more_than_once(question, listed(messages.place(*place) for place in places))
        for question, places in repeated.items()
    )
