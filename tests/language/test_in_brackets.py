"""The whole way in a third language, in which every sentence stands in brackets: what stands outside has escaped."""

from __future__ import annotations

import ast
import io
import os
import re
import tokenize
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from nbformat import NotebookNode

from autograder.classroom.marks.explain import explain
from autograder.classroom.marks.gather import make_marks
from autograder.classroom.marks.model import ClassMarks
from autograder.classroom.marks.rules import ClassRules, rules_of_reports
from autograder.classroom.written.answers import ClassAnswers, DistinctAnswer
from autograder.cli import main
from autograder.course.loader import Course, load_course
from autograder.course.release import release_assignments, release_settings, released_notebook
from autograder.course.translation.cells import lesson_in
from autograder.course.translation.released import how_far, in_language
from autograder.grading import messages as grading_messages
from autograder.grading.class_record import ClassRecord, questions_of
from autograder.grading.discovery import find_submissions
from autograder.grading.grader import grade_one
from autograder.grading.job import read_jobs
from autograder.grading.store import ReportStore
from autograder.language import catalogue, current
from autograder.language.current import speaking, translated
from autograder.nbgrader.feedback import outputs
from autograder.pages.submission_page import submission_page
from autograder.pages.writer import write_class_files, write_student_pages
from autograder.pages.written_page import written_page
from autograder.publish.ci.github import class_summary, student_summary
from autograder.publish.lms.cell import MarkCell
from autograder.publish.lms.comment import comment_html
from autograder.report.handed_in import HandedIn
from autograder.report.model import Report
from autograder.report.ungraded import UngradedFile
from autograder.submission.model import CODE, MARKDOWN, NotebookCell, Submission
from autograder.text import in_words
from tests.helpers.brackets import LANGUAGE, bracketed_course, outside, write_machine
from tests.helpers.hand_ins import content, mistaken_everywhere
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

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
    return [grade_one(job) for job in read_jobs(course, found.submissions, True, language_of=lambda _student: language)]


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


@pytest.fixture(scope="module")
def with_mistakes(course: Course, tmp_path_factory: pytest.TempPathFactory) -> list[Report]:
    """Of each assignment, reports on notebooks that hold a known mistake in each question, all else in order."""
    submitted = tmp_path_factory.mktemp("with mistakes")
    for assignment in load_course(ROOT / "solutions").assignments:
        for number in range(1 if assignment.name in FEW else 2):
            file = submitted / f"student {number}" / assignment.name / f"{assignment.name}.ipynb"
            file.parent.mkdir(parents=True)
            file.write_bytes(content(mistaken_everywhere(assignment, number)))
    found = find_submissions(submitted, course.names, course.former, course.names)
    return [grade_one(job) for job in read_jobs(course, found.submissions, True, language_of=lambda _student: LANGUAGE)]


def said_in(reports: list[Report]) -> list[str]:
    """All sentences of some reports."""
    said = [text for each in reports for text in (each.title, each.error, *each.notes)]
    for check in (check for each in reports for check in each.checks):
        # What Python and NumPy say of an exception is theirs, and stays.
        said += [check.title, re.sub(r"raised \w+: [^\n⟦⟧]*", "", check.message), check.called]
    return said


@pytest.mark.slow
def test_no_sentence_of_a_report_escapes(in_brackets: list[Report]) -> None:
    assert [text for text in said_in(in_brackets) if outside(text)] == []
    assert len({check.outcome for each in in_brackets for check in each.checks}) > 4
    assert any(each.error for each in in_brackets)


@pytest.mark.slow
def test_no_sentence_on_a_mistake_escapes_in_any_assignment(course: Course, with_mistakes: list[Report]) -> None:
    assert {each.assignment for each in with_mistakes} == set(course.names)
    assert [text for text in said_in(with_mistakes) if outside(text)] == []
    named = {(each.assignment, check.misconception) for each in with_mistakes for check in each.checks}
    assert len(named) > 25


def test_every_misconception_is_named_stated_and_hinted_at_in_every_assignment(course: Course) -> None:
    told = 0
    for assignment in course.assignments:
        with speaking(LANGUAGE, assignment.folder):
            for each in assignment.misconceptions:
                texts = [translated(text) for text in (in_words(each.name), each.statement, each.hint)]
                assert [text for text in texts if outside(text)] == [], (assignment.name, each.name)
                told += 1
    assert told > 100


@pytest.mark.slow
def test_every_check_of_every_assignment_has_a_title_in_the_language(course: Course) -> None:
    for assignment in course.assignments:
        with assignment.check_session() as session, speaking(LANGUAGE, assignment.folder):
            titles = [each.said_title for each in session.checks]
        assert [title for title in titles if outside(title)] == [], assignment.name


@pytest.mark.slow
def test_no_sentence_of_a_students_page_escapes(in_brackets: list[Report], with_mistakes: list[Report]) -> None:
    for each in (*in_brackets, *with_mistakes):
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


