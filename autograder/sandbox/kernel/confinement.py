"""What a worker gives up before it sees a byte of a submission: resources, files, and all system calls but a few."""

from __future__ import annotations

import ctypes
import errno
import math
import os
import resource
import sys
import tempfile

from autograder.sandbox.bounded.memory import address_space
from autograder.sandbox.kernel import landlock
from autograder.settings import Limits

# Every system call that a worker may make, and what needs it. Any other fails with EPERM.
ALLOWED_CALLS = {
    "read": "the wire",
    "write": "the wire; print, into /dev/null",
    "mmap": "memory",
    "munmap": "memory",
    "mremap": "memory",
    "mprotect": "memory: guards of stacks and heaps",
    "madvise": "memory: NumPy asks for huge pages, malloc returns pages",
    "brk": "memory",
    "futex": "Python's own locks",
    "rt_sigaction": "the alarm around each statement",
    "rt_sigprocmask": "the alarm around each statement",
    "rt_sigreturn": "the alarm around each statement",
    "setitimer": "the alarm around each statement",
    "clock_gettime": "time.time and its kin where the vDSO has no clock",
    "getrandom": "hash seeds, np.random.default_rng()",
    "getpid": "Python's random and threading modules after a fork",
    "gettid": "Python's threading module",
    "exit_group": "the end",
}
MAX_OPEN_FILES = 16
PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 22, 38
SECCOMP_MODE_FILTER = 2
SIGKILL = 9


class _FilterProgram(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class Confinement:
    """Made once, in the zygote, with Landlock's ruleset and the seccomp filter; entered by every worker."""

    def __init__(self, limits: Limits, confined: bool) -> None:
        self._limits = limits
        self._confined = confined
        self._zygote = os.getpid()
        self._base = address_space()
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._ruleset = landlock.make_ruleset() if confined else -1
        self._filter = _compile_filter() if confined else b""

    def count_in(self) -> None:
        """What this process has taken so far is none of what a worker may."""
        self._base = address_space()

    def close_files(self, wire: int) -> int:
        """Leave 0 to 2 on /dev/null, the wire on 3 (returned), the ruleset on 4 until it is enforced; no other."""
        keep = [wire, self._ruleset] if self._confined else [wire]
        high = [os.dup2(fd, 100 + index) for index, fd in enumerate(keep)]
        null = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(null, standard)
        for index, fd in enumerate(high):
            os.dup2(fd, 3 + index)
        os.closerange(3 + len(high), 101 + len(high))
        os.closerange(101 + len(high), os.sysconf("SC_OPEN_MAX") if sys.platform != "linux" else 4096)
        self._ruleset = 4
        return 3

    def enter(self) -> None:
        """Give everything else up, for good. Raises OSError when the kernel refuses."""
        if sys.platform == "linux":
            self._prctl(PR_SET_PDEATHSIG, SIGKILL)
        if os.getppid() != self._zygote:
            raise OSError("the grader ended before the kernel knew to end this process with it")
        self._limit_resources()
        if self._confined:
            self._drop_capabilities()
            self._prctl(PR_SET_NO_NEW_PRIVS, 1)
            landlock.restrict_self(self._ruleset)
            os.close(self._ruleset)
            program = _FilterProgram(len(self._filter) // 8, self._filter)
            self._prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(program))

    def _limit_resources(self) -> None:
        cpu = math.ceil(self._limits.submission_seconds)
        for what, limit in (
            (resource.RLIMIT_CPU, cpu),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_NOFILE, MAX_OPEN_FILES),
        ):
            resource.setrlimit(what, (limit, limit))
        if self._base:
            most = self._base + (self._limits.memory_mb << 20)
            resource.setrlimit(resource.RLIMIT_AS, (most, most))

    def _drop_capabilities(self) -> None:
        """Where the grader runs as root, its workers must not."""
        header = _CapabilityHeader(version=0x20080522, pid=0)
        if self._libc.capset(ctypes.byref(header), (ctypes.c_uint32 * 6)()):
            raise OSError(ctypes.get_errno(), "cannot drop capabilities")

    def _prctl(self, option: int, value: int, pointer: int = 0) -> None:
        arguments = [ctypes.c_ulong(word) for word in (value, pointer, 0, 0)]
        if self._libc.prctl(ctypes.c_int(option), *arguments):
            raise OSError(ctypes.get_errno(), f"prctl({option}) failed")


def _compile_filter() -> bytes:
    """The seccomp filter as the kernel takes it."""
    import pyseccomp

    rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ERRNO(errno.EPERM))
    # glibc starts threads with clone3, and falls back to clone (refused) only when told that clone3 does not exist.
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    for name in ALLOWED_CALLS:
        rules.add_rule(pyseccomp.ALLOW, name)
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()
