"""Tries to break each promise of the sandbox on the machine at hand, through the very path that submissions take."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.sandbox import messages
from autograder.sandbox.client import Held, Sandbox
from autograder.sandbox.exchange.calls import Worker
from autograder.sandbox.given.files import NO_FILES, GivenFiles
from autograder.sandbox.homes import Where
from autograder.sandbox.protocol import Cell, Crashed, NotConfinedError, Part, Raised, Reply, Returned, TimedOut
from autograder.settings import Limits

SELFTEST_SECONDS = 600
SELFTEST_CPU_SECONDS = 0.03  # an endless loop need not run for the full limit to show that it is stopped
REFUSALS = {"OSError", "MemoryError", "AnswerTooLarge"}  # what a refused attempt raises (PermissionError is an OSError)
PROBE_FILE = "autograder-probe-"  # begins the name of every file that the probe tries to write


@dataclass(frozen=True)
class Promise:
    """One thing that no submission can do, and the attempts that must fail for it to hold."""

    text: str
    attempts: tuple[tuple[str, tuple[Any, ...]], ...]
    ends_as: type[Reply] = Raised


@dataclass(frozen=True)
class Examination:
    """Whether a promise held here; `detail` tells how it was broken."""

    promise: Promise
    held: bool
    detail: str = field(default="")


def promises(limits: Limits, secret: str, folder: str, grader: int) -> list[Promise]:
    """All promises. `secret` is a file that only the grader may read, `folder` one where only it may write.

    `grader` is its process.
    """
    shared_memory = ("/dev/shm",) if Path("/dev/shm").is_dir() else ()
    writable = (folder, "/tmp", os.path.expanduser("~"), *shared_memory)
    return [
        Promise(messages.READS_NO_FILE, (("read", (secret,)), ("read", ("/proc/self/environ",)))),
        Promise(messages.LISTS_NO_FOLDER, (("list_folder", (folder,)), ("list_folder", ("/proc",)))),
        Promise(messages.WRITES_NO_FILE, tuple(("write", (f"{folder}/{PROBE_FILE}{grader}",)) for folder in writable)),
        Promise(messages.REMOVES_NO_FILE, (("remove", (secret,)),)),
        Promise(messages.SEES_NO_ENVIRONMENT, (("see_environment", ()),)),
        Promise(messages.INHERITS_NO_FILE, (("find_descriptors", ()),)),
        Promise(
            messages.REACHES_NO_NETWORK,
            tuple(
                ("connect", (family, kind))
                for family in ("AF_INET", "AF_INET6", "AF_UNIX")
                for kind in ("SOCK_STREAM", "SOCK_DGRAM")
            ),
        ),
        Promise(messages.STARTS_NO_PROCESS, (("fork", ()), ("run_program", ()))),
        Promise(messages.STARTS_NO_THREAD, (("start_thread", ()),)),
        Promise(messages.SENDS_NO_SIGNAL, (("signal_process", (grader,)),)),
        Promise(messages.READS_NO_MEMORY, (("read_memory", (grader,)), ("trace", (grader,)))),
        Promise(messages.KEEPS_NO_PRIVILEGE, (("change_root", ()), ("raise_limits", ()))),
        Promise(messages.takes_at_most(limits.memory_mb), (("allocate", (2 * limits.memory_mb,)),)),
        Promise(messages.answers_with_at_most(limits.answer_mb), (("flood", (limits.answer_mb + 1,)),)),
        Promise(messages.computes_at_most(format(limits.cpu_seconds, "g")), (("loop", ()),), ends_as=TimedOut),
        Promise(messages.DIES_ALONE, (("die", ()),), ends_as=Crashed),
    ]


def reads_nothing_of(private: Sequence[Path]) -> Promise:
    """The promise about files and folders that are there, and that are nobody's but the grader's."""
    places = [str(path.resolve(strict=True)) for path in private]  # of which there are many: one call for all
    attempts = ((how, (places,)) for how in ("read_any", "list_any") if places)
    return Promise(messages.READS_NOTHING_OF_THE_COURSE, tuple(attempts))


def reads_the_given_alone(files: GivenFiles, assignment: str) -> list[Promise]:
    """The promises where answers of an assignment may read files: these, and of what is on disk not even these."""
    known = files.known_to(assignment)
    here = [f"../{name}" for name in known]
    there = [str(files.folder / name) for name in known]
    attempts = ("overwrite", "cut_short", "rename")
    return [
        Promise(messages.READS_THE_GIVEN, tuple(("read_whole", (name,)) for name in here), ends_as=Returned),
        Promise(messages.CHANGES_NOT_THE_GIVEN, tuple((how, (name,)) for how in attempts for name in [*here, *there])),
        Promise(messages.READS_NOTHING_BESIDE, tuple(_around(there) + _around(here))),
    ]


def _around(names: Sequence[str]) -> list[tuple[str, tuple[Any, ...]]]:
    """Ways to what lies beside some files."""
    folders = {os.path.dirname(name) for name in names}
    return [("list_folder", (folder,)) for folder in sorted(folders)] + [
        (how, (f"{name}{suffix}",))
        for name in names
        for how, suffix in (("open_itself", ""), ("read", "/../../lesson.py"), ("link", ".link"))
    ]


def examine(
    limits: Limits,
    imports: Sequence[str],
    *,
    where: Where = Where.KERNEL,
    private: Sequence[Path] = (),
    files: GivenFiles = NO_FILES,
) -> list[Examination]:
    """Try every promise, each in turn, in a sandbox made for it, of the same kind as the one that grades."""
    with Sandbox(limits, imports, where=where, files=files) as sandbox:
        return examine_sandbox(sandbox, private, files)


def examine_sandbox(sandbox: Sandbox, private: Sequence[Path] = (), files: GivenFiles = NO_FILES) -> list[Examination]:
    """Try every promise, each in turn, in this very sandbox.

    `private` are files and folders of the course, which are tried by name; `files` are those that answers may read.
    """
    limits = replace(sandbox.limits, submission_seconds=SELFTEST_SECONDS)  # on a slow machine, too, promises are kept
    hurried = replace(limits, cpu_seconds=min(limits.cpu_seconds, SELFTEST_CPU_SECONDS))
    source = (Path(__file__).parent / "kernel" / "probe.py").read_text(encoding="utf-8")
    assignment = files.assignments[-1] if files.assignments else ""
    parts = [Part((Cell("probe", source),), assignment=assignment)]
    with (
        tempfile.TemporaryDirectory() as folder,
        Worker(Held(sandbox, limits), parts) as worker,
        Worker(Held(sandbox, hurried), parts) as hurried_worker,
    ):
        secret = Path(folder, "secret")
        secret.write_text("an answer")
        tried = [
            *promises(limits, str(secret), folder, os.getpid()),
            reads_nothing_of(private),
            *reads_the_given_alone(files, assignment),
        ]
        return [
            _try(promise, hurried_worker if promise.ends_as is TimedOut else worker)
            for promise in tried
            if promise.attempts
        ]


def require(limits: Limits, imports: Sequence[str], private: Sequence[Path] = (), files: GivenFiles = NO_FILES) -> None:
    """Raises NotConfinedError when a promise does not hold on this machine."""
    _require_all(examine(limits, imports, private=private, files=files))


def require_sandbox(sandbox: Sandbox, private: Sequence[Path] = (), files: GivenFiles = NO_FILES) -> None:
    """Raises NotConfinedError when a promise does not hold in this very sandbox."""
    _require_all(examine_sandbox(sandbox, private, files))


def _require_all(examinations: Sequence[Examination]) -> None:
    if broken := [each for each in examinations if not each.held]:
        first = broken[0]
        raise NotConfinedError(messages.promises_broken(len(broken), first.promise.text, first.detail))


def _try(promise: Promise, worker: Worker) -> Examination:
    for attempt, arguments in promise.attempts:
        reply = worker.call(attempt, arguments, {})
        if not isinstance(reply, promise.ends_as) or (isinstance(reply, Raised) and not REFUSALS & set(reply.bases)):
            detail = reply.value if isinstance(reply, Returned) and isinstance(reply.value, str) else repr(reply)[:200]
            return Examination(promise, held=False, detail=detail)
    return Examination(promise, held=True)
