"""The process that workers are forked from: NumPy imported, no secrets, nothing of a submission ever runs in it.

Started afresh (not forked) by the grader as `python -m autograder.sandbox.kernel.zygote`, with its end of a socket pair
as descriptor 0. A line of JSON with its settings comes first. It serves three requests: `spawn`, which brings a
worker's end of the wire along, `reap`, and `remember`, with a cell that students were given, which is compiled here,
once for all workers: no other source ever is. That one alone is not answered.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys

from autograder.sandbox.given.files import Files, files_of
from autograder.sandbox.given.modules import close_imports, load_modules
from autograder.sandbox.kernel.confinement import Confinement
from autograder.sandbox.protocol import Cell
from autograder.sandbox.toplevel.parsing import remember
from autograder.sandbox.worker import Descriptor, greet, serve
from autograder.settings import Limits

REQUEST_BYTES = 1 << 16


def main() -> None:
    gc.disable()  # until all is here, none of which is garbage
    control = socket.socket(fileno=os.dup(0))
    try:
        load_modules(())  # what all answers have: whoever asks may not know yet what for
        wanted = json.loads(_line(control))
        limits = Limits(**wanted["limits"])
        files = files_of(wanted["files"])
        load_modules(wanted["imports"])
    except (ImportError, OSError) as error:
        sys.exit(str(error))
    close_imports(wanted["imports"])
    os.environ.clear()
    confinement = Confinement(limits, wanted["confined"])
    _reply(control, {"ready": os.getpid()})
    is_settled = False
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, REQUEST_BYTES, 1)
        if not request:
            return
        message = json.loads(request)
        if "remember" in message:
            remember([Cell(*message["remember"])])
            is_settled = False
        elif "spawn" in message:
            if not is_settled:
                _settle(confinement)
                is_settled = True
            pid = _spawn(descriptors[0], confinement, limits, wanted["imports"], files)
            os.close(descriptors[0])
            _reply(control, {"pid": pid})
        else:
            _reply(control, {"status": _reap(message["reap"])})


def _settle(confinement: Confinement) -> None:
    """What is here is shared with all workers: they have not taken it, and do not copy it to collect garbage."""
    confinement.count_in()
    gc.collect()
    gc.freeze()
    gc.enable()


def _line(control: socket.socket) -> bytes:
    """What comes first; nothing comes behind it before it is answered. Ends the process when the grader is gone."""
    parts = []
    while part := control.recv(REQUEST_BYTES):
        parts.append(part)
        if part.endswith(b"\n"):
            return b"".join(parts)
    sys.exit()


def _spawn(wire: int, confinement: Confinement, limits: Limits, imports: list[str], files: Files | None) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        end = Descriptor(confinement.close_files(wire))
        try:
            confinement.enter()
        except Exception as error:  # to be told, not shown: there is nobody to see a traceback
            greet(end, f"{type(error).__name__}: {error}")
            return 0
        greet(end)
        serve(end, limits, imports, files)
        return 0
    finally:
        os._exit(0)  # no exception, and nothing that a student registered, may run on


def _reap(pid: int) -> int:
    """Kill a worker and reap it (waitpid); returns its exit code, or minus the signal that it had died of by itself."""
    finished, status = os.waitpid(pid, os.WNOHANG)
    if not finished:
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def _reply(control: socket.socket, message: dict[str, int]) -> None:
    control.send(json.dumps(message).encode())


if __name__ == "__main__":
    main()
