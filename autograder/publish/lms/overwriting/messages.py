"""Sentences on what an export has left in a template, and what it has written over."""

from __future__ import annotations

from pathlib import Path

from autograder.language.current import translatable

translatable(__name__)


def cannot_read(path: Path, reason: str) -> str:
    return f"{path} cannot be read: {reason}"


def cannot_write(path: Path, reason: str) -> str:
    return f"{path} cannot be written: {reason}"


def no_folder(path: Path) -> str:
    return f"there is no folder {path}: make it, or name another --out"


def not_written_over(path: Path) -> str:
    return f"{path} is neither an earlier export nor a download of an LMS, and is not written over: name another --out"


def broken_record(path: Path) -> str:
    return (
        f"{path} is no record of what exports wrote: delete it, and what they have written will count as somebody "
        "else's, which stays unless --replace is given"
    )


def left(marks: str) -> str:
    return f"Left as they are, for somebody else wrote them: {marks}. With --replace, ours are written."


def excused_there(marks: str) -> str:
    return f"Excused in the LMS, and left so: {marks}. `class.toml` can excuse them here too."


def closed_in_canvas(marks: str) -> str:
    return (
        f"Left, for Canvas takes no mark there: {marks}. It says N/A where work is not assigned to somebody, or is "
        "anonymous and not posted yet. Settle that there, and download the file again."
    )


def closed_in_moodle(marks: str) -> str:
    return (
        f"Left, for Moodle takes no mark there: {marks}. It says so where a grade is locked or overridden. Settle that "
        "there, and download the file again."
    )


def stale(marks: str) -> str:
    return f"Left from an earlier export, and there is no mark any more: {marks}. See to them in the LMS."


def comments_left(marks: str) -> str:
    return (
        f"Comments left as they are, for what stands between [autograder] and [/autograder] is not what an export "
        f"wrote: {marks}. Move what is yours behind [/autograder], or let --replace write over it."
    )


def comments_broken(marks: str) -> str:
    return (
        "Comments left as they are, for [autograder] and [/autograder] do not stand there as a pair, and once: "
        f"{marks}. Take both out, with all that is between them, and the next export writes them anew."
    )


def replaced(marks: str) -> str:
    return f"Replaced: {marks}"


def comments_replaced(marks: str) -> str:
    return f"Replaced, with what somebody wrote between [autograder] and [/autograder] in comments: {marks}"


def there_and_here(mark: str, theirs: str, ours: str) -> str:
    return f"{mark} ({theirs} there, {ours} here)"


def here_only(mark: str, ours: str) -> str:
    return f"{mark} ({ours} here)"


def there_only(mark: str, theirs: str) -> str:
    return f"{mark} ({theirs} there)"
