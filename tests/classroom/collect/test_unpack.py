"""What a school's system packs arrives as it is; what is no archive that can be read is told in one line."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import signal
import stat
import struct
import threading
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from autograder.classroom.collect import messages
from autograder.classroom.collect import unpack as unpacking
from autograder.classroom.collect.unpack import Refused, is_archive, unpack
from autograder.errors import UserError
from autograder.sandbox.bounded.process import BoundedProcess
from tests.classroom.collect.packing import Unmarked, files, member, tarred, zipped

pytestmark = pytest.mark.slow

MOODLE = {
    "Änne Müller_31415_assignsubmission_file_/01_sums.ipynb": b'{"cells": []}',
    "王 小明_27182_assignsubmission_file_/作业 01.ipynb": "解答".encode(),
    "O'Brien-Łukasz_1_assignsubmission_file_/01_sums.py": b"def f():\r\n    return 1\r\n",
    "Änne Müller_31415_assignsubmission_onlinetext_/onlinetext.html": b"<p>\xff</p>",
}
CANVAS = {
    "müllerjörg_LATE_123_45678_01_sums-1.ipynb": bytes(range(256)) * 99,
    "wangxiaoming_124_45679_王小明_01_sums.ipynb": b"",
    "obrien_125_45680_01_sums.py": b"def f():\n    return 1\n",
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An archive's place in a folder in which nothing else lies."""
    (tmp_path / "downloads").mkdir()
    return tmp_path / "downloads" / "submissions.zip"


def refusal(archive: Path) -> str:
    """Why an archive is not unpacked; nothing of it is there afterwards."""
    target = archive.parent / "target"
    with pytest.raises(UserError) as refused:
        unpack(archive, target)
    assert os.listdir(archive.parent) == [archive.name]
    line = str(refused.value)
    assert "\n" not in line
    return line


# What arrives


@pytest.mark.parametrize("content", [MOODLE, CANVAS])
@pytest.mark.parametrize("kind", [zipfile.ZipInfo, Unmarked])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_download_arrives_byte_for_byte(
    place: Path, content: dict[str, bytes], kind: type[zipfile.ZipInfo], method: int
) -> None:
    place.write_bytes(zipped(content, kind=kind, method=method))
    assert is_archive(place)
    assert unpack(place, place.parent / "target") == []
    assert files(place.parent / "target") == content
    assert sorted(os.listdir(place.parent)) == ["submissions.zip", "target"]


@pytest.mark.parametrize("compression", ["", "gz", "bz2", "xz"])
def test_a_tar_arrives_whatever_it_is_called(place: Path, compression: str) -> None:
    place.write_bytes(tarred([(member(f"./{name}"), content) for name, content in MOODLE.items()], compression))
    assert is_archive(place)
    assert unpack(place, place.parent / "target") == []
    assert files(place.parent / "target") == MOODLE


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_one_compressed_file_is_called_as_it_was(place: Path, compress: Any) -> None:
    archive = place.with_name("grades.csv.gz")
    archive.write_bytes(compress(b"a,b\n" * 1000))
    assert is_archive(archive)
    unpack(archive, place.parent / "target")
    assert files(place.parent / "target") == {"grades.csv": b"a,b\n" * 1000}


def test_a_name_in_an_extra_field_is_the_name(place: Path) -> None:
    """Where Info-ZIP writes names in the code page of its system, it adds what they are in UTF-8."""

    def add_name(entry: zipfile.ZipInfo) -> None:
        name = "Übung.py".encode()
        entry.extra = struct.pack("<HHHHBL", 0x5455, 0, 0x7075, 5 + len(name), 1, zlib.crc32(b"?bung.py")) + name

    place.write_bytes(zipped({"?bung.py": b"x"}, before=add_name))
    assert unpack(place, place.parent / "target") == []
    assert files(place.parent / "target") == {"Übung.py": b"x"}


def test_names_are_written_as_most_systems_write_them(place: Path) -> None:
    """macOS takes letters and accents apart; Windows has other separators."""
    place.write_bytes(zipped({"Mu\u0308ller\\01_sums.py": b"x", "empty\\": b"", "also empty/": b""}, kind=Unmarked))
    assert unpack(place, place.parent / "target") == []
    assert files(place.parent / "target") == {"Müller/01_sums.py": b"x"}
    assert sorted(os.listdir(place.parent / "target")) == ["Müller", "also empty", "empty"]


