"""What the self-test hands in: a submission that tries to break each promise. A function that returns has broken one.

The self-test reads this file as source, as it would a student's; nothing imports it. Like a hostile student it
steps around the list of allowed imports, which is a rule of the course and no wall.
"""

import numpy as np

real_import = print.__self__.__import__


class Absent:
    """A module that is not there, or a part of one: to ask for something of it is refused."""

    def __init__(self, what):
        self.what = what

    def __getattr__(self, name):
        raise PermissionError(f"there is no {self.what}.{name}")


class Module:
    """A module; what it has not on this system, is refused."""

    def __init__(self, name):
        self.name = name
        try:
            self.module = real_import(name)
        except ImportError:
            self.module = Absent(name)

    def __getattr__(self, name):
        try:
            return getattr(self.module, name)
        except AttributeError:
            raise PermissionError(f"there is no {self.name}.{name}") from None


ctypes, os, resource, socket, threading = map(Module, ("ctypes", "os", "resource", "socket", "threading"))


def read(path):
    with open(path) as file:
        return f"read {len(file.read())} characters of {path}"


def read_any(paths):
    return any_of(read, paths)


def list_any(paths):
    return any_of(list_folder, paths)


def any_of(attempt, paths):
    """What comes of the first attempt that is not refused."""
    for path in paths:
        try:
            return attempt(path)
        except OSError:
            pass
    raise PermissionError(f"none of {len(paths)}")


def read_whole(path):
    with open(path, "rb") as file:
        return f"read {len(file.read())} bytes of {path}"


def open_itself(path):
    os.close(os.open(path, os.O_RDONLY))
    return f"opened {path}"


def overwrite(path):
    try:
        with open(path, "r+b"):
            return f"opened {path} to write into it"
    except OSError:
        os.close(os.open(path, os.O_RDWR))
    return f"opened {path} to write into it"


def cut_short(path):
    os.truncate(path, os.stat(path).st_size)
    return f"may cut {path} short"


def rename(path):
    os.rename(path, path)
    return f"may rename {path}"


def link(path):
    os.symlink("/", path)
    os.remove(path)
    return f"made a link {path}"


def list_folder(path):
    return f"listed {path}: {len(os.listdir(path))} entries"


def write(path):
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    os.remove(path)
    return f"made {path}"


def remove(path):
    os.remove(path)
    return f"removed {path}"


def see_environment():
    if not os.environ:
        raise PermissionError("the environment is empty")
    return f"saw {', '.join(os.environ)}"


def find_descriptors():
    found = []
    for descriptor in range(4, 1024):
        try:
            os.fstat(descriptor)
            found.append(descriptor)
        except OSError:
            pass
    if not found:
        raise PermissionError("no descriptor is open but the wire's")
    return f"found open descriptors {found}"


def connect(family, kind):
    with socket.socket(getattr(socket, family), getattr(socket, kind)) as made:
        return f"made a socket: {made.family.name}"


def fork():
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    return "forked"


def run_program():
    os.execv("/bin/true", ["true"])


def start_thread():
    thread = threading.Thread(target=int)
    try:
        thread.start()
    except RuntimeError as refused:
        raise PermissionError(refused) from None
    thread.join()
    return "started a thread"


def signal_process(pid):
    os.kill(pid, 0)
    return f"may send signals to process {pid}"


def read_memory(pid):
    with open(f"/proc/{pid}/mem", "rb") as memory:
        return f"opened the memory of process {pid}: {memory.name}"


def trace(pid):
    attach, detach = 16, 17
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(attach, pid, None, None):
        raise PermissionError(ctypes.get_errno(), "ptrace")
    os.waitpid(pid, 0)  # until it has stopped it cannot be let go, and would stay stopped
    libc.ptrace(detach, pid, None, None)
    return f"traced process {pid}"


def change_root():
    os.chroot("/")
    return "changed its root folder"


def raise_limits():
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))
    except ValueError as refused:
        raise PermissionError(refused) from None
    return "raised a resource limit"


def allocate(megabytes):
    return f"allocated {np.ones(megabytes << 17).nbytes >> 20} MB"


def flood(megabytes):
    return np.zeros(megabytes << 17)


def loop():
    while True:
        pass


def die():
    os.abort()
