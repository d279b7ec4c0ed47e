"""The bound on a grading process's memory is none of its children's: a machine reserves more addresses than it uses."""

from __future__ import annotations

from contextlib import suppress


def lift_memory_bound() -> None:
    """Take it away from this process, where there is one, and there are such things."""
    try:
        import resource
    except ImportError:  # Windows
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
