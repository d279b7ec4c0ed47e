"""What the run says of workers that do not grade, whatever they answer."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.course.loader import load_course
from autograder.grading.cluster.executor import ClusterError, ClusterExecutor, refusal
from autograder.grading.discovery import find_submissions
from autograder.grading.grader import grade_one
from autograder.grading.job import read_jobs
from autograder.sandbox.homes import Where
from tests.helpers.course import RIGHT_SUMS, edit, hand_in, write_course

pytestmark = pytest.mark.slow

WORKER = "tcp://10.0.0.1:40000 (gpu)"
HASH, OTHER = "a" * 64, "b" * 64


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ({"not_confined": "no Landlock"}, "for it cannot confine: no Landlock"),
        ({"broken": "a reason"}, "for it cannot use the course: a reason"),
        ({"differs": [["NumPy", "1.0", "2.0"]]}, "NumPy is 1.0 there and 2.0 here"),
        (
            {"differs": [["the grader", HASH, OTHER], ["Python", "3.11.1", "3.12.1"]]},
            "Python is 3.11.1 there and 3.12.1",
        ),
        ({"differs": [["pandas", "", "2.2.0"]]}, "pandas is not installed there; install 2.2.0"),
        ({"differs": [["the grader", HASH, OTHER]]}, "its autograder is not the one"),
        ({"differs": [["lesson.py", HASH, OTHER]]}, "the course is not the same there (lesson.py)"),
        ({"damaged": True}, "did not arrive as it was sent"),
        ({"not_unpacked": "No space left on device"}, "cannot be unpacked there: No space left on device"),
        ({"died": True}, "its grading process has ended"),
        ({"silent": True}, "it does not answer"),
        ({"failed": "No module named 'autograder'"}, "No module named 'autograder'; are autograder and distributed"),
        ({"no_report": True}, "something that is no report"),
        ({"differs": 7}, "something that is no report"),
        ({"differs": [[1, 2]]}, "something that is no report"),
        ({"differs": []}, "the course is not the same there"),
        ({"anything": "else"}, "it does not answer"),
    ],
)
def test_a_worker_that_does_not_grade_is_named_with_the_reason(why: dict[str, Any], said: str) -> None:
    line = refusal(WORKER, why)
    assert line.startswith(WORKER)
    assert said in line


def test_what_a_worker_says_is_cut() -> None:
    for why in (
        {"not_confined": "x" * 10**6},
        {"differs": [["x" * 10**6, "y" * 10**6, "z"]]},
        {"failed": ["x"] * 10**6},
    ):
        assert len(refusal(WORKER, why)) < 1000


def test_a_course_that_was_changed_since_it_was_sent_is_not_graded_by(tmp_path: Any) -> None:
    folder = write_course(tmp_path)
    hand_in(folder / "class", "ada", "01_sums", RIGHT_SUMS)
    course = load_course(folder / "solutions")
    with ClusterExecutor("tcp://127.0.0.1:1", course, where=Where.NONE) as executor:
        edit(folder / "solutions/01_sums/hidden_checks.py", "points(2)", "points(3)")
        (job, *_) = read_jobs(course, find_submissions(folder / "class", course.names).submissions, confined=False)
        with pytest.raises(ClusterError, match="has changed since it was sent"):
            executor.submit(grade_one, job)