def test_archives_in_archives_become_folders(place: Path) -> None:
    inner = {"mine/01_sums.ipynb": b"{}", "again.tar.gz": tarred([(member("02.py"), b"x")], "gz")}
    document = zipped({"word/document.xml": b"<w/>"})
    place.write_bytes(zipped({"ada_1_2_all": zipped(inner), "bob_1_3_answers.docx": document, "eve_1_4.py": b"y"}))
    assert unpack(place, place.parent / "target") == []
    assert files(place.parent / "target") == {
        "ada_1_2_all/mine/01_sums.ipynb": b"{}",
        "ada_1_2_all/again.tar.gz/02.py": b"x",
        "bob_1_3_answers.docx": document,
        "eve_1_4.py": b"y",
    }


def test_what_is_written_is_a_plain_file_of_our_own(place: Path) -> None:
    place.write_bytes(tarred([(member("a/b.py"), b"x")]))
    unpack(place, place.parent / "target")
    status = (place.parent / "target" / "a" / "b.py").stat()
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(status.st_mode) == 0o644 & ~umask
    assert status.st_uid == os.getuid()


def test_what_programs_leave_behind_is_passed_over(place: Path) -> None:
    names = ["__MACOSX/._a.py", "a/._a.py", ".DS_Store", "a/.git/hooks/post-checkout", "a/.git", "__pycache__/a.pyc"]
    names += ["a/.ipynb_checkpoints/a.ipynb", "a/.GIT/config", "Thumbs.db"]
    place.write_bytes(zipped([(name, b"x") for name in [*names, "a/a.py"]]))
    passed = [
        "__MACOSX",
        "a/._a.py",
        ".DS_Store",
        "a/.git",
        "__pycache__",
        "a/.ipynb_checkpoints",
        "a/.GIT",
        "Thumbs.db",
    ]
    assert unpack(place, place.parent / "target") == [
        Refused(name, messages.NOBODYS, is_nobodys=True) for name in passed
    ]
    assert files(place.parent / "target") == {"a/a.py": b"x"}


# What does not


def damaged_tar() -> bytes:
    """Its second header is none; many programs end there, and say nothing."""
    whole = bytearray(tarred([(member("a.py"), b"x"), (member("b.py"), b"y")]))
    whole[1024:1030] = b"\xff" * 6
    return bytes(whole)


def greedy_xz() -> bytes:
    """Says that 3 GB of memory are needed to read it."""
    whole = bytearray(lzma.compress(b"x" * 1000))
    whole[16] = 39
    end = 12 + (whole[12] + 1) * 4 - 4
    whole[end : end + 4] = struct.pack("<L", zlib.crc32(whole[12:end]))
    return bytes(whole)


def lock(entry: zipfile.ZipInfo) -> None:
    entry.flag_bits |= 1


