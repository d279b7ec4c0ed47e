"""What `check` calls right with the rules, grading calls right with the same rules, and the other way round.

Odd answers are handed in, checked in the terminal, and run and checked in IPython, cell by cell, as in a notebook.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from autograder import grade
from autograder.report.model import Outcome, QuestionResult
from autograder.student.progress import check_file
from tests.helpers.command_line import environment
from tests.helpers.course import write_course
from tests.helpers.notebooks import write_notebook
from tests.student.odd_answers import ENDLESS, FATAL, NUMBERED, cells_of

pytestmark = pytest.mark.slow

PER_ASSIGNMENT = 30
LIMITS = "[limits]\ncpu_seconds = 0.5\nmemory_mb = 256\nanswer_mb = 4\nsubmission_seconds = 600\n"
SETUP = "import numpy as np"
CHECKS = '''

@points(1)
def test_{name}_example(student):
    """1 and 2 become 2 and 4"""
    assert_allclose(student.{name}(np.array([1.0, 2.0])), [2.0, 4.0], "1 and 2 become 2 and 4.")


@points(1)
def test_{name}_leaves_nothing(student):
    """Nothing is left of a call"""
    assert_no_side_effects(student.{name}, np.array([1.0, 2.0, 3.0]))
'''
CHECKS_HEAD = "import numpy as np\n\nfrom autograder.checking import assert_allclose, assert_no_side_effects, points\n"
LESSON_HEAD = f"# %% [markdown]\n# # Twice\n\n# %%\n{SETUP}\n\n"
QUESTION = '''
# %% {name}
def {name}(x):
    """Twice x. x: (n,). Returns (n,)."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

'''
HIDDEN = '''\
from autograder.checking import assert_matches, points


@points(1)
def test_more(student, reference, rng):
    """More numbers"""
    assert_matches(student.{name}, reference.{name}, rng.normal(size=5))
