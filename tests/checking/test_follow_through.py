"""One mistake costs once: a check that fails because of another function earns its points, and says which it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograder.checking.follow_through import FollowThrough, Rerun
from autograder.course.loader import Assignment, Course, load_course
from autograder.grading.discovery import find_submissions
from autograder.grading.job import read_jobs
from autograder.grading.runner import grade_class
from autograder.grading.store import ReportStore
from autograder.report.model import Outcome, QuestionResult, Report
from autograder.report.unpaid import unpaid
from autograder.sandbox.client import Sandbox, Worker
from autograder.sandbox.protocol import (
    MAX_UPSTREAM_BYTES_KEPT,
    Cell,
    Crash,
    Crashed,
    Missing,
    Opaque,
    Part,
    Raised,
    Reply,
    Returned,
    TimedOut,
    Upstream,
    UpstreamCall,
)
from autograder.submission.model import CODE, NotebookCell, Submission
from tests.helpers.course import RIGHT_CENTRED, hand_in

pytestmark = pytest.mark.slow

SUMS = """
import numpy as np

def total(X):
    {total}

def mean(X):
    {mean}
"""
RIGHT_TOTAL, WRONG_TOTAL = "return X.sum(axis=-1)", "return X.sum(axis=-1) + 1"
RIGHT_MEAN, WRONG_MEAN = "return total(X) / X.shape[-1]", "return total(X) / 7"


def sums(total: str = RIGHT_TOTAL, mean: str = RIGHT_MEAN) -> str:
    return SUMS.format(total=total, mean=mean)


@pytest.fixture
def grade(small_course: Path, tmp_path: Path):
    """Grades one student's .py files; returns the reports by assignment."""

    def run(**sources: str) -> dict[str, Report]:
        submitted = tmp_path / "submitted"
        for name, source in sources.items():
            hand_in(submitted, "ada", f"0{'1_sums' if name == 'sums' else '2_centred'}", source)
        course = load_course(small_course / "solutions")
        submissions = find_submissions(submitted, course.names).submissions
        store = ReportStore(tmp_path / "out")
        return {report.assignment: report for report in grade_class(course, submissions, store, jobs=1)}

    return run


def question(report: Report, name: str) -> QuestionResult:
    return next(each for each in report.questions if each.name == name)


def test_a_wrong_function_upstream_costs_its_own_points_only(grade):
    report = grade(sums=sums(total=WRONG_TOTAL))["01_sums"]
    assert question(report, "total").score == 0
    assert question(report, "mean").score == question(report, "mean").max_score
    messages = {check.message for check in question(report, "mean").checks}
    assert all("mend `total`" in message for message in messages)


def test_a_function_that_is_not_written_yet_upstream_costs_its_own_points_only(grade):
    report = grade(sums=sums(total="raise NotImplementedError"))["01_sums"]
    assert {check.outcome for check in question(report, "total").checks} == {Outcome.MISSING}
    assert question(report, "mean").score == question(report, "mean").max_score


def test_a_mistake_that_only_others_show_costs_once_and_not_nothing(grade):
    """`total` is right wherever its own checks look, and wrong for what `mean` asks of it."""
    report = grade(sums=sums(total="return X.sum(axis=-1) + (X.tolist() == [[1, 3]])"))["01_sums"]
    assert question(report, "mean").score == question(report, "mean").max_score
    total = question(report, "total")
    lost = [check for check in total.checks if not check.earned]
    assert [check.name for check in lost] == [total.checks[-1].name]
    assert "Other functions cannot build on your `total`" in lost[0].message
    assert "`mean` fails with it in the check “Between 1 and 3 lies 2”" in lost[0].message


def test_a_mistake_that_a_later_assignment_shows_is_to_be_looked_at_again(grade):
    wrong_once_more = "seen.append(1); return total(X) / X.shape[-1] + (len(seen) > 3)"
    source = sums(mean=wrong_once_more) + "\nseen = []\n"
    centre = "def centre(X):\n    return X - [mean(X) for _ in range(5)][-1][..., None]\n"
    reports = grade(sums=source, centred=centre)
    assert {report.score == report.max_score for report in reports.values()} == {True}
    (found,) = unpaid(reports.values())
    assert (found.earlier.assignment, found.question.name, found.later.assignment) == ("01_sums", "mean", "02_centred")
    assert found.check.upstream == "mean"


