"""The files of a new course or assignment, out of templates/. Each begins with a line that says what it is for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from jinja2 import Environment, StrictUndefined

from autograder.course.loader import FILES

TEMPLATES = Path(__file__).with_name("templates")
SUFFIX = ".jinja"
COURSE, SETTINGS, ASSIGNMENT, CLASS = "course", "settings", "assignment", "class"
_ENVIRONMENT = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # no page: files
_SIGNS = re.compile(r'^(?:"""|# purpose: |# |<!-- )|(?:"""|\s*-->)$')


def filled(kind: str, values: Mapping[str, str]) -> Iterator[tuple[PurePosixPath, str]]:
    """Each file of a kind, by its place in the folder that is made, with `values` for what is left open in it."""
    for path in sorted((TEMPLATES / kind).rglob(f"*{SUFFIX}"), key=_in_order):
        place = PurePosixPath(path.relative_to(TEMPLATES / kind).as_posix().removesuffix(SUFFIX))
        yield place, _ENVIRONMENT.from_string(path.read_text(encoding="utf-8")).render(values)


def _in_order(path: Path) -> tuple[int, Path]:
    """An assignment's files as one writes them, all others by name."""
    return FILES.index(path.stem) if path.stem in FILES else -1, path


def purpose(text: str) -> str:
    """What a file says in its first line that it is for; a lesson's stands below the mark of its header."""
    line = next(line for line in text.splitlines() if line != "# ---")
    return _SIGNS.sub("", line)
