"""What was counted, by assignment, in `solutions/mutants.toml`: kept where a course has such a file, be it empty.

With the counts stands a hash of what they were counted from, so that anybody can tell, in no time, whether they are of
this course as it is now.
"""

from __future__ import annotations

import ast
import hashlib
import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from autograder.course.lesson import CourseError
from autograder.course.loader import EQUIVALENTS, HIDDEN_CHECKS, MUTANTS, Assignment, Course
from autograder.course.mutants import messages
from autograder.course.mutants.model import Fate, QuestionTried
from autograder.submission.which_file import VISIBLE_CHECKS


@dataclass(frozen=True)
class Counts:
    """How many mutants there are, and what became of them."""

    made: int
    killed: int
    equivalent: int
    alike: int
    surviving: int

    @classmethod
    def of(cls, questions: Sequence[QuestionTried]) -> Counts:
        def count(*fates: Fate) -> int:
            return sum(len(each.of(*fates)) for each in questions)

        return cls(
            count(*Fate),
            count(Fate.KILLED, Fate.ENDED),
            count(Fate.EQUIVALENT),
            count(Fate.ALIKE),
            count(Fate.SURVIVING),
        )


def keep(course: Course, found: Sequence[QuestionTried]) -> Path | None:
    """Write down what was counted, for the assignments that were tried; nothing where the course has no such file.

    Raises CourseError.
    """
    path = course.folder / MUTANTS
    if not path.is_file():
        return None
    known = _read(path)
    for name in dict.fromkeys(each.assignment for each in found):
        counts = Counts.of([each for each in found if each.assignment == name])
        known[name] = {"counted_from": counted_from(course.assignment(name)), **asdict(counts)}
    lines = [f"# {messages.RECORD}"]
    for name in course.names:
        if name in known:
            lines += ["", f"[{name}]", *(f"{key} = {_written(value)}" for key, value in known[name].items())]
    beside = path.with_suffix(".new")
    try:
        beside.write_text("\n".join([*lines, ""]), encoding="utf-8", newline="\n")
        os.replace(beside, path)
    except OSError as error:
        raise CourseError(messages.record_unwritten(path, str(error.strerror))) from None
    return path


def recorded(course: Course) -> dict[str, tuple[Counts, bool]]:
    """By assignment, what was counted, and whether that is of the assignment as it is now. Raises CourseError."""
    path = course.folder / MUTANTS
    found = {}
    for name, entry in _read(path).items():
        if name in course.names:
            try:
                counts = Counts(**{key: int(str(value)) for key, value in entry.items() if key != "counted_from"})
            except (TypeError, ValueError) as error:
                raise CourseError(messages.record_broken(path, str(error))) from None
            found[name] = counts, entry.get("counted_from") == counted_from(course.assignment(name))
    return found


def _read(path: Path) -> dict[str, dict[str, object]]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseError(messages.record_broken(path, str(error))) from None
    return {name: dict(entry) for name, entry in found.items() if isinstance(entry, Mapping)}


def _written(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def counted_from(assignment: Assignment) -> str:
    """A hash of the solutions, the checks, what they share and the list of equivalents; not of any words in them."""
    digest = hashlib.sha256()
    for source in _sources(assignment):
        digest.update(source.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:16]


def _sources(assignment: Assignment) -> Iterator[str]:
    yield from (_code(cell.source) for cell in assignment.cells if cell.is_question)
    shared = sorted(assignment.folder.parent.glob("*.py"))
    for path in (assignment.folder / VISIBLE_CHECKS, *assignment.sources(HIDDEN_CHECKS), *shared):
        if path.is_file():
            yield _code(path.read_text(encoding="utf-8-sig"))
    reasons = assignment.folder / EQUIVALENTS
    if reasons.is_file():
        yield repr(tomllib.loads(reasons.read_text(encoding="utf-8-sig")))


def _code(source: str) -> str:
    """Source without comments and docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [each for each in body if not _is_words(each)]  # type: ignore[attr-defined]
    return ast.dump(tree)


def _is_words(statement: ast.AST) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )
