"""The machine itself, for others to install: the installed package as a wheel, with the versions of what it needs."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from autograder import distribution
from autograder.course import messages
from autograder.course.archive import Member, read_tree, zipped
from autograder.course.lesson import CourseError
from autograder.course.loader import HANDOUT, Course

PACKAGE = Path(__file__).parents[1]
REQUIREMENTS, CONSTRAINTS = "requirements.txt", "constraints.txt"
DEFAULTS = Path(__file__).with_name(HANDOUT)  # of what a course does not bring
WHEEL_HEADER = "Wheel-Version: 1.0\nGenerator: autograder\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def wheel() -> Member:
    """A wheel of the installed package (PEP 427), the same bytes every time. Raises CourseError."""
    try:
        installed = metadata.distribution(distribution.NAME)
    except metadata.PackageNotFoundError:
        raise CourseError(messages.not_installed(distribution.NAME)) from None
    name = f"{distribution.NAME.replace('-', '_')}-{installed.version}"
    members = read_tree(PACKAGE, "autograder/")
    members += [(f"{name}.dist-info/{path}", content) for path, content in _metadata(installed)]
    record = f"{name}.dist-info/RECORD"
    rows = "".join(f"{path},sha256={_urlsafe_digest(content)},{len(content)}\n" for path, content in members)
    members.append((record, f"{rows}{record},,\n".encode()))
    return f"{name}-py3-none-any.whl", zipped(members)


def _metadata(installed: metadata.Distribution) -> Iterator[Member]:
    """What is known of the package: of an installed one, or of a checkout that is installed as it lies there."""
    described = installed.read_text("METADATA") or installed.read_text("PKG-INFO") or ""
    headers, _, _ = described.partition("\n\n")  # what follows is the project's README
    yield "METADATA", f"{headers.strip()}\n".encode()
    yield "WHEEL", WHEEL_HEADER.encode()
    yield "entry_points.txt", (installed.read_text("entry_points.txt") or "").encode()
    for path in installed.metadata.get_all("License-File") or []:
        text = installed.read_text(f"licenses/{path}") or Path(str(installed.locate_file(path))).read_text("utf-8")
        yield f"licenses/{path}", text.encode()


def _urlsafe_digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def install_members(course: Course) -> list[Member]:
    """What a grader elsewhere installs: `pip install -c constraints.txt -r requirements.txt`. Raises CourseError."""
    name, content = wheel()
    own = _lines(course.folder / HANDOUT / REQUIREMENTS)
    requirements = "".join(f"{line}\n" for line in [*own, f"./{name}"])
    constraints = "".join(f"{line}\n" for line in _pins(own))
    return [(name, content), (REQUIREMENTS, requirements.encode()), (CONSTRAINTS, constraints.encode())]


def student_members(course: Course) -> list[Member]:
    """What students install: `pip install -r requirements.txt`. Raises CourseError."""
    name, content = wheel()
    own = _lines(course.folder / HANDOUT / REQUIREMENTS)
    requirements = "".join(f"{line}\n" for line in [*_pins(own), *own, f"./{name}"])
    return [(name, content), (REQUIREMENTS, requirements.encode())]


def _pins(own: Iterable[str]) -> list[str]:
    """The exact versions that this package is tested with, but of what a course has requirements of its own for."""
    others = {_project(line) for line in own}
    return [line for line in _lines(DEFAULTS / REQUIREMENTS) if _project(line) not in others]


def _lines(requirements: Path) -> list[str]:
    """The requirements in a file, if it is there."""
    text = requirements.read_text(encoding="utf-8") if requirements.is_file() else ""
    return [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]


def _project(requirement: str) -> str:
    """The name of the project that a requirement is about, normalised (PEP 503)."""
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]*", requirement)[0]).lower()  # type: ignore[index]  # it may be empty
