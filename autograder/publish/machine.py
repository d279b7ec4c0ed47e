"""The files that the archives for Gradescope and Classroom 50 share: the package, and the exact versions it needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from autograder.course.bundle import HANDOUT, PUBLIC, tree
from autograder.course.lesson import CourseError
from autograder.publish import messages

CONSTRAINTS = "constraints.txt"
Member = tuple[str, bytes]


def machine_members(root: Path) -> Iterator[Member]:
    """The package, and all that is needed to install it."""
    files = [*((name, root / name) for name in PUBLIC), ("README.md", HANDOUT / "README.md")]
    yield from ((name, path.read_bytes()) for name, path in [*files, *sorted(tree(root, "autograder"))])
    pins = (root / "requirements.txt").read_text(encoding="utf-8").splitlines()
    yield CONSTRAINTS, "".join(f"{line}\n" for line in pins if line and line[0] not in "#-").encode()


def not_written(error: OSError, target: Path) -> CourseError:
    """The error of an archive that cannot be made: a file for it is missing, or `target` cannot be written to."""
    return CourseError(messages.archive_not_written(error.filename or target, error.strerror))
