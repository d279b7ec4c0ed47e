"""Each part that can move a score has its own name, and nothing else is part of what a report rests on."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from types import ModuleType

import grimp
import pytest

from autograder.course.lesson import CourseError
from autograder.course.loader import load_course
from autograder.course.provenance import PACKAGE, SCORING, provenance_of, provenances_of
from tests.helpers.command_line import environment
from tests.helpers.course import RIGHT_CENTRED, RIGHT_SUMS, edit, hand_in
from tests.helpers.grading import count_kept, load_reports, read_files, regrade
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

FROM_HELPERS = "from autograder.checking import assert_matches, points\nfrom shapes import SHAPE\n"


@pytest.fixture
def sharing(small_course: Path) -> Path:
    """The small course, with a module and a fixture that its hidden checks share, and a table that one reads."""
    solutions = small_course / "solutions"
    (solutions / "shapes.py").write_text("SHAPE = (3, 5)\n")
    (solutions / "conftest.py").write_text("import pytest\n\n\n@pytest.fixture\ndef scale():\n    return 2.0\n")
    checks = solutions / "02_centred" / "hidden_checks.py"
    edit(checks, "from autograder.checking import assert_matches, points\n", FROM_HELPERS)
    edit(checks, "student, reference, rng", "student, reference, rng, scale")
    edit(checks, "rng.normal(size=(3, 5))", "scale * rng.normal(size=SHAPE)")
    misconceptions = solutions / "02_centred" / "misconceptions.py"
    edit(misconceptions, "import misconception\n", "import misconception\nfrom shapes import SHAPE\n")
    (solutions / "02_centred" / "table.csv").write_text("1,2\n")
    (solutions / "01_sums" / "factor.txt").write_text("2")
    (folder := small_course / "shared").mkdir()
    (folder / "sizes.py").write_text("SIZE = 1\n")
    (folder / "itself").symlink_to(folder)
    (solutions / "common").symlink_to(folder)
    (solutions / "handout").mkdir()
    (solutions / "handout" / "README.md").write_text("Welcome.")
    return small_course


def parts(folder: Path, assignment: str = "02_centred") -> dict[str, str]:
    course = load_course(folder / "solutions")
    return provenance_of(course, course.assignment(assignment))


@pytest.mark.parametrize(
    ("file", "old", "new", "cause"),
    [
        ("course.toml", 'seed = "a seed"', 'seed = "another"', {"course.toml"}),
        ("course.toml", "cpu_seconds = 1.0", "cpu_seconds = 2.0", {"course.toml"}),
        ("course.toml", "answer_mb = 4", "answer_mb = 4\nsubmission_seconds = 30", {"course.toml"}),
        ("course.toml", "answer_mb = 4", "answer_mb = 4\nsubmission_seconds = 60", set()),
        ("course.toml", '"numpy", "math"', '"numpy"', {"course.toml"}),
        ("course.toml", 'title = "A small course"', 'title = "Another"', set()),
        ("course.toml", "[limits]", "# a remark\n[limits]", set()),
        ("01_sums/lesson.py", "# # Sums", "# # The sums", {"earlier lessons"}),
        ("01_sums/hidden_checks.py", "Rows of all lengths", "Rows of any length", set()),
        ("02_centred/lesson.py", "# # Centred", "# # The centred", {"lesson.py"}),
        ("02_centred/misconceptions.py", "The mean was added", "The mean is there twice", {"misconceptions.py"}),
        ("02_centred/visible_checks.py", "The mean is 2.", "It is 2.", {"visible_checks.py"}),
        ("02_centred/hidden_checks.py", "Other numbers", "More numbers", {"hidden_checks.py"}),
        ("02_centred/table.csv", "1,2", "2,1", {"other files"}),
        ("conftest.py", "2.0", "3.0", {"other files"}),
        ("shapes.py", "(3, 5)", "(5, 3)", {"other files"}),
        ("handout/README.md", "Welcome", "Hello", set()),
        ("01_sums/factor.txt", "2", "3", {"other files"}),
        ("common/sizes.py", "1", "2", {"other files"}),
    ],
)
def test_each_part_of_the_course_is_told_by_its_name(
    sharing: Path, file: str, old: str, new: str, cause: set[str]
) -> None:
    before = parts(sharing)
    edit(sharing / "solutions" / file, old, new)
    after = parts(sharing)
    assert {name for name in before if before[name] != after[name]} == cause


def test_a_file_that_cannot_be_read_is_named(sharing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_bytes = Path.read_bytes

    def read(path: Path) -> bytes:
        if path.name == "shapes.py":
            raise PermissionError(13, "Permission denied", str(path))
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", read)
    with pytest.raises(CourseError, match=r"solutions/shapes\.py cannot be read: Permission denied$"):
        parts(sharing)


def test_a_module_that_was_moved_is_another(sharing: Path) -> None:
    before = parts(sharing)
    (sharing / "solutions" / "helpers").mkdir()
    (sharing / "solutions" / "shapes.py").rename(sharing / "solutions" / "helpers" / "shapes.py")
    assert parts(sharing)["other files"] != before["other files"]


def test_a_file_that_answers_may_read_is_part_of_it_from_its_assignment_on(sharing: Path) -> None:
    (data := sharing / "solutions" / "02_centred" / "data").mkdir()
    (data / "words.txt").write_text("the")
    before = {name: parts(sharing, name) for name in ("01_sums", "02_centred")}

    def changed(name: str) -> set[str]:
        after = parts(sharing, name)
        return {cause for cause in after if after[cause] != before[name][cause]}

    toml = sharing / "solutions" / "course.toml"
    toml.write_text(f'reads = ["02_centred/data/words.txt"]\n{toml.read_text()}')
    assert changed("02_centred") == {"course.toml"}
    (data / "words.txt").write_text("the a")
    assert changed("02_centred") == {"course.toml", "data"}
    assert changed("01_sums") == set()


def test_versions_of_packages_that_answers_may_import_are_part_of_it(sharing: Path) -> None:
    before = parts(sharing)
    edit(sharing / "solutions" / "course.toml", '"numpy", "math"', '"numpy", "math", "scipy"')
    added = {name: version for name, version in parts(sharing).items() if name not in before}
    assert added == {"scipy": metadata.version("scipy")}


@pytest.mark.parametrize(
    ("module", "name", "cause"), [(metadata, "version", "NumPy"), (platform, "python_version", "Python")]
)
def test_another_numpy_and_another_python_are_told(
    sharing: Path, monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, cause: str
) -> None:
    before = parts(sharing)
    monkeypatch.setattr(module, name, lambda *_: "9.9")
    after = parts(sharing)
    assert {name for name in before if before[name] != after[name]} == {cause}
    assert after[cause] == "9.9"


def test_another_assignment_in_the_course_changes_nothing(sharing: Path) -> None:
    before = parts(sharing)
    shutil.copytree(sharing / "solutions" / "01_sums", sharing / "solutions" / "03_more")
    edit(sharing / "solutions" / "course.toml", '"02_centred"]', '"02_centred", "03_more"]')
    assert parts(sharing) == before


def a_shared_module(folder: Path) -> None:
    edit(folder / "solutions/shapes.py", "(3, 5)", "(5, 3)")


def a_conftest(folder: Path) -> None:
    edit(folder / "solutions/conftest.py", "2.0", "0.0")


@pytest.mark.parametrize(("change", "earns"), [(a_shared_module, 5), (a_conftest, 5)])
def test_what_checks_import_is_read_again_in_the_same_process(
    sharing: Path, change: Callable[[Path], None], earns: int
) -> None:
    """Zeros are centred whatever is done to them, so that the mistake earns all where conftest.py makes them."""
    hand_in(sharing / "class", "ada", "01_sums", RIGHT_SUMS)
    hand_in(sharing / "class", "ada", "02_centred", RIGHT_CENTRED)
    hand_in(sharing / "class", "bo", "01_sums", RIGHT_SUMS)
    hand_in(sharing / "class", "bo", "02_centred", RIGHT_CENTRED.replace("-", "+"))
    regrade(sharing)
    before = load_reports(sharing / "graded")
    assert (before["ada/02_centred.json"]["score"], before["bo/02_centred.json"]["score"]) == (5, 0)
    change(sharing)
    regrade(sharing)
    after = load_reports(sharing / "graded")
    assert after["ada/02_centred.json"]["score"] == earns
    assert after["bo/02_centred.json"]["score"] == (4 if change is a_conftest else 0)
    assert after["bo/02_centred.json"]["fingerprint"] != before["bo/02_centred.json"]["fingerprint"]
    assert after["ada/01_sums.json"]["fingerprint"] != before["ada/01_sums.json"]["fingerprint"]


def test_checks_find_their_modules_from_a_course_that_is_named_by_a_relative_path(
    sharing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sharing)
    course = load_course(Path("solutions"))
    with course.assignment("02_centred").check_session() as session:
        assert [check.name for check in session.checks if not check.visible] == ["test_centre"]


def test_a_conftest_above_the_course_counts_for_nothing(small_course: Path) -> None:
    (small_course / "conftest.py").write_text("raise SystemExit('not of the course')\n")
    hand_in(small_course / "class", "ada", "01_sums", RIGHT_SUMS)
    regrade(small_course)
    assert load_reports(small_course / "graded")["ada/01_sums.json"]["score"] == 9


def test_all_that_the_grader_imports_is_what_can_move_a_score_and_the_rest_is_not() -> None:
    graph = grimp.build_graph("autograder", cache_dir=None)
    grading = ("autograder.grading.grader", "autograder.grading.job", "autograder.sandbox.kernel.zygote")
    needed = {*grading, *(module for each in grading for module in graph.find_upstream_modules(each))}
    needed -= {
        "autograder.grading.discovery",  # which files there are: not what is in them, nor which counts
        "autograder.grading.found.submissions",
        "autograder.report.diff",  # from which it has a name for a pair of names
        "autograder.report.brief",  # which that one takes
        "autograder.report.unpaid",
        "autograder.distribution",  # what to install where a package is missing
        "autograder.grading.found.elsewhere",  # where they might be, when there are none
        "autograder.report.ungraded",  # what is told of files that do not count
        *(module for module in needed if graph.find_children(module)),  # a folder's own docstring
    }

    def is_hashed(module: str) -> bool:
        path = Path(*module.split(".")[1:]).as_posix()
        return any(path == place.removesuffix(".py") or path.startswith(f"{place}/") for place in SCORING)

    assert {module for module in needed if not is_hashed(module)} == set()
    outside = ("cli", "nbgrader", "pages", "publish", "classroom", "student")
    assert not any(is_hashed(f"autograder.{folder}.x") for folder in outside)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A copy of the machine, to be changed."""
    return shutil.copytree(ROOT / "autograder", tmp_path / "machine" / "autograder")


