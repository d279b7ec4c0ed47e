"""Landlock by ctypes: from then on a process can open, list, make and remove no file.

The interface is the kernel's own (landlock(7), include/uapi/linux/landlock.h). A ruleset is made once, as a file
descriptor that any number of forked processes enforce on themselves.
"""

from __future__ import annotations

import ctypes
import os

CREATE_RULESET, RESTRICT_SELF = 444, 446  # system calls; the same numbers on every architecture
VERSION = 1  # flag of CREATE_RULESET: tell the version of the interface instead
# How many rights on files (the lowest bits) each version of the interface knows; later versions add none so far.
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
TCP = 0b11  # bind and connect, from version 4
SCOPE = 0b11  # abstract sockets of, and signals to, processes outside, from version 6


class _RulesetAttributes(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


def version() -> int:
    """The version of Landlock that this kernel offers; 0 when it has none."""
    try:
        return _call(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(VERSION))
    except (OSError, AttributeError):
        return 0


def make_ruleset() -> int:
    """A ruleset that forbids all that this kernel's Landlock can forbid, with no exception.

    Returns its file descriptor. Raises OSError when the kernel refuses.
    """
    abi = version()
    attributes = _RulesetAttributes(
        files=(1 << FILE_RIGHTS[min(abi, max(FILE_RIGHTS))]) - 1,
        network=TCP if abi >= 4 else 0,
        scoped=SCOPE if abi >= 6 else 0,
    )
    # An older kernel takes the longer structure as long as the fields that it does not know are zero.
    return _call(
        CREATE_RULESET, ctypes.byref(attributes), ctypes.c_size_t(ctypes.sizeof(attributes)), ctypes.c_uint32(0)
    )


def restrict_self(ruleset: int) -> None:
    """Put this process under a ruleset, for good. Needs no_new_privs. Raises OSError when the kernel refuses."""
    _call(RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0))


def _call(number: int, *arguments: object) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    result = int(libc.syscall(ctypes.c_long(number), *arguments))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result
