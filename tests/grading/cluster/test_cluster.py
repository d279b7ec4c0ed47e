"""A class graded by a scheduler and workers, which are real processes on this machine, and what can go wrong there."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.grading.test_grader import WITHOUT_LANDLOCK
from tests.helpers.cluster import DASK, Cluster, cluster, end, grade_on, grading_on, kill
from tests.helpers.command_line import one_line, refusal
from tests.helpers.course import HANGING_SUMS, RIGHT_SUMS, WRONG_SUMS, edit, hand_in, write_course
from tests.helpers.grading import count_kept, grade_confined, load_reports, read_files
from tests.helpers.paths import ROOT
from tests.helpers.waiting import until

pytestmark = pytest.mark.slow

STUDENTS = 48
HANGS = 30  # the student who keeps the run from being over before something is killed


@pytest.fixture(scope="module")
def one_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler for all tests that leave it alive. Each starts its own workers."""
    with cluster(tmp_path_factory.mktemp("cluster") / "cluster") as made:
        yield made


@pytest.fixture
def shared(one_cluster: Cluster) -> Iterator[Cluster]:
    """The same, without the workers of the test before, and without those of this one afterwards."""
    assert one_cluster.scheduler.poll() is None, one_cluster.logs()
    yield one_cluster
    while one_cluster.workers:
        end(one_cluster.workers.pop())
    assert not one_cluster.courses()
    assert one_cluster.scheduler.poll() is None, one_cluster.logs()


