"""What no worker of grading may do, refused here as well: so that an answer does not pass at home, and fail there.

A rule for honest code, by Python's audit hooks, and no wall: it is the student's own machine. Portable.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from typing import Any

LIBRARY = (".py", ".pyc", ".so", ".pyd", ".dll", ".dylib")  # what an import opens
NOT_PERMITTED = {"subprocess.Popen", "os.system", "os.fork", "os.exec", "os.remove", "socket.__new__"}


def keep_rules() -> None:
    """From here on, this process opens no file but those of modules, waits for nothing, and starts no other."""
    sys.addaudithook(_refuse)
    time.sleep = no_waiting  # of which there is an event from Python 3.13 on only


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open":
        path = arguments[0]
        if isinstance(path, str | bytes) and not os.fsdecode(path).endswith(LIBRARY):
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), path)
    elif event in NOT_PERMITTED:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))


def no_waiting(_seconds: object) -> None:
    """What stands in for `time.sleep`. Raises PermissionError."""
    raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
