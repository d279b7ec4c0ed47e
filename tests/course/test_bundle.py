"""The bundle for students: the same every time, without a secret, and enough to do an assignment."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest

from autograder.checking.at_home.known import KNOWN_MISTAKES
from autograder.course.bundle import write_bundle
from autograder.course.lesson import CourseError
from autograder.course.loader import Course, load_course
from autograder.course.machine import wheel
from autograder.course.release import release_assignment, release_settings
from tests.helpers.archives import zip_members
from tests.helpers.secrets import leaks

pytestmark = pytest.mark.slow


def test_the_bundle_is_the_same_every_time_and_holds_no_secret(course: Course, tmp_path: Path):
    write_bundle(course, tmp_path / "a.zip")
    write_bundle(course, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    files = {name: content.decode(errors="replace") for name, content in zip_members(tmp_path / "a.zip").items()}
    tops = {name.split("/")[1] for name in files}
    readmes = {"README.md", "README.zh_CN.md"}
    assert tops == {".vscode", "LICENSE", *readmes, "assignments", wheel()[0], "requirements.txt", "start.py"}
    public = "\n".join(files.values())
    shown = set().union(*(public_lines(assignment.folder) for assignment in course.assignments))
    for assignment in course.assignments:
        words = "\n".join(misconception.lesson for misconception in assignment.misconceptions)  # which students read
        for line in secret_lines(assignment.folder, shown):
            assert line in words or line not in public, line
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
    found = {line for line in found if not re.fullmatch(r"\w+,?", line)}  # of a list of imports
    return {line for line in found if len(line) > 24 and line not in shown and not line.startswith(common)}


def test_nothing_secret_is_in_what_students_download(course: Course, tmp_path: Path) -> None:
    write_bundle(course, tmp_path / "course.zip")
    files = zip_members(tmp_path / "course.zip")
    assert any(name.endswith(".ipynb") for name in files)
    assert not [name for name in files if set(name.split("/")) & {"solutions", "tests", "examples", "hidden_checks.py"}]
    made = {name: content for name, content in files.items() if ".whl" not in name}
    assert leaks(course, made) == set()


@pytest.fixture
def released(small_course: Path) -> Course:
    """The small course, released."""
    course = load_course(small_course / "solutions")
    for assignment in course.assignments:
        release_assignment(assignment, course.released)
    release_settings(course, course.released)
    return course


def test_readme_and_requirements_are_the_courses_own(small_course: Path, released: Course, tmp_path: Path) -> None:
    """What lies in handout/ counts; a course without it gets a README with its title."""

    def members() -> dict[str, str]:
        write_bundle(released, tmp_path / "course.zip")
        with zipfile.ZipFile(tmp_path / "course.zip") as archive:
            return {
                name.removeprefix("course/"): archive.read(name).decode()
                for name in archive.namelist()
                if not name.endswith((".whl", KNOWN_MISTAKES))
            }

    made = members()
    assert made["README.md"].startswith("# A small course\n")
    assert "it opens JupyterLab at the first notebook, `01_sums`" in made["README.md"]
    assert "`assignments/01_sums/01_sums.ipynb`" in made["README.md"]
    assert "Answers may import `numpy`, `math`." in made["README.md"]
    assert json.loads(made[".vscode/settings.json"]) == {"jupyter.notebookFileRoot": "${fileDirname}"}
    assert "ms-toolsai.jupyter" in json.loads(made[".vscode/extensions.json"])["recommendations"]
    assert "LICENSE" not in made
    (small_course / "LICENSE").write_text("Only on Sundays.\n")
    handout = small_course / "solutions" / "handout"
    (handout / "pictures").mkdir(parents=True)
    for name, text in {
        "README.md": "Read me.",
        "pictures/map.svg": "<svg/>",
        "start.py": "print('Start')",
        "requirements.txt": "numpy==2.1.0",
    }.items():
        (handout / name).write_text(text)
    own = members()
    assert own["LICENSE"] == "Only on Sundays.\n"
    assert own["README.md"] == "Read me."
    assert own["pictures/map.svg"] == "<svg/>"
    assert own["start.py"] == "print('Start')"
    pinned = [line for line in own["requirements.txt"].splitlines() if line.startswith("numpy==")]
    assert pinned == ["numpy==2.1.0"]
    assert own["requirements.txt"].splitlines()[-1] == f"./{wheel()[0]}"


def test_a_bundle_that_cannot_be_written_leaves_nothing(released: Course, tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="the bundle cannot be written"):
        write_bundle(released, tmp_path / "nowhere" / "course.zip")
    assert not (tmp_path / "nowhere").exists()


def test_only_what_was_released_is_handed_out(released: Course, tmp_path: Path) -> None:
    """Whatever else lies beside it: an archive that holds the solutions, say."""
    write_bundle(released, tmp_path / "before.zip")
    for name in ("grader.zip", "notes.txt", "00_old/00_old.ipynb", "graded/ada/01_sums.json"):
        file = released.released / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("secret")
    write_bundle(released, tmp_path / "after.zip")
    assert (tmp_path / "after.zip").read_bytes() == (tmp_path / "before.zip").read_bytes()


def test_a_course_that_is_not_released_has_nothing_to_hand_out(small_course: Path, tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"course\.toml is not there: .* first `autograder release`"):
        write_bundle(load_course(small_course / "solutions"), tmp_path / "course.zip")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("solutions/handout/README.md", "is not a file"),
        ("solutions/handout/requirements.txt", "is not a file"),
        ("LICENSE", "is not a file"),
    ],
)
@pytest.mark.parametrize("kind", ["folder", "broken link"])
def test_what_is_no_file_is_not_passed_over(
    small_course: Path, released: Course, tmp_path: Path, name: str, says: str, kind: str
) -> None:
    path = small_course / name
    path.parent.mkdir(exist_ok=True)
    path.mkdir() if kind == "folder" else path.symlink_to("nowhere")
    with pytest.raises(CourseError, match=f"{path.name} {says}"):
        write_bundle(released, tmp_path / "course.zip")
    assert not (tmp_path / "course.zip").exists()


def test_a_file_in_the_place_of_the_handout_is_named(released: Course, tmp_path: Path) -> None:
    (released.folder / "handout").write_text("")
    with pytest.raises(CourseError, match="handout is not a folder"):
        write_bundle(released, tmp_path / "course.zip")
