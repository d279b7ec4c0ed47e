"""The package as it is installed: its name on the package index, and which of its extras brings a missing module."""

from __future__ import annotations

import re

NAME = "numpy-autograder"  # `autograder` is somebody else's there


def install_name(module: str) -> str:
    """What to install for a module: the package with the extra that it belongs to, or the package as it is."""
    from importlib.metadata import PackageNotFoundError, requires  # which takes a while, and is seldom asked

    try:
        requirements = requires(NAME) or []
    except PackageNotFoundError:  # run as it lies there
        requirements = []
    project = module.replace("_", "[-_]")
    for requirement in requirements:
        if match := re.match(rf"{project}(?![\w-]).*extra == [\"']([\w-]+)", requirement):
            return f"{NAME}[{match[1]}]"
    return NAME
