"""Whether this machine can confine a process. Portable: everywhere else, it says why not."""

from __future__ import annotations

import sys

from autograder.sandbox import messages
from autograder.sandbox.kernel import landlock


def unsupported() -> str:
    """Why this machine cannot confine a worker; empty when it can."""
    if sys.platform != "linux":
        return messages.not_linux(sys.platform)
    if not landlock.version():
        return messages.NO_LANDLOCK
    try:
        import pyseccomp  # noqa: F401  (only whether it loads: it needs the system's libseccomp)
    except (ImportError, OSError, RuntimeError) as error:
        return messages.no_seccomp(error)
    return ""
