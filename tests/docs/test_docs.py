"""Every command that the docs show is one that works: it is run here, or it is what continuous integration runs."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

import autograder as autograder_package
from autograder import distribution
from tests.helpers.command_line import autograder
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

# Pages in Chinese show the commands of their English pages, which tests/docs/test_translations.py compares.
IN_CHINESE = sorted(
    str(path.relative_to(ROOT))
    for found in (ROOT.glob("*.zh_CN.md"), *((ROOT / name).rglob("*.zh_CN.md") for name in ("docs", "solutions")))
    for path in found
)
DOCS = (
    "README.md",
    "CONTRIBUTING.md",
    "RELEASING.md",
    "SECURITY.md",
    "solutions/handout/README.md",
    *(str(path.relative_to(ROOT)) for path in sorted((ROOT / "docs").rglob("*.md")) if ".zh_CN." not in path.name),
)


def commands(document: str) -> list[str]:
    """The lines after `$` in a document's console blocks."""
    blocks = re.findall(r"```console\n(.*?)```", (ROOT / document).read_text(), re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")]


# Their commands build on each other: tests/nbgrader/test_loop.py, tests/docs/ and test_installed.py run them in order.
WALK_THROUGHS = ("docs/nbgrader.md", "docs/a-term.md", "docs/authoring.md", "docs/package.md", "docs/cluster.md")
SHOWN = [(document, command) for document in DOCS if document not in WALK_THROUGHS for command in commands(document)]
MAKEFILE = (ROOT / "Makefile").read_text()
PARALLEL = MAKEFILE.partition("\nPARALLEL := ")[2].partition("\n")[0]
RECIPE = [  # of `make test`
    line.strip().replace("$(BIN)", ".venv/bin").replace("$(PARALLEL)", PARALLEL)
    for line in MAKEFILE.partition("\ntest:")[2].partition("\n\n")[0].splitlines()[1:]
]
OURS = [
    (document, command)
    for document, command in SHOWN
    if command.startswith(".venv/bin/autograder ") and command not in RECIPE
]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project to run commands in, with a class in `submitted/`."""
    copy = tmp_path_factory.mktemp("checkout")
    folders = ("solutions", "assignments", "autograder", "docs", "ci-templates")
    for name in (*folders, "pyproject.toml", "requirements.txt", "LICENSE"):
        source = ROOT / name
        shutil.copytree(source, copy / name) if source.is_dir() else shutil.copy(source, copy / name)
    for student in ("amara", "jamal"):
        for parent in ("submitted", "examples/class"):
            shutil.copytree(ROOT / "examples" / "class" / student, copy / parent / student)
    return copy


@pytest.mark.parametrize(("document", "command"), OURS, ids=[f"{d}: {c}" for d, c in OURS])
def test_the_command_works(document: str, command: str, checkout: Path):
    done = autograder(*shlex.split(command)[1:], cwd=checkout)
    assert done.returncode == 0, done.stderr + done.stdout
    assert done.stdout.strip()


CHECKS = [(document, command) for document, command in SHOWN if command.startswith(".venv/bin/pytest solutions/")]


@pytest.mark.parametrize(("document", "command"), CHECKS, ids=[f"{d}: {c}" for d, c in CHECKS])
def test_the_checks_run_in_pytest(document: str, command: str, checkout: Path):
    """On the lesson's own answers they pass; on a mistake some fail."""
    words = shlex.split(command)[1:]
    done = subprocess.run([sys.executable, "-m", "pytest", *words], cwd=checkout, capture_output=True, check=False)
    assert done.returncode == ("--on" in words), done.stdout.decode()


def test_the_other_commands_are_those_that_set_up_and_test_the_project():
    checks = {command for _, command in CHECKS}
    others = {command for _, command in SHOWN if not command.startswith(".venv/bin/autograder ")} - checks
    run_by_ci = (ROOT / ".ci" / "run").read_text().splitlines()
    for command in sorted(others):
        parts = [part.strip() for part in command.split("&&")]
        if command in ("make check", "make coverage"):  # parts of what `make test` runs; and the same, watched
            assert f"\n{command.removeprefix('make ')}: .venv/ready\n" in MAKEFILE
        elif command.startswith("make "):
            assert command in run_by_ci
        elif len(parts) > 1:  # `make test` without make
            assert parts == RECIPE
        elif command.startswith(".venv/bin/pytest "):  # a part of what `make test` runs
            assert (ROOT / command.removeprefix(".venv/bin/pytest ")).is_dir()
        elif "-m venv" in command:
            assert "$(PYTHON) -m venv .venv" in MAKEFILE
        elif "install" in command:
            assert command.endswith("-r requirements.txt")
        else:  # the students' own, which tests/test_installed.py gives
            assert command in ("python3 start.py", "python3 start.py check")


@pytest.mark.parametrize("document", [*DOCS, *IN_CHINESE])
def test_links_lead_somewhere(document: str):
    """To a file that is there and, behind `#`, to a heading of it."""
    page = ROOT / document
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        there = page.parent / path if path else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


def anchors(page: Path) -> set[str]:
    """What GitHub makes of a page's headings: letters, digits and hyphens, of whatever script."""
    without_code = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.*)", without_code, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_dependency_earns_its_line():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = [
        project["project"]["dependencies"],
        *project["project"]["optional-dependencies"].values(),
        *project["dependency-groups"].values(),
    ]
    listed = {re.split(r"[^\w.-]", requirement)[0] for group in groups for requirement in group}
    documented = (ROOT / "docs" / "dependencies.md").read_text()
    assert "numpy" in listed
    for name in listed:
        assert re.search(rf"^\|[^|]*\b{name}\b", documented, re.MULTILINE), name


def test_the_version_is_said_once():
    """In the package; what is installed has it from there, and it is the newest section of the changelog."""
    assert metadata.version(distribution.NAME) == autograder_package.__version__
    newest = re.search(r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest is not None
    assert newest[1] == autograder_package.__version__
