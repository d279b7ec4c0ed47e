"""Sentences of a class that is graded by a cluster, for the instructor."""

from __future__ import annotations

from pathlib import Path

from autograder.language.current import translatable

translatable(__name__)


def no_address(address: str) -> str:
    return (
        f"--cluster {address} is no address of a scheduler: name it as tcp://HOST:8786, or tls://HOST:8786 where "
        "connections are encrypted"
    )


def not_installed(module: str, install_name: str) -> str:
    return f'--cluster needs {module}, which is not installed here: pip install "{install_name}"'


def unreachable(address: str, reason: str) -> str:
    return f"the scheduler at {address} cannot be reached: {reason}; does it run (`dask scheduler`)?"


def unreachable_encrypted(address: str, reason: str) -> str:
    return (
        f"the scheduler at {address} cannot be reached: {reason}; does it run, and are the certificates "
        "that Dask is set up with here those of the cluster (docs/cluster.md)?"
    )


def scheduler_gone(address: str) -> str:
    return f"the scheduler at {address} is gone; what was graded is kept: start it, and run the same command again"


def none_can(address: str, workers: int) -> str:
    return f"no worker of the scheduler at {address} can grade ({workers} refused): what each lacks stands above"


def failed(reason: str) -> str:
    return f"the connection to the cluster has failed: {reason}; what was graded is kept: run the same command again"


STOPPED_WAITING = "stopped; nothing was graded"
GRADING_ON_ONE = "Grading on 1 worker"


def grading_on(workers: int) -> str:
    return f"Grading on {workers} workers"


COURIER_ENDED = (
    "the process that speaks to the cluster has ended (is there enough memory?); what was graded is kept: run the same "
    "command again to go on"
)


def course_changed(folder: Path) -> str:
    return f"{folder} has changed since it was sent to the workers; what was graded is kept: run the same command again"


def waiting(address: str) -> str:
    return f"waiting for a worker of the scheduler at {address}: start one with `dask worker {address}` (Ctrl-C stops)"


# Of a worker that is given nothing to grade, and why.


def is_not_confined(worker: str, reason: str) -> str:
    return f"{worker} grades nothing, for it cannot confine: {reason}"


def cannot_use_course(worker: str, reason: str) -> str:
    return f"{worker} grades nothing, for it cannot use the course: {reason}"


def has_another_version(worker: str, package: str, its: str, ours: str) -> str:
    return f"{worker} grades nothing: {package} is {its} there and {ours} here; install the same there"


def has_no_package(worker: str, package: str, ours: str) -> str:
    return f"{worker} grades nothing: {package} is not installed there; install {ours}, as here"


def has_another_machine(worker: str) -> str:
    return f"{worker} grades nothing: its autograder is not the one that is installed here; install the same there"


def has_another_course(worker: str, part: str) -> str:
    return (
        f"{worker} grades nothing: the course is not the same there ({part}); were files changed meanwhile? Grade again"
    )


def got_damaged_course(worker: str) -> str:
    return f"{worker} grades nothing: the course did not arrive as it was sent"


def has_no_room(worker: str, reason: str) -> str:
    return f"{worker} grades nothing: the course cannot be unpacked there: {reason}; TMPDIR names the folder for it"


def does_not_answer(worker: str) -> str:
    return f"{worker} grades nothing, for it does not answer; look at that machine"


def process_ended(worker: str) -> str:
    return f"{worker} grades nothing: its grading process has ended; is there enough memory? Its own output tells more"


def sent_no_report(worker: str) -> str:
    return f"{worker} has sent something that is no report, and gets nothing more to grade; look at that machine"


def task_failed(worker: str, reason: str) -> str:
    return (
        f"{worker} grades nothing: {reason}; are autograder and distributed installed there, and where the scheduler "
        "runs, as they are here?"
    )


# In reports of the grader's own faults.


def given_up(times: int) -> str:
    return f"{times} workers or grading processes have ended while they graded it, and it was given up"


def failed_everywhere(times: int, words: str) -> str:
    return f"{times} workers could not grade it, and it was given up; the last of them said: {words}"
