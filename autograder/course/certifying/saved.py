"""Which assignments `certify --watch` certifies again after some files were saved."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from autograder.course.loader import FILES, HANDOUT, MUTANTS

SHARED = {".py", ".toml"}  # of files beside the assignments, which all of them may rest on
OF_NO_PROOF = {MUTANTS, HANDOUT}  # what `certify` itself writes, and what students are given beside


def to_certify(solutions: Path, names: Sequence[str], saved: Collection[Path]) -> Sequence[str] | None:
    """Those of `names` (of all, where none is named) that were saved: `names` where all may be, None where none is."""
    found = set()
    for path in saved:
        first, *below = path.relative_to(solutions).parts
        if below and any((solutions / first / name).exists() for name in FILES):
            found |= {first} if first in names or not names else set()
        elif path.suffix in SHARED and first not in OF_NO_PROOF:
            return names
    return sorted(found) or None
