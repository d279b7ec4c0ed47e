"""Repositories that were made to do harm: nothing in them is executed, and nothing is written but their files."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from autograder.classroom.collect.git import messages
from autograder.classroom.collect.git.process import USUAL_BOUNDS, Bounds
from autograder.classroom.collect.git.repositories import Checkout, Failed, Repository, fetch
from tests.helpers.repositories import blob, commit, commit_tree, files_in, git, new_repository, tree_of

pytestmark = pytest.mark.slow

FILE, LINK, FOLDER, SUBMODULE = "100644", "120000", "40000", "160000"


@pytest.fixture
def mallory(tmp_path: Path) -> Path:
    return new_repository(tmp_path / "mallory")


def one(repository: Path, bounds: Bounds = USUAL_BOUNDS) -> Checkout | Failed:
    """What came of it; beside it nothing is left."""
    target = repository.parent / "out" / "in"
    (found,) = fetch([Repository("mallory", str(repository), 1)], target, bounds=bounds)
    assert {path.name for path in target.iterdir()} == ({"1"} if isinstance(found, Checkout) else set())
    assert {path.name for path in target.parent.iterdir()} == {"in"}
    return found


def taken(repository: Path, bounds: Bounds = USUAL_BOUNDS) -> tuple[dict[str, str], tuple[str, ...]]:
    found = one(repository, bounds)
    assert isinstance(found, Checkout), found
    return files_in(found.folder), found.left_out


def test_a_link_becomes_nothing_and_is_told(mallory: Path) -> None:
    (mallory / "folder").mkdir()
    for name, to in (("passwd", "/etc/passwd"), ("up", "../../.."), ("folder/own", "../work.py")):
        (mallory / name).symlink_to(to)
    commit(mallory, {"work.py": "mine\n"})
    files, left_out = taken(mallory)
    assert files == {"work.py": "mine\n"}
    assert left_out == tuple(f"{name} is left out: it is a link." for name in ("passwd", "up", "folder/own"))


def test_a_file_under_the_name_of_a_link_leads_nowhere(mallory: Path, tmp_path: Path) -> None:
    inner = tree_of(mallory, (FILE, b"x", blob(mallory, b"theirs")))
    link = blob(mallory, os.fsencode(tmp_path))
    commit_tree(mallory, tree_of(mallory, (LINK, b"a", link), (FOLDER, b"a", inner)))
    assert taken(mallory) == ({"a/x": "theirs"}, ("a is left out: it is a link.",))
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    "name",
    [
        *(b"..", b".", b"../x", b"/x", b"a/../../x", b"a//x", b"..\\x", b"C:\\x"),
        *(
            b".GIT",
            b".git ",
            b".git.",
            b"GIT~1",
            b".git::$INDEX_ALLOCATION",
            ".g\u200cit".encode(),
            ".\uff47it".encode(),
        ),
        *(b"a\nb", b"a\tb", b"a\x1b[31m", b"a\x7f", "a\u202eb".encode(), b"a\xff", b"n" * 300, b"d/" * 30 + b"x"),
    ],
)
def test_a_name_that_is_none_is_left_out_and_told(mallory: Path, name: bytes) -> None:
    work = (FILE, b"work.py", blob(mallory, b"mine"))
    for entry in (
        (FILE, name, blob(mallory, b"theirs")),
        (FOLDER, name, tree_of(mallory, (FILE, b"config", blob(mallory, b"theirs")))),
    ):
        commit_tree(mallory, tree_of(mallory, entry, work))
        (found,) = fetch([Repository("mallory", str(mallory), 1)], mallory.parent / f"out-{entry[0]}")
        assert isinstance(found, Checkout), found
        assert files_in(found.folder) == {"work.py": "mine"}
        (told,) = found.left_out
        assert "is left out: it is no name for a file here." in told
        assert not {"\n", "\x1b", "\x7f", "\u202e"} & set(told)
    assert {path.name for path in mallory.parent.iterdir()} == {"mallory", f"out-{FILE}", f"out-{FOLDER}"}


def test_of_names_that_some_systems_take_for_one_the_later_is_left_out(mallory: Path) -> None:
    entries = [
        (FILE, name.encode(), blob(mallory, str(number).encode()))
        for number, name in enumerate(
            ["A.py", "a.py", "caf\u00e9", "cafe\u0301", "same", "same", "d", "stra\u00dfe", "STRASSE"]
        )
    ]
    inner = tree_of(mallory, (FILE, b"x", blob(mallory, b"x")))
    commit_tree(
        mallory, tree_of(mallory, *entries, (FOLDER, b"D", inner), (FOLDER, b"f", inner), (FOLDER, b"F", inner))
    )
    files, left_out = taken(mallory)
    assert files == {"A.py": "0", "caf\u00e9": "2", "same": "4", "d": "6", "stra\u00dfe": "7", "f/x": "x"}
    assert [line.split(" is left out: on some systems")[0] for line in left_out] == [
        *("a.py", "cafe\u0301", "same", "STRASSE", "D/x", "F/x"),
    ]


def test_nothing_in_a_repository_is_executed(mallory: Path, tmp_path: Path) -> None:
    """Hooks, filters, other repositories, settings: each would make a file."""
    touch = f"touch {tmp_path}/executed"
    attributes = "* filter=evil diff=evil ident export-subst\nwork.py export-ignore working-tree-encoding=UTF-16\n"
    modules = f'[submodule "sub"]\npath = sub\nurl = ext::sh -c {touch.replace(" ", "% ")}\nupdate = !{touch}\n'
    files = {".gitattributes": attributes, ".gitmodules": modules, "work.py": "$Id$ $Format:%H$\n"}
    entries = [(FILE, name.encode(), blob(mallory, content.encode())) for name, content in files.items()]
    other = git(mallory, "commit-tree", tree_of(mallory, *entries), "-m", "other")
    commit_tree(mallory, tree_of(mallory, *entries, (SUBMODULE, b"sub", other)))
    for hook in (
        "post-checkout",
        "post-merge",
        "reference-transaction",
        "pre-receive",
        "post-index-change",
        "fsmonitor",
    ):
        file = mallory / ".git/hooks" / hook
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{touch}\n")
        file.chmod(0o755)
    for key, value in {
        "filter.evil.smudge": touch,
        "filter.evil.process": touch,
        "core.fsmonitor": touch,
        "core.sshCommand": touch,
        "core.alternateRefsCommand": touch,
        "uploadpack.packObjectsHook": touch,
        "core.hooksPath": str(mallory / ".git/hooks"),
    }.items():
        git(mallory, "config", key, value)
    assert taken(mallory) == (files, ("sub is left out: it is another repository (a submodule).",))
    assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize("way", ["ext", "upload-pack"])
def test_a_repository_that_misses_something_has_it_fetched_from_nowhere(
    mallory: Path, tmp_path: Path, way: str
) -> None:
    touch = f"touch {tmp_path}/executed"
    commit(mallory, {"work.py": "mine"})
    name = git(mallory, "rev-parse", "HEAD:work.py")
    (mallory / ".git/objects" / name[:2] / name[2:]).unlink()
    git(mallory, "config", "core.repositoryFormatVersion", "1")
    git(mallory, "config", "extensions.partialClone", "origin")
    git(mallory, "config", "remote.origin.promisor", "true")
    git(mallory, "config", "protocol.allow", "always")
    git(mallory, "config", "remote.origin.url", f"ext::{touch}" if way == "ext" else str(mallory))
    git(mallory, "config", "remote.origin.uploadpack", touch)
    assert isinstance(one(mallory), Failed)
    assert not (tmp_path / "executed").exists()


def test_no_setting_of_the_user_reaches_git(mallory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(mallory, {"work.py": "mine"})
    template = tmp_path / "template"
    (template / "hooks").mkdir(parents=True)
    (template / "hooks/reference-transaction").write_text(f"#!/bin/sh\ntouch {tmp_path}/executed\n")
    (template / "hooks/reference-transaction").chmod(0o755)
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(f'[init]\ntemplateDir = {template}\n[url "/nowhere"]\ninsteadOf = {mallory}\n')
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / ".gitconfig"))
    monkeypatch.setenv("GIT_TEMPLATE_DIR", str(template))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_TRACE", str(tmp_path / "trace"))
    assert taken(mallory)[0] == {"work.py": "mine"}
    assert {path.name for path in tmp_path.iterdir()} == {"mallory", "template", "home", "out"}


def test_no_file_can_be_executed(mallory: Path) -> None:
    (mallory / "run.sh").write_text("#!/bin/sh\n")
    (mallory / "run.sh").chmod(0o755)
    commit(mallory, {})
    found = one(mallory)
    assert isinstance(found, Checkout)
    assert not stat.S_IMODE((found.folder / "run.sh").stat().st_mode) & 0o111


def test_a_large_file_is_left_out_and_told(mallory: Path) -> None:
    """It is small while it is packed."""
    commit(mallory, {"large.csv": b"0" * 30_000_000, "work.py": "mine"})
    assert taken(mallory) == ({"work.py": "mine"}, ("large.csv is left out: it is larger than 20 MB.",))


def test_what_is_at_the_top_is_taken_first_where_there_is_too_much(mallory: Path) -> None:
    packages = {f".venv/lib/{number:03}.py": "theirs" for number in range(50)}
    commit(mallory, {**packages, "assignments/01_sums/01_sums.py": "mine", "work.py": "mine"})
    files, left_out = taken(mallory, Bounds(files=5))
    assert [name for name, content in files.items() if content == "mine"] == [
        "assignments/01_sums/01_sums.py",
        "work.py",
    ]
    assert len(files) == 5
    assert left_out == ("Of the files, 47 are left out: at most 5, and 200 MB in all, are taken.",)


def test_one_object_under_many_names_takes_the_room_of_all_of_them(mallory: Path) -> None:
    each = blob(mallory, b"0" * 1_000_000)
    commit_tree(mallory, tree_of(mallory, *((FILE, f"{number:03}".encode(), each) for number in range(100))))
    files, left_out = taken(mallory, Bounds(repository_bytes=5_000_000))
    assert len(files) == 5
    assert left_out == ("Of the files, 95 are left out: at most 10000, and 5 MB in all, are taken.",)


def bomb(mallory: Path, *entries: tuple[str, bytes, str]) -> None:
    """Ten folders in ten folders, ten times: ten trees."""
    tree = tree_of(mallory, *entries)
    for _ in range(10):
        tree = tree_of(mallory, *((FOLDER, bytes([letter]), tree) for letter in b"abcdefghij"))
    commit_tree(mallory, tree)


def test_trees_of_more_files_than_there_is_room_for_are_not_listed(mallory: Path) -> None:
    bomb(mallory, (FILE, b"x", blob(mallory, b"")))
    found = one(mallory)
    assert isinstance(found, Failed)
    assert found.reason == messages.TOO_MANY_FILES


def test_trees_without_an_end_and_without_a_file_cost_their_time(mallory: Path) -> None:
    bomb(mallory)
    found = one(mallory, Bounds(seconds=1))
    assert isinstance(found, Failed)
    assert found.reason == messages.too_slow("1")


@pytest.mark.parametrize("date", ["", "-99999999999 +0000", "99999999999999999999 +0000", "1760000000 xyz"])
def test_a_date_that_is_none_costs_nobody_else(mallory: Path, date: str) -> None:
    tree = tree_of(mallory, (FILE, b"work.py", blob(mallory, b"mine")))
    written = f"tree {tree}\nauthor a <a@x> 1760000000 +0000\ncommitter a <a@x> {date}".rstrip() + "\n\nx\n"
    made = git(mallory, "hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin=written.encode())
    git(mallory, "update-ref", "HEAD", made)
    found = one(mallory)
    assert isinstance(found, Checkout) or found.reason == messages.NO_DATE


def test_folders_in_folders_without_an_end_cost_that_one(mallory: Path) -> None:
    tree = tree_of(mallory, (FILE, b"x", blob(mallory, b"")))
    content = bytes.fromhex(tree)
    for _ in range(300):
        tree = tree_of(mallory, (FOLDER, b"d", content.hex()))
        content = bytes.fromhex(tree)
    commit_tree(mallory, tree_of(mallory, (FOLDER, b"d", tree), (FILE, b"work.py", blob(mallory, b"mine"))))
    files, left_out = taken(mallory)
    assert files == {"work.py": "mine"}
    assert len(left_out) == 1