@pytest.fixture(scope="module")
def class_in_brackets(
    course: Course, in_brackets: list[Report], tmp_path_factory: pytest.TempPathFactory
) -> tuple[ReportStore, ClassMarks, ClassRules]:
    """The sample class with its rules: some late, some excused, some overridden; and all that is written of it."""
    store, now = ReportStore(tmp_path_factory.mktemp("graded")), datetime(2027, 2, 1, tzinfo=UTC)
    keys = tuple((each.student, each.assignment) for each in in_brackets)
    students = tuple(sorted({*(student for student, _ in keys), *os.listdir(ROOT / "examples/class")}))
    times = [
        HandedIn(datetime(2026, 10, 8, 7, tzinfo=UTC)),
        HandedIn(datetime(2026, 10, 14, 7, tzinfo=UTC), is_claim=True),
        HandedIn(unread="some day"),
        HandedIn(is_late=True),
    ]
    record = ClassRecord(
        "",
        students,
        keys,
        ungraded=(UngradedFile("ana", FEW[0], "1.py", grading_messages.cannot_open("1")),),
        questions=questions_of(course),
        handed_in={key: times[number % len(times)] for number, key in enumerate(keys)},
        graded=dict.fromkeys(FEW, now),
        language=LANGUAGE,
    )
    for each in in_brackets:
        store.save(each)
    with speaking(LANGUAGE):
        rules = rules_of_reports(store, record, ROOT / "examples/class.toml", in_brackets)
        marks = make_marks(store, record, in_brackets, rules, now).marks
        assert write_student_pages(store, in_brackets, marks) == []
        write_class_files(store, record, in_brackets, marks)
    return store, marks, rules


def words_on(file: Path, allowed: Iterable[str]) -> list[str]:
    """What stands on a page outside of brackets, in its text and in what a screen reader says."""
    page = BeautifulSoup(file.read_text(), "html.parser")
    spoken = [str(each[name]) for name in ("aria-label", "data-label", "data-say") for each in page.select(f"[{name}]")]
    for code in page.find_all(["code", "pre", "style", "script", "bdi"]):
        code.decompose()
    for mark in page.find_all("wbr"):  # in a name
        mark.decompose()
    page.smooth()
    return outside(" ".join([page.get_text(" "), *spoken]), allowed)


@pytest.mark.slow
def test_no_sentence_on_a_mark_escapes(class_in_brackets: tuple[ReportStore, ClassMarks, ClassRules]) -> None:
    _, marks, rules = class_in_brackets
    own = [each.reason for each in (*rules.policy.extensions, *rules.policy.excused, *rules.policy.overrides)]
    reasons = [reason for student in marks.students for mark in student.marks.values() for reason in mark.reasons]
    assert [text for text in (*reasons, *marks.warnings) if outside(text, own)] == []
    assert {mark.status for student in marks.students for mark in student.marks.values()} > {"excused", "missing"}
    assert marks.warnings
    with speaking(LANGUAGE):
        sums = [line for student in marks.students for line in explain(student, rules.policy)]
    known = [*own, *(student.member.name for student in marks.students), *FEW]
    assert [line for line in sums if outside(line, known)] == []


@pytest.mark.slow
def test_no_sentence_of_a_page_escapes(class_in_brackets: tuple[ReportStore, ClassMarks, ClassRules]) -> None:
    store, marks, rules = class_in_brackets
    own = [each.reason for each in (*rules.policy.extensions, *rules.policy.excused, *rules.policy.overrides)]
    students = [name for each in marks.students for name in (each.member.name, each.member.folder)]
    questions = [each.name for key in store.load_class().reports for each in store.read_briefs([key])[0].questions]
    known = [*own, *students, *questions, *FEW, "UTC", "py", "ipynb"]
    pages = [store.root / "index.html", *sorted(store.root.glob("*/*.html"))]
    assert len(pages) > 30
    assert {page.name: words for page in pages if (words := words_on(page, known))} == {}
    assert f'<html lang="{LANGUAGE}">' in pages[0].read_text()


@pytest.mark.slow
def test_no_sentence_of_moodles_comments_and_of_githubs_pages_escapes(
    in_brackets: list[Report], class_in_brackets: tuple[ReportStore, ClassMarks, ClassRules]
) -> None:
    _, marks, rules = class_in_brackets
    own = [each.reason for each in (*rules.policy.extensions, *rules.policy.excused, *rules.policy.overrides)]
    by_key = {(each.student, each.assignment): each for each in in_brackets}
    known = [*own, *FEW, *(each.student for each in in_brackets)]
    known += [question.name for each in in_brackets for question in each.questions]
    known += [check.misconception or check.name for each in in_brackets for check in each.checks]
    comments = [
        comment_html(MarkCell(mark), by_key.get((student.member.folder, mark.assignment)), language=LANGUAGE)
        for student in marks.students
        for mark in student.marks.values()
    ]
    assert [text for text in map(as_read, comments) if outside(text, known)] == []
    with speaking(LANGUAGE):
        pages = [class_summary(in_brackets, ["nobody"]), *(student_summary([each]) for each in in_brackets)]
    assert [text for text in map(as_read, pages) if outside(text, [*known, "nobody"])] == []


def as_read(html: str) -> str:
    """What people read of it, but for code, and for what Python says of an exception."""
    page = BeautifulSoup(html, "html.parser")
    for code in page.find_all("code"):
        code.decompose()
    return re.sub(r"raised \w+: [^\n⟦⟧]*", "", page.get_text(" "))


def test_no_sentence_of_the_page_for_those_who_mark_escapes(course: Course, tmp_path: Path) -> None:
    (name,) = (each for each in course.names if each == "02_scaled_scores")
    work = Submission("1.ipynb", (NotebookCell(CODE, "1", "code cell 1"), NotebookCell(MARKDOWN, "1")), "1")
    given = DistinctAnswer("w000000000001", name, "why_sqrt_d", 5, "1 " * 1000, 2, ("1", "2"))
    lost = DistinctAnswer("w000000000002", name, "why_sqrt_d", 5, "", 0, ("3",), work)
    answers = ClassAnswers((given, lost), {("4", name): frozenset({"why_sqrt_d"})})
    with speaking(LANGUAGE):
        lessons = [lesson_in(each, LANGUAGE) for each in course.assignments]
        for with_names in (True, False):
            file = tmp_path / "written.html"
            file.write_text(written_page(answers, lessons, None, "", with_names=with_names))
            assert words_on(file, [name]) == []
