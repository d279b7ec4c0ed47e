"""Which files may be the work on an assignment, by their names: one rule for all that read students' folders.

Portable. Nothing is followed or opened here.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path

NOTEBOOK, SCRIPT, ARCHIVE = "ipynb", "py", "archive"
SUFFIXES = (".ipynb", ".py")  # of the files that students write in; of two, the first counts: it was handed out
VISIBLE_CHECKS = "visible_checks.py"  # stands beside them, and is not theirs
HANDOUT = "handout.json"  # stands beside them as well: what was handed out, so that work can be told from it
TIMESTAMP = "timestamp.txt"  # where nbgrader keeps the time at which a submission was handed in
BESIDE_WORK = (VISIBLE_CHECKS, HANDOUT, TIMESTAMP, "submission_secret.txt")  # what programs put there
# What browsers and mail programs make of a name: `a.ipynb.txt`, `a.ipynb (1)`, `a.IPYNB`.
_KIND = re.compile(r"\.(ipynb|py)(?:\.(?:txt|json|bak|download)|~| ?\(\d+\))*\Z", re.IGNORECASE)
_DOCUMENTS = (".html", ".htm", ".pdf", ".docx", ".doc", ".odt", ".rtf", ".md", ".txt", ".json", ".r", ".qmd", ".pages")
_ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar")
# Folders and files that programs leave behind, and that nobody hands in; and what they install beside somebody's work.
NOBODYS_FOLDERS = {".git", ".ipynb_checkpoints", "__MACOSX"}
_INSTALLED = {"__pycache__", "venv", ".venv", "site-packages", "node_modules", ".vscode", ".idea", ".cache", ".jupyter"}
LEFT_BEHIND = NOBODYS_FOLDERS | _INSTALLED
NOBODYS_FILE = re.compile(r"\._.*|\.DS_Store|\.~.*|\.#.*|Thumbs\.db|desktop\.ini", re.IGNORECASE)
MAX_DEPTH = 12  # folders below a student's own in which work is looked for
MAX_ENTRIES = 20_000  # of a student's folder that are looked at


def find_work(folder: Path, assignment: str) -> list[Path]:
    """All that could be the work on an assignment by its exact name, the one that counts first.

    A file counts before what is none (a link, a folder), the notebook before the script.
    """
    present = [path for suffix in SUFFIXES if os.path.lexists(path := folder / f"{assignment}{suffix}")]
    return sorted(present, key=lambda path: not _is_regular_file(path))


def _is_regular_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def is_work(file: Path) -> bool:
    """Whether a file may be a student's own, by its name: a notebook or a script, not the checks and not hidden."""
    return kind_of(file.name) in (NOTEBOOK, SCRIPT) and not file.name.startswith(".")


def kind_of(name: str) -> str:
    """What a file seems to be: a notebook, a script, an archive; or nothing that answers stand in."""
    if name == VISIBLE_CHECKS or NOBODYS_FILE.fullmatch(name):
        return ""
    if match := _KIND.search(name):
        return match[1].casefold()
    return ARCHIVE if name.casefold().endswith(_ARCHIVES) else ""


def stem_of(name: str) -> str:
    """The name of a notebook, a script or an archive without what tells its kind; nothing of other files."""
    if kind_of(name) == ARCHIVE:
        return re.sub(r"(?:\.tar)?\.[^.]*\Z", "", name)
    match = _KIND.search(name) if kind_of(name) else None
    return name[: match.start()] if match else ""


def is_document(name: str) -> bool:
    """Whether a file may be somebody's work in a form that is not graded."""
    return not kind_of(name) and name.casefold().endswith(_DOCUMENTS) and name not in BESIDE_WORK


def files_below(folder: Path) -> list[Path]:
    """The files in a folder and in those below it, as paths below it, sorted; nothing that programs leave behind.

    A link is none, and leads nowhere. A folder that cannot be read, or lies too deep, is named in the place of its
    files. Raises OSError where the folder itself cannot be read.
    """
    return sorted(islice(_walk(folder, Path(), MAX_DEPTH), MAX_ENTRIES))


def _walk(root: Path, below: Path, depth: int) -> Iterator[Path]:
    with os.scandir(root / below) as entries:
        found = sorted(islice(entries, MAX_ENTRIES), key=lambda entry: entry.name)
    for entry in found:
        path = below / entry.name
        if not entry.is_dir(follow_symlinks=False):
            if not (entry.is_symlink() or NOBODYS_FILE.fullmatch(entry.name)):
                yield path
        elif entry.name not in LEFT_BEHIND:
            try:
                yield from _walk(root, path, depth - 1) if depth else (path,)
            except OSError:
                yield path


def assignment_of(path: Path, assignments: Sequence[str]) -> str:
    """The assignment that a file seems to be for, by its own name, else by that of the nearest folder; or none.

    A name need not be exact: `hw_02_Scaled_Scores (1).ipynb` is for 02_scaled_scores.
    """
    for part in reversed(path.parts):
        named = [name for name in assignments if _pattern(name).search(part)]
        if named:
            return max(named, key=len)
    return ""


def without_assignments(name: str, assignments: Sequence[str]) -> str:
    """What a name says beside the assignment that it names, and but for the number of a copy: `Ana Roe`, of
    `02_scaled_scores - Ana Roe (1)`.
    """
    name = re.sub(r"\s*\([0-9]+\)\s*\Z", "", name)
    for each in sorted(assignments, key=len, reverse=True):
        name = re.sub(rf"(?:{_pattern(each).pattern})(?:[ _-][0-9]{{1,2}}\Z)?", " ", name, flags=re.IGNORECASE)
    return " ".join(name.split()).strip(" _-.,")


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """The words of a name, whatever stands between them, and not as part of other words."""
    words = re.findall(r"[^\W_]+", name)
    return re.compile(r"(?<![^\W_])" + r"[\W_]*".join(map(re.escape, words)) + r"(?![^\W_])", re.IGNORECASE)