@pytest.fixture(scope="module")
def a_class(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Students of a few kinds."""
    folder = write_course(tmp_path_factory.mktemp("class"))
    kinds = [RIGHT_SUMS, WRONG_SUMS, "def total(X:\n", ""]
    for number in range(STUDENTS):
        source = HANGING_SUMS if number == HANGS else kinds[number % len(kinds)]
        hand_in(folder / "class", f"student{number:02}", "01_sums", source)
    return folder


@pytest.fixture(scope="module")
def local(a_class: Path) -> dict[str, Any]:
    """What a run on this machine alone says of the class."""
    assert grade_confined(a_class, "--out", "local", "--jobs", "2").returncode == 0
    return load_reports(a_class / "local")


def write_few(folder: Path) -> Path:
    """A course with six students."""
    for number in range(6):
        hand_in(folder / "class", f"student{number}", "01_sums", [RIGHT_SUMS, WRONG_SUMS][number % 2])
    return write_course(folder)


@pytest.fixture
def few(tmp_path: Path) -> Path:
    return write_few(tmp_path / "course")


@pytest.fixture(scope="module")
def few_local(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a run on this machine alone says of the six."""
    folder = write_few(tmp_path_factory.mktemp("few"))
    assert grade_confined(folder).returncode == 0
    return load_reports(folder / "out")


def preload(folder: Path, source: str) -> Path:
    """What a worker runs as it starts: the place of somebody who has it in their power."""
    file = folder / "preload.py"
    file.write_text(textwrap.dedent(source))
    return file


def graded(folder: Path, out: str = "out") -> int:
    return len(list((folder / out).glob("[!.]*/*.json")))


# A run


def test_workers_that_are_killed_on_the_way_change_no_report(
    shared: Cluster, a_class: Path, local: dict[str, Any]
) -> None:
    for number in range(4):
        shared.add(nanny=number == 3)  # watched by another process, as is Dask's default
    with grading_on(shared, a_class, out="killed") as run:
        until(lambda: graded(a_class, "killed") >= 8, "a few reports")
        before = read_files(a_class / "killed")
        for worker in shared.workers[:2]:
            kill(worker)
        assert 8 <= graded(a_class, "killed") < STUDENTS, "the run was over before they were killed"
        _, errors = run.communicate(timeout=120)
    assert (run.returncode, errors) == (0, ""), shared.logs()
    reports = {name: each for name, each in read_files(a_class / "killed").items() if name.endswith(".json")}
    assert {name: each for name, each in before.items() if name.endswith(".json")}.items() <= reports.items()
    assert load_reports(a_class / "killed") == local
    until(lambda: not shared.courses(), "an end of the course on all workers, the killed ones among them")


def test_a_worker_that_joins_is_used_and_its_threads_are(shared: Cluster, few: Path, few_local: dict[str, Any]) -> None:
    with grading_on(shared, few) as run:
        assert run.stderr is not None
        line = run.stderr.readline()
        assert "waiting for a worker" in line
        assert f"dask worker {shared.address}" in line
        shared.add("--nthreads", 2)
        output, errors = run.communicate(timeout=60)
    assert (run.returncode, errors) == (0, "")
    assert "6 graded" in output
    assert load_reports(few / "out") == few_local


def test_ctrl_c_ends_a_run_that_waits(shared: Cluster, few: Path) -> None:
    with grading_on(shared, few) as run:
        assert run.stderr is not None
        assert "waiting" in run.stderr.readline()
        children = psutil.Process(run.pid).children(recursive=True)
        os.killpg(run.pid, signal.SIGINT)
        _, errors = run.communicate(timeout=30)
    assert run.returncode == 2
    assert errors.strip().splitlines() == ["autograder: stopped; nothing was graded"]
    until(lambda: not any(map(alive, children)), "an end of all processes of the run")
    assert not (few / "out").exists()


# Machines that cannot grade


def test_a_worker_that_cannot_confine_or_is_another_machine_is_named_and_grades_nothing(
    shared: Cluster, few: Path, few_local: dict[str, Any], new_environment: Callable[[], Path]
) -> None:
    without = shared.add("--name", "open", program=(sys.executable, "-c", WITHOUT_LANDLOCK, *DASK))
    python = new_environment()
    package = next(python.parents[1].glob("lib/python*/site-packages")) / "autograder"
    shutil.copytree(ROOT / "autograder", package, ignore=shutil.ignore_patterns("__pycache__"))
    edit(package / "grading" / "grader.py", "import atexit\n", "import atexit  # another one\n")
    other = shared.add("--name", "other", program=(str(python), "-m", "dask"))

    shared.wait_for_all()
    refused = grade_on(shared, few)
    assert refused.returncode == 2
    *named, last = sorted(refused.stderr.splitlines(), key=lambda line: line.startswith("autograder:"))
    assert "no worker" in last, refused.stderr
    assert "2 refused" in last
    assert len(named) == 2
    (cannot,) = [line for line in named if "(open)" in line]
    assert "Landlock" in cannot
    (differs,) = [line for line in named if "(other)" in line]
    assert "its autograder is not the one" in differs
    assert not graded(few)

    shared.add("--name", "good")
    done = grade_on(shared, few)
    assert done.returncode == 0, done.stderr
    assert {line.partition(")")[0].partition("(")[2] for line in done.stderr.splitlines()} <= {"open", "other"}
    assert load_reports(few / "out") == few_local
    assert without.poll() is None
    assert other.poll() is None


def test_a_course_that_nobody_can_use_is_told_and_nothing_is_graded(shared: Cluster, few: Path) -> None:
    edit(few / "solutions/01_sums/hidden_checks.py", "import pytest", "import pytest, nowhere")
    shared.add()
    done = grade_on(shared, few)
    assert done.returncode == 2
    named, last = done.stderr.splitlines()
    assert f"cannot use the course: {few}/solutions/01_sums/hidden_checks.py" in named, named
    assert "No module named 'nowhere'" in named
    assert "no worker" in last
    assert not graded(few)


# Submissions that end workers


def test_a_submission_that_ends_workers_is_given_up_and_the_run_goes_on(
    shared: Cluster, few: Path, tmp_path: Path
) -> None:
    ends = preload(
        tmp_path,
        """
        import os, signal
        from autograder.grading.cluster import on_worker

        def grade(opened, job, graded=on_worker.grade):
            if b'"student": "student2"' in job:
                os.kill(os.getpid(), signal.SIGKILL)
            return graded(opened, job)

        on_worker.grade = grade
        """,
    )
    workers = [shared.add("--preload", ends) for _ in range(4)]
    done = grade_on(shared, few)
    assert done.returncode == 1, done.stderr
    reports = load_reports(few / "out")
    assert len(reports) == 6
    for name, report in reports.items():
        outcomes = {check["outcome"] for question in report["questions"] for check in question["checks"]}
        assert ("grader_error" in outcomes) == name.startswith("student2/"), name
    assert "3 workers or grading processes have ended" in str(reports["student2/01_sums.json"])
    assert [worker.poll() for worker in workers].count(None) == 1, "one of four workers is left"


def test_a_grading_process_that_dies_takes_no_worker_with_it(
    shared: Cluster, few: Path, few_local: dict[str, Any], tmp_path: Path
) -> None:
    """As where memory is short: the second try, on the same worker, is graded."""
    ends = preload(
        tmp_path,
        f"""
        import pathlib
        from autograder.sandbox.bounded.process import BoundedProcess

        def die(process, message, seconds, ask=BoundedProcess.ask):
            once = pathlib.Path({str(tmp_path / "once")!r})
            if message.get("student") == "student2" and not once.exists():
                once.touch()
                process._process.kill()
            return ask(process, message, seconds)

        BoundedProcess.ask = die
        """,
    )
    worker = shared.add("--preload", ends)
    assert grade_on(shared, few).returncode == 0
    assert (tmp_path / "once").exists()
    assert worker.poll() is None
    assert load_reports(few / "out") == few_local


# Workers that were taken over

# Each process that reads the pickle leaves its number. What is sent depends on whose submission is to be graded.
TAKEN_OVER = """
    import os, pickle
    import distributed.worker
    from distributed.protocol.serialize import Serialized
    from autograder.grading.cluster import on_worker

    CODE = "import os; open(os.path.join({folder!r}, str(os.getpid())), 'w').close()"

    class Evil(Exception):
        def __reduce__(self):
            return exec, (CODE,)

    EVIL = pickle.dumps(Evil())

    def grade(opened, job, graded=on_worker.grade):
        which = [number for number in range(6) if b'"student": "student%d"' % number in job][0]
        open(os.path.join({folder!r}, "sent"), "a").write(str(which))
        distributed.get_worker().log_event("warn", {{"message": EVIL, "category": EVIL}})
        distributed.get_worker().log_event("print", {{"args": ("hello from a worker",)}})
        if which % 3 == 0:
            raise Evil
        if which % 3 == 1:
            return b"a result"
        return graded(opened, job).replace(b"student", b"another", 1)

    def serialize(value, to_serialize=distributed.worker.to_serialize):
        if value != b"a result":
            return to_serialize(value)
        return Serialized({{"serializer": "pickle", "writeable": ()}}, [EVIL])

    on_worker.grade = grade
    distributed.worker.to_serialize = serialize
"""


def test_a_worker_that_was_taken_over_reaches_nobody_else(
    shared: Cluster, few: Path, few_local: dict[str, Any], tmp_path: Path
) -> None:
    traces = tmp_path / "traces"
    traces.mkdir()
    bad = shared.add("--preload", preload(tmp_path, TAKEN_OVER.format(folder=str(traces))))
    with grading_on(shared, few) as run:
        until(lambda: (traces / "sent").exists(), "a first answer of the worker that was taken over")
        shared.add("--name", "good")
        output, errors = run.communicate(timeout=90)
    assert run.returncode == 0, errors + shared.logs()
    assert "hello from a worker" not in output + errors
    assert "something that is no report" in errors
    readers = {int(path.name) for path in traces.iterdir() if path.name.isdigit()}
    assert readers <= {bad.pid}, "somebody has read what it sent"
    assert bad.pid in readers, "what it sent does nothing anyway"
    assert load_reports(few / "out") == few_local


# Answers whoever connects with a pickle, as the first that is read.
TAKEN_OVER_SCHEDULER = """
import asyncio, os, sys
from distributed.comm import listen
from distributed.protocol.serialize import ToPickle
from distributed.comm import tcp

class Evil:
    def __reduce__(self):
        return exec, (f"open({sys.argv[1]!r}, 'w').close()",)

async def no_handshake(self, comm):
    await comm.write({"op": ToPickle(Evil())})

async def main():
    tcp.BaseTCPListener.on_connection = no_handshake
    listener = listen("tcp://127.0.0.1:0", None)
    await listener.start()
    print(listener.contact_address, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


def test_a_scheduler_that_was_taken_over_does_not_reach_the_client(few: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    scheduler = subprocess.Popen(
        [sys.executable, "-c", TAKEN_OVER_SCHEDULER, str(trace)], stdout=subprocess.PIPE, text=True
    )
    with scheduler:
        assert scheduler.stdout is not None
        address = scheduler.stdout.readline().strip()
        try:
            made = Cluster(tmp_path, address, scheduler)
            line = one_line(grade_on(made, few))
        finally:
            scheduler.kill()
    assert f"the scheduler at {address} cannot be reached" in line
    assert not trace.exists()


# Ends


def test_a_client_that_is_killed_leaves_nothing_of_the_course_on_workers(shared: Cluster, a_class: Path) -> None:
    shared.add()
    with grading_on(shared, a_class, out="client") as run:
        until(lambda: graded(a_class, "client") >= 4, "a few reports")
        (course,) = shared.courses()
        assert (course / "solutions" / "course.toml").exists()
        children = psutil.Process(run.pid).children(recursive=True)
        run.kill()
        until(lambda: not shared.courses(), "an end of the course on the worker")
        until(lambda: not any(map(alive, children)), "an end of what spoke to the scheduler")
    worker = psutil.Process(shared.workers[0].pid)
    until(lambda: not worker.children(recursive=True), "an end of the worker's grading processes")

    kept = graded(a_class, "client")
    with grading_on(shared, a_class, out="client") as run:
        until(lambda: graded(a_class, "client") > kept, "one more report")
        for child in psutil.Process(run.pid).children():
            if any("courier" in word for word in child.cmdline()):
                child.kill()
        _, errors = run.communicate(timeout=30)
    assert run.returncode == 2
    assert "the process that speaks to the cluster has ended" in errors
    assert len(errors.strip().splitlines()) == 1
    done = grade_on(shared, a_class, out="client")
    assert done.returncode == 0
    assert count_kept(done) > kept


def alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_scheduler_that_is_killed_ends_the_run_in_one_line_and_a_second_goes_on(
    a_class: Path, local: dict[str, Any], tmp_path: Path
) -> None:
    with cluster(tmp_path / "first", workers=1) as first, grading_on(first, a_class, out="scheduler") as run:
        until(lambda: graded(a_class, "scheduler") >= 4, "a few reports")
        kill(first.scheduler)
        _, errors = run.communicate(timeout=30)
        assert run.returncode == 2
        assert errors.strip().splitlines() == [
            f"autograder: the scheduler at {first.address} is gone; what was graded is kept: start it, and run the "
            "same command again"
        ]
        until(lambda: not first.courses(), "an end of the course on the worker")
    before, done = read_files(a_class / "scheduler"), graded(a_class, "scheduler")
    with cluster(tmp_path / "second", workers=1) as second:
        completed = grade_on(second, a_class, out="scheduler")
    assert completed.returncode == 0, completed.stderr
    assert count_kept(completed) == done
    assert {name: read_files(a_class / "scheduler")[name] for name in before} == before, "a report was written twice"
    assert load_reports(a_class / "scheduler") == local


# Ways to get it wrong


@pytest.mark.parametrize("address", ["127.0.0.1:8786", "http://127.0.0.1:8786", "tcp://host", "tcp://:8786 x", ""])
def test_what_is_no_address_is_refused(few: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    assert refusal(monkeypatch, few, "grade", "class", "--cluster", address) == (
        f"autograder: --cluster {address} is no address of a scheduler: name it as tcp://HOST:8786, or tls://HOST:8786 "
        "where connections are encrypted"
    )


def test_where_nobody_listens_is_told(few: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{nobody.getsockname()[1]}"
    line = refusal(monkeypatch, few, "grade", "class", "--cluster", address)
    assert line.startswith(f"autograder: the scheduler at {address} cannot be reached: ")
    assert "dask scheduler" in line


def test_a_cluster_and_a_number_of_processes_exclude_each_other(few: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for jobs in ("1", str(os.cpu_count())):
        assert refusal(monkeypatch, few, "grade", "class", "--cluster", "tcp://127.0.0.1:1", "--jobs", jobs) == (
            "autograder: --jobs and --cluster exclude each other: give one of them"
        )


def test_without_the_extra_it_is_named(few: Path, new_environment: Callable[[], Path], tmp_path: Path) -> None:
    """In an environment like ours, but for Dask."""
    python = new_environment()
    hide = "import sys; sys.modules['distributed'] = None; sys.path.insert(0, sys.argv.pop(1))\n"
    run = "from autograder.cli import main; main()"
    done = subprocess.run(
        [python, "-c", hide + run, ROOT, "grade", "class", "--cluster", "tcp://127.0.0.1:1"],
        cwd=few,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "numpy-autograder[cluster]" in one_line(done)
