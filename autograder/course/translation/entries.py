"""All that is to be translated of a course: each text of an assignment, and where it stands."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.checking.at_home.known import KnownMistake
from autograder.checking.recognition.misconceptions import Misconception
from autograder.course.lesson import LessonCell
from autograder.course.loader import HIDDEN_CHECKS, LESSON, MISCONCEPTIONS, Assignment
from autograder.course.translation.cells import cell_in
from autograder.course.translation.code import template_of
from autograder.language.sentences import is_sentence
from autograder.submission.which_file import VISIBLE_CHECKS
from autograder.text import in_words


@dataclass(frozen=True)
class SourceText:
    """A text of an assignment or of the machine; `place` is the file that it stands in. `several` goes with a count."""

    text: str
    place: str
    several: str = ""


def entries_of(assignment: Assignment) -> list[SourceText]:
    """All that people read of an assignment, what only its instructor reads included, each text once, in order."""
    found = [*_of_lesson(assignment.cells), *_of_checks(assignment), *of_misconceptions(assignment.misconceptions)]
    first: dict[str, SourceText] = {}
    for each in found:
        first.setdefault(each.text, each)
    return list(first.values())


def public_texts(assignment: Assignment, told: Iterable[Misconception | KnownMistake]) -> set[str]:
    """Those of them that students get in English: of what is released; `told` are the mistakes named at home."""
    texts: list[str] = []
    for cell in assignment.cells:
        cell_in(cell, cell.released, lambda text: _noted(texts, text))
    visible = assignment.folder / VISIBLE_CHECKS
    return {*texts, *texts_of_checks(visible), *(each.text for each in of_misconceptions(told))}


def _of_lesson(cells: Iterable[LessonCell]) -> Iterator[SourceText]:
    for cell in cells:
        texts: list[str] = []
        cell_in(cell, cell.source, lambda text, texts=texts: _noted(texts, text))  # type: ignore[misc]
        yield from (SourceText(text, LESSON) for text in texts)


def _noted(texts: list[str], text: str) -> str:
    texts.append(text)
    return text


def _of_checks(assignment: Assignment) -> Iterator[SourceText]:
    with assignment.check_session() as session:
        cases = dict.fromkeys(each.case for each in session.checks)
    yield from (SourceText(case, HIDDEN_CHECKS) for case in cases if is_sentence(case))
    for file in (assignment.folder / VISIBLE_CHECKS, *assignment.sources(HIDDEN_CHECKS)):
        name = file.relative_to(assignment.folder).as_posix()
        yield from (SourceText(text, name) for text in texts_of_checks(file))


def of_misconceptions(misconceptions: Iterable[Misconception | KnownMistake]) -> Iterator[SourceText]:
    """Of each, the name in words, what it states, and its hint."""
    for each in misconceptions:
        yield from (SourceText(text, MISCONCEPTIONS) for text in (in_words(each.name), each.statement, each.hint))


def texts_of_checks(file: Path) -> list[str]:
    """The titles of the checks in a file, and the sentences in them; f-strings as templates."""
    texts = []
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        docstring = ast.get_docstring(node)
        if docstring and node.name.startswith("test"):
            texts.append(docstring.splitlines()[0].rstrip("."))
        texts += [text for text in _in_body(node.body[bool(docstring) :]) if " " in text and is_sentence(text)]
    return texts


def _in_body(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            yield template_of(node).text
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        else:
            yield from _in_body(ast.iter_child_nodes(node))
