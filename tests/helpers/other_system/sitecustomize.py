"""Makes of this system one that is no Unix, for a process that finds this on its PYTHONPATH, and those that it starts.

What Windows or macOS lack is not there: modules, functions and signals, `/proc`'s clocks, and the kernel's confinement.
Processes of ours that are started in isolation are started without it, so that they find this as well.
"""

import os
import select
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from importlib.abc import MetaPathFinder

import filelock  # noqa: F401  (which has a way of its own on each system: here, it is this one's)
import psutil  # noqa: F401  (so has this)

MODULES = {"fcntl", "resource", "termios", "grp", "pwd", "pyseccomp"}
ABSENT = {
    os: ("fork", "forkpty", "setsid", "killpg", "sched_getaffinity", "pread", "O_NOFOLLOW"),
    signal: ("setitimer", "getitimer", "alarm", "pthread_sigmask", "pthread_kill", "SIGPROF", "SIGUSR1", "SIGXCPU"),
    socket: ("AF_UNIX", "SOCK_SEQPACKET", "send_fds", "recv_fds"),
    select: ("poll", "epoll"),
    time: ("clock_gettime", "pthread_getcpuclockid"),
}
NAME = "elsewhere"


class NotHere(MetaPathFinder):
    """Finds nothing, and says so of some modules."""

    def find_spec(self, name, path=None, target=None):
        if name in MODULES:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return


class Popen(subprocess.Popen):
    """Starts Python without `-I`."""

    def __init__(self, command, **options):
        options["env"] = {**(options.get("env") or os.environ), "PYTHONPATH": os.environ["PYTHONPATH"]}
        super().__init__([each for each in command if each != "-I"], **options)


sysconfig.get_config_vars()  # which are read from a file that is called as the system is
for module in MODULES:
    sys.modules.pop(module, None)
sys.meta_path.insert(0, NotHere())
for holder, names in ABSENT.items():
    for each in names:
        if hasattr(holder, each):
            delattr(holder, each)
subprocess.Popen = Popen
if not any("sandbox.wasm" in each for each in sys.orig_argv):  # wasmtime looks for its library by the system's name
    sys.platform = NAME