def test_a_mistake_of_its_own_is_not_forgiven(grade):
    report = grade(sums=sums(total=WRONG_TOTAL, mean=WRONG_MEAN))["01_sums"]
    assert report.score == 0


def test_the_blame_finds_the_one_call_that_went_wrong(grade):
    """`centre` calls `total`, which is right, then `mean` where it is right, and only then where it is wrong."""
    mean = "return X.sum() / X.size if X.ndim == 1 else total(X) / 7"
    centre = "def centre(X):\n    total(X), mean(X[0])\n    return X - mean(X)[..., None]\n"
    report = grade(sums=sums(mean=mean), centred=centre)["02_centred"]
    assert report.score == report.max_score
    assert all("mend `mean`" in check.message for check in report.checks)


def test_follow_through_reaches_into_earlier_assignments(grade):
    reports = grade(sums=sums(total=WRONG_TOTAL), centred=RIGHT_CENTRED)
    assert reports["02_centred"].score == reports["02_centred"].max_score
    # `centre` calls `mean`, which is right: the mistake lies one step further up.
    assert "mend `total`" in question(reports["02_centred"], "centre").checks[0].message


def test_a_check_that_calls_upstream_functions_itself_gets_right_ones(small_course: Path, grade):
    checks = small_course / "solutions" / "01_sums" / "hidden_checks.py"
    both = """

@points(1)
def test_both(student, rng):
    \"\"\"Sums and means agree\"\"\"
    X = rng.normal(size=(3, 5))
    from autograder.checking import assert_allclose
    mean, total = student.mean(X), student.total(X)
    assert_allclose(mean * 5, total)
"""
    checks.write_text(checks.read_text() + both)
    report = grade(sums=sums(total=WRONG_TOTAL, mean="return X.mean(axis=-1)"))["01_sums"]
    assert question(report, "mean").score == question(report, "mean").max_score


def test_earlier_functions_come_from_the_students_own_file(grade):
    right = grade(sums=sums(), centred=RIGHT_CENTRED)["02_centred"]
    assert right.score == right.max_score
    assert {check.message for check in right.checks} == {""}


def test_without_an_earlier_submission_the_later_one_still_earns_its_points(grade):
    report = grade(centred=RIGHT_CENTRED)["02_centred"]
    assert report.score == report.max_score


def test_a_function_with_other_parameters_is_left_alone(grade):
    own = sums(mean="return total(X, 0) / X.shape[-1]").replace("def total(X):", "def total(X, start):")
    report = grade(sums=own)["01_sums"]
    assert question(report, "mean").score == 3 - 1  # right on its own chain, where `total` takes two arguments
    assert question(report, "total").score == 0


@pytest.fixture
def first(small_course: Path) -> Assignment:
    return load_course(small_course / "solutions").assignments[0]


@pytest.fixture
def small_sandbox(small_course: Path):
    course: Course = load_course(small_course / "solutions")
    with Sandbox(course.limits, course.imports) as sandbox:
        yield sandbox


def test_a_stub_answers_for_upstream_functions_only(first: Assignment, small_sandbox: Sandbox):
    """Code that finds its way to the grader's ear, and asks there for the answer to its own question."""
    thief = """
import numpy as np

def total(X):
    return X.sum(axis=-1)

def mean(X):
    upstream = next(c.cell_contents for c in total.__closure__ if hasattr(c.cell_contents, "answers"))
    return upstream.answers.call("mean", [X], {}).value
"""
    with Worker(small_sandbox, first.parts) as right, Worker(small_sandbox, [Part((Cell("c", thief),))]) as worker:
        upstream = Upstream({"total": ("X",)}, right)
        reply = worker.call("mean", [np.array([[1.0, 2.0, 6.0]])], {}, upstream)
    assert isinstance(reply, Raised)
    assert not upstream.calls


def test_a_function_that_builds_on_nothing_is_not_run_again(first: Assignment, small_sandbox: Sandbox):
    alone = "import numpy as np\ndef mean(X):\n    return np.mean(X)\n"
    with Worker(small_sandbox, first.parts) as right, Worker(small_sandbox, [Part((Cell("c", alone),))]) as worker:
        assert isinstance(worker.call("mean", [np.ones((2, 3))], {}, Upstream({"total": ("X",)}, right)), Missing)


