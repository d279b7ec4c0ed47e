"""The wheel that archives hold: what setuptools would build, the same bytes every time."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from autograder import __version__, distribution
from autograder.course import machine
from autograder.course.lesson import CourseError
from autograder.course.loader import load_course
from autograder.course.machine import install_members, wheel
from tests.helpers.archives import zip_members
from tests.helpers.formats import OFFLINE
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

DESCRIPTION = "docs/package.md"  # what the index shows


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that setuptools builds of this checkout."""
    source = tmp_path_factory.mktemp("source")
    (source / "docs").mkdir()
    for name in ("pyproject.toml", DESCRIPTION, "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    shutil.copytree(ROOT / "autograder", source / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", "made", "."]
    subprocess.run(command, cwd=source, check=True, env={**OFFLINE, "PATH": "/usr/bin:/bin"}, capture_output=True)
    (made,) = (source / "made").iterdir()
    return made


def test_it_is_what_setuptools_builds(built: Path) -> None:
    name, content = wheel()
    assert built.name == f"numpy_autograder-{__version__}-py3-none-any.whl"
    version = name.split("-")[1]
    assert re.fullmatch(re.escape(__version__) + r"\+[0-9a-f]{8}", version)
    info = f"numpy_autograder-{__version__}.dist-info"
    theirs = zip_members(built)
    ours = {
        path.replace(version, __version__): content.replace(version.encode(), __version__.encode())
        for path, content in zip_members(content).items()
    }
    description = theirs[f"{info}/METADATA"].partition(b"\n\n")[2]
    assert description.decode() == (ROOT / DESCRIPTION).read_text()
    theirs[f"{info}/METADATA"] = theirs[f"{info}/METADATA"].removesuffix(b"\n" + description)
    differing = {path for path in ours.keys() | theirs.keys() if ours.get(path) != theirs.get(path)}
    assert differing == {f"{info}/WHEEL", f"{info}/RECORD", f"{info}/top_level.txt"}  # the last is setuptools' own


def test_what_the_index_shows_needs_nothing_beside_it() -> None:
    """No picture, and no link but to an address: there, a path leads nowhere."""
    made = BeautifulSoup(MarkdownIt("commonmark").render((ROOT / DESCRIPTION).read_text()), "html.parser")
    assert made.find("h1")
    assert not made.find_all("img")
    assert [link["href"] for link in made.find_all("a") if not str(link["href"]).startswith("https://")] == []


def test_its_record_is_true() -> None:
    members = zip_members(wheel()[1])
    (record,) = (path for path in members if path.endswith("/RECORD"))
    rows = list(csv.reader(io.StringIO(members[record].decode())))
    assert {path for path, _, _ in rows} == set(members)
    for path, digest, size in rows[:-1]:
        expected = base64.urlsafe_b64encode(hashlib.sha256(members[path]).digest()).decode().rstrip("=")
        assert (digest, size) == (f"sha256={expected}", str(len(members[path])))


def test_it_is_the_same_every_time() -> None:
    assert wheel() == wheel()


def test_a_package_that_is_not_installed_cannot_be_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distribution, "NAME", "no-such-package")
    with pytest.raises(CourseError, match="no installed package no-such-package to pack"):
        wheel()


def test_what_a_course_needs_besides_is_installed_where_it_is_graded(small_course: Path) -> None:
    handout = small_course / "solutions" / "handout"
    handout.mkdir()
    (handout / "requirements.txt").write_text("# for the third lesson\nscipy==1.17.1\nNumPy==2.1.0\n")
    members = dict(install_members(load_course(small_course / "solutions")))
    assert members["requirements.txt"].decode().splitlines() == ["scipy==1.17.1", "NumPy==2.1.0", f"./{wheel()[0]}"]
    constraints = members["constraints.txt"].decode().splitlines()
    assert not [line for line in constraints if line.startswith("numpy==")]
    assert [line for line in constraints if line.startswith("pytest==")]


@pytest.mark.parametrize(
    ("module", "install"),
    [
        ("nbgrader", "numpy-autograder[release]"),
        ("jupyter_core", "numpy-autograder[release]"),
        ("matplotlib", "numpy-autograder[course]"),
        ("distributed", "numpy-autograder[cluster]"),
        ("numpy", "numpy-autograder"),
        ("jupyter", "numpy-autograder"),
    ],
)
def test_a_missing_module_names_its_extra(module: str, install: str) -> None:
    assert distribution.install_name(module) == install


def test_a_mended_machine_is_another_version_to_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = shutil.copytree(ROOT / "autograder", tmp_path / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(machine, "PACKAGE", copy)
    assert wheel()[0] == machine.wheel()[0]
    before = wheel()[0]
    with (copy / "text.py").open("a") as file:
        file.write("# mended\n")
    assert wheel()[0] != before


def test_a_package_that_lies_in_a_zip_is_not_packed_without_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "PACKAGE", tmp_path / "autograder.whl" / "autograder")
    with pytest.raises(CourseError, match="is no folder that could be packed"):
        wheel()


def test_a_version_that_was_not_installed_again_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "__version__", "9.9.9")
    with pytest.raises(CourseError, match=r"is installed as 0\.1\.0, and is 9\.9\.9: install it again"):
        wheel()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"-r more.txt\n", "`-r more.txt` names no package"),
        (b"scipy\n./vendor/own.whl\n", "`./vendor/own.whl` names no package"),
        (b"vendor/own.whl\n", "`vendor/own.whl` names no package"),
        ("scipy==1.17.1\n".encode("utf-16"), "cannot be read"),
    ],
)
def test_requirements_that_would_not_hold_elsewhere_are_refused(small_course: Path, content: bytes, says: str) -> None:
    handout = small_course / "solutions" / "handout"
    handout.mkdir()
    (handout / "requirements.txt").write_bytes(content)
    with pytest.raises(CourseError, match=re.escape(says)):
        install_members(load_course(small_course / "solutions"))


def test_requirements_may_begin_with_a_byte_order_mark_and_name_an_address(small_course: Path) -> None:
    handout = small_course / "solutions" / "handout"
    handout.mkdir()
    line = "own @ https://example.org/own-1.0-py3-none-any.whl"
    (handout / "requirements.txt").write_text(f"\ufeffscipy\n{line}\n", encoding="utf-8")
    members = dict(install_members(load_course(small_course / "solutions")))
    assert members["requirements.txt"].decode().splitlines()[:2] == ["scipy", line]
