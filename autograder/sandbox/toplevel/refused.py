"""Whether an answer depends on an import that answers may not have, or not find loaded, told by its text. Portable."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence

from autograder.sandbox.protocol import Cell
from autograder.sandbox.toplevel.deeds import DYNAMIC
from autograder.sandbox.toplevel.dependencies import Compiled, Dependencies
from autograder.sandbox.toplevel.imports import OWN, imported, is_refused, may_be_missing, one_by_one

ANYTHING = DYNAMIC | {"__import__"}  # with these, the text does not tell what is imported


def depends_on_refused(cells: Sequence[Cell], names: Collection[str], allowed: Collection[str]) -> bool:
    """Whether what these names depend on imports a module that is not allowed or not loaded, or may do so."""
    found = Dependencies(cells, allowed).of(names)
    return any(_imports(each, found.mentioned, allowed) or _may_import(each) for each in found.chosen)


def _may_import(compiled: Compiled) -> bool:
    """Whether code may import what its text does not show: `exec("import torch")`."""
    text = compiled.statement.text
    return "import" in text and any(name in text for name in ANYTHING) and bool(ANYTHING & compiled.statement.names)


def _imports(compiled: Compiled, mentioned: Collection[str], allowed: Collection[str]) -> bool:
    taken_out = (each for name, each in compiled.refusals.items() if name in mentioned)  # of an `if`, say
    if any((each.module, each.name) not in OWN for each in taken_out):
        return True
    node = compiled.statement.node
    for inner in ast.walk(node) if node else ():
        if not isinstance(inner, ast.Import | ast.ImportFrom):
            continue
        for each in one_by_one(inner):
            wanted = [
                alias.name
                for name, alias in zip(imported(each), each.names, strict=True)
                if inner is not node or name in mentioned or name == "*"
            ]
            module = getattr(each, "module", "")
            wanted = [name for name in wanted if (module, name) not in OWN]
            if wanted and (is_refused(each, allowed) or may_be_missing(each, allowed)):
                return True
    return False
