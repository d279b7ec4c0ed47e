"""A student's own check: the visible checks, on their own machine, in their notebook or on their files. Portable."""

from __future__ import annotations

import inspect
import linecache
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.checking.plugin import ChecksError, Material, Run, questions_called
from autograder.checking.session import run_once
from autograder.outputs.table import html_table, text_table
from autograder.report import QuestionResult
from autograder.sandbox.calls import Line, Missing, Raised, Reply, execute
from autograder.sandbox.statements import Namespace, load
from autograder.submission import notebook_cells, read_regular_file, script_cells

CHECKS = "visible_checks.py"
SETTINGS = "course.toml"


@dataclass(frozen=True)
class Table:
    """What `check` shows: a table in Jupyter, text elsewhere."""

    question: QuestionResult

    def _repr_html_(self) -> str:
        return html_table(self.question)

    def __repr__(self) -> str:
        return text_table(self.question)


class _InMemory:
    """The functions of a running notebook."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = names

    def call(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        function = self._names.get(name)
        if not callable(function):
            return Missing()
        reply = execute(function, args, kwargs, _locate)
        if isinstance(reply, Raised) and reply.type == "KeyboardInterrupt":
            raise KeyboardInterrupt  # the student pressed stop: stop
        return reply


def check(function: Callable[..., Any], checks: str | Path = CHECKS) -> Table:
    """Run the visible checks of one question on `function`, as it is in memory.

    `checks` is the file that they stand in, beside the notebook. Raises ChecksError when it is not there.
    """
    path = Path(checks).resolve()
    if not path.is_file():
        raise ChecksError(f"{path.name} is not in {path.parent}: keep it beside your notebook")
    name = getattr(function, "__name__", "")
    if name not in questions(path):
        raise ChecksError(f"there are no checks for `{name}`; there are for {', '.join(questions(path))}")
    names = {**getattr(function, "__globals__", {}), name: function}
    results = run_visible(path, _InMemory(names), names)
    return Table(next(result for result in results if result.name == name))


def check_file(path: Path) -> tuple[QuestionResult, ...]:
    """Run the visible checks beside a notebook or .py file on the functions in it.

    Raises ChecksError and UnreadableError.
    """
    content = read_regular_file(path)
    cells = notebook_cells(content) if path.suffix == ".ipynb" else script_cells(content, path.name)
    checks = path.with_name(CHECKS)
    if not checks.is_file():
        raise ChecksError(f"{CHECKS} is not in {path.parent}: keep it beside {path.name}")
    space = load(cells, allowed_imports(path.parent))
    return run_visible(checks, space, space.values)


def allowed_imports(folder: Path) -> frozenset[str]:
    """What answers may import, as the course's settings above `folder` say. Raises ChecksError."""
    for place in (folder, *folder.parents):
        if (place / SETTINGS).is_file():
            return frozenset(tomllib.loads((place / SETTINGS).read_text(encoding="utf-8"))["imports"])
    raise ChecksError(f"there is no {SETTINGS} in {folder} or above it: keep it where you got it, in assignments/")


def questions(checks: Path) -> tuple[str, ...]:
    """The questions that a file of checks is about, in the order in which they first stand in it."""
    return tuple(dict.fromkeys(name for called in questions_called(checks).values() for name in called))


def run_visible(
    checks: Path, answers: _InMemory | Namespace, functions: Mapping[str, Any]
) -> tuple[QuestionResult, ...]:
    """Run a file of visible checks. Raises ChecksError when it cannot be used."""
    parameters = {name: _parameters(functions.get(name)) for name in questions(checks)}
    return run_once(Material(parameters, checks), Run(answers))


def _parameters(function: object) -> tuple[str, ...]:
    try:
        return tuple(inspect.signature(function).parameters) if callable(function) else ()
    except (TypeError, ValueError):  # a callable that does not tell
        return ()


def _locate(filename: str, number: int) -> Line | None:
    """A line of the student's notebook: IPython keeps the source of each cell under a name of its own."""
    if "ipykernel" not in filename and not filename.startswith("<ipython"):
        return None
    return Line("your cell", number, linecache.getline(filename, number).strip())


def own_files(path: Path) -> list[Path]:
    """The notebooks and .py files to check: `path` itself, or those in and below it that stand beside visible checks.

    Raises ChecksError when there are none.
    """
    if path.is_file():
        return [path]
    found = sorted(
        file
        for checks in path.resolve().rglob(CHECKS)
        for file in checks.parent.iterdir()
        if file.suffix in (".ipynb", ".py") and file.stem == checks.parent.name
    )
    if not found:
        raise ChecksError(f"there is nothing to check in {path}: no folder with a {CHECKS} and a notebook of its name")
    return found
