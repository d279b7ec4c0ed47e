"""The folder of what is made once: nobody else's, made once by whoever comes first, and nothing doubtful is loaded."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from autograder.sandbox.protocol import SandboxError
from autograder.sandbox.wasm import cache as caching
from autograder.sandbox.wasm.cache import MAX_FILES, VARIABLE, Cache

pytestmark = pytest.mark.portable
POSIX = hasattr(os, "getuid")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv(VARIABLE, str(folder))
    return folder


@pytest.fixture
def cache(folder: Path) -> Cache:
    return Cache(lambda line: pytest.fail(line))


class Maker:
    """Writes a file, and counts how often."""

    def __init__(self, content: bytes = b"made") -> None:
        self.count = 0
        self.content = content

    def __call__(self, to: Path) -> None:
        self.count += 1
        to.write_bytes(self.content)


def test_what_is_there_is_not_made_again(cache: Cache) -> None:
    make = Maker()
    first, again, other = (cache.get("kind", key, make) for key in ("a", "a", "b"))
    assert first == again != other
    assert make.count == 2
    assert first.read_bytes().startswith(b"made")


def test_what_is_needed_by_many_at_once_is_made_once(cache: Cache) -> None:
    make = Maker()
    threads = [threading.Thread(target=lambda: cache.get("kind", "a", make)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert make.count == 1


@pytest.mark.skipif(not POSIX, reason="no such bits of files here")
def test_it_is_its_owners_alone(cache: Cache, folder: Path) -> None:
    made = cache.get("kind", "a", Maker())
    assert folder.stat().st_mode & 0o777 == 0o700
    assert made.stat().st_mode & 0o777 == 0o600


def poison(file: Path) -> None:
    """Another content, of the same length."""
    file.write_bytes(b"evil" + file.read_bytes()[4:])


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def empty(file: Path) -> None:
    file.write_bytes(b"")


def replace_by_link(file: Path) -> None:
    elsewhere = file.with_name("elsewhere")
    file.rename(elsewhere)
    file.symlink_to(elsewhere)


def give_another_name(file: Path) -> None:
    os.link(file, file.with_name("another"))


def open_to_all(file: Path) -> None:
    file.chmod(0o666)


def replace_by_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


DOUBTS = [poison, cut_short, empty, *([replace_by_link, give_another_name, open_to_all] if POSIX else [])]


@pytest.mark.parametrize("doubt", [*DOUBTS, replace_by_folder], ids=lambda each: each.__name__)
def test_what_is_doubtful_is_made_again_and_never_used(cache: Cache, doubt: object) -> None:
    make = Maker()
    file = cache.get("kind", "a", make)
    doubt(file)  # type: ignore[operator]
    assert cache.get("kind", "a", make) == file
    assert make.count == 2
    assert not file.is_symlink()
    assert file.read_bytes().startswith(b"made")


def test_what_fails_leaves_nothing(cache: Cache, folder: Path) -> None:
    def fail(to: Path) -> None:
        to.write_bytes(b"half")
        raise SandboxError("no")

    with pytest.raises(SandboxError):
        cache.get("kind", "a", fail)
    assert not [each for each in folder.iterdir() if each.suffix != ".lock"]
    assert cache.get("kind", "a", Maker()).is_file()


def test_a_full_disk_is_told_in_a_line(cache: Cache, folder: Path) -> None:
    def fill(to: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(to))

    with pytest.raises(SandboxError) as told:
        cache.get("kind", "a", fill)
    (line,) = str(told.value).splitlines()
    assert os.strerror(errno.ENOSPC) in line
    assert VARIABLE in line
    assert str(folder) in line
    assert not [each for each in folder.iterdir() if each.suffix != ".lock"]


def test_the_oldest_of_many_go(cache: Cache, folder: Path) -> None:
    made = [cache.get("kind", str(number), Maker()) for number in range(MAX_FILES)]
    for number, file in enumerate(made):
        os.utime(file, (number, number))
    cache.get("other", "a", Maker())
    cache.get("kind", "last", Maker())
    assert [file.exists() for file in made] == [False, *[True] * (MAX_FILES - 1)]
    assert len(list(folder.glob("other-*"))) == 1


# Where the folder cannot be used


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    places = [tmp_path / "first", tmp_path / "second"]
    monkeypatch.setattr(caching, "_places", lambda: places)
    return places


def of_others(folder: Path) -> None:
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)


def a_file(folder: Path) -> None:
    folder.write_text("x")


def a_link(folder: Path) -> None:
    folder.with_name("target").mkdir(mode=0o700)
    folder.symlink_to(folder.with_name("target"))


@pytest.mark.skipif(not POSIX, reason="no such bits of files here")
@pytest.mark.parametrize(
    ("make", "says"),
    [(of_others, "it is not yours alone"), (a_file, "it is no folder"), (a_link, "it is no folder")],
    ids=["open to others", "a file", "a link"],
)
def test_a_folder_that_cannot_be_used_is_told_in_a_line_and_another_taken(
    places: list[Path], make: object, says: str
) -> None:
    make(places[0])  # type: ignore[operator]
    told: list[str] = []
    assert Cache(told.append).folder == places[1]
    (line,) = told
    assert says in line
    assert str(places[0]) in line


@pytest.mark.skipif(not POSIX, reason="no such bits of files here")
def test_without_any_folder_it_says_how_to_name_one(places: list[Path]) -> None:
    for place in places:
        of_others(place)
    with pytest.raises(SandboxError, match=VARIABLE):
        Cache(lambda _line: None)


def test_where_there_are_no_users_there_is_a_folder_as_well(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.delattr(os, "getuid", raising=False)
    make = Maker()
    for _ in range(2):
        Cache(lambda line: pytest.fail(line)).get("kind", "a", make)
    assert make.count == 1
