"""The house stays one in which things are found: no crowded folder, no long module, no two classes of one name.

The arrows between the folders are held by `lint-imports`.
"""

from __future__ import annotations

import ast
from collections import Counter

from autograder.cli import COMMANDS
from tests.helpers.paths import ROOT

PACKAGE = ROOT / "autograder"
MODULES = sorted(PACKAGE.rglob("*.py"))
MAX_MODULES_OF_A_FOLDER, MAX_MODULES_OF_THE_ROOT = 12, 8
MAX_LINES_OF_A_MODULE = 300


def test_no_folder_is_crowded() -> None:
    counts = Counter(path.parent for path in MODULES)
    assert counts.pop(PACKAGE) <= MAX_MODULES_OF_THE_ROOT
    assert counts.pop(PACKAGE / "cli") == len(COMMANDS) + 2, "one file a command, their messages, and the group"
    assert {str(folder): count for folder, count in counts.items() if count > MAX_MODULES_OF_A_FOLDER} == {}


def test_no_module_is_long() -> None:
    lines = {str(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {path: count for path, count in lines.items() if count > MAX_LINES_OF_A_MODULE} == {}


def test_no_two_classes_have_one_name() -> None:
    trees = (ast.walk(ast.parse(path.read_text(encoding="utf-8"))) for path in MODULES)
    names = Counter(node.name for tree in trees for node in tree if isinstance(node, ast.ClassDef))
    assert [name for name, count in names.items() if count > 1] == []


def test_every_module_and_folder_says_what_it_is_for() -> None:
    silent = [str(path) for path in MODULES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert silent == []
