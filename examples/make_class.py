"""Builds class/, a sample class to try the grader on, from the lessons and from what each student wrote (answers.py).

`python examples/make_class.py [FOLDER]`. The same lessons and answers give the same bytes.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from textwrap import indent

import nbformat
from answers import (
    CLASS,
    HANDED_IN,
    IN_TIME,
    Colab,
    Duplicated,
    Forged,
    Format3,
    Format44,
    Notebook,
    Ran,
    Text,
    Truncated,
)
from nbformat import NotebookNode

from autograder.course.folder import find_course
from autograder.course.loader import Assignment, load_course
from autograder.course.release import release_assignment, release_settings, released_notebook
from autograder.student.check_table import html_table, text_table
from autograder.student.progress import check_file
from autograder.submission.which_file import TIMESTAMP

STUB = "    # YOUR CODE HERE\n    raise NotImplementedError()"
# The smallest PNG there is, for the pictures that a notebook carries in its outputs: nobody reads them.
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="


def main(folder: Path) -> None:
    course = load_course(find_course(Path(__file__).resolve().parent))
    shutil.rmtree(folder, ignore_errors=True)
    released = {assignment.name: released_notebook(assignment) for assignment in course.assignments}
    for student, handed in CLASS.items():
        for place, work in handed.items():
            path = folder / student / place
            path.parent.mkdir(parents=True, exist_ok=True)
            write_time(path.parent, student)
            if isinstance(work, Text):
                path.write_text(work.text, encoding="utf-8", newline="\n")
                continue
            name = path.parent.name
            path.write_bytes(notebook_file(work, released[name], course.assignment(name)))


def write_time(folder: Path, student: str) -> None:
    """When the work in the folder of an assignment came in, if that is told."""
    if time := HANDED_IN.get((student, folder.name), IN_TIME.get(folder.name)):
        (folder / TIMESTAMP).write_text(f"{time}\n", encoding="utf-8", newline="\n")


def notebook_file(work: Notebook, released: NotebookNode, assignment: Assignment) -> bytes:
    """The bytes of a notebook: the released one with a student's answers in it, and what became of it on the way."""
    notebook = filled(released, work)
    for what in work.history:
        match what:
            case Ran():
                notebook = ran(notebook, assignment)
            case Forged(title):
                notebook = forged(notebook, title)
            case Colab():
                notebook = through_colab(notebook)
            case Duplicated(question, first_try):
                notebook = duplicated_and_reordered(notebook, question, first_try)
            case Format44():
                notebook = without_ids(notebook)
            case Format3():
                notebook = nbformat.convert(notebook, 3)
            case Truncated(share):
                content = nbformat.writes(notebook).encode()
                return content[: int(len(content) * share)]
    return (nbformat.writes(notebook) + "\n").encode()


def filled(released: NotebookNode, work: Notebook) -> NotebookNode:
    """A copy of the released notebook with the answers in their cells, and a student's own cells behind the first."""
    notebook = nbformat.from_dict(released)
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells}
    for question, answer in work.answers.items():
        if f"def {question}(" in answer or not answer:  # a cell that was written anew, or deleted
            cells[question].source = answer
        elif STUB in cells[question].source:
            cells[question].source = cells[question].source.replace(STUB, indent(answer, "    "))
        else:
            raise SystemExit(f"the cell `{question}` has no stub to fill in")
    own = [nbformat.v4.new_code_cell(source, id=f"own-{place}") for place, source in enumerate(work.own_cells, 1)]
    notebook.cells[1:1] = own
    return notebook


def ran(notebook: NotebookNode, assignment: Assignment) -> NotebookNode:
    """Saved after Run All: the check cells show their true tables, and the plots are there."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        checks = release_assignment(assignment, folder)[1]
        release_settings(load_course(assignment.folder.parent), folder)
        file = checks.with_name(f"{assignment.name}.ipynb")
        file.write_text(nbformat.writes(notebook), encoding="utf-8")
        tables = {f"check({question.name})": question for question in check_file(file).questions}
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for count, cell in enumerate(code, 1):
        cell.execution_count = count
        if cell.source in tables:
            data = {"text/html": html_table(tables[cell.source]), "text/plain": text_table(tables[cell.source])}
            cell.outputs = [nbformat.v4.new_output("execute_result", data, execution_count=count)]
        elif "plt.show()" in cell.source:
            picture = {"image/png": PIXEL, "text/plain": "<Figure size 700x260 with 3 Axes>"}
            cell.outputs = [nbformat.v4.new_output("display_data", picture)]
    return notebook


def forged(notebook: NotebookNode, title: str) -> NotebookNode:
    """Outputs that claim what no check said."""
    for cell in notebook.cells:
        if cell.source.startswith("check("):
            data = {"text/plain": title, "text/html": f"<p><b>{title}</b></p>"}
            cell.outputs = [nbformat.v4.new_output("execute_result", data, execution_count=1)]
            cell.execution_count = 1
    return notebook


def through_colab(notebook: NotebookNode) -> NotebookNode:
    """As Google Colab saves it: nbgrader's metadata gone, other ids, sources as Colab cuts them."""
    notebook.metadata = nbformat.from_dict(
        {
            "colab": {"provenance": []},
            "kernelspec": {"display_name": "Python 3", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for number, cell in enumerate(notebook.cells, 1):
        cell.id = f"Qk{number:02d}xZbV{number * 7919 % 1000:03d}"
        cell.metadata = nbformat.from_dict({"id": cell.id})
    return notebook


def duplicated_and_reordered(notebook: NotebookNode, question: str, first_try: str) -> NotebookNode:
    """Code cells from last to first, one of them there twice: a wrong try, and further down the right answer."""
    code = [cell for cell in reversed(notebook.cells) if cell.cell_type == "code"]
    answer = next(cell for cell in code if f"def {question}(" in cell.source)
    tried = nbformat.from_dict(answer)
    tried.id, tried.source = f"{answer.id}-copy", first_try
    notebook.cells = [tried, *code, notebook.cells[0]]
    return notebook


def without_ids(notebook: NotebookNode) -> NotebookNode:
    """Format 4.4, as editors wrote it before cells had ids."""
    for cell in notebook.cells:
        del cell["id"]
    notebook.nbformat_minor = 4
    return notebook


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().with_name("class"))
