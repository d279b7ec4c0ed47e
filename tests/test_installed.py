"""The machine, away from its checkout: installed from a wheel; a bundle that is solved, and another course."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from autograder import __version__
from autograder.course.bundle import write_bundle
from autograder.course.loader import Course
from tests.helpers.golden_class import ENVIRONMENT
from tests.helpers.jupyterlab import NO_BROWSER, OpenNotebook, jupyter_server, open_browser
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

RIGHT = {
    "softmax": "def softmax(S):\n    e = np.exp(S - np.max(S, -1, keepdims=True))\n"
    "    return e / e.sum(-1, keepdims=True)",
    "softmax_jacobian": "def softmax_jacobian(p):\n    return np.diag(p) - p[:, None] * p",
}
NAME = "01_signals"
OTHER = ROOT / "examples" / "other_course"
SCORES = {
    "01_signals": {"ada": 10, "bo": 6, "cy": 7, "dana": 0},
    "02_words": {"ada": 21, "bo": 4, "cy": 10, "dana": 0},
    "03_numbers": {"ada": 36, "bo": 29, "cy": 16, "dana": 36},
    "04_learning": {"ada": 43, "bo": 19, "cy": 22, "dana": 0},
}
MISTAKES = (
    *("everything_so_far", "zero_is_a_side", "blanks_alone", "ties_as_they_come", "other_way_round", "below_zero"),
    *("missing_is_zero", "NearestAlone", "uphill", "unreadable"),
)


@dataclass(frozen=True)
class Installed:
    """A students' bundle, unpacked, and installed as its README says."""

    home: Path

    @property
    def programs(self) -> Path:
        return self.home / ".venv" / "bin"

    def run(self, *command: object, cwd: Path | None = None, code: int = 0, **more: str) -> str:
        """Run a program of the environment, with nothing of this one around it; returns what it printed."""
        program, *arguments = map(str, command)
        environment = {"PATH": f"{self.programs}:/usr/bin:/bin", "HOME": str(self.home), "COLUMNS": "400", **more}
        done = subprocess.run(
            [self.programs / program, *arguments],
            cwd=cwd or self.home,
            env={**environment, **{name: os.environ[name] for name in os.environ if name.startswith(("PIP_", "UV_"))}},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        printed = done.stdout + done.stderr
        assert done.returncode == code, printed
        assert "Traceback" not in printed
        return printed


START, CHECK = "python3 start.py", "python3 start.py check"  # what the README of the zip shows


def as_told(command: str) -> list[str]:
    """A command of the README, with this Python in the place of a fresh machine's."""
    python, *arguments = command.split()
    assert python == "python3"
    return [sys.executable, *arguments]


@pytest.fixture(scope="module")
def installed(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The first command of the README has been given, and what it opened is closed."""
    folder = tmp_path_factory.mktemp("a student")
    write_bundle(course, folder / "students.zip")
    with zipfile.ZipFile(folder / "students.zip") as archive:
        archive.extractall(folder)
    made = Installed(folder / "course")
    told = re.findall(r"^\$ (.*)", (made.home / "README.md").read_text(), re.MULTILINE)
    assert told == [START, CHECK]
    with jupyter_server(as_told(START), made.home, folder / "jupyter", seconds=900):
        (opened,) = (folder / "jupyter" / "runtime").glob("jpserver-file-to-run-*-open.html")  # what a browser is given
        assert "assignments/01_projection/01_projection.ipynb" in opened.read_text()
    assert (folder / "jupyter" / "server.log").read_text().startswith("Setting up the course, once.")
    return made


@pytest.fixture(scope="module")
def with_release(installed: Installed) -> Installed:
    """The same, with the extra `release` beside it; the tests that need it not to be there are done by then."""
    (wheel,) = installed.home.glob("*.whl")
    install(installed, f"numpy-autograder[release] @ {wheel.as_uri()}")
    return installed


def install(installed: Installed, *what: object) -> None:
    """Install more into the environment, in the versions of our own."""
    pins = installed.home / "pins.txt"
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    pins.write_text("\n".join(line for line in lines if line[0] not in "#-"))
    uv = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", installed.programs / "python"]
    subprocess.run([*uv, "--constraint", pins, *what], check=True)


@pytest.fixture(scope="module")
def other_course(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second course, in a folder that knows nothing of this project; what it needs is installed."""
    install(installed, "--requirement", OTHER / "solutions" / "handout" / "requirements.txt")
    return shutil.copytree(OTHER, tmp_path_factory.mktemp("elsewhere") / "signals")


@pytest.mark.skipif(NO_BROWSER, reason="there is no chromium here (CI installs it)")
def test_two_commands_lead_from_the_zip_to_a_green_check(installed: Installed, tmp_path: Path) -> None:
    path = "assignments/01_projection/01_projection.ipynb"
    with jupyter_server(as_told(START), installed.home, tmp_path / "jupyter") as server, open_browser() as page:
        notebook = OpenNotebook(page, server, installed.home / path, path)
        notebook.run_up_to("project")
        notebook.write("project", "def project(X, W):\n    return X @ W")
        notebook.run_with_next()
        notebook.expect_shown("check_project", "`project`: all ")
        notebook.save()
    environment = {**os.environ, "COLUMNS": "400", "NO_COLOR": "1"}
    checked = subprocess.run(
        as_told(CHECK), cwd=installed.home, env=environment, capture_output=True, text=True, check=True
    )
    assert "01_projection started 1 of 3" in " ".join(checked.stdout.split())
    assert "Setting up" not in checked.stdout


def test_the_bundle_is_enough_to_do_an_assignment(installed: Installed) -> None:
    """Solve an assignment in a real kernel."""
    file = installed.home / "assignments" / "03_softmax" / "03_softmax.ipynb"
    made = nbformat.read(file, as_version=4)
    for cell in made.cells:
        cell.source = RIGHT.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    nbformat.write(made, file)
    installed.run("jupyter", "nbconvert", "--to", "notebook", "--execute", "--inplace", file, MPLBACKEND="agg")
    outputs = json.dumps([cell.get("outputs") for cell in nbformat.read(file, as_version=4).cells], ensure_ascii=False)
    assert "`softmax`: all 4 visible checks pass" in outputs
    assert "`softmax_jacobian`: all 4 visible checks pass" in outputs
    assert "03_softmax done 2 of 2" in " ".join(installed.run("autograder", "check", "assignments").split())


def test_it_is_the_wheel_that_runs(installed: Installed) -> None:
    where = installed.run("python", "-c", "import autograder; print(autograder.__file__)").strip()
    assert Path(where).is_relative_to(installed.home / ".venv")
    assert installed.run("autograder", "--version").startswith(f"autograder, version {__version__}+")


def test_its_catalogues_are_in_the_wheel(installed: Installed, tmp_path: Path) -> None:
    source = "from autograder.checking import messages as m\nfrom autograder.language.current import speak\n"
    said = installed.run("python", "-c", f"{source}speak('zh_CN')\nprint(m.not_implemented('softmax'))", cwd=tmp_path)
    assert said.startswith("`softmax` 还没写")


def test_it_is_typed(installed: Installed, tmp_path: Path) -> None:
    """A user's strict mypy knows what `grade` takes and gives."""
    file = tmp_path / "use.py"
    lines = ("from autograder import grade", "reveal_type(grade('.', 'a.py').score)", "grade('.', 3)")
    file.write_text("\n".join(lines))
    python = installed.programs / "python"
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--python-executable", python, file]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert 'Revealed type is "float"' in done.stdout
    assert 'has incompatible type "int"' in done.stdout
    assert "Found 1 error" in done.stdout


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        (("release",), "release needs nbgrader"),
        (("certify",), "certify needs nbgrader"),
        (("grade", "class", "--gradebook", "sqlite:///gradebook.db"), "--gradebook needs nbgrader"),
        (("marks", "class", "--gradebook", "sqlite:///gradebook.db"), "--gradebook needs nbgrader"),
    ],
)
def test_without_its_extra_a_command_names_it(
    installed: Installed, other_course: Path, command: tuple[str, ...], missing: str
) -> None:
    said = installed.run("autograder", *command, cwd=other_course, code=2)
    assert said == f'autograder: {missing}, which is not installed here: pip install "numpy-autograder[release]"\n'
    assert not (other_course / "assignments").exists()


