"""A report in the check cells, as nbgrader and the student read it."""

from __future__ import annotations

import nbformat
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbgrader.utils import determine_grade

from autograder.nbgrader.feedback import fill, outputs
from autograder.nbgrader.restore import restore_cells
from autograder.report.model import CheckResult, Outcome, QuestionResult, Report, Status, WrittenAnswer
from tests.helpers.nbgrader import WRITTEN
from tests.helpers.reports import check

POINTS = st.sampled_from([0.1, 0.2, 0.25, 1, 1.5, 2, 3, 7])


@settings(deadline=None)
@given(checks=st.lists(st.tuples(POINTS, st.booleans()), min_size=1, max_size=12))
def test_nbgrader_reads_exactly_our_score(given_out: NotebookNode, checks: list[tuple[float, bool]]) -> None:
    def question(name: str) -> QuestionResult:
        results = (
            CheckResult(
                str(place), "<b>", worth, worth if right else 0, Outcome.PASSED if right else Outcome.FAILED, "x"
            )
            for place, (worth, right) in enumerate(checks)
        )
        return QuestionResult(name, tuple(results))

    report = Report(
        student="ada",
        assignment=WRITTEN,
        title="",
        status=Status.GRADED,
        questions=(question("attention_scores"), question("scale_scores")),
        written=(WrittenAnswer("why_sqrt_d", 5),),
        seconds=0,
    )
    notebook = nbformat.from_dict(fill(restore_cells([], given_out), report))
    for each in notebook.cells:
        if each.id.startswith("check_"):
            each.metadata.nbgrader.points = report.questions[0].max_score
            assert determine_grade(each) == (report.questions[0].score, report.questions[0].max_score)
            shown = each.outputs[0]["data"]["text/html"]
            assert "<b>" not in shown
            assert "&lt;b&gt;" in shown


def test_mathjax_leaves_alone_what_a_message_quotes() -> None:
    said = check(Outcome.FAILED, title="Is right.", message=r"ValueError: $\href{javascript:alert(1)}{x}$")
    (shown, _) = outputs(QuestionResult("softmax", (said,)))
    assert shown["data"]["text/html"].startswith('<table class="tex2jax_ignore mathjax_ignore">')


def test_in_a_notebook_too_what_was_said_is_said_by_its_check() -> None:
    late = check(Outcome.TIMEOUT, title="Is quick.", message="Too slow.")
    other = check(Outcome.FAILED, title="Is right.", message="It is wrong.")
    (shown, _) = outputs(QuestionResult("softmax", (late, other, late)))
    assert shown["data"]["text/plain"].endswith("It is wrong.\n✗ Is quick. (0/2)\n    The same as for “Is quick.”.")
