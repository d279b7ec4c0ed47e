"""How much memory this process takes, and a bound on what it may take beyond that. Portable."""

from __future__ import annotations

from pathlib import Path


def address_space() -> int:
    """Bytes of address space that this process has now; 0 where the system does not tell (macOS, Windows)."""
    try:
        import resource

        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except (ImportError, OSError):
        return 0


def bound_memory(more_bytes: int) -> None:
    """From here on, what takes more than `more_bytes` beyond what is taken now fails, where that can be bounded."""
    if held := address_space():
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        limit = held + more_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit if most == resource.RLIM_INFINITY else min(limit, most), most))
