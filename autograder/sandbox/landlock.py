"""Landlock by ctypes: name the files that a process may read; from then on it can open no other, nor write any.

The interface is the kernel's own (landlock(7), include/uapi/linux/landlock.h). A ruleset is made once, as a file
descriptor that any number of forked processes enforce on themselves.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # system calls; the same numbers on every architecture
VERSION = 1  # flag of CREATE_RULESET: tell the version of the interface instead
PATH_BENEATH = 1
READ_FILE, READ_DIRECTORY = 1 << 2, 1 << 3
# How many rights on files (the lowest bits) each version of the interface knows; later versions add none so far.
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
TCP = 0b11  # bind and connect, from version 4
SCOPE = 0b11  # abstract sockets of, and signals to, processes outside, from version 6


class _RulesetAttributes(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """The version of Landlock that this kernel offers; 0 when it has none."""
    try:
        return _call(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(VERSION))
    except (OSError, AttributeError):
        return 0


def make_ruleset(readable: Iterable[Path]) -> int:
    """A ruleset that allows reading what lies at or beneath `readable`, and nothing else that it can forbid.

    Returns its file descriptor. Raises OSError when the kernel refuses.
    """
    abi = version()
    attributes = _RulesetAttributes(
        files=(1 << FILE_RIGHTS[min(abi, max(FILE_RIGHTS))]) - 1,
        network=TCP if abi >= 4 else 0,
        scoped=SCOPE if abi >= 6 else 0,
    )
    # An older kernel takes the longer structure as long as the fields that it does not know are zero.
    ruleset = _call(
        CREATE_RULESET, ctypes.byref(attributes), ctypes.c_size_t(ctypes.sizeof(attributes)), ctypes.c_uint32(0)
    )
    for path in readable:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            rights = READ_FILE | READ_DIRECTORY if path.is_dir() else READ_FILE
            rule = _PathBeneath(rights, beneath)
            _call(ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(PATH_BENEATH), ctypes.byref(rule), ctypes.c_uint32(0))
        finally:
            os.close(beneath)
    return ruleset


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
