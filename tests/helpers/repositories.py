"""Repositories of students, honest and hostile, made with git; and what is taken out of them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

NOBODY = {
    **{
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "ada"), ("EMAIL", "a@b"))
    },
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def git(folder: Path, *arguments: str, stdin: bytes = b"", **environment: str) -> str:
    """What a git command in a folder answers."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **NOBODY, **environment},
        input=stdin,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().strip()


def new_repository(folder: Path) -> Path:
    """A repository without a commit; its branch is `main`."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    return folder


def commit(folder: Path, files: Mapping[str, str | bytes], when: str = "2026-03-01 12:00:00 +0100") -> str:
    """Write files into a repository and commit them, as of a time; the commit's name."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "work", GIT_COMMITTER_DATE=when)
    return git(folder, "rev-parse", "HEAD")


def commit_tree(folder: Path, tree: str) -> str:
    """Make a tree, whatever is in it, the newest commit of `main`."""
    name = git(folder, "commit-tree", tree, "-m", "work")
    git(folder, "update-ref", "refs/heads/main", name)
    return name


def blob(folder: Path, content: bytes) -> str:
    return git(folder, "hash-object", "-w", "--stdin", stdin=content)


def tree_of(folder: Path, *entries: tuple[str, bytes, str]) -> str:
    """A tree of modes, names and objects as they are given: no name is too strange for it."""
    raw = b"".join(mode.encode() + b" " + name + b"\0" + bytes.fromhex(entry) for mode, name, entry in entries)
    return git(folder, "hash-object", "-w", "-t", "tree", "--literally", "--stdin", stdin=raw)


def files_in(folder: Path) -> dict[str, str]:
    """All files below a folder, by their paths, and what is in them."""
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if not path.is_dir()}
