"""The commands in docs/cluster.md, as they are written: only the name of the machine is another one, and the ports."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.helpers.cluster import end
from tests.helpers.command_line import environment
from tests.helpers.course import RIGHT_SUMS, hand_in, write_course
from tests.helpers.grading import load_reports
from tests.helpers.paths import ROOT
from tests.helpers.waiting import until

pytestmark = pytest.mark.slow

PAGE = (ROOT / "docs" / "cluster.md").read_text()
SCHEDULER = "scheduler.example.org:8786"


def commands() -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]


OPEN, CERTIFICATE, ENCRYPTED = commands()[:3], commands()[3], commands()[4:]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A course with two students, and what is installed beside it."""
    write_course(tmp_path)
    for student in ("ada", "bo"):
        hand_in(tmp_path / "submitted", student, "01_sums", RIGHT_SUMS)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(sysconfig.get_path("scripts"))
    return tmp_path


def free_address() -> str:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{nobody.getsockname()[1]}"


@contextmanager
def started(folder: Path, shown: list[str], address: str, env: Mapping[str, str]) -> Iterator[None]:
    """A scheduler and a worker by the commands that are shown, in the background."""
    scheduler, worker = (command.replace(SCHEDULER, address) for command in shown)
    host, _, port = address.partition(":")
    with ExitStack() as stack:
        for command in (f"{scheduler} --port {port} --host {host} --no-dashboard", f"{worker} --no-dashboard"):
            log = stack.enter_context(open(folder / f"{len(list(folder.glob('*.log')))}.log", "wb"))
            process = subprocess.Popen(
                shlex.split(command), cwd=folder, env={**os.environ, **env}, stdout=log, stderr=log
            )
            stack.callback(end, process)
        yield


def grade(folder: Path, shown: str, address: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        shlex.split(shown.replace(SCHEDULER, address)),
        cwd=folder,
        env={**environment(), **env},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_page_shows_what_is_run_here() -> None:
    for scheduler, worker, grading in (OPEN, ENCRYPTED):
        assert scheduler.startswith(".venv/bin/dask scheduler")
        assert worker.startswith(".venv/bin/dask worker")
        assert grading.startswith(".venv/bin/autograder grade submitted --cluster")
    assert len(commands()) == 7


def test_a_class_is_graded_by_an_open_cluster(folder: Path) -> None:
    address = free_address()
    *cluster, grading = OPEN
    with started(folder, cluster, address, {}):
        done = grade(folder, grading, address, {})
    assert done.returncode == 0, done.stderr
    assert {report["status"] for report in load_reports(folder / "graded").values()} == {"graded"}
    assert len(load_reports(folder / "graded")) == 2


def test_a_class_is_graded_by_one_with_certificates_which_keeps_others_out(folder: Path) -> None:
    subprocess.run(shlex.split(CERTIFICATE), cwd=folder, check=True, capture_output=True)
    (settings,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (folder / "dask").mkdir()
    (folder / "dask" / "distributed.yaml").write_text(settings.replace("/etc/dask", str(folder)))
    env, address = {"DASK_CONFIG": str(folder / "dask")}, free_address()
    *cluster, grading = ENCRYPTED
    with started(folder, cluster, address, env):
        done = grade(folder, grading, address, env)
        assert done.returncode == 0, done.stderr
        assert len(load_reports(folder / "graded")) == 2

        shutil.rmtree(folder / "graded")
        stranger = grade(folder, grading, address, {})
        assert stranger.returncode == 2
        assert f"the scheduler at tls://{address} cannot be reached" in stranger.stderr
        assert len(stranger.stderr.strip().splitlines()) == 1
        unencrypted = grade(folder, grading.replace("tls://", "tcp://"), address, {})
        assert unencrypted.returncode == 2
        assert f"the scheduler at tcp://{address} cannot be reached" in unencrypted.stderr
    assert not (folder / "graded").exists()


def test_who_must_encrypt_does_not_speak_openly(folder: Path) -> None:
    """With these settings, `tcp://` is refused here already."""
    env = {"DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True"}
    refused = grade(folder, OPEN[2], free_address(), env)
    assert refused.returncode == 2
    assert "cannot be reached" in refused.stderr
    until(lambda: not (folder / "graded").exists(), "nothing written", seconds=1)
