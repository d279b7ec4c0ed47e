"""An autograder for courses in NumPy: a student's code never runs in a process that knows an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.student.check import check
    from autograder.student.workspace import previous, previous_data

__version__ = "0.1.0"
__all__ = ["check", "previous", "previous_data"]


def __getattr__(name: str) -> Any:
    """`from autograder import check` loads pytest only where it is used: a worker's zygote imports this package too."""
    if name == "check":
        from autograder.student.check import check

        return check
    if name == "previous":
        from autograder.student.workspace import previous

        return previous
    if name == "previous_data":
        from autograder.student.workspace import previous_data

        return previous_data
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