ZIP, TAR_GZ = zipped(MOODLE), tarred([(member(name), content * 500) for name, content in MOODLE.items()], "gz")
NO_ARCHIVES = {
    "text": (b"hello", messages.NO_ARCHIVE),
    "nothing": (b"", messages.NO_ARCHIVE),
    "7z": (b"7z\xbc\xaf\x27\x1c" + b"\0" * 99, messages.OTHER_KIND),
    "rar": (b"Rar!\x1a\x07\x01\0" + b"\0" * 99, messages.OTHER_KIND),
    "password": (zipped(MOODLE, after=lock), messages.LOCKED),
    "half a zip": (ZIP[: len(ZIP) // 2], messages.BROKEN),
    "half a tar": (TAR_GZ[: len(TAR_GZ) // 2], messages.BROKEN),
    "a damaged tar": (damaged_tar(), messages.BROKEN),
    "much memory": (greedy_xz(), messages.TAKES_TOO_MUCH),
    "many": (zipped([(f"{number}.py", b"") for number in range(100_001)]), messages.too_many_entries(100_000)),
    "zeros": (zipped([(str(number), b"\0" * (19 << 20)) for number in range(9)]), messages.SWELLS),
    "zeros in a tar": (tarred([(member("a"), bytes(150 << 20))], "gz"), messages.SWELLS),
}


@pytest.mark.parametrize("name", NO_ARCHIVES)
def test_what_cannot_be_unpacked_is_told_in_one_line(place: Path, name: str) -> None:
    content, reason = NO_ARCHIVES[name]
    place.write_bytes(content)
    assert refusal(place) == messages.not_unpacked(place, reason)
    assert is_archive(place) == (reason != messages.NO_ARCHIVE)


def test_a_link_or_a_pipe_is_no_archive(place: Path, tmp_path: Path) -> None:
    (tmp_path / "real.zip").write_bytes(ZIP)
    place.symlink_to(tmp_path / "real.zip")
    assert not is_archive(place)
    assert refusal(place)
    place.unlink()
    os.mkfifo(place)
    assert not is_archive(place)
    assert refusal(place)
    assert not is_archive(tmp_path)
    assert not is_archive(tmp_path / "nowhere")


def test_nothing_is_unpacked_over_what_is_there(place: Path) -> None:
    place.write_bytes(ZIP)
    (place.parent / "target").mkdir()
    with pytest.raises(UserError, match="is there already"):
        unpack(place, place.parent / "target")
    assert files(place.parent / "target") == {}


class Killed(BoundedProcess):
    """A process that dies when it has begun to write."""

    def ask(self, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        killer = threading.Thread(target=self.kill_when_it_has_written_to, args=[Path(message["into"])])
        killer.start()
        try:
            return super().ask(message, seconds)
        finally:
            killer.join()

    def kill_when_it_has_written_to(self, folder: Path) -> None:
        while not (folder.is_dir() and any(folder.iterdir())):
            pass
        os.kill(self._process.pid, signal.SIGKILL)


class Stopped(BoundedProcess):
    """A process that stands still."""

    def ask(self, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        os.kill(self._process.pid, signal.SIGSTOP)
        return super().ask(message, 0.5)


@pytest.mark.parametrize("process", [Killed, Stopped])
def test_a_process_that_dies_or_stands_still_leaves_nothing(
    place: Path, monkeypatch: pytest.MonkeyPatch, process: type[BoundedProcess]
) -> None:
    monkeypatch.setattr(unpacking, "BoundedProcess", process)
    place.write_bytes(zipped([(f"{number}.py", b"") for number in range(9_999)]))
    assert refusal(place) == messages.not_unpacked(place, messages.TAKES_TOO_MUCH)


def test_a_full_or_closed_disk_is_told(place: Path) -> None:
    place.write_bytes(ZIP)
    (place.parent / "file").touch()
    with pytest.raises(UserError, match="cannot be written"):
        unpack(place, place.parent / "file" / "target")


# What lies beside an attack


def test_a_bomb_inside_costs_itself_only(place: Path) -> None:
    many = zipped([(f"{number}.py", b"") for number in range(20_000)])
    zeros, _ = NO_ARCHIVES["zeros"]
    deep = b"x"
    for _ in range(5):
        deep = zipped({"a.zip": deep}, method=zipfile.ZIP_STORED)
    bad = {"1/many.zip": many, "2/zeros.zip": zeros, "3/deep.zip": deep, "4/xz": greedy_xz(), "5/half.zip": ZIP[:-9]}
    bad |= {"6/locked.zip": zipped(MOODLE, after=lock), "7/a.7z": b"7z\xbc\xaf\x27\x1c"}
    place.write_bytes(zipped(bad | {"8/honest.zip": ZIP, "9/a.py": b"x"}))
    refused = unpack(place, place.parent / "target")
    assert {each.name: each.reason for each in refused} == {
        "1/many.zip": messages.too_many_entries(5_000),
        "2/zeros.zip": messages.SWELLS,
        "3/deep.zip/a.zip/a.zip/a.zip": messages.TOO_DEEP,
        "4/xz": messages.TAKES_TOO_MUCH,
        "5/half.zip": messages.BROKEN,
        "6/locked.zip": messages.LOCKED,
        "7/a.7z": messages.OTHER_KIND,
    }
    left = {f"8/honest.zip/{name}": content for name, content in MOODLE.items()} | {"9/a.py": b"x"}
    left |= {name: content for name, content in bad.items() if name != "3/deep.zip"}  # as they came
    there = files(place.parent / "target")
    assert zipfile.is_zipfile(io.BytesIO(there.pop("3/deep.zip/a.zip/a.zip/a.zip")))
    assert there == left


def test_what_overlaps_is_read_once(place: Path) -> None:
    """A bomb of one kernel that is listed many times."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0", bytes(10 << 20))
        for number in range(1, 50):
            again = zipfile.ZipInfo(str(number))
            first = archive.filelist[0]
            again.compress_type, again.CRC, again.header_offset = first.compress_type, first.CRC, 0
            again.file_size, again.compress_size = first.file_size, first.compress_size
            archive.filelist.append(again)
    place.write_bytes(target.getvalue())
    refused = {each.name: each.reason for each in unpack(place, place.parent / "target")}
    listed = {str(number) for number in range(1, 50)}
    assert {name: refused[name] for name in listed} == dict.fromkeys(listed, messages.OVERLAPS)
    assert {*refused, *os.listdir(place.parent / "target")} == {
        "0",
        *listed,
    }  # where Python refuses 0 as well
