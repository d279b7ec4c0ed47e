"""How attacks end in a WebAssembly guest, where that is not as in a process: each with the reason. Marks are equal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from autograder.report.model import Outcome

FAILED, ERROR, CRASHED, TIMEOUT = Outcome.FAILED, Outcome.ERROR, Outcome.CRASHED, Outcome.TIMEOUT


class Why(StrEnum):
    """What of a process a guest has not. docs/security.md tells them by these words."""

    NOT_THERE = "what the attack asks for is not there"
    FRAMES = "the door takes whole frames"
    SIZES = "sizes have 32 bits"
    FLAGS = "numbers raise no flags"
    WAITING = "nothing waits"
    STACK = "its stack is another"
    STAND_INS = "what stands in for the system has nothing to tell"


@dataclass(frozen=True)
class InGuest:
    """How an attack ends there: its first check, words in the report, and why not as in a process."""

    ends: Outcome | tuple[Outcome, ...]
    says: str
    why: Why


# What an attack asks for is not there: how Python says so, and which attacks ask for it.
NOT_THERE = {
    "ctypes is unavailable": """
        leaving-segfault leaving-runs_data leaving-signals_a_thread leaving-signals_by_descriptor
        leaving-asks_for_a_timer exhausting-threads_of_the_kernel exhausting-forks_by_vfork exhausting-locks_memory
        peeking-reads_by_raw_call peeking-reads_by_handle peeking-reads_by_ring peeking-reads_by_openat2
        peeking-mounts peeking-watches_files peeking-reads_environment_of_c peeking-reads_memory_by_vector
        peeking-traces_the_grader peeking-traces_itself peeking-opens_the_grader peeking-compares_with_the_grader
        peeking-counts_events peeking-loads_a_program peeking-handles_page_faults peeking-asks_for_keys
        peeking-attaches_shared_memory peeking-opens_a_message_queue peeking-memory_of_its_own
        reaching-reaches_wire_as_socket persisting-leaves_swapped_names persisting-leaves_kinder_death_signal
    """,
    "No module named 'fcntl'": """
        leaving-owns_the_wire leaving-chooses_the_wires_signal leaving-makes_the_wire_send_signals
        leaving-dies_of_an_odd_signal reaching-reaches_ioctl persisting-leaves_lock_on_gradebook
        persisting-leaves_lock_on_python persisting-leaves_lease_on_python
    """,
    "No module named 'socket'": """
        reaching-reaches_tcp reaching-reaches_tcp6 reaching-reaches_a_port_to_listen reaching-reaches_udp
        reaching-reaches_unix reaching-reaches_abstract reaching-reaches_names reaching-reaches_name_server
        reaching-reaches_netlink reaching-reaches_packets reaching-reaches_raw reaching-reaches_vsock
        reaching-reaches_kernel_crypto reaching-reaches_pair reaching-reaches_sends_descriptors
        persisting-leaves_socket
    """,
    "No module named 'resource'": "exhausting-lowers_its_limits persisting-leaves_limits_of_the_grader",
    "No module named 'pwd'": "peeking-asks_for_users",
    "module 'os' has no attribute": """
        leaving-runs_another_program leaving-signals_itself leaving-signals_its_parent leaving-signals_the_grader
        leaving-signals_its_group leaving-signals_everybody exhausting-forks exhausting-forks_by_spawning
        exhausting-raises_its_priority peeking-changes_its_root peeking-asks_for_its_parent reaching-reaches_pipe
        reaching-reaches_terminal persisting-leaves_file_without_name persisting-leaves_memory_file
        persisting-leaves_pipe persisting-leaves_device persisting-leaves_other_owner
        persisting-leaves_other_attributes persisting-leaves_priority_of_the_grader
        persisting-leaves_cores_of_the_grader persisting-leaves_session_of_its_own persisting-leaves_another_user
    """,
    "module 'signal' has no attribute": "leaving-alarms_itself",
    "No module named 'subprocess'": "exhausting-subprocesses",
    "Bad file descriptor": "forging-noise_on_every_descriptor",
}
OTHERWISE = {
    "forging-frame_cut_short": InGuest(CRASHED, "another length than it says", Why.FRAMES),
    "exhausting-trickles": InGuest(CRASHED, "another length than it says", Why.FRAMES),
    "exhausting-half_an_answer": InGuest(CRASHED, "another length than it says", Why.FRAMES),
    "forging-zero_strides_without_end": InGuest(ERROR, "Maximum allowed dimension exceeded", Why.SIZES),
    "forging-strides_out_of_memory": InGuest(ERROR, "too large to convert to C long", Why.SIZES),
    "exhausting-memory_in_one_step": InGuest(ERROR, "Maximum allowed dimension exceeded", Why.SIZES),
    "exhausting-text_without_end": InGuest(ERROR, "cannot fit 'int' into an index-sized integer", Why.SIZES),
    "exhausting-raises_on_warnings": InGuest(FAILED, "returned None", Why.FLAGS),
    "exhausting-waits_forever": InGuest(CRASHED, "was ended by SIGABRT", Why.WAITING),
    "exhausting-recursion_without_limit": InGuest((CRASHED, TIMEOUT), "", Why.STACK),
    "exhausting-recursion_in_c": InGuest(ERROR, "RecursionError", Why.STACK),
    "leaving-raises_a_signal": InGuest(CRASHED, "was ended by SIGABRT", Why.STAND_INS),
    "peeking-asks_for_the_name_of_the_machine": InGuest(ERROR, "found nothing", Why.STAND_INS),
    "persisting-leaves_other_mode": InGuest(ERROR, "it is done", Why.STAND_INS),  # and nothing is
}


def _all() -> Iterator[tuple[str, InGuest]]:
    for says, names in NOT_THERE.items():
        for name in names.split():
            yield name, InGuest(ERROR, says, Why.NOT_THERE)
    yield from OTHERWISE.items()


IN_GUESTS = dict(_all())
