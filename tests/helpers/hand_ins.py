"""What a class hands in: right and wrong answers, and notebooks to which all has happened that happens to notebooks."""

from __future__ import annotations

import copy
import inspect
import json
import re
from collections.abc import Callable, Iterator
from textwrap import dedent
from typing import Any

import nbformat

from autograder.checking.recognition.misconceptions import Misconception
from autograder.course.loader import Assignment
from autograder.course.release import released_notebook, source_notebook

Notebook = dict[str, Any]
PARTLY_RIGHT = ("two_axes_only", "all_axes_turned", "nothing_subtracted")
ANSWER = "Because the variance of a sum of d independent terms is d, and softmax would saturate."


def plain(notebook: nbformat.NotebookNode) -> Notebook:
    """A notebook as it lies in a file."""
    data: Notebook = json.loads(nbformat.writes(notebook))
    for cell in data["cells"]:
        cell["source"] = "".join(cell["source"])
    return data


def content(notebook: Notebook) -> bytes:
    return json.dumps(notebook).encode()


def cell(notebook: Notebook, name: str) -> Notebook:
    found: Notebook = next(each for each in notebook["cells"] if each["id"] == name)
    return found


def solved(assignment: Assignment) -> Notebook:
    """All answers right; the one in words as a student might put it."""
    notebook = plain(source_notebook(assignment))
    for each in assignment.written:
        prompt = cell(plain(released_notebook(assignment)), each.name)["source"]
        cell(notebook, each.name)["source"] = prompt.replace("YOUR ANSWER HERE", ANSWER)
    return notebook


def released(assignment: Assignment) -> Notebook:
    return plain(released_notebook(assignment))


def mistaken(assignment: Assignment, name: str) -> Notebook:
    """One known misconception, all else right."""
    notebook = solved(assignment)
    _make_mistake(notebook, next(each for each in assignment.misconceptions if each.name == name))
    return notebook


def mistaken_everywhere(assignment: Assignment, number: int = 0) -> Notebook:
    """In each question the known misconception of this number, if it has so many."""
    notebook = solved(assignment)
    for question in assignment.questions:
        own = [each for each in assignment.misconceptions if each.question == question]
        if number < len(own):
            _make_mistake(notebook, own[number])
    return notebook


def _make_mistake(notebook: Notebook, mistake: Misconception) -> None:
    source = re.sub(r"^@misconception.*\n", "", dedent(inspect.getsource(mistake.function)), flags=re.MULTILINE)
    cell(notebook, mistake.question)["source"] = source.replace(f"def {mistake.name}(", f"def {mistake.question}(", 1)


def partly_right(assignment: Assignment) -> Misconception:
    """A mistake that shows in some kinds of inputs only: partial credit, where there is one."""
    partly = (each for each in assignment.misconceptions if each.name in PARTLY_RIGHT)
    return next(partly, assignment.misconceptions[0])


def half_right(assignment: Assignment) -> Notebook:
    return mistaken(assignment, partly_right(assignment).name)


def checks_deleted(notebook: Notebook, _question: str) -> None:
    notebook["cells"] = [each for each in notebook["cells"] if not each["id"].startswith("check_")]


def all_but_code_deleted(notebook: Notebook, question: str) -> None:
    checks_deleted(notebook, question)
    notebook["cells"] = [each for each in notebook["cells"] if each["cell_type"] == "code"]


def answer_deleted(notebook: Notebook, question: str) -> None:
    notebook["cells"] = [each for each in notebook["cells"] if each["id"] != question]


def answer_tried_before(notebook: Notebook, question: str) -> None:
    """A wrong first try, copied with its metadata, above the answer."""
    tried = copy.deepcopy(cell(notebook, question))
    tried["source"] = re.sub(r"return .*", "return 0", tried["source"])
    notebook["cells"].insert(0, tried)


def check_copied(notebook: Notebook, question: str) -> None:
    notebook["cells"].append(copy.deepcopy(cell(notebook, f"check_{question}")))


def without_metadata(notebook: Notebook, _question: str) -> None:
    for number, each in enumerate(notebook["cells"]):
        each["metadata"], each["id"] = {"id": f"colab{number}"}, f"colab{number}"


def with_broken_metadata(notebook: Notebook, _question: str) -> None:
    """As an old nbgrader, a merge and a curious student leave it."""
    for number, each in enumerate(notebook["cells"]):
        each["metadata"]["nbgrader"] = [{}, {"grade_id": 7}, {"schema_version": 1}, None, [], "x"][number % 6]


def points_raised(notebook: Notebook, _question: str) -> None:
    for each in notebook["cells"]:
        if each["metadata"]["nbgrader"]["grade"]:
            each["metadata"]["nbgrader"] |= {"points": 100, "locked": False, "checksum": "0"}


def outputs_forged(notebook: Notebook, question: str) -> None:
    full = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": ["99"]}}
    cell(notebook, f"check_{question}")["outputs"] = [full]


def answer_in_the_check_cell(notebook: Notebook, question: str) -> None:
    check = cell(notebook, f"check_{question}")
    check["source"] = f"{cell(notebook, question)['source']}\n\n{check['source']}"
    answer_deleted(notebook, question)


