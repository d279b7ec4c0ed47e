"""An answer that was left as it was handed out is the same here and in nbgrader's gradebook: 0 by itself."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from autograder.course.loader import Course
from autograder.course.release import released_notebook
from autograder.grading.discovery import find_submissions
from autograder.grading.job import read_job
from autograder.nbgrader.gradebook import unanswered
from autograder.nbgrader.restore import restore_cells
from autograder.submission.errors import UnreadableError
from autograder.submission.model import Submission
from autograder.submission.reader import read_file
from tests.helpers.hand_ins import ANSWER, a_class
from tests.helpers.nbgrader import WRITTEN
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow


def in_nbgrader(course: Course, assignment: str, work: Submission) -> set[str]:
    given_out = released_notebook(course.assignment(assignment))
    notebook = nbformat.from_dict(restore_cells(work.notebook, given_out, work.answers))
    return set(unanswered(notebook, given_out)).intersection(course.assignment(assignment).handout.written)


def test_both_agree_on_the_sample_class(course: Course) -> None:
    asking = [each.name for each in course.assignments if each.written]
    found = find_submissions(ROOT / "examples/class", course.names, course.former, asking)
    works = [(each, read_job(course, each).submission) for each in found.submissions]
    left = {(each.student, each.assignment): set(work.unanswered) for each, work in works if work}
    assert left == {
        (each.student, each.assignment): in_nbgrader(course, each.assignment, work) for each, work in works if work
    }
    assert {len(names) for names in left.values()} == {0, 1}, "some left theirs, and some did not"


def test_both_agree_whatever_became_of_the_notebook(course: Course, tmp_path: Path) -> None:
    assignment = course.assignment(WRITTEN)
    question = assignment.written[0].name
    read = 0
    for name, file in a_class(assignment, 1):
        path = tmp_path / f"{WRITTEN}.ipynb"
        path.write_bytes(file)
        for changed in (file, _left(file), _left(file, ""), _left(file, "YOUR ANSWER HERE ")):
            path.write_bytes(changed)
            try:
                work = read_file(path, WRITTEN, [assignment.handout])
            except UnreadableError:  # what cannot be read, neither of them reads
                continue
            read += 1
            assert set(work.unanswered) == in_nbgrader(course, WRITTEN, work), name
            assert question not in work.unanswered or question not in work.answers
    assert read > 20


def _left(file: bytes, instead: str = "YOUR ANSWER HERE") -> bytes:
    """The same file, without the answer that the class gives."""
    return file.replace(json.dumps(ANSWER)[1:-1].encode(), instead.encode())


@pytest.mark.parametrize("text", ["", "Nothing to say."])
def test_a_question_that_was_changed_waits_for_a_person(course: Course, tmp_path: Path, text: str) -> None:
    assignment = course.assignment(WRITTEN)
    files = dict(a_class(assignment, 1))
    path = tmp_path / f"{WRITTEN}.ipynb"
    path.write_bytes(files["untouched"].replace(b"YOUR ANSWER HERE", text.encode()))
    assert read_file(path, WRITTEN, [assignment.handout]).unanswered == ()
    path.write_bytes(files["untouched"])
    assert read_file(path, WRITTEN, [assignment.handout]).unanswered == (assignment.written[0].name,)
