"""The right commit's files are taken out of each repository, and what cannot be had is told."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random

import pytest

from autograder.classroom.collect.git import messages
from autograder.classroom.collect.git.errors import error_of
from autograder.classroom.collect.git.process import USUAL_BOUNDS, Bounds
from autograder.classroom.collect.git.repositories import Checkout, Failed, Repository, fetch
from autograder.errors import UserError
from tests.helpers.repositories import commit, files_in, git, new_repository

pytestmark = pytest.mark.slow

DEADLINE = datetime(2026, 3, 10, 23, 59, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture
def ada(tmp_path: Path) -> Path:
    """A repository with one commit."""
    repository = new_repository(tmp_path / "ada")
    commit(repository, {"assignments/01_sums/01_sums.py": "first\n", "README.md": "mine\n"})
    return repository


def one(
    address: Path | str,
    target: Path,
    *,
    ref: str = "",
    before: datetime | None = None,
    bounds: Bounds = USUAL_BOUNDS,
) -> Checkout | Failed:
    (found,) = fetch([Repository("ada", str(address), 1)], target, ref=ref, before=before, bounds=bounds)
    assert [path for path in target.iterdir() if path.name.startswith(".")] == []
    return found


def taken(found: Checkout | Failed) -> dict[str, str]:
    assert isinstance(found, Checkout), found
    return files_in(found.folder)


def reason(found: Checkout | Failed) -> str:
    assert isinstance(found, Failed), found
    return found.reason


def test_the_files_of_the_default_branch_are_taken(ada: Path, tmp_path: Path) -> None:
    newest = commit(ada, {"README.md": "ours\n"}, "2026-03-02 08:30:00 +0530")
    git(ada, "branch", "other")
    found = one(ada, tmp_path / "out")
    assert taken(found) == {"assignments/01_sums/01_sums.py": "first\n", "README.md": "ours\n"}
    assert isinstance(found, Checkout)
    assert (found.commit, found.committed.isoformat()) == (newest, "2026-03-02T08:30:00+05:30")
    assert found.left_out == ()


def test_what_was_asked_for_may_be_a_branch_a_tag_or_a_commit(ada: Path, tmp_path: Path) -> None:
    first = git(ada, "rev-parse", "HEAD")
    git(ada, "tag", "--annotate", "handed-in", "--message", "mine")
    git(ada, "checkout", "--quiet", "-b", "feature/late")
    commit(ada, {"README.md": "late\n"})
    git(ada, "checkout", "--quiet", "main")
    commit(ada, {"README.md": "newest\n"})
    read = {
        ref: taken(one(ada, tmp_path / str(number), ref=ref))["README.md"]
        for number, ref in enumerate(["handed-in", "feature/late", first, "refs/heads/main"])
    }
    assert list(read.values()) == ["mine\n", "late\n", "mine\n", "newest\n"]


def history(repository: Path, *times: str) -> None:
    """A commit for each time, which says when it was."""
    for time in times:
        commit(repository, {"README.md": time}, time)


@pytest.mark.parametrize(
    ("times", "counts"),
    [
        (("2026-03-09 12:00:00 +0100",), "2026-03-09 12:00:00 +0100"),
        (("2026-03-10 23:59:00 +0100", "2026-03-10 23:59:01 +0100"), "2026-03-10 23:59:00 +0100"),
        (("2026-03-10 17:59:00 -0500", "2026-03-10 23:59:00 +0000"), "2026-03-10 17:59:00 -0500"),
        # What a clock said is a claim: of one that is years ahead, and of one that was put back.
        (("2026-03-09 12:00:00 +0100", "2038-01-01 12:00:00 +0100"), "2026-03-09 12:00:00 +0100"),
        (
            ("2038-01-01 12:00:00 +0100", "2026-03-09 12:00:00 +0100", "2026-03-20 12:00:00 +0100"),
            "2026-03-09 12:00:00 +0100",
        ),
        (("2026-03-20 12:00:00 +0100", "2026-03-08 12:00:00 +0100"), "2026-03-08 12:00:00 +0100"),
    ],
)
def test_the_last_commit_dated_before_a_deadline_counts(
    ada: Path, tmp_path: Path, times: tuple[str, ...], counts: str
) -> None:
    history(ada, *times)
    found = one(ada, tmp_path / "out", before=DEADLINE)
    assert taken(found) == {"assignments/01_sums/01_sums.py": "first\n", "README.md": counts}
    assert isinstance(found, Checkout)
    assert found.committed == datetime.fromisoformat(counts)


def test_of_two_branches_that_were_merged_late_the_later_commit_counts_however_deep_it_lies(
    ada: Path, tmp_path: Path
) -> None:
    git(ada, "checkout", "--quiet", "-b", "side")
    history(ada, "2026-03-10 12:00:00 +0100")
    git(ada, "checkout", "--quiet", "-b", "other", "main")
    commit(ada, {"other.py": "other"}, "2026-03-09 12:00:00 +0100")
    git(ada, "checkout", "--quiet", "side")
    for number in range(60):  # deeper than the first fetches reach
        git(
            ada,
            "commit",
            "--quiet",
            "--allow-empty",
            "-m",
            str(number),
            GIT_COMMITTER_DATE="2026-03-20 12:00 +0100",
        )
    git(ada, "checkout", "--quiet", "main")
    git(ada, "merge", "--quiet", "--no-ff", "-m", "both", "other", "side", GIT_COMMITTER_DATE="2026-03-21 12:00 +0100")
    assert taken(one(ada, tmp_path / "out", before=DEADLINE))["README.md"] == "2026-03-10 12:00:00 +0100"


def test_a_time_without_an_offset_is_local(ada: Path, tmp_path: Path) -> None:
    history(ada, "2026-03-09 12:00:00 +0100", "2026-03-20 12:00:00 +0100")
    local = datetime.fromisoformat("2026-03-09 12:00:00 +0100").astimezone().replace(tzinfo=None)
    assert taken(one(ada, tmp_path / "out", before=local))["README.md"] == "2026-03-09 12:00:00 +0100"


@pytest.mark.parametrize("when", ["@99999999999999 +0000", "@1 -9999", "@253402300799 +1400"])
def test_a_time_that_no_calendar_has_is_a_claim_as_well(ada: Path, tmp_path: Path, when: str) -> None:
    stamp = when.removeprefix("@")
    raw = git(ada, "cat-file", "commit", "HEAD").replace("1772362800 +0100", stamp)
    name = git(ada, "hash-object", "-w", "-t", "commit", "--literally", "--stdin", stdin=f"{raw}\n".encode())
    git(ada, "update-ref", "refs/heads/main", name)
    assert taken(one(ada, tmp_path / "out"))["README.md"] == "mine\n"


def test_only_the_one_commit_is_fetched(ada: Path, tmp_path: Path) -> None:
    """What is large and has been removed again takes none of the room."""
    commit(ada, {"large.bin": bytes(range(256)) * 4096})
    (ada / "large.bin").unlink()
    commit(ada, {"large.txt": "no more"})
    bounds = Bounds(repository_bytes=10_000)
    assert "large.txt" in taken(one(ada, tmp_path / "out", bounds=bounds))


@pytest.mark.parametrize("kind", ["--mirror", "--bare"])
def test_a_bare_repository_is_one(ada: Path, tmp_path: Path, kind: str) -> None:
    git(tmp_path, "clone", "--quiet", kind, str(ada), "served.git")
    assert taken(one(tmp_path / "served.git", tmp_path / "out"))["README.md"] == "mine\n"


def test_a_repository_that_is_itself_shallow_is_one(ada: Path, tmp_path: Path) -> None:
    history(ada, "2026-03-09 12:00:00 +0100", "2026-03-20 12:00:00 +0100")
    git(tmp_path, "clone", "--quiet", "--depth=2", ada.as_uri(), "shallow")
    assert taken(one(tmp_path / "shallow", tmp_path / "out"))["README.md"] == "2026-03-20 12:00:00 +0100"
    found = one(tmp_path / "shallow", tmp_path / "out2", before=DEADLINE)
    assert taken(found)["README.md"] == "2026-03-09 12:00:00 +0100"


def test_ssh_is_asked_nothing_and_asks_nothing(ada: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the place of ssh stands what writes down how it was called, and does what it was asked for here."""
    (tmp_path / "bin").mkdir()
    ssh = tmp_path / "bin/ssh"
    ssh.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/called\nfor last; do :; done\neval "$last"\n')
    ssh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{ssh.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("STUDENTS_TOKEN", "a-secret")
    monkeypatch.setenv("STUDENTS_HOST", "git.example")
    assert taken(one(f"git@git.example:{ada}", tmp_path / "scp"))["README.md"] == "mine\n"
    assert taken(one(f"ssh://git.example:2222{ada}", tmp_path / "ssh"))["README.md"] == "mine\n"
    called = (tmp_path / "called").read_text()
    assert called.count("-oBatchMode=yes -oForwardAgent=no -oControlPath=none") == 2
    assert "a-secret" not in called


def test_a_relative_folder_is_one_as_well(ada: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = one(ada, Path("out"))
    assert taken(found)["README.md"] == "mine\n"
    assert isinstance(found, Checkout)
    assert found.folder == Path("out/1")


def test_what_belongs_to_others_is_told() -> None:
    error = error_of("fatal: detected dubious ownership in repository at '/srv/ada'\nTo add ...", "/srv/ada", 200)
    assert str(error).startswith("/srv/ada belongs to another user of this computer")


def test_what_a_server_says_is_no_reason_and_no_secret_is_shown() -> None:
    said = "remote: fatal: repository 'x' not found\nfatal: https://oauth2:a-secret@git.example/x: \x1b[31mbroken"
    assert str(error_of(said, "https://git.example/x", 200)) == (
        "Git cannot fetch the repository, and says: fatal: https://git.example/x: \ufffd[31mbroken"
    )


def test_what_cannot_be_had_is_told_in_a_sentence(ada: Path, tmp_path: Path) -> None:
    empty = new_repository(tmp_path / "empty")
    git(ada, "tag", "picture", git(ada, "hash-object", "-w", "--stdin", stdin=b"no commit"))
    large = new_repository(tmp_path / "large")
    commit(large, {"noise.bin": Random(0).randbytes(3_000_000)})
    early = datetime(2026, 1, 1, tzinfo=UTC)
    told = [
        reason(found)
        for found in (
            one(tmp_path / "nowhere", tmp_path / "out"),
            one(empty, tmp_path / "out"),
            one(ada, tmp_path / "out", ref="nope"),
            one(ada, tmp_path / "out", ref="picture"),
            one(ada, tmp_path / "out", before=early),
            one("https://host.invalid/ada", tmp_path / "out"),
            one("https://127.0.0.1:1/ada", tmp_path / "out"),
            one(large, tmp_path / "out", bounds=Bounds(repository_bytes=1_000_000)),
        )
    ]
    assert told == [
        messages.not_there(str(tmp_path / "nowhere")),
        messages.EMPTY,
        messages.no_ref("nope"),
        messages.NOT_A_COMMIT,
        messages.none_before("2026-01-01 00:00:00+00:00"),
        messages.no_host("https://host.invalid/ada"),
        messages.no_answer("https://127.0.0.1:1/ada"),
        messages.too_large(1),
    ]
    assert list((tmp_path / "out").iterdir()) == []


def test_one_that_fails_costs_itself_and_all_come_in_the_lists_order(tmp_path: Path) -> None:
    listed = []
    for number in range(9):
        folder = tmp_path / f"s{number}"
        if number % 3:
            commit(new_repository(folder), {"work.py": f"{number}\n"})
        listed.append(Repository(folder.name, str(folder), number + 1))
    found = list(fetch(listed, tmp_path / "out", bounds=Bounds(jobs=3)))
    assert [each.repository for each in found] == listed
    assert [files_in(each.folder)["work.py"] for each in found if isinstance(each, Checkout)] == [
        f"{number}\n" for number in range(9) if number % 3
    ]


def test_what_lies_in_the_folder_already_stays(ada: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / "1").mkdir(parents=True)
    (tmp_path / "out" / "1" / "kept.py").write_text("before")
    assert "cannot be written" in reason(one(ada, tmp_path / "out"))
    assert files_in(tmp_path / "out") == {"1/kept.py": "before"}


@pytest.mark.parametrize(
    "ref", ["--upload-pack=touch x", "-x", "a..b", "a b", "a:b", "a*", "x.lock", "a~1", "a^{tree}"]
)
def test_what_cannot_be_a_branch_is_refused(ada: Path, tmp_path: Path, ref: str) -> None:
    with pytest.raises(UserError, match="cannot be the name of a branch or tag"):
        fetch([Repository("ada", str(ada), 1)], tmp_path / "out", ref=ref)


def test_without_git_nothing_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="git is not installed"):
        fetch([], tmp_path / "out")
