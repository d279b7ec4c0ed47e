"""The arena of the attacks, and the tally of what came of them."""

from __future__ import annotations

import ast
import re
import shutil
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from autograder.course.loader import load_course
from autograder.grading.processes.pool import start_pool
from autograder.sandbox.homes import Where, unsupported
from tests.helpers.course import copy_course
from tests.hostile.arena import ANSWER_MB, LIMITS, MARK, NAME, SECRET, TALLY, Arena, hand_in
from tests.hostile.attack import NEIGHBOURS


@pytest.fixture
def tally(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """Takes down what came of one attack, for the last line of the run."""

    def count(*, forged: bool, secret: bool, stopped: bool) -> None:
        record_property(TALLY, {"attacks": 1, "forged": forged, "secrets": secret, "stopped": stopped})

    return count


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [each for outcome in ("passed", "failed") for each in terminalreporter.stats.get(outcome, [])]
    total = Counter[str]()
    for name, what in (each for report in reports for each in report.user_properties):
        if name == TALLY:
            total.update(what)
    if total:
        terminalreporter.write_line(
            f"attacks tried: {total['attacks']}, marks forged: {total['forged']}, "
            f"secrets seen: {total['secrets']}, runs stopped: {total['stopped']}"
        )


def cache_of_guests() -> tuple[str, str]:
    """The variable that names the cache, and the one that is in use."""
    from autograder.sandbox.wasm import cache  # an extra

    return cache.VARIABLE, str(cache.Cache(warnings.warn).folder)


@pytest.fixture(scope="package")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    folder = tmp_path_factory.mktemp("arena")
    solutions = copy_course(folder, ["01_projection", "02_scaled_scores", NAME]) / "solutions"
    for file in sorted(solutions.glob("*/*.py")):
        with file.open("a") as end:
            end.write(f"\n# {SECRET} of {file.name}\n")
    settings = re.sub('seed = ".*"', f'seed = "{SECRET} key"', (solutions / "course.toml").read_text())
    for name, value in LIMITS.items():
        settings = re.sub(f"{name} = [0-9.]+", f"{name} = {value}", settings)
    (solutions / "course.toml").write_text(settings)
    gradebook, link = folder / "gradebook.db", folder / "link"
    gradebook.write_text(f"{SECRET} of the gradebook\n")
    (folder / "spare").touch()
    link.symlink_to(f"{SECRET} link")
    neighbour = hand_in(folder / "elsewhere", "neighbour", f"# {SECRET} of a neighbour\n{NEIGHBOURS['both']}")
    places = {name: folder / name for name in ("cwd", "home", "tmp")}
    for place in places.values():
        place.mkdir()
    targets = {
        **{name.upper(): str(place) for name, place in places.items()},
        "SHM": "/dev/shm",
        "SOLUTIONS": str(solutions),
        "GRADEBOOK": str(gradebook),
        "SPARE": str(folder / "spare"),
        "NEIGHBOUR": str(neighbour),
        "CLASS": str(folder / "elsewhere"),
        "LINK": str(link),
        "MARK": MARK,
        "ANSWER_MB": str(ANSWER_MB),
        "GRADER": str(psutil.Process().pid),
    }
    with pytest.MonkeyPatch.context() as patch:
        if not unsupported(Where.WASM):
            patch.setenv(*cache_of_guests())  # of the user that runs the tests: nothing is compiled anew
        patch.setenv("AUTOGRADER_TEST", f"{SECRET} of the environment")
        patch.setenv("HOME", str(places["home"]))
        patch.setenv("TMPDIR", str(places["tmp"]))
        patch.chdir(places["cwd"])
        with start_pool(2) as pool:
            yield Arena(folder, load_course(solutions), pool, gradebook, neighbour, targets)


# In the second home, an attack meets these alone: it ends in each of the others as in one of them.
CHECKS_IN_GUESTS = {
    "visible_checks.py": (
        "test_softmax_example",
        "test_softmax_rows_sum_to_one",
        "test_softmax_jacobian_example",
    ),
    "hidden_checks.py": ("test_softmax_minus_infinity", "test_softmax_jacobian_one_key"),
}


@pytest.fixture(scope="package")
def arena_of_guests(arena: Arena) -> Iterator[Arena]:
    """The same in WebAssembly guests, with grading processes of its own."""
    if reason := unsupported(Where.WASM):
        pytest.skip(reason)
    solutions = shutil.copytree(arena.course.folder, arena.folder / "in_guests" / "solutions")
    for name, checks in CHECKS_IN_GUESTS.items():
        keep_tests(solutions / NAME / name, checks)
    targets = {**arena.targets, "SOLUTIONS": str(solutions)}
    with start_pool(2, Where.WASM) as pool:
        yield replace(arena, course=load_course(solutions), pool=pool, targets=targets, where=Where.WASM)


def keep_tests(file: Path, names: tuple[str, ...]) -> None:
    """Let no other test stand in a file of checks."""
    lines = file.read_text().splitlines(keepends=True)
    for node in ast.parse("".join(lines)).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and node.name not in names:
            first = min(each.lineno for each in (node, *node.decorator_list))
            lines[first - 1 : node.end_lineno] = [""] * (node.end_lineno - first + 1)  # type: ignore[operator]
    file.write_text("".join(lines))
