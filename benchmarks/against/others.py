"""The other graders, each used as its documentation has it."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import nbformat
from nbformat import NotebookNode

from benchmarks.against.assertions import by_question
from benchmarks.against.graders import Command, Grader, loop, settled
from benchmarks.against.handed_in import notebook_of


class Pytest(Grader):
    """A process for each student; marks from its JUnit XML."""

    name = "pytest"
    runs = "the process that holds the tests, one a student"

    def prepare(self) -> None:
        tests = (f"def {each.name}():\n{each.body(f'submission.{each.question}')}" for each in self.checks)
        (self.home / "test_softmax.py").write_text("import submission\n\n\n" + "\n\n".join(tests))

    def lay(self, folder: Path, handed_in: Mapping[str, NotebookNode]) -> Command:
        self.hand_in_scripts(folder, handed_in)
        return loop("work/*", f'(cd "$each"; "{self.python}" -m pytest -q --junitxml=report.xml; echo $? > status)')

    def mark(self, folder: Path, student: str) -> float | None:
        try:
            report = ElementTree.parse(folder / "work" / student / "report.xml")
        except (OSError, ElementTree.ParseError):
            return None
        cases = report.iter("testcase")
        return self.worth(case.attrib["name"] for case in cases if not len(case))

    def seems_passed(self, folder: Path, student: str) -> bool:
        place = folder / "work" / student
        ended = not (place / "report.xml").exists() and (place / "status").exists()
        return ended and (place / "status").read_text().strip() == "0"

    def tests(self, folder: Path) -> Path:
        return self.home / "test_softmax.py"


UNITTEST = """\
import unittest

import submission
from gradescope_utils.autograder_utils.decorators import weight


class TestSoftmax(unittest.TestCase):
"""
RUN_TESTS = """\
import unittest

from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

if __name__ == "__main__":
    suite = unittest.defaultTestLoader.discover("tests")
    with open("results.json", "w") as file:
        JSONTestRunner(visibility="visible", stream=file).run(suite)
"""


class Gradescope(Grader):
    """Gradescope's own way with Python: `run_tests.py` for each student."""

    name = "gradescope-utils"
    runs = "the process that holds the tests, one a student"

    def prepare(self) -> None:
        (self.home / "tests").mkdir()
        (self.home / "tests" / "__init__.py").touch()
        (self.home / "run_tests.py").write_text(RUN_TESTS)
        tests = (
            f"    @weight({each.points})\n    def {each.name}(self):\n{each.body(f'submission.{each.question}', 2)}"
            for each in self.checks
        )
        (self.home / "tests" / "test_softmax.py").write_text(UNITTEST + "\n".join(tests))

    def lay(self, folder: Path, handed_in: Mapping[str, NotebookNode]) -> Command:
        self.hand_in_scripts(folder, handed_in)
        return loop("work/*", f'(cd "$each"; "{self.python}" run_tests.py)')

    def mark(self, folder: Path, student: str) -> float | None:
        results = folder / "work" / student / "results.json"
        try:
            return float(json.loads(results.read_text())["score"])
        except (OSError, ValueError):
            return None

    def tests(self, folder: Path) -> Path:
        return self.home / "tests" / "test_softmax.py"


