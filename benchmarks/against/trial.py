"""One grader's runs, each in a new folder: a class, and each cheat with what has come of it."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from benchmarks.against.answers import CLASS
from benchmarks.against.cheats import HONEST, answers_of
from benchmarks.against.graders import Grader, activated
from benchmarks.against.handed_in import filled
from benchmarks.against.watched import Ended, run

CHEATER, NEIGHBOUR = "ana", "zoe"  # in this order they are graded
MARK = "left by a cheat"
CLASS_SECONDS = 600  # that an honest class may take
MUCH_MB = 1000
CHANGED, LEFT, REACHED = "changed another's work", "left a process", "reached the network"


@dataclass(frozen=True)
class Fair:
    """What a grader gives when nobody cheats: for a right softmax alone, and for all, as the neighbour has it."""

    honest: float
    full: float


@dataclass(frozen=True)
class Outcome:
    """What a cheat has earned from a grader, and what else has come of it."""

    mark: float | None
    fair: Fair
    beside: list[str] = field(default_factory=list)
    was_late_after: float = 0  # seconds, where it was ended because its time was over

    @property
    def has_won(self) -> bool:
        return self.mark is not None and self.mark > self.fair.honest

    def told(self) -> str:
        if self.was_late_after:
            verdict = f"hung until the limit of {self.was_late_after:g} s"
        elif self.mark is None:
            verdict = "no mark"
        elif self.has_won:
            verdict = f"**won**: {self.mark:g} of {self.fair.full:g}"
        elif self.mark == self.fair.honest:
            verdict = "honest mark"
        else:
            verdict = f"less: {self.mark:g}, honest are {self.fair.honest:g}"
        return "; ".join([verdict, *self.beside])


@dataclass
class Listener:
    """Takes connections on this machine, and counts those that bring the mark of a cheat."""

    port: int = 0
    heard: int = 0


@contextmanager
def listening() -> Iterator[Listener]:
    listener = Listener()
    with socket.create_server(("127.0.0.1", 0)) as server:
        listener.port = server.getsockname()[1]

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection, suppress(OSError):
                    connection.settimeout(2)
                    listener.heard += connection.recv(100) == MARK.encode()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


class Trial:
    """One grader, and the runs that it makes: each in a new folder."""

    def __init__(self, grader: Grader, notebook: NotebookNode, folder: Path) -> None:
        self.grader, self.notebook, self.folder = grader, notebook, folder
        self.runs = 0

    def grade(self, answers: Mapping[str, dict[str, str]], seconds: float) -> tuple[Path, Ended]:
        folder = self.new_folder()
        return folder, self.grade_in(folder, answers, seconds)

    def new_folder(self) -> Path:
        self.runs += 1
        return self.folder / f"run{self.runs}"

    def grade_in(
        self, folder: Path, answers: Mapping[str, dict[str, str]], seconds: float, watch: bool = False
    ) -> Ended:
        folder.mkdir()
        command = self.grader.lay(folder, {student: filled(self.notebook, each) for student, each in answers.items()})
        grader = self.grader
        return run(
            command, folder, activated(grader.python), seconds, watch, grader.variables, reserves=grader.reserves
        )

    def fair(self) -> Fair:
        folder, _ = self.grade({CHEATER: HONEST, NEIGHBOUR: _answers("ana")}, CLASS_SECONDS)
        honest, neighbour = (self.grader.mark(folder, student) for student in (CHEATER, NEIGHBOUR))
        full = sum(each.points for each in self.grader.checks)
        if honest is None or neighbour != full:
            said = (folder / "log").read_text(errors="replace")
            raise SystemExit(f"{self.grader.name} gave {honest} and {neighbour} of {full} for honest work:\n{said}")
        return Fair(honest, full)

    def marks(self, students: Collection[str]) -> tuple[dict[str, float | None], Ended]:
        """Of a class; and how its grading went."""
        folder, ended = self.grade({student: _answers(student) for student in students}, CLASS_SECONDS)
        return {student: self.grader.mark(folder, student) for student in students}, ended

    def cheated(self, cheat: str, fair: Fair, listener: Listener, seconds: float) -> Outcome:
        folder, heard = self.new_folder(), listener.heard
        aims = {
            "FOLDER": str(folder),
            "TESTS": str(self.grader.tests(folder)),
            "STUDENT": CHEATER,
            "NEIGHBOUR": NEIGHBOUR,
            "BENCHMARK": str(os.getpid()),
            "PORT": str(listener.port),
            "MARK": MARK,
        }
        answers = {CHEATER: answers_of(cheat, aims), NEIGHBOUR: _answers("ana")}
        ended = self.grade_in(folder, answers, seconds, watch=True)
        beside = []
        if ended.peak_mb > MUCH_MB:
            beside.append(f"took {ended.peak_mb / 1000:.1f} GB")
        if _is_marked(folder):
            beside.append(CHANGED)
        if ended.left:
            beside.append(LEFT)
        if listener.heard > heard:
            beside.append(REACHED)
        if self.grader.mark(folder, NEIGHBOUR) != fair.full:
            beside.append("another lost their mark")
        if self.grader.seems_passed(folder, CHEATER):
            beside.append("exit status 0, as if all had passed")
        if ended.was_late:
            return Outcome(None, fair, beside, was_late_after=seconds)
        return Outcome(self.grader.mark(folder, CHEATER), fair, beside)


def _answers(student: str) -> dict[str, str]:
    softmax, jacobian = CLASS[student]
    return {"softmax": softmax, "softmax_jacobian": jacobian}


def _is_marked(folder: Path) -> bool:
    files = (file for file in folder.rglob("*") if file.suffix in (".py", ".ipynb") and NEIGHBOUR in file.parts)
    return any(MARK in file.read_text(errors="replace") for file in files)
