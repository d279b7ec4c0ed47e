"""The arena of the attacks, and the tally of what came of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

import psutil
import pytest

from autograder.course.loader import load_course
from autograder.grading.processes.pool import start_pool
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
    for report in reports:
        total.update(dict(report.user_properties).get(TALLY, {}))
    if total:
        terminalreporter.write_line(
            f"attacks tried: {total['attacks']}, marks forged: {total['forged']}, "
            f"secrets seen: {total['secrets']}, runs stopped: {total['stopped']}"
        )


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
        patch.setenv("AUTOGRADER_TEST", f"{SECRET} of the environment")
        patch.setenv("HOME", str(places["home"]))
        patch.setenv("TMPDIR", str(places["tmp"]))
        patch.chdir(places["cwd"])
        with start_pool(2) as pool:
            yield Arena(folder, load_course(solutions), pool, gradebook, neighbour, targets)