'''
IN_IPYTHON = """
import json, os, sys
from IPython.core.interactiveshell import InteractiveShell

shell, told = InteractiveShell.instance(), {}
for folder, setup, answers in json.load(open(sys.argv[1])):
    os.chdir(folder)
    shell.reset()  # the cells of other assignments included
    shell.run_cell(setup, store_history=True)
    for name, cells in answers:
        for cell in cells:
            shell.run_cell(cell, store_history=True)
        ran = shell.run_cell(f"check({name})", store_history=True)
        checks = getattr(getattr(ran.result, "question", None), "checks", ())
        told[name] = [[each.name, each.outcome, each.message] for each in checks]
json.dump(told, open(sys.argv[2], "w"))
"""


class Said(NamedTuple):
    """What a check came to, and what it said where the words do not rest on the right answer."""

    outcome: Outcome
    message: str


Results = Mapping[str, Sequence[Said]]  # by the question, for each of its visible checks

# Where the three differ, and why that stays.
NOT_AT_HOME = {
    "returns np.matrix(2 * x)": "a matrix has two axes; that one is meant to be there, only the lesson's answer tells",
    "does np.loadtxt('x.txt')": "NumPy looks whether there is such a file before it asks for it",
    "aborts": "a confined process may not send itself the signal, and dies of another",
}
NOT_IN_A_NOTEBOOK = {
    "does np.empty(1 << 27)": "nothing bounds the memory of a kernel",
    "a constant that fails": "why a cell failed, one reads below it",
    "a class body that fails": "the same",
    "does exit()": "in IPython, `exit` is another function, which returns",
    "does quit()": "the same",
    "does open('x.txt')": "a kernel may open files",
    "does open('x.txt', 'w')": "the same",
    "does np.save('x.npy', x)": "the same",
    "does import time; time.sleep(0.01)": "a kernel may wait",
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course, a student's assignments/ with all answers in them, and the same handed in."""
    folder = tmp_path_factory.mktemp("parity")
    files = {}
    for assignment, names in assignments().items():
        questions = [NUMBERED[name][0] for name in names]
        lesson = f"# %% [markdown]\n# # Twice\n\n# %%\n{SETUP}\n\n" + "".join(
            QUESTION.format(name=each) for each in questions
        )
        checks = CHECKS_HEAD + "".join(CHECKS.format(name=each) for each in questions)
        files[assignment] = {
            "lesson.py": lesson,
            "visible_checks.py": checks,
            "hidden_checks.py": HIDDEN.format(name=questions[0]),
            "misconceptions.py": "",
        }
        for work in (folder / "assignments" / assignment, folder / "class" / "ada" / assignment):
            work.mkdir(parents=True)
            cells = [cell for name in names for cell in cells_of(name)]
            write_notebook(work / f"{assignment}.ipynb", SETUP, *cells)
        (folder / "assignments" / assignment / "visible_checks.py").write_text(checks)
    write_course(folder, files=files)
    settings = (folder / "solutions" / "course.toml").read_text().partition("[limits]")[0] + LIMITS
    (folder / "solutions" / "course.toml").write_text(settings)
    public = "".join(line for line in settings.splitlines(keepends=True) if not line.startswith("seed"))
    (folder / "assignments" / "course.toml").write_text(public)
    return folder


def assignments() -> dict[str, list[str]]:
    names = list(NUMBERED)
    starts = range(0, len(names), PER_ASSIGNMENT)
    return {f"{number:02d}_part": names[at : at + PER_ASSIGNMENT] for number, at in enumerate(starts, 1)}


@pytest.fixture(scope="module")
def graded(folders: Path) -> Results:
    reports = (
        grade(folders, folders / "class" / "ada" / name / f"{name}.ipynb", student="ada", assignment=name)
        for name in assignments()
    )
    return dict(said(question) for report in reports for question in report.questions)


@pytest.fixture(scope="module")
def in_terminal(folders: Path) -> Results:
    rows = (check_file(folders / "assignments" / name / f"{name}.ipynb") for name in assignments())
    return dict(said(question) for row in rows for question in row.questions)


@pytest.fixture(scope="module")
def in_notebook(folders: Path) -> Results:
    answers = [
        (
            str(folders / "assignments" / assignment),
            f"{SETUP}\nfrom autograder import check",
            [(NUMBERED[name][0], cells_of(name)) for name in names if is_run(name)],
        )
        for assignment, names in assignments().items()
    ]
    (folders / "answers.json").write_text(json.dumps(answers))
    command = [sys.executable, "-c", IN_IPYTHON, folders / "answers.json", folders / "told.json"]
    own = environment() | {"IPYTHONDIR": str(folders)}
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=own)
    assert done.returncode == 0, done.stderr
    told = json.loads((folders / "told.json").read_text())
    return {
        name: [Said(Outcome(outcome), words(outcome, message)) for _, outcome, message in checks]
        for name, checks in told.items()
    }


def is_run(name: str) -> bool:
    """Whether an answer is run in the notebook: of what is returned and done, every other one."""
    _, number, _ = NUMBERED[name]
    return kind_of(name) not in FATAL and bool(number % 2 or name.partition(":")[0] not in ("value", "deed"))


def kind_of(name: str) -> str:
    return name.partition(": ")[2]


def said(question: QuestionResult) -> tuple[str, list[Said]]:
    visible = [check for check in question.checks if check.name != "test_more"]
    return question.name, [Said(check.outcome, words(check.outcome, check.message)) for check in visible]


def words(outcome: str, message: str) -> str:
    """What is said of an answer that is none, without where it stands.

    In a call as it is written down, parameters have the lesson's names in grading, and the student's at home.
    """
    if outcome in (Outcome.PASSED, Outcome.FAILED):
        return ""
    first = re.sub(r"q\d+\((?:[^()]|\([^()]*\))*\)", "the call", message.splitlines()[0])
    return re.sub(r"(?:code cell \d+|your cell(?: \[\d+\])?), line \d+", "its line", first)


def differences(graded: Results, elsewhere: Results, but_for: Mapping[str, str]) -> Iterator[str]:
    for name, (question, _, source) in NUMBERED.items():
        if question in elsewhere and kind_of(name) not in but_for and elsewhere[question] != graded[question]:
            yield f"{name}\n{source}\n  graded:    {graded[question]}\n  elsewhere: {elsewhere[question]}"


def test_the_terminal_says_what_grading_says(graded: Results, in_terminal: Results) -> None:
    found = "\n".join(differences(graded, in_terminal, NOT_AT_HOME))
    assert not found, found
    assert len(in_terminal) == len(NUMBERED)


def test_a_notebook_says_what_grading_says(graded: Results, in_notebook: Results) -> None:
    """Of what is not there, for its cell has failed, or is no function, `check` cannot be asked: nothing is green."""
    nothing = {name for name, checks in in_notebook.items() if not checks}
    assert all(said.outcome is not Outcome.PASSED for name in nothing for said in graded[name]), nothing
    asked = {name: checks for name, checks in in_notebook.items() if checks}
    found = "\n".join(differences(graded, asked, NOT_AT_HOME | NOT_IN_A_NOTEBOOK))
    assert not found, found
    assert len(asked) > 150


def test_the_corpus_is_large_enough_and_has_every_outcome(graded: Results) -> None:
    outcomes = {said.outcome for checks in graded.values() for said in checks}
    assert outcomes >= {*Outcome} - {Outcome.GRADER_ERROR}
    assert len(graded) > 200
    assert all(graded[NUMBERED[f"endless: {name}"][0]][0].outcome is Outcome.TIMEOUT for name in ENDLESS)
