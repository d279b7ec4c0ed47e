"""The whole way in a third language, in which every sentence stands in brackets: what stands outside has escaped."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from nbformat import NotebookNode

from autograder.cli import main
from autograder.course.loader import Course
from autograder.course.release import release_assignments, release_settings, released_notebook
from autograder.course.translation.released import how_far, in_language
from autograder.grading.discovery import find_submissions
from autograder.grading.grader import grade_one
from autograder.grading.job import read_jobs
from autograder.language import catalogue, current
from autograder.language.current import speaking
from autograder.nbgrader.feedback import outputs
from autograder.pages.submission_page import submission_page
from autograder.report.model import Report
from tests.helpers.brackets import LANGUAGE, bracketed_course, outside, write_machine
from tests.helpers.paths import ROOT

FEW = ("01_projection", "02_scaled_scores", "03_softmax")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    folder = tmp_path_factory.mktemp("course")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(catalogue, "MACHINE", write_machine(folder / "machine"))
        catalogue._speech.cache_clear()
        yield bracketed_course(folder)
    catalogue._speech.cache_clear()


def comments(source: str) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    found = [each.string for each in tokens if each.type == tokenize.COMMENT]
    return [each for each in found if not each.startswith("# YOUR CODE HERE")]


def docstrings(source: str) -> list[str]:
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.ClassDef))
    return [text for node in nodes if (text := ast.get_docstring(node))]


def without_texts(source: str) -> str:
    """Code but for its docstrings and what it prints."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value.value = ""
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print":
            node.args = []
    return ast.dump(tree)


def texts_of(notebook: NotebookNode) -> Iterator[tuple[str, str]]:
    """All that a student reads of a notebook, with the id of the cell."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield cell.id, cell.source.replace("YOUR ANSWER HERE", "")
        else:
            yield from ((cell.id, text) for text in (*comments(cell.source), *docstrings(cell.source)))


def test_every_notebook_is_translated_and_its_code_is_the_same(course: Course) -> None:
    for assignment in course.assignments:
        english, made = released_notebook(assignment), released_notebook(in_language(assignment, LANGUAGE))
        escaped = {name: words for name, text in texts_of(made) if (words := outside(text))}
        assert escaped == {}, assignment.name
        assert [cell.id for cell in made.cells] == [cell.id for cell in english.cells]
        assert [cell.metadata.nbgrader.grade_id for cell in made.cells] == [
            cell.metadata.nbgrader.grade_id for cell in english.cells
        ]
        for one, other in zip(english.cells, made.cells, strict=True):
            if one.cell_type == "code":
                assert without_texts(one.source) == without_texts(other.source)


def test_no_code_of_a_translated_stub_is_an_answer_and_no_text_is_the_students(course: Course) -> None:
    from autograder.course.loader import load_course
    from autograder.submission.model import MARKDOWN, NotebookCell

    course = load_course(course.folder)  # which finds what `in_language` has kept
    for assignment in course.assignments:
        made = released_notebook(in_language(assignment, LANGUAGE))
        handout = load_course(course.folder).assignment(assignment.name).handout
        code = "\n\n".join(cell.source for cell in made.cells if cell.cell_type == "code")
        assert handout.answered_in(code) == ()
        assert handout.defined_in(code) == assignment.questions
        cells = [NotebookCell(MARKDOWN, cell.source) for cell in made.cells if cell.cell_type == "markdown"]
        assert handout.own_texts(cells) == []


def graded(course: Course, names: tuple[str, ...], language: str) -> list[Report]:
    found = find_submissions(ROOT / "examples/class", course.names, course.former, list(names))
    return [grade_one(job) for job in read_jobs(course, found.submissions, True, lambda _student: language)]


@pytest.fixture(scope="module")
def in_brackets(course: Course) -> list[Report]:
    return graded(course, FEW, LANGUAGE)


def marks_of(reports: list[Report]) -> dict[tuple[str, str], object]:
    return {
        (each.student, each.assignment): [
            (check.name, check.earned, check.outcome, check.misconception) for check in each.checks
        ]
        for each in reports
    }


@pytest.mark.slow
def test_marks_outcomes_and_names_are_the_same_in_every_language(course: Course, in_brackets: list[Report]) -> None:
    assert marks_of(in_brackets) == marks_of(graded(course, FEW, "en"))


@pytest.mark.slow
def test_no_sentence_of_a_report_escapes(in_brackets: list[Report]) -> None:
    said = [text for each in in_brackets for text in (each.title, each.error, *each.notes)]
    for check in (check for each in in_brackets for check in each.checks):
        # What Python and NumPy say of an exception is theirs, and stays.
        said += [check.title, re.sub(r"raised \w+: [^\n⟦⟧]*", "", check.message), check.called]
    assert [text for text in said if outside(text)] == []
    assert len({check.outcome for each in in_brackets for check in each.checks}) > 4
    assert any(each.error for each in in_brackets)


@pytest.mark.slow
def test_no_sentence_of_a_students_page_escapes(in_brackets: list[Report]) -> None:
    for each in in_brackets:
        with speaking(each.language):
            page = BeautifulSoup(submission_page(each), "html.parser")
        assert page.html is not None
        assert page.html["lang"] == LANGUAGE
        for code in page.find_all(["code", "pre", "style", "title"]):
            code.decompose()
        known = [each.student, each.assignment, *(question.name for question in each.questions)]
        assert outside(page.get_text(" "), known) == [], each.student


@pytest.mark.slow
def test_no_sentence_of_feedback_in_nbgrader_escapes(in_brackets: list[Report]) -> None:
    for each in in_brackets:
        with speaking(each.language):
            texts = [
                output["data"].get("text/plain", "") for question in each.questions for output in outputs(question)
            ]
        assert [text for text in texts if outside(text)] == []


@pytest.mark.slow
def test_a_student_at_home_is_spoken_to_in_the_language_of_the_course(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = [course.assignment(name) for name in FEW]
    release_assignments(chosen, tmp_path, LANGUAGE)
    release_settings(course, tmp_path, language=LANGUAGE)
    file = tmp_path / "03_softmax/03_softmax.ipynb"
    notebook = nbformat.read(file, as_version=4)
    for cell in notebook.cells:
        if cell.id == "softmax":
            cell.source = "def softmax(S):\n    e = np.exp(S)\n    return e / e.sum(axis=0, keepdims=True)"
    nbformat.write(notebook, file)
    monkeypatch.setattr(current, "_of_process", None)
    monkeypatch.chdir(tmp_path)
    for asked in (".", "03_softmax"):
        shown = CliRunner().invoke(main, ["check", asked])
        assert shown.exit_code == 0, shown.output
        assert outside(shown.output, [*course.names, "ipynb", "nan"]) == [], shown.output
    plain = CliRunner().invoke(main, ["check", "--language", "en", "03_softmax"])
    assert "`softmax`: 0 of 4 visible checks pass." in plain.output


def test_only_what_students_get_in_english_is_in_their_catalogues(course: Course, tmp_path: Path) -> None:
    (assignment,) = [each for each in course.assignments if each.name == "02_scaled_scores"]
    release_assignments([assignment], tmp_path, LANGUAGE)
    folder = tmp_path / assignment.name
    content = (folder / "locale" / f"{LANGUAGE}.mo").read_bytes().decode("utf-8", "replace")
    assert "Every query meets every key" not in content, "the title of a hidden check"
    assert "Marking guide" not in content
    assert "### BEGIN" not in content
    assert "Compare every query with every key. One expression is enough, for batches too." in content
    told = how_far(assignment, LANGUAGE, (folder / "known_mistakes.bin").read_bytes())
    assert told.done == told.all
