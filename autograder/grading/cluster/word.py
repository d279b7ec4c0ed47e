"""The words by which the processes of a cluster's run tell each other what a message is: its first key."""

from __future__ import annotations

from enum import StrEnum


class Word(StrEnum):
    """What a message is."""

    # From a grading process, to its worker and on to the courier.
    READY = "ready"
    REPORT = "report"  # from the courier: beside the number of its job
    DIFFERS = "differs"  # the machine there is not the one here
    NOT_CONFINED = "not_confined"
    BROKEN = "broken"  # the course, as far as it can be used there
    # From a worker, in the place of a grading process that does not answer, or is not there.
    DIED = "died"
    UNDELIVERED = "undelivered"
    DAMAGED = "damaged"
    NOT_UNPACKED = "not_unpacked"
    # From the courier, of a worker that has answered nothing, or something else.
    FAILED = "failed"
    SILENT = "silent"
    NO_REPORT = "no_report"
    # Between the courier and the run.
    JOB = "job"
    GIVEN_UP = "given_up"
    WORKERS = "workers"
    REFUSED = "refused"
    WAITING = "waiting"
    ENDED = "ended"
    # Why it has ended.
    UNREACHABLE = "unreachable"
    GONE = "gone"
    NONE_CAN = "none_can"