def test_the_own_function_is_back_after_a_call(first: Assignment, small_sandbox: Sandbox):
    source = sums(total=WRONG_TOTAL)
    X = np.array([[1.0, 2.0, 6.0]])
    with Worker(small_sandbox, first.parts) as right, Worker(small_sandbox, [Part((Cell("c", source),))]) as worker:
        own = worker.call("mean", [X], {})
        with_right = worker.call("mean", [X], {}, Upstream({"total": ("X",)}, right))
        again = worker.call("mean", [X], {})
    assert (own.value, with_right.value, again.value) == (10 / 3, 3.0, 10 / 3)


def test_what_right_functions_answer_does_not_show_in_a_report(grade):
    """A function keeps what it gets from upstream, and tells it when it is next called by itself."""
    keeps = """
import numpy as np
kept = []

def total(X):
    raise ValueError("no total")

def mean(X):
    if kept:
        raise ValueError(f"kept {kept}")
    kept.append(total(X))
    raise ValueError("kept one")
"""
    report = grade(sums=keeps)["01_sums"]
    own, building = (question(report, name) for name in ("total", "mean"))
    assert {check.message.splitlines()[0].rpartition(": ")[2] for check in own.checks} == {"no total"}
    told = {check.message.splitlines()[0] for check in building.checks}
    assert "With a right `total` in its place, too, your `mean` fails here: it raises ValueError." in told
    assert not any("kept" in message for message in told)


def test_right_functions_stand_in_for_all_earlier_ones_also_where_the_lesson_needs_none(course: Course, tmp_path: Path):
    own = "\n\ndef attention_scores(Q, K):\n    return project(Q, np.swapaxes(K, -1, -2))\n"
    sources = {"01_projection": "\n\ndef project(X, W):\n    return X @ W + 1\n", "02_scaled_scores": own}
    for name, more in sources.items():
        hand_in(tmp_path / "submitted", "ada", name, course.assignment(name).lesson + more)
    submissions = find_submissions(tmp_path / "submitted", course.names, chosen=["02_scaled_scores"]).submissions
    (report,) = grade_class(course, submissions, ReportStore(tmp_path / "out"), jobs=1)
    assert report.score == report.max_score
    assert "mend `project`" in question(report, "attention_scores").checks[0].message


def test_an_exception_in_an_earlier_notebook_is_told_with_its_file(course: Course, tmp_path: Path):
    lesson = course.assignment("03_softmax").lesson + "\n\ndef softmax(S):\n    return S.missing\n"
    hand_in(tmp_path / "submitted", "ada", "03_softmax", lesson)
    hand_in(tmp_path / "submitted", "ada", "04_attention", course.assignment("04_attention").lesson)
    submissions = find_submissions(tmp_path / "submitted", course.names, chosen=["04_attention"]).submissions
    (job,) = read_jobs(course, submissions, confined=True)
    assert [cell.label for cell in job.before[-1].cells] == ["03_softmax.py"]
    notebook = Submission("03_softmax.ipynb", (NotebookCell(CODE, "", "code cell 1"),), "")
    assert [cell.label for cell in notebook.earlier_cells] == ["03_softmax.ipynb, code cell 1"]


def test_a_class_in_which_only_softmax_is_wrong_loses_its_points_and_nothing_else(course: Course, tmp_path: Path):
    wrong = "\n\ndef softmax(S):\n    E = np.exp(S)\n    return E / E.sum(axis=0)\n"
    for student in ("ada", "bo", "cy"):
        for assignment in course.assignments:
            spoiled = wrong if assignment.name == "03_softmax" else ""
            hand_in(tmp_path / "submitted", student, assignment.name, assignment.lesson + spoiled)
    submissions = find_submissions(tmp_path / "submitted", course.names).submissions
    reports = grade_class(course, submissions, ReportStore(tmp_path / "out"), jobs=2)
    for report in reports:
        for each in report.questions:
            if each.name == "softmax":
                assert each.score < each.max_score
            else:
                assert each.score == each.max_score, (report.student, each)
    blamed = [check.message for report in reports for check in report.checks if "mend" in check.message]
    assert blamed
    assert all("mend `softmax`" in message for message in blamed)