def test_a_class_of_another_course_is_graded(installed: Installed, other_course: Path) -> None:
    printed = installed.run("autograder", "grade", "class", "--junit", "junit.xml", cwd=other_course)
    assert "16 graded" in printed
    table = (OTHER / "README.md").read_text()
    for name, scores in SCORES.items():
        graded = other_course / "graded"
        reports = {student: json.loads((graded / student / f"{name}.json").read_text()) for student in scores}
        assert {student: report["score"] for student, report in reports.items()} == scores
        assert all(f"{scores[student]}/{reports[student]['max_score']:g}" in table for student in ("bo", "cy"))
    for word in MISTAKES:
        assert word in printed
        assert word in table
    assert "0 graded" in installed.run("autograder", "grade", "class", cwd=other_course)


def test_a_new_course_grades_at_once(installed: Installed, tmp_path: Path) -> None:
    """Its templates are in the wheel, and no extra is needed for it."""
    installed.run("autograder", "new", "course", "signals", cwd=tmp_path)
    printed = installed.run("autograder", "grade", "submitted", cwd=tmp_path / "signals")
    assert "2 graded" in printed
    assert "over_rows" in printed


def test_what_is_made_of_the_reports(installed: Installed, other_course: Path) -> None:
    installed.run("autograder", "grade", "class", "--out", "second", cwd=other_course)
    assert "As they were: 16" in installed.run("autograder", "diff", "graded", "second", cwd=other_course)
    installed.run("autograder", "written", "graded", "--out", "written.csv", cwd=other_course)
    assert (other_course / "written.html").is_file()
    assert "marks.csv and totals.csv (students: 4, " in installed.run("autograder", "marks", cwd=other_course)
    sheet = other_course / "written.csv"
    sheet.write_text(re.sub(r",,(\d+),\r?$", r",1,\1,", sheet.read_text("utf-8-sig"), flags=re.MULTILINE))
    installed.run("autograder", "marks", cwd=other_course)
    for system in ("canvas", "moodle", "csv"):
        installed.run("autograder", "export", system, "graded", "--out", f"{system}.csv", cwd=other_course)
        assert "ada" in (other_course / f"{system}.csv").read_text()