def test_only_what_can_move_a_score_grades_again_and_pages_follow_the_rest(machine: Path, graded: Path) -> None:
    def grade() -> int:
        """Grade with the copy; returns how many reports were kept."""
        command = [sys.executable, "-m", "autograder", "grade", "class", "--out", "out", "--jobs", "1", "--unconfined"]
        variables = {**environment(), "PYTHONPATH": f"{machine.parent}{os.pathsep}{ROOT}"}
        done = subprocess.run(command, cwd=graded, env=variables, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return count_kept(done)

    everything = len(load_reports(graded / "out"))
    assert grade() == everything, "the copy is the same machine"
    before = read_files(graded / "out")
    with (machine / "publish" / "lms" / "moodle.py").open("a") as file:
        file.write("\n# a remark\n")
    assert grade() == everything
    assert read_files(graded / "out") == before
    edit(machine / "pages" / "templates" / "submission.html", "</main>", "<p>A new footer</p>\n</main>")
    assert grade() == everything
    after = read_files(graded / "out")
    assert {name for name in after if after[name] != before[name]} == {name for name in before if "html" in name}
    assert all(b"A new footer" in content for name, (_, content) in after.items() if name.endswith("html"))
    with (machine / "checking" / "comparison.py").open("a") as file:
        file.write("\n# a remark\n")
    assert grade() == 0


def test_the_machine_is_hashed_where_it_lies() -> None:
    assert PACKAGE == ROOT / "autograder"
    assert [place for place in SCORING if not (PACKAGE / place).exists()] == []


def test_of_a_whole_course_each_file_is_read_once(sharing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = load_course(sharing / "solutions")
    apart = {each.name: provenance_of(course, each) for each in course.assignments}
    read: list[Path] = []
    read_bytes = Path.read_bytes

    def counting(path: Path) -> bytes:
        read.append(path)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", counting)
    assert provenances_of(course) == apart
    assert len(read) == len(set(read)) > 10