def test_where_right_functions_do_not_help_a_student_reads_the_own_mistake_and_its_name(course: Course, tmp_path: Path):
    """Nothing of earlier assignments is there, and the keys and values come from the decoder."""
    source = course.assignment("05_self_and_cross").lesson + (
        "\n\ndef cross_attention(X_decoder, X_encoder, W_q, W_k, W_v, mask=None):\n"
        "    Q = project(X_decoder, W_q)\n    K, V = project(X_decoder, W_k), project(X_decoder, W_v)\n"
        "    return scaled_dot_product_attention(Q, K, V, mask)[0]\n"
    )
    hand_in(tmp_path / "submitted", "ada", "05_self_and_cross", source)
    submissions = find_submissions(tmp_path / "submitted", course.names, chosen=["05_self_and_cross"]).submissions
    (report,) = grade_class(course, submissions, ReportStore(tmp_path / "out"), jobs=1)
    wrong = question(report, "cross_attention")
    assert wrong.misconceptions == ("decoder_reads_itself",)
    failed = [check for check in wrong.checks if not check.earned]
    assert failed
    assert not any("is not defined" in check.message for check in wrong.checks)
    assert any("With a right `project` in its place, too" in check.message for check in failed)
    passed = [check for check in report.checks if check.earned and check.upstream]
    assert passed
    assert all("because there is none of yours" in check.message for check in passed)
    assert sum("no work on 01_projection" in note for note in report.notes) == 1


# What a student's code brings a right function to, and what can then be shown


class Says:
    """Functions of which each call ends as it is told."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply

    def call(self, name: str, args: object, kwargs: object, upstream: object = None) -> Reply:
        return self.reply

    repeat = call


def blamed(student: Reply, right: Reply, *args: object) -> str:
    call = UpstreamCall("total", args, {})
    rerun = Rerun(Says(student), Says(right))  # type: ignore[arg-type]  # that they are asked in order does not matter
    return FollowThrough(rerun, {"total": ("X",)}, upstream_calls=[call]).root_cause()


@pytest.mark.parametrize(
    ("student", "right"),
    [
        (np.zeros(0), []),
        (np.zeros(0), ()),
        ([], np.zeros(0)),
        ([0.5] * 5000, [0.5] * 5000),
        ([1, 2], np.array([1.0, 2.0])),
    ],
)
def test_what_agrees_is_no_mistake_however_it_came_about(student: object, right: object) -> None:
    assert blamed(Returned(student), Returned(right)) == ""


@pytest.mark.parametrize("right", [None, {}, [None], [[1], [2, [3]]], [*(["a" * 400_000] + [""] * 3000)], "a", {1: 2}])
def test_plain_values_agree_if_they_are_the_same(right: object) -> None:
    assert blamed(Returned(right), Returned(right)) == ""
    assert blamed(Returned(1.0), Returned(right)) == "total"


def test_what_cannot_be_compared_does_not_agree() -> None:
    assert blamed(Returned(Opaque("x")), Returned(Opaque("x"))) == "total"


@pytest.mark.parametrize("right", [TimedOut(1, 3), Crashed(Crash.EXITED), Missing()])
def test_where_there_is_no_right_answer_nobody_is_to_blame(right: Reply) -> None:
    for student in (Returned(1.0), TimedOut(1, 3), Raised("ValueError", (), "")):
        assert blamed(student, right) == ""


def test_where_no_time_is_left_to_ask_nobody_is_to_blame() -> None:
    assert blamed(TimedOut(60, 60, altogether=True), Returned(1.0)) == ""
    assert blamed(TimedOut(1, 3), Returned(1.0)) == "total"


def test_of_the_arguments_of_many_calls_not_all_are_kept() -> None:
    upstream = Upstream({"total": ("X",)}, Says(Returned(0)))
    for _ in range(10):
        upstream.call("total", [np.ones(10**6)], {"more": [np.ones(10**5)]})
    assert 0 < sum(call.size for call in upstream.calls) <= MAX_UPSTREAM_BYTES_KEPT
