"""What a package imports only when one of its functions is called, found in the code of these functions. Portable.

`pandas.DataFrame.to_dict` imports `pandas.core.methods.to_dict` when it is first called: where no file can be opened
any more, it had to be loaded before. Compiled extensions do not tell.
"""

from __future__ import annotations

import dis
import importlib
import sys
from collections.abc import Collection, Iterator
from importlib.util import resolve_name
from types import CodeType, ModuleType

IMPORT, CONSTANT, EXTENDED = (dis.opmap[name] for name in ("IMPORT_NAME", "LOAD_CONST", "EXTENDED_ARG"))
COMMON = dis.opmap.get("LOAD_COMMON_CONSTANT")  # from Python 3.15 on, None is one
LAZINESS = 2 if sys.version_info >= (3, 15) else 0  # bits of the argument that say how lazily it imports
SMALL_INT = dis.opmap.get("LOAD_SMALL_INT")  # from Python 3.14 on
Import = tuple[int, str, tuple[str, ...]]  # the level, the module, the names that are wanted of it


def load_lazy_parts(packages: Collection[str]) -> None:
    """Import what the modules of some packages that are loaded import in functions: of these packages, and of Python's.

    What is loaded so is looked at, too. A part that cannot be imported is for a library that is not here.
    """
    seen: set[str] = set()
    while new := [name for name in sys.modules if _top(name) in packages and name not in seen]:
        seen.update(new)
        for name in new:
            for part in _wanted(sys.modules[name]):
                if part not in sys.modules and (_top(part) in packages or _top(part) in sys.stdlib_module_names):
                    _load(part)


def _load(module: str) -> None:
    try:
        importlib.import_module(module)
    except (Exception, SystemExit):  # of whatever kind: it is somebody's library, for which something is missing
        return


def _wanted(module: ModuleType) -> Iterator[str]:
    """The modules that a module's functions import, and the names taken from these that may be modules."""
    spec = getattr(module, "__spec__", None)
    get_code = getattr(getattr(spec, "loader", None), "get_code", None)
    code = get_code(spec.name) if spec and get_code else None
    for level, name, names in _imports(code) if code else ():
        try:
            full = resolve_name("." * level + name, module.__package__) if level else name
        except ImportError:
            continue
        yield full
        known = sys.modules.get(full)
        yield from (f"{full}.{each}" for each in names if not hasattr(known, each))


def _imports(module: CodeType) -> Iterator[Import]:
    """The imports in the functions of a module, the methods of its classes included."""
    todo = [(module, False)]
    while todo:
        code, is_inside = todo.pop()
        if is_inside and IMPORT in code.co_code[::2]:
            yield from _imports_of(code)
        todo += [(each, True) for each in code.co_consts if isinstance(each, CodeType)]


def _imports_of(code: CodeType) -> Iterator[Import]:
    """Of one function. Before an import, its level and its names are loaded."""
    raw, argument = code.co_code, 0
    loaded: list[object] = []
    for operation, low in zip(raw[::2], raw[1::2], strict=True):
        argument = argument << 8 | low
        if operation == EXTENDED:
            continue
        if operation == CONSTANT:
            loaded.append(code.co_consts[argument])
        elif operation == SMALL_INT:
            loaded.append(argument)
        elif operation == COMMON:
            loaded.append(None)  # as far as imports have such
        elif operation == IMPORT:
            level, names = loaded[-2:]
            yield int(str(level)), code.co_names[argument >> LAZINESS], names if isinstance(names, tuple) else ()
        argument = 0


def _top(module: str) -> str:
    return module.partition(".")[0]
