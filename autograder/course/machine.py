"""The machine itself, for others to install: the installed package as a wheel, with the versions of what it needs."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from autograder import __version__, distribution
from autograder.course import messages
from autograder.course.archive import Member, read_tree, zipped
from autograder.course.lesson import CourseError
from autograder.course.loader import HANDOUT, Course

PACKAGE = Path(__file__).parents[1]
REQUIREMENTS, CONSTRAINTS = "requirements.txt", "constraints.txt"
DEFAULTS = Path(__file__).with_name(HANDOUT)  # of what a course does not bring
WHEEL_HEADER = "Wheel-Version: 1.0\nGenerator: autograder\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def wheel() -> Member:
    """A wheel of the installed package (PEP 427), the same bytes every time. Raises CourseError.

    Its version has a hash of what is in it, so that pip takes a mended one for another, also between two releases.
    """
    try:
        installed = metadata.distribution(distribution.NAME)
    except metadata.PackageNotFoundError:
        raise CourseError(messages.not_installed(distribution.NAME)) from None
    if installed.version.partition("+")[0] != __version__:
        raise CourseError(messages.installed_as_another(distribution.NAME, installed.version, __version__))
    package = read_tree(PACKAGE, "autograder/")
    if not package:
        raise CourseError(messages.no_folder(PACKAGE))
    digest = hashlib.sha256(repr([*package, *_metadata(installed, __version__)]).encode()).hexdigest()
    version = f"{__version__}+{digest[:8]}"
    name = f"{distribution.NAME.replace('-', '_')}-{version}"
    members = [*package, *((f"{name}.dist-info/{path}", text) for path, text in _metadata(installed, version))]
    record = f"{name}.dist-info/RECORD"
    rows = "".join(f"{path},sha256={_urlsafe_digest(content)},{len(content)}\n" for path, content in members)
    members.append((record, f"{rows}{record},,\n".encode()))
    return f"{name}-py3-none-any.whl", zipped(members)


def _metadata(installed: metadata.Distribution, version: str) -> Iterator[Member]:
    """What is known of the package: of an installed one, or of a checkout that is installed as it lies there."""
    described = installed.read_text("METADATA") or installed.read_text("PKG-INFO") or ""
    headers, _, _ = described.partition("\n\n")  # what follows is the project's README
    headers = re.sub("^Version: .*$", f"Version: {version}", headers.strip(), flags=re.MULTILINE)
    yield "METADATA", f"{headers}\n".encode()
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
    own = _own(course)
    requirements = "".join(f"{line}\n" for line in [*own, f"./{name}"])
    constraints = "".join(f"{line}\n" for line in _pins(own))
    return [(name, content), (REQUIREMENTS, requirements.encode()), (CONSTRAINTS, constraints.encode())]


def student_members(course: Course) -> list[Member]:
    """What students install: `pip install -r requirements.txt`. Raises CourseError."""
    name, content = wheel()
    own = _own(course)
    requirements = "".join(f"{line}\n" for line in [*_pins(own), *own, f"./{name}"])
    return [(name, content), (REQUIREMENTS, requirements.encode())]


def _pins(own: Iterable[str]) -> list[str]:
    """The exact versions that this package is tested with, but of what a course has requirements of its own for."""
    others = {_project(line) for line in own}
    pins = (DEFAULTS / REQUIREMENTS).read_text(encoding="utf-8")
    return [line for line in _lines(pins) if _project(line) not in others]


def _own(course: Course) -> list[str]:
    """What the course asks for itself. Raises CourseError where that would not hold in an archive."""
    file = course.folder / HANDOUT / REQUIREMENTS
    try:
        lines = _lines((read_own(file) or b"").decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise CourseError(messages.cannot_read(file, str(error))) from None
    for line in lines:
        try:
            _project(line)
        except InvalidRequirement:
            raise CourseError(messages.no_requirement(file, line)) from None
    return lines


def read_own(file: Path) -> bytes | None:
    """A file that a course may bring, if it is there. Raises CourseError where something else is in its place."""
    if not os.path.lexists(file):
        return None
    if not file.is_file():
        raise CourseError(messages.not_a_file(file))
    try:
        return file.read_bytes()
    except OSError as error:
        raise CourseError(messages.cannot_read(file, str(error.strerror))) from None


def _lines(requirements: str) -> list[str]:
    lines = (re.sub(r"(^|\s)#.*", "", line).strip() for line in requirements.splitlines())
    return [line for line in lines if line]


def _project(requirement: str) -> str:
    """The project that a requirement is about. Raises InvalidRequirement where it is about none."""
    return canonicalize_name(Requirement(requirement).name)