def all_in_one_cell(notebook: Notebook, _question: str) -> None:
    code = "\n\n".join(each["source"] for each in notebook["cells"] if each["cell_type"] == "code")
    notebook["cells"] = [{"cell_type": "code", "source": code, "metadata": {}, "outputs": [], "execution_count": None}]


def backwards(notebook: Notebook, _question: str) -> None:
    notebook["cells"].reverse()


def with_odd_cells(notebook: Notebook, _question: str) -> None:
    odd = [{"cell_type": "markdown"}, {"cell_type": "raw", "source": 7}, {"cell_type": "sql", "source": ["a", None]}]
    pictures = "![a](attachment:gone.png) <script>document.title = 'mine'</script>"
    notebook["cells"] += [*odd, 7, None, {"cell_type": "markdown", "source": pictures, "attachments": {"x": 1}}]


def syntax_error(notebook: Notebook, question: str) -> None:
    cell(notebook, question)["source"] += "\n    return ("


def raises(notebook: Notebook, question: str) -> None:
    answer = cell(notebook, question)
    answer["source"] = answer["source"].replace("return ", "raise ValueError('no') ; ", 1)


def dies(notebook: Notebook, question: str) -> None:
    answer = cell(notebook, question)
    answer["source"] = re.sub(r"return .*", "return (lambda f: f(f))(lambda f: f(f))", answer["source"])


def _words_elsewhere(notebook: Notebook, below: int, **of_the_cell: object) -> None:
    """The answer in words in a cell of its own, and nothing below its question."""
    for index, each in enumerate(notebook["cells"]):
        if ANSWER in each["source"]:
            each["source"] = each["source"].replace(ANSWER, "YOUR ANSWER HERE")
            own = {"cell_type": "markdown", "metadata": {}, "source": ANSWER, "id": "mine", **of_the_cell}
            notebook["cells"].insert(index + below, own)
            return
    raise AssertionError("there is no answer in words")


def words_below(notebook: Notebook, _question: str) -> None:
    _words_elsewhere(notebook, 1)


def words_above(notebook: Notebook, _question: str) -> None:
    _words_elsewhere(notebook, 0)


def words_in_a_raw_cell(notebook: Notebook, _question: str) -> None:
    _words_elsewhere(notebook, 1, cell_type="raw")


def words_in_a_code_cell(notebook: Notebook, _question: str) -> None:
    _words_elsewhere(notebook, 1, cell_type="code", outputs=[], execution_count=None)


def words_below_without_metadata(notebook: Notebook, question: str) -> None:
    words_below(notebook, question)
    without_metadata(notebook, question)


def question_turned_into_code(notebook: Notebook, _question: str) -> None:
    found = next(each for each in notebook["cells"] if ANSWER in each["source"])
    found |= {"cell_type": "code", "source": ANSWER, "outputs": [], "execution_count": None}


WORDS_ELSEWHERE = (
    words_below,
    words_above,
    words_in_a_raw_cell,
    words_in_a_code_cell,
    words_below_without_metadata,
    question_turned_into_code,
)
EVENTS: tuple[Callable[[Notebook, str], None], ...] = (
    checks_deleted,
    all_but_code_deleted,
    answer_deleted,
    answer_tried_before,
    check_copied,
    without_metadata,
    with_broken_metadata,
    points_raised,
    outputs_forged,
    answer_in_the_check_cell,
    all_in_one_cell,
    backwards,
    with_odd_cells,
    syntax_error,
    raises,
    dies,
    *WORDS_ELSEWHERE,
)


def befallen(assignment: Assignment, event: Callable[[Notebook, str], None]) -> Notebook:
    notebook = half_right(assignment)
    event(notebook, partly_right(assignment).question)
    return notebook


def format_3(notebook: Notebook) -> bytes:
    """As IPython 2 saved it."""
    node = nbformat.convert(nbformat.from_dict(copy.deepcopy(notebook)), 3)
    return nbformat.writes(node, version=3).encode()


def a_class(assignment: Assignment, mistakes: int) -> Iterator[tuple[str, bytes]]:
    """Students' names, and the files that they hand in for an assignment: so many mistakes, and all that befalls."""
    yield "all_right", content(solved(assignment))
    yield "untouched", content(released(assignment))
    named = partly_right(assignment)
    for mistake in [named, *(each for each in assignment.misconceptions if each is not named)][:mistakes]:
        yield f"mistaken_{mistake.name}", content(mistaken(assignment, mistake.name))
    for event in EVENTS:
        yield event.__name__, content(befallen(assignment, event))
    whole = content(half_right(assignment))
    yield "old_format", format_3(half_right(assignment))
    yield "latin_1", json.dumps(half_right(assignment), ensure_ascii=False).encode("latin-1", "replace")
    yield "arrived_in_part", whole[: len(whole) * 2 // 3]
    yield "no_notebook", b"<!DOCTYPE html><title>Sign in</title>"
    yield "nothing_in_it", b""
