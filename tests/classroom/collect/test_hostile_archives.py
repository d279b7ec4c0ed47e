"""Whatever an archive holds, nothing is written but below the target, nothing is followed or run, and all is named."""

from __future__ import annotations

import csv
import io
import stat
import sys
import tarfile
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.classroom.collect import messages
from autograder.classroom.collect.archives.allowance import Allowance
from autograder.classroom.collect.archives.errors import ArchiveRefusedError, EntryRefusedError
from autograder.classroom.collect.archives.extract import Extraction
from autograder.classroom.collect.archives.names import parts_of, passed_over, shown
from autograder.classroom.collect.unpack import unpack
from autograder.text import decode_name, for_csv
from tests.classroom.collect.packing import everything, files, member, tarred, zipped
from tests.helpers.command_line import autograder

pytestmark = pytest.mark.slow

OUT = {
    **dict.fromkeys(("../out.py", "a/../../out.py", "a/../inside.py", "./../out.py", ".."), messages.LEADS_OUT),
    **dict.fromkeys(("..\\out.py", "a\\..\\..\\out.py", "a/..\\..//out.py"), messages.LEADS_OUT),
    **dict.fromkeys(("/out.py", "//host/out.py", "\\out.py", "\\\\host\\out.py"), messages.ABSOLUTE_NAME),
    **dict.fromkeys(("C:/out.py", "C:out.py", "c:\\out.py", "./C:/out.py"), messages.ABSOLUTE_NAME),
    **dict.fromkeys(("\\\\?\\C:\\out.py",), messages.ABSOLUTE_NAME),
}
UNFIT = {
    "n" * 300: messages.NAME_TOO_LONG,
    "名" * 100: messages.NAME_TOO_LONG,
    "n/" * 600 + "a.py": messages.NAME_TOO_LONG,
    "d/" * 40 + "a.py": messages.NAME_TOO_DEEP,
    "red\x1b[31m.py": messages.NAME_NOT_TEXT,
    "two\nlines.py": messages.NAME_NOT_TEXT,
    "tab\t.py": messages.NAME_NOT_TEXT,
    "turned\u202eyp.py": messages.NAME_NOT_TEXT,
    "./.": messages.NAMELESS,
}
# What stands in an archive in this order; the second of each two is refused.
COLLISIONS = [
    ("Übung.py", "U\u0308bung.py"),
    ("case.py", "CASE.py"),
    ("Straße.py", "STRASSE.PY"),
    ("same.py", "same.py"),
    ("same.py", "./same.py"),
    ("file", "file/inside.py"),
    ("folder/inside.py", "folder"),
    ("folder/inside.py", "Folder/other.py"),
    ("inner.zip", "inner.zip/a.py"),
]
RUNS = {
    f"{place}{name}": b"import pathlib; pathlib.Path(__file__, '../../executed').touch()"
    for name in ("conftest.py", "sitecustomize.py", "zipfile.py", "__init__.py", "setup.py")
    for place in ("", "autograder/")
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An archive, and beside it what attackers would like to read or to change."""
    (tmp_path / "home" / "downloads").mkdir(parents=True)
    for secret in ("secret.txt", "home/secret.txt", "home/downloads/secret.txt"):
        (tmp_path / secret).write_text("secret")
    return tmp_path / "home" / "downloads" / "submissions"


def unpacked(place: Path, content: bytes) -> tuple[dict[str, bytes], dict[str, str]]:
    """What is there of an archive, and what is refused; nothing else has changed around it."""
    place.write_bytes(content)
    target, around = place.parent / "target", place.parents[2]
    before = everything(around)
    refused = unpack(place, target)
    inside = str(target.relative_to(around))
    assert {name: each for name, each in everything(around).items() if not name.startswith(inside)} == before
    assert all(stat.S_ISREG(mode) or stat.S_ISDIR(mode) for mode, _ in everything(target).values())
    assert all(not mode & 0o7111 for mode, _ in everything(target).values() if stat.S_ISREG(mode))
    assert all(each.name.isprintable() for each in refused)
    return files(target), {each.name: each.reason for each in refused}


# zip


def special(entry: zipfile.ZipInfo) -> None:
    kinds = {"pipe": stat.S_IFIFO, "device": stat.S_IFBLK, "socket": stat.S_IFSOCK}
    kinds |= dict.fromkeys(("link out", "link up"), stat.S_IFLNK)
    entry.external_attr = (kinds.get(entry.filename, stat.S_IFREG) | 0o6777) << 16


def lie(entry: zipfile.ZipInfo) -> None:
    """In the directory, which is what counts."""
    match entry.filename:
        case "locked.py":
            entry.flag_bits |= 1
        case "larger.py":
            entry.file_size = 1 << 40
        case "smaller.py":
            entry.file_size = 10
        case "elsewhere.py":
            entry.header_offset += 7
        case "unknown.py":
            entry.compress_type = 99
        case "damaged.py":
            entry.CRC ^= 1


ZIPPED = {
    "link out": (b"../../secret.txt", messages.LINK),
    "link up": (b"..", messages.LINK),
    "pipe": (b"", messages.NO_FILE),
    "device": (b"", messages.NO_FILE),
    "socket": (b"", messages.NO_FILE),
    "locked.py": (b"x", messages.ENTRY_LOCKED),
    "smaller.py": (b"x" * 1000, messages.ENTRY_BROKEN),
    "unknown.py": (b"x", messages.ENTRY_BROKEN),
    "damaged.py": (b"x", messages.ENTRY_BROKEN),
    "nul.py\0.txt": (b"x", messages.NAME_NOT_TEXT),
    "large.bin": (bytes(21 << 20), messages.file_too_large(20)),
    "other.rar": (b"Rar!\x1a\x07\x00", messages.OTHER_KIND),
}


def test_nothing_of_a_zip_leaves_the_target(place: Path) -> None:
    bad = {name: (b"x", reason) for name, reason in (OUT | UNFIT).items()} | ZIPPED
    entries = {name: content for name, (content, _) in bad.items()}
    honest = {"link up/through.py": b"x", "larger.py": b"x" * 1000, **RUNS}
    there, refused = unpacked(place, zipped(entries | honest, before=special, after=lie))
    assert refused == {shown(name): reason for name, (_, reason) in bad.items()}
    assert there == honest | {"other.rar": ZIPPED["other.rar"][0]}  # for a person to see to


def test_a_hostile_archive_of_one_student_in_a_download_costs_that_student_only(place: Path) -> None:
    """Nothing is written outside, nothing is executed, and each entry has its line."""
    bad = {name: (b"x", reason) for name, reason in (OUT | UNFIT).items()} | ZIPPED
    del bad["other.rar"]  # it is placed as it is
    entries = {name: content for name, (content, _) in bad.items()}
    honest = {"03_softmax.py": b"x = 1\n", **RUNS}
    hostile = zipped(
        entries | honest | {"bomb.zip": zipped({str(number): bytes(19 << 20) for number in range(9)})},
        before=special,
        after=lie,
    )
    source = place.with_suffix(".zip")
    source.write_bytes(zipped({"roe_1_9_all.zip": hostile, "lee_2_9_03_softmax.py": b"hers"}))
    around = place.parents[2]
    before = everything(around)
    done = autograder("collect", source, "--into", around / "submitted", "--assignment", "03_softmax")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    there = {name: each for name, each in everything(around).items() if not name.startswith("submitted")}
    assert there == before
    assert not any(name.endswith("executed") for name in everything(around))
    assert files(around / "submitted")["lee_2/03_softmax/03_softmax.py"] == b"hers"
    assert files(around / "submitted")["roe_1/03_softmax/all.zip/03_softmax.py"] == b"x = 1\n"
    with open(around / "submitted" / "collected.csv", newline="", encoding="utf-8") as file:
        told = {row["file"]: row["reason"] for row in csv.DictReader(file)}
    assert len(bad) > 25
    for name, (_, reason) in bad.items():
        parts = [part for part in shown(name).split("/") if part not in ("", ".")]
        assert told.get(for_csv(decode_name("/".join(["roe_1_9_all.zip", *parts])))) == reason, name
    assert told["roe_1_9_all.zip/bomb.zip"] == messages.SWELLS


def test_an_entry_that_begins_elsewhere_is_not_read(place: Path) -> None:
    there, refused = unpacked(place, zipped({"elsewhere.py": b"x" * 100, "a.py": b"y"}, after=lie))
    assert refused == {"elsewhere.py": messages.ENTRY_BROKEN}
    assert there == {"a.py": b"y"}


@pytest.mark.parametrize(("first", "second"), COLLISIONS)
@pytest.mark.parametrize("pack", ["zip", "tar"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_that_are_one_the_first_stays(place: Path, pack: str, first: str, second: str) -> None:
    content = zipped({"b.py": b"1"}) if first == "inner.zip" else b"1"
    entries = [(first, content), (second, b"2")]
    packed = zipped(entries) if pack == "zip" else tarred([(member(name), content) for name, content in entries])
    there, refused = unpacked(place, packed)
    assert list(there.values()) == [b"1"]
    assert list(refused) == [shown(second)]
    assert refused[shown(second)].startswith("Its name is taken by ")


# tar


def sparse(name: str) -> tarfile.TarInfo:
    """A file of a terabyte that stores nothing."""
    made = member(name)
    made.pax_headers = {"GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.name": name}
    made.pax_headers |= {"GNU.sparse.size": str(1 << 40), "GNU.sparse.map": f"{(1 << 40) - 1},1"}
    return made


def devices() -> list[tarfile.TarInfo]:
    made = [member(kind.decode(), kind) for kind in (tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE)]
    for each in made:
        each.devmajor, each.devminor = 1, 3
    return made


LINKS = [
    member("link", tarfile.SYMTYPE, "../../secret.txt"),
    member("absolute link", tarfile.SYMTYPE, "/etc/passwd"),
    member("up", tarfile.SYMTYPE, ".."),
    member("hard", tarfile.LNKTYPE, "../secret.txt"),
    member("absolute hard", tarfile.LNKTYPE, "/etc/passwd"),
    member("inside", tarfile.LNKTYPE, "a.py"),
    member("to itself", tarfile.SYMTYPE, "to itself"),
]


def test_nothing_of_a_tar_leaves_the_target(place: Path) -> None:
    bad = {name: reason for name, reason in (OUT | UNFIT).items() if name != "./."}
    members = [(member(name), b"x") for name in bad]
    members += [(each, b"") for each in [*LINKS, *devices(), sparse("sparse")]]
    members += [(member("latin-1 \udcfc.py"), b"x"), (member("large.bin"), bytes(21 << 20))]
    honest = {"up/through.py": b"x", "link/through.py": b"x", "a.py": b"x", **RUNS}
    packed = tarred(members + [(member(name), content) for name, content in honest.items()])
    there, refused = unpacked(place, packed)
    expected = bad | {each.name: messages.LINK for each in LINKS} | {each.name: messages.NO_FILE for each in devices()}
    expected |= {"sparse": messages.SPARSE, "latin-1 \\xfc.py": messages.NAME_NOT_TEXT}
    expected |= {"large.bin": messages.file_too_large(20)}
    assert refused == {name if "\\xfc" in name else shown(name): reason for name, reason in expected.items()}
    assert there == honest


# What counts


def extracted(root: Path, packed: bytes, *, entries: int = 1000, size: int = 100 << 20) -> Extraction:
    """In this process, with an allowance."""
    archive = root.parent / "archive"
    archive.write_bytes(packed)
    extraction = Extraction(root, Allowance(entries, size, sys.maxsize))
    with archive.open("rb") as file:
        extraction.run(file, "archive")
    return extraction


def test_folders_count_whether_they_are_listed_or_not(tmp_path: Path) -> None:
    deep = zipped([(f"{number}/{'d/' * 20}a.py", b"") for number in range(10)])
    extracted(tmp_path / "fits", deep, entries=220)
    with pytest.raises(ArchiveRefusedError) as refused:
        extracted(tmp_path / "target", deep, entries=219)
    assert str(refused.value) == messages.too_many_entries(219)


def test_an_archive_has_its_time(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    archive.write_bytes(zipped({"a.py": b"x"}))
    with archive.open("rb") as file, pytest.raises(ArchiveRefusedError) as refused:
        Extraction(tmp_path / "target", Allowance(1000, 1000, seconds=-1)).run(file, "a.zip")
    assert str(refused.value) == messages.TAKES_TOO_MUCH


def test_an_archive_has_its_place_on_the_disk(tmp_path: Path) -> None:
    """Archives in it count, each with what is in it; what was refused, or stands there no more, does not."""
    inner = zipped({"a": bytes(1 << 20), "b": bytes(1 << 20)})
    refused = extracted(tmp_path / "1", zipped({"large": bytes(21 << 20), "a.zip": inner}), size=21 << 20).refused
    assert {each.name for each in refused} == {"large"}
    refused = extracted(tmp_path / "2", zipped({"a.zip": inner, "b.zip": inner, "c.zip": inner}), size=5 << 20).refused
    assert [(each.name, each.reason) for each in refused] == [
        ("b.zip", messages.too_many_bytes(1)),
        ("c.zip", messages.too_many_bytes(1)),
    ]
    assert files(tmp_path / "2").keys() == {"a.zip/a", "a.zip/b", "b.zip", "c.zip"}
    stored = zipped({"a": bytes(2 << 20)}, method=zipfile.ZIP_STORED)
    assert extracted(tmp_path / "3", zipped({"a.zip": stored}), size=5 << 20).refused == []


def test_what_is_in_archives_counts_with_all_else(tmp_path: Path) -> None:
    inner = zipped({str(number): b"x" for number in range(8)})
    extraction = extracted(tmp_path / "1", zipped({"a.zip": inner, "b.zip": inner}), entries=20)
    assert [(each.name, each.reason) for each in extraction.refused] == [("b.zip", messages.too_many_entries(5))]
    deep = "d/" * 20
    extraction = extracted(tmp_path / "2", zipped({f"{deep}a.zip": zipped({f"{deep}a.py": b"x"})}))
    assert [each.reason for each in extraction.refused] == [messages.NAME_TOO_DEEP]


# Anything

PIECES = ["a", "A", "ß", "ss", ".", "..", "/", "\\", " ", "\0", "\n", "\x1b", "C:", "\u00e9", "e\u0301", "名"]
PIECES += ["\u202e", "\udcff", ".git", "._", "n" * 256]
NAMES = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


@settings(max_examples=300, deadline=None)
@given(names=st.lists(NAMES, min_size=1, max_size=6))
@example(names=["a", "A", "a/b", "../a"])
def test_each_name_is_there_or_refused(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    place = tmp_path_factory.mktemp("fuzzed")
    packed = tarred([(member(name), b"x") for name in names])
    extraction = extracted(place / "target", packed)
    with tarfile.open(fileobj=io.BytesIO(packed)) as opened:
        entries = opened.getmembers()
    silent = [parts for each in entries if (parts := nobodys(each.name))]
    refused = [each for each in extraction.refused if not each.is_nobodys]
    assert len(files(place / "target")) + len(refused) + len(silent) == len(entries)
    assert len(extraction.refused) - len(refused) == len(set(silent))
    assert sorted(path.name for path in place.iterdir()) == ["archive", "target"]


def nobodys(name: str) -> tuple[str, ...]:
    try:
        return passed_over(parts_of(name))
    except EntryRefusedError:
        return ()


WHOLE = [
    zipped({"a/b.py": b"x" * 50, "c.zip": zipped({"d": b"y"}), "é": b""}),
    tarred([(member("a/b.py"), b"x" * 50), (member("é" * 120), b"y"), (member("l", tarfile.SYMTYPE, "a"), b"")]),
    tarred([(member("a/b.py"), b"x" * 50)], "gz"),
]


@settings(max_examples=500, deadline=None)
@given(
    whole=st.sampled_from(WHOLE),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=8),
    cut=st.none() | st.floats(0, 1),
)
def test_any_bytes_are_unpacked_or_refused(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, changes: list[tuple[float, int]], cut: float | None
) -> None:
    place = tmp_path_factory.mktemp("fuzzed")
    packed = bytearray(whole)
    for at, byte in changes:
        packed[int(at * len(packed))] = byte
    with suppress(ArchiveRefusedError):
        extracted(place / "target", bytes(packed[: None if cut is None else int(cut * len(packed))]))
    assert sorted(path.name for path in place.iterdir()) in (["archive"], ["archive", "target"])
