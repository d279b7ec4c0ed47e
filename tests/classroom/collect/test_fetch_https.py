"""What a server may do, and what it gets to know: the token goes to its own host, and is seen nowhere else."""

from __future__ import annotations

import socket
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from autograder.classroom.collect.git import messages
from autograder.classroom.collect.git.process import USUAL_BOUNDS, Bounds
from autograder.classroom.collect.git.repositories import Checkout, Failed, Repository, fetch
from tests.helpers.git_https import GitServer, git_server
from tests.helpers.repositories import commit, files_in, new_repository

pytestmark = pytest.mark.slow

TOKEN = "a-secret-that-nobody-sees"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitServer]:
    """A server of ada's repository, whose certificate is trusted."""
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "STUDENTS_TOKEN", "STUDENTS_HOST"):
        monkeypatch.delenv(name, raising=False)
    ada = new_repository(tmp_path / "served/ada")
    commit(ada, {"work.py": "first\n"}, "2026-03-01 12:00:00 +0100")
    commit(ada, {"work.py": "late\n"}, "2026-03-20 12:00:00 +0100")
    monkeypatch.setenv("GIT_SSL_CAINFO", str(tmp_path / "certificate"))
    with git_server(tmp_path / "served", tmp_path / "certificate") as serving:
        yield serving


def one(
    address: str, target: Path, *, ref: str = "", before: datetime | None = None, bounds: Bounds = USUAL_BOUNDS
) -> str:
    """The work that was taken; where none was, why."""
    (found,) = fetch([Repository("ada", address, 1)], target, ref=ref, before=before, bounds=bounds)
    if isinstance(found, Failed):
        assert list(target.iterdir()) == []
        return found.reason
    return files_in(found.folder)["work.py"]


def test_a_repository_is_fetched_by_https(server: GitServer, tmp_path: Path) -> None:
    address = server.address("ada/.git")
    assert one(address, tmp_path / "newest") == "late\n"
    assert one(address, tmp_path / "before", before=datetime(2026, 3, 10, tzinfo=UTC)) == "first\n"
    assert one(server.address("bo"), tmp_path / "bo") == (messages.not_there(server.address("bo")))
    assert "has no branch or tag nope" in one(address, tmp_path / "nope", ref="nope")


def test_a_server_whose_certificate_nobody_vouches_for_is_not_believed(
    server: GitServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GIT_SSL_CAINFO")
    monkeypatch.setenv("GIT_SSL_NO_VERIFY", "1")
    assert one(server.address("ada/.git"), tmp_path / "out") == messages.not_trusted(server.address("ada/.git"))
    assert server.asked == []


def test_a_private_repository_is_read_with_the_token_and_not_without(
    server: GitServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.password = TOKEN
    address = server.address("ada/.git")
    private = messages.no_access(address)
    assert one(address, tmp_path / "without") == private
    monkeypatch.setenv("STUDENTS_TOKEN", TOKEN)
    assert one(address, tmp_path / "of another host") == private
    assert {told for _, told in server.asked} == {""}
    monkeypatch.setenv("STUDENTS_HOST", server.host)
    assert one(address, tmp_path / "with") == "late\n"
    monkeypatch.setenv("STUDENTS_TOKEN", "another")
    assert one(address, tmp_path / "with a wrong one") == private


def test_the_token_is_in_no_command_line_no_file_and_no_message(
    server: GitServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server looks, while it is asked: at all processes that this one has started, and at all files there are."""
    server.password = TOKEN
    monkeypatch.setenv("STUDENTS_TOKEN", TOKEN)
    monkeypatch.setenv("STUDENTS_HOST", server.host)
    seen: list[str] = []

    class Watching(list[tuple[str, str]]):
        def append(self, item: tuple[str, str]) -> None:
            super().append(item)
            for process in psutil.Process().children(recursive=True):
                try:
                    seen.append(" ".join(process.cmdline()))
                except psutil.NoSuchProcess:
                    continue
            for file in (tmp_path / "out").rglob("*"):
                if file.is_file():
                    seen.append(file.read_text(errors="replace"))

    server.asked = Watching()
    assert one(server.address("ada/.git"), tmp_path / "out") == "late\n"
    assert any(told.endswith(TOKEN) for _, told in server.asked)
    assert any("remote-https" in line for line in seen)
    assert TOKEN not in "".join(seen)
    assert TOKEN not in one(server.address("nobody"), tmp_path / "nobody")


def test_a_redirect_is_followed_by_https_and_takes_no_token_to_another_host(
    server: GitServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a repository has been given another name."""
    server.redirects = {"/old": server.address("ada/.git")}
    assert one(server.address("old"), tmp_path / "renamed") == "late\n"
    with git_server(tmp_path / "served", tmp_path / "certificate of another") as other:
        both = (tmp_path / "certificate").read_text() + (tmp_path / "certificate of another").read_text()
        (tmp_path / "both").write_text(both)
        monkeypatch.setenv("GIT_SSL_CAINFO", str(tmp_path / "both"))
        monkeypatch.setenv("STUDENTS_TOKEN", TOKEN)
        monkeypatch.setenv("STUDENTS_HOST", server.host)
        other.password = "anything"
        server.redirects = {"/moved": other.address("ada/.git")}
        assert "is private or gone" in one(server.address("moved"), tmp_path / "moved")
        assert other.asked
        assert {told for _, told in other.asked} == {""}


@pytest.mark.parametrize(
    "to", ["file://{served}/ada/.git", "http://localhost:1/ada", "git://localhost/ada", "ftp://localhost/"]
)
def test_a_redirect_by_another_way_is_not_followed(server: GitServer, tmp_path: Path, to: str) -> None:
    server.redirects = {"/ada": to.format(served=server.folder)}
    told = one(server.address("ada"), tmp_path / "out")
    assert told == messages.leads_elsewhere(server.address("ada"))


def test_a_server_that_never_answers_costs_its_own_time_and_is_left(tmp_path: Path) -> None:
    """All that was started for it ends with it."""
    ada = new_repository(tmp_path / "ada")
    commit(ada, {"work.py": "mine"})
    with socket.create_server(("localhost", 0)) as silent:
        address = f"https://localhost:{silent.getsockname()[1]}/bo"
        listed = [Repository("bo", address, 1), Repository("ada", str(ada), 2)]
        slow, quick = fetch(listed, tmp_path / "out", bounds=Bounds(seconds=1, jobs=1))
    assert isinstance(slow, Failed)
    assert slow.reason == messages.too_slow("1")
    assert isinstance(quick, Checkout)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["2"]
    assert _left_of(address) == []


def test_who_stops_early_leaves_nothing_running(tmp_path: Path) -> None:
    ada = new_repository(tmp_path / "ada")
    commit(ada, {"work.py": "mine"})
    with socket.create_server(("localhost", 0)) as silent:
        address = f"https://localhost:{silent.getsockname()[1]}/bo"
        listed = [Repository("ada", str(ada), 1), *(Repository(f"bo{n}", address, n) for n in range(2, 9))]
        found = fetch(listed, tmp_path / "out", bounds=Bounds(jobs=2))
        assert isinstance(found, Generator)
        assert isinstance(next(found), Checkout)
        connection, _ = silent.accept()  # the second is being fetched
        with connection:
            found.close()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["1"]
    assert _left_of(address) == []


def _left_of(address: str) -> list[psutil.Process]:
    """The processes that still speak to a server, when those that were killed are gone."""
    found = [each for each in psutil.process_iter(["cmdline"]) if address in " ".join(each.info["cmdline"] or [])]
    return psutil.wait_procs(found, timeout=10)[1]
