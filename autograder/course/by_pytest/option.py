"""The option `--on`, which every pytest has where this package is installed, and from when on a course's checks run.

Every run of pytest in this environment imports this module, so that it imports as little as it can.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from autograder.course.by_pytest import messages


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("autograder").addoption("--on", default="", metavar="WHAT", help=messages.OPTION)


def pytest_configure(config: pytest.Config) -> None:
    """Where checks of a course are asked for, they are run as such; all other tests are none of our business."""
    named = (Path(config.invocation_params.dir, argument.partition("::")[0]) for argument in config.args)
    folders = {found for place in named if (found := _course_of(place.absolute()))}
    if not folders:
        if config.getoption("--on"):
            raise pytest.UsageError(messages.NO_COURSE)
        return
    if len(folders) > 1:
        raise pytest.UsageError(messages.SEVERAL_COURSES)
    from autograder.course.by_pytest.plugin import CourseChecks  # it takes NumPy, and all that reads a course

    config.pluginmanager.register(CourseChecks(config, folders.pop()), "autograder-course")


def _course_of(place: Path) -> Path | None:
    """The folder of the course that a place lies in, if it does."""
    with suppress(OSError):
        for folder in (place, *place.parents):
            if folder.name == "solutions" and (folder / "course.toml").is_file():
                return folder
    return None
