"""What must not be in what students get, and the search for it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from autograder.course.loader import Course


def read_tree(folder: Path) -> dict[str, bytes]:
    """Every file in a folder, but what Jupyter and Python leave behind when somebody opens it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & {part.name for part in path.parents}
    }


SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)


def telling(text: str) -> set[str]:
    """The lines that would give something away if they stood elsewhere: their code, without a comment behind it."""
    lines = {re.sub(r"\s{2,}# .*", "", line.strip()).removeprefix("# ").strip() for line in text.splitlines()}
    return {line for line in lines if len(line) >= (12 if re.search(r"[=@()\[\]]", line) else 25)}


MARK_SCHEME = re.compile(r"### BEGIN MARK SCHEME\n(.*?)### END MARK SCHEME", re.DOTALL)


def secrets(course: Course, *, after_the_deadline: bool = False) -> set[str]:
    """Every telling line of solutions, hidden checks and misconceptions, unless it stands in what is public as well.

    Public is what the author wrote for students: the lessons without their solutions, the visible checks, and the words
    of misconceptions; after the deadline, of the solutions only the mark schemes are secret.
    """
    secret, public = {course.seed}, []
    hidden = MARK_SCHEME if after_the_deadline else SOLUTION
    for assignment in course.assignments:
        public += [hidden.sub("", assignment.lesson), (assignment.folder / "visible_checks.py").read_text("utf-8")]
        public += [misconception.lesson for misconception in assignment.misconceptions]
        for text in hidden.findall(assignment.lesson):
            secret |= telling(text)
        for name in ("hidden_checks.py", "misconceptions.py"):
            for file in assignment.sources(name):
                secret |= telling(file.read_text("utf-8"))
    return {line for line in secret if not any(line in text for text in public)}


def texts(content: bytes) -> Iterator[str]:
    """All text in a file: the strings in it if it is JSON, as a notebook is, else the whole."""
    text = content.decode("utf-8", errors="replace")
    yield text
    try:
        todo = [json.loads(text)]
    except ValueError:
        return
    while todo:
        value = todo.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield "".join(each for each in value if isinstance(each, str))
            todo += value
        elif isinstance(value, dict):
            todo += [*value.keys(), *value.values()]


def leaks(course: Course, files: dict[str, bytes], *, after_the_deadline: bool = False) -> set[tuple[str, str]]:
    """The secrets found in some files."""
    secret = secrets(course, after_the_deadline=after_the_deadline)
    return {
        (name, line) for name, content in files.items() for text in texts(content) for line in secret if line in text
    }