def test_the_promises_are_tried_away_from_the_checkout(installed: Installed, other_course: Path) -> None:
    assert "broken" not in installed.run("autograder", "doctor", cwd=other_course)


def test_an_archive_for_gradescope_is_made(installed: Installed, other_course: Path) -> None:
    installed.run("autograder", "gradescope", "grader.zip", "--assignment", NAME, cwd=other_course)
    with zipfile.ZipFile(other_course / "grader.zip") as archive:
        assert {"setup.sh", "run_autograder", f"solutions/{NAME}/lesson.py"} <= set(archive.namelist())


def test_another_course_is_released_proved_and_handed_out(with_release: Installed, other_course: Path) -> None:
    with_release.run("autograder", "release", "--bundle", "signals.zip", cwd=other_course)
    assert "Every reference is full" in with_release.run("autograder", "certify", cwd=other_course)
    with zipfile.ZipFile(other_course / "signals.zip") as archive:
        readme = archive.read("course/README.md").decode()
        assert readme.startswith("# First steps with data\n")
        assert "and of all files read `02_words/data/stopwords.txt`, `04_learning/data/flats.csv`, as" in readme
        assert b"\npandas>=2.2\n" in archive.read("course/requirements.txt")
        assert archive.read("course/LICENSE") == (OTHER / "LICENSE").read_bytes()
        files = archive.namelist()
        archive.extractall(other_course / "handed-out")
    assert sum(name.endswith(".whl") for name in files) == 1
    assert not [name for name in files if "attention" in name.lower()]
    home = other_course / "handed-out" / "course"
    assert "to do" in with_release.run("autograder", "check", "assignments", cwd=home)
    for name in SCORES:
        shutil.copy(other_course / "class" / "ada" / name / f"{name}.ipynb", home / "assignments" / name)
    assert "All visible checks of the course pass" in with_release.run("autograder", "check", "assignments", cwd=home)


def test_what_the_index_shows_leads_to_a_graded_class(with_release: Installed, tmp_path: Path) -> None:
    """The commands of the package's description, in their order; the first of them has been given."""
    shown = (ROOT / "docs" / "package.md").read_text(encoding="utf-8")
    install, *told = re.findall(r"^\$ (.*)", shown, re.MULTILINE)
    assert install == 'pip install "numpy-autograder[release]"'
    folder, printed = tmp_path, ""
    for command in told:
        program, *arguments = command.split()
        if program == "cd":
            folder = folder.joinpath(*arguments)
        else:
            printed += with_release.run(program, *arguments, cwd=folder)
    assert "Every reference is full" in printed
    assert "2 graded" in printed
    assert (folder / "graded" / "index.html").is_file()
    assert (folder / "students.zip").is_file()


def test_a_folder_for_classroom_50_is_made(with_release: Installed, other_course: Path) -> None:
    with_release.run("autograder", "classroom50", "bundle50", "--assignment", NAME, cwd=other_course)
    checkout = other_course / "checkout"
    shutil.copytree(other_course / "class" / "cy" / NAME, checkout)
    entry = ("-I", "-m", "autograder.publish.classroom50", other_course / "bundle50")
    with_release.run("python", *entry, cwd=checkout, **ENVIRONMENT)
    assert json.loads((checkout / "result.json").read_text())["score"] == 1


def test_marks_reach_nbgraders_gradebook(with_release: Installed, other_course: Path) -> None:
    printed = with_release.run(
        "autograder", "grade", "class", "--gradebook", "sqlite:///gradebook.db", cwd=other_course
    )
    assert "Submissions written: 16" in printed
