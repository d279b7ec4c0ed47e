"""The bundle for students: the same every time, without a secret, and enough to do an assignment."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat

from autograder.course.bundle import write_bundle
from autograder.course.loader import Course
from tests.helpers.command_line import environment
from tests.helpers.secrets import leaks


def test_the_bundle_is_the_same_every_time_and_holds_no_secret(course: Course, tmp_path: Path):
    write_bundle(course, tmp_path / "a.zip")
    write_bundle(course, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        files = {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}
    tops = {name.split("/")[1] for name in files}
    assert tops == {"LICENSE", "README.md", "assignments", "autograder", "pyproject.toml", "requirements.txt"}
    public = "\n".join(files.values())
    shown = set().union(*(public_lines(assignment.folder) for assignment in course.assignments))
    for assignment in course.assignments:
        for line in secret_lines(assignment.folder, shown):
            assert line not in public, line
    assert course.seed not in public
    assert "nbgrader" not in files["course/requirements.txt"]


def public_lines(folder: Path) -> set[str]:
    """What a lesson shows openly, and its visible checks: the same line may stand in a secret as well."""
    lesson, inside, shown = (folder / "lesson.py").read_text().splitlines(), False, set()
    for line in lesson:
        inside = (inside or "### BEGIN SOLUTION" in line) and "### END SOLUTION" not in line
        if not inside:
            shown.add(line.strip())
    return shown | {line.strip() for line in (folder / "visible_checks.py").read_text().splitlines()}


def secret_lines(folder: Path, shown: set[str]) -> set[str]:
    """The lines of solutions, hidden checks and misconceptions that say something of their own."""
    lesson, inside, found = (folder / "lesson.py").read_text().splitlines(), False, set()
    for line in lesson:
        if "### END SOLUTION" in line:
            inside = False
        if inside:
            found.add(line.strip().removeprefix("# "))
        if "### BEGIN SOLUTION" in line:
            inside = True
    for name in ("hidden_checks", "misconceptions"):  # each a file, or a folder of files
        for file in [*folder.glob(f"{name}.py"), *folder.glob(f"{name}/*.py")]:
            found |= {line.strip() for line in file.read_text().splitlines()}
    common = ("import ", "from ", "def ", "@", "#")
    return {line for line in found if len(line) > 24 and line not in shown and not line.startswith(common)}


def test_the_bundle_is_enough_to_do_an_assignment(course: Course, tmp_path: Path):
    """Unpack it in an empty folder, install it in a fresh virtual environment, solve an assignment in a real kernel."""
    write_bundle(course, tmp_path / "students.zip")
    with zipfile.ZipFile(tmp_path / "students.zip") as archive:
        archive.extractall(tmp_path)
    home = tmp_path / "course"
    for command in (
        [sys.executable, "-m", "venv", ".venv"],
        [
            ".venv/bin/python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "-r",
            "requirements.txt",
        ],
    ):
        subprocess.run(command, cwd=home, check=True, capture_output=True, text=True)
    file = home / "assignments" / "03_softmax" / "03_softmax.ipynb"
    made = nbformat.read(file, as_version=4)
    solutions = {
        "softmax": "def softmax(S):\n    e = np.exp(S - np.max(S, -1, keepdims=True))\n"
        "    return e / e.sum(-1, keepdims=True)",
        "softmax_jacobian": "def softmax_jacobian(p):\n    return np.diag(p) - p[:, None] * p",
    }
    for cell in made.cells:
        cell.source = solutions.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    nbformat.write(made, file)
    bin_folder = home / ".venv" / "bin"
    execute = [str(bin_folder / "jupyter"), "nbconvert", "--to", "notebook", "--execute", "--inplace", str(file)]
    subprocess.run(execute, check=True, capture_output=True, text=True, cwd=home, env=kernel_environment(bin_folder))
    outputs = json.dumps([cell.get("outputs") for cell in nbformat.read(file, as_version=4).cells], ensure_ascii=False)
    assert "`softmax`: all 2 visible checks pass" in outputs
    assert "`softmax_jacobian`: all 2 visible checks pass" in outputs
    overview = subprocess.run(
        [bin_folder / "autograder", "check", "assignments"], cwd=home, capture_output=True, text=True
    )
    assert "03_softmax done 2 of 2" in " ".join(overview.stdout.split())


def kernel_environment(bin_folder: Path) -> dict[str, str]:
    """An environment in which `python3` is that of the bundle's own virtual environment."""
    return {**environment(), "PATH": f"{bin_folder}:/usr/bin:/bin", "MPLBACKEND": "agg"}


def test_nothing_secret_is_in_what_students_download(course: Course, tmp_path: Path) -> None:
    write_bundle(course, tmp_path / "course.zip")
    with zipfile.ZipFile(tmp_path / "course.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert any(name.endswith(".ipynb") for name in files)
    assert not [name for name in files if set(name.split("/")) & {"solutions", "tests", "examples", "hidden_checks.py"}]
    made = {name: content for name, content in files.items() if not name.startswith("course/autograder/")}
    assert leaks(course, made) == set()
