"""The modules that answers find loaded: a worker opens no file, so nothing can be loaded once it is confined.

The same are loaded on a student's own machine, and what is not loaded is refused there, too. Portable.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Collection, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

import numpy

from autograder.sandbox import messages
from autograder.sandbox.given.lazy import load_lazy_parts
from autograder.sandbox.toplevel.imports import NUMPY_PARTS, STANDARD_LIBRARY, SUBMODULES, top_of
from autograder.text import on_one_line

# What Python loads when it is first used.
CODECS = ("ascii", "cp437", "cp1252", "idna", "latin_1", "utf_8_sig", "utf_16", "utf_16_be", "utf_16_le", "utf_32")
ALWAYS = (
    *(f"encodings.{codec}" for codec in CODECS),
    *("_strptime", "linecache", "traceback", "unicodedata"),
    *(f"numpy.{part}" for part in NUMPY_PARTS),
    *sorted({*STANDARD_LIBRARY, *SUBMODULES}),
)
F2PY = "numpy.f2py"
_zones: list[object] = []  # time zones that are read stay so as long as somebody holds them


def load_modules(imports: Sequence[str]) -> None:
    """Load what answers may import, with what its functions import when they are called. Raises ImportError.

    Of NumPy and of Python's own library, that stands in a list.
    """
    _stand_in_for_f2py()
    for module in ALWAYS:
        importlib.import_module(module)
    for module in imports:
        try:
            importlib.import_module(module)
        except Exception as error:  # of whatever kind: it is somebody's library
            raise ImportError(
                messages.not_importable(module, on_one_line(f"{type(error).__name__}: {error}"))
            ) from None
    load_lazy_parts({top_of(each) for each in imports} - sys.stdlib_module_names - {"numpy"})
    if "zoneinfo" in sys.modules:
        _load_time_zones()


def _stand_in_for_f2py() -> None:
    """Whoever takes all that NumPy names, as `numpy.matlib` and `from numpy import *` do, gets this one as well.

    It compiles Fortran, which no answer can, and takes as long to load as all of NumPy.
    """
    if F2PY not in sys.modules:
        numpy.f2py = ModuleType(F2PY)


def _load_time_zones() -> None:
    """Read all time zones. Of each there may be a second one, in Python: pandas looks into that."""
    from zoneinfo import ZoneInfo, _zoneinfo, available_timezones  # type: ignore[attr-defined]

    _zones.extend(kind(key) for key in available_timezones() for kind in (ZoneInfo, _zoneinfo.ZoneInfo))


def load_what_is_here(imports: Sequence[str]) -> None:
    """The same where something of it may not be installed: an answer that imports that is told so by Python."""
    load_modules([each for each in imports if _is_here(each)])


def _is_here(module: str) -> bool:
    try:
        importlib.import_module(module)
    except Exception:  # of whatever kind: it is somebody's library
        return False
    return True


def close_imports(imports: Collection[str]) -> None:
    """From here on, no further part of what answers may import is loaded: importing one says what may be."""
    packages = {top_of(each) for each in imports} | STANDARD_LIBRARY
    loaded = [module for name, module in list(sys.modules.items()) if top_of(name) in packages]
    parts = frozenset(part for module in loaded for part in _parts_of(module))
    sys.meta_path.insert(0, _Closed(parts - sys.modules.keys(), ", ".join(sorted(imports))))


def _parts_of(package: ModuleType) -> list[str]:
    """The modules and packages right beneath a package, loaded or not."""
    path = getattr(package, "__path__", ())
    return [f"{package.__name__}.{each.name}" for each in pkgutil.iter_modules(list(path))]


class _Closed:
    """A finder of modules that finds none, and says of some that they are there and may not be imported."""

    def __init__(self, parts: frozenset[str], allowed: str) -> None:
        self._parts = parts
        self._allowed = allowed

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        if name in self._parts:
            raise ModuleNotFoundError(messages.not_loaded(name, self._allowed))
        return None