class Otter(Grader):
    """`otter run` for each student, with the zip file of `otter generate`."""

    name = "otter-grader"
    runs = "the notebook's kernel, which runs the tests as well"

    def prepare(self) -> None:
        (self.home / "tests").mkdir()
        for question, checks in by_question(self.checks):
            tests = (
                f"@test_case(points={each.points}, hidden=True)\ndef {each.name}({question}):\n{each.body(question)}"
                for each in checks
            )
            header = f'from otter.test_files import test_case\n\nOK_FORMAT = False\nname = "{question}"\n\n\n'
            (self.home / "tests" / f"{question}.py").write_text(header + "\n\n".join(tests))
        otter = self.python.with_name("otter")
        settled([otter, "generate", "-t", "tests", "-o", "autograder.zip"], self.home, self.python)

    def lay(self, folder: Path, handed_in: Mapping[str, NotebookNode]) -> Command:
        shutil.copy(self.home / "autograder.zip", folder)
        self.hand_in_notebooks(folder, handed_in)
        for student in handed_in:
            (folder / "results" / student).mkdir(parents=True)
        otter, name = self.python.with_name("otter"), self.assignment.name
        run = f'"{otter}" run --no-logo -a autograder.zip -o "results/$(basename "$each")" "$each/{name}/{name}.ipynb"'
        return loop("submitted/*", run)

    def mark(self, folder: Path, student: str) -> float | None:
        try:
            tests = json.loads((folder / "results" / student / "results.json").read_text())["tests"]
        except (OSError, ValueError):
            return None
        return sum(test.get("score", 0) for test in tests) if any("score" in test for test in tests) else None

    def tests(self, folder: Path) -> Path:
        return self.home / "tests" / "softmax_jacobian.py"


GRADED_CELLS = (
    "SELECT count(g.auto_score) FROM grade g JOIN submitted_notebook n ON g.notebook_id = n.id "
    "JOIN submitted_assignment a ON n.assignment_id = a.id WHERE a.student_id = ?"
)


class NbGrader(Grader):
    """`nbgrader autograde`, the tests in hidden regions of the notebook's own cells."""

    name = "nbgrader"
    runs = "the notebook's kernel, which runs the tests as well"
    cell_seconds = 5  # its own limit for a cell, by default 30: one a check, so that a loop in each takes two minutes

    def prepare(self) -> None:
        notebook = notebook_of(self.assignment)
        for each in self.checks:
            hidden = f"### BEGIN HIDDEN TESTS\n{each.body(each.question, 0)}### END HIDDEN TESTS"
            cell = nbformat.v4.new_code_cell(hidden, id=each.name)
            known = {"grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3}
            cell.metadata["nbgrader"] = {**known, "grade_id": each.name, "points": each.points}
            notebook.cells.append(cell)
        name = self.assignment.name
        source = self.home / "source" / name
        source.mkdir(parents=True)
        nbformat.write(notebook, source / f"{name}.ipynb")
        (self.home / "nbgrader_config.py").write_text(f"get_config().Execute.timeout = {self.cell_seconds}\n")
        settled([self.python, "-m", "nbgrader", "generate_assignment", name], self.home, self.python)
        self.released = nbformat.read(self.home / "release" / name / f"{name}.ipynb", nbformat.NO_CONVERT)

    def lay(self, folder: Path, handed_in: Mapping[str, NotebookNode]) -> Command:
        shutil.copytree(self.home, folder, dirs_exist_ok=True)
        self.hand_in_notebooks(folder, {student: self.on_release(each) for student, each in handed_in.items()})
        return [self.python, "-m", "nbgrader", "autograde", self.assignment.name]

    def on_release(self, notebook: NotebookNode) -> NotebookNode:
        """The same answers in the notebook that nbgrader has released, which has its cells for tests."""
        answers = {cell.id: cell.source for cell in notebook.cells}
        copy = nbformat.from_dict(self.released)
        for cell in copy.cells:
            cell.source = answers.get(cell.id, cell.source)
        return copy

    def mark(self, folder: Path, student: str) -> float | None:
        with closing(sqlite3.connect(folder / "gradebook.db")) as gradebook:
            if not gradebook.execute(GRADED_CELLS, (student,)).fetchone()[0]:
                return None  # the export would say 0
        if not (folder / "grades.csv").exists():
            settled([self.python, "-m", "nbgrader", "export", "--to", "grades.csv"], folder, self.python)
        with (folder / "grades.csv").open(newline="") as file:
            return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}.get(student)

    def tests(self, folder: Path) -> Path:
        return folder / "source" / self.assignment.name / f"{self.assignment.name}.ipynb"
