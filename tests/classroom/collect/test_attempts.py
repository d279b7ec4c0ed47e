"""What counts, what is kept, and what a person did by hand: whatever comes in, in whatever order."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from autograder.classroom.collect import messages
from autograder.classroom.collect.account import AccountLine, Placement
from autograder.classroom.collect.collection import Collection
from autograder.classroom.collect.manifest import FILE
from autograder.classroom.collect.owners import Owners
from autograder.classroom.collect.sources import SourceReader
from autograder.classroom.roster import read_roster

A, B = "03_softmax", "04_attention"


class Class:
    """A folder of submissions, and what is collected into it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.into = root / "submitted"
        self._runs = iter(range(1000))

    def source(self, name: str, files: Mapping[str, str]) -> Path:
        for path, content in files.items():
            file = self.root / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
        return self.root / name

    def collect(self, *sources: Path, assignment: str = "", roster: str = "") -> list[AccountLine]:
        people = None
        if roster:
            (self.root / "roster.csv").write_text(roster)
            people = read_roster(self.root / "roster.csv")
        collection = Collection(self.into, [A, B], Owners(people), assignment)
        self.into.mkdir(exist_ok=True)
        collection.add(SourceReader(self.root / f"scratch{next(self._runs)}", [A, B]).read(sources))
        return collection.account

    def outcomes(self, *sources: Path, assignment: str = "", roster: str = "") -> dict[str, str]:
        return {line.file: line.placement for line in self.collect(*sources, assignment=assignment, roster=roster)}

    def files(self, folder: str = "submitted") -> dict[str, str]:
        root = self.root / folder
        found = (path for path in sorted(root.rglob("*")) if path.is_file() and path.name != FILE)
        return {path.relative_to(root).as_posix(): path.read_text() for path in found}

    def record(self, student: str, assignment: str = A) -> dict[str, object]:
        found: dict[str, object] = json.loads((self.into / FILE).read_text())["work"][student][assignment]
        return found


@pytest.fixture
def group(tmp_path: Path) -> Class:
    return Class(tmp_path)


OLD, NEW = f"roeana_4101_100_{A}.py", f"roeana_4101_200_{A}.py"
PLACE = f"roeana_4101/{A}/{A}.py"


@pytest.mark.parametrize("order", [("old", "new"), ("new", "old")])
@pytest.mark.parametrize("at_once", [True, False])
def test_the_newest_counts_in_whatever_order_downloads_are_collected(
    group: Class, order: tuple[str, str], at_once: bool
) -> None:
    sources = {"old": group.source("old", {OLD: "1"}), "new": group.source("new", {NEW: "2"})}
    for names in [order] if at_once else [(name,) for name in order]:
        group.collect(*(sources[name] for name in names))
    assert group.files() == {PLACE: "2"}
    assert group.files("submitted.attempts") == {f"roeana_4101/{A}/1/{A}.py": "1"}
    before = group.files(), group.files("submitted.attempts"), group.record("roeana_4101")
    for names in ((order[0],), (order[1],), order):
        assert set(group.outcomes(*(sources[name] for name in names)).values()) == {"unchanged"}
    assert (group.files(), group.files("submitted.attempts")) == before[:2]


def test_where_no_system_tells_the_order_what_is_collected_last_is_newest(group: Class) -> None:
    first, second = (group.source(name, {f"ana/{A}.py": name}) for name in ("first", "second"))
    group.collect(first, second)
    assert group.files() == {f"ana/{A}/{A}.py": "second"}
    assert set(group.outcomes(first, second).values()) == {"unchanged"}
    assert group.outcomes(first) == {f"ana/{A}.py": "updated"}  # somebody went back to it
    assert group.files() == {f"ana/{A}/{A}.py": "first"}
    assert sorted(group.files("submitted.attempts").values()) == ["first", "second"]


def test_no_attempt_takes_the_place_of_another(group: Class) -> None:
    (group.root / "submitted.attempts" / "ana" / A / "2").mkdir(parents=True)  # by hand
    for number in range(4):
        group.collect(group.source(str(number), {f"ana/{A}.py": str(number)}))
    assert group.files("submitted.attempts") == {
        f"ana/{A}/1/{A}.py": "0",
        f"ana/{A}/3/{A}.py": "1",
        f"ana/{A}/4/{A}.py": "2",
    }
    assert group.files() == {f"ana/{A}/{A}.py": "3"}


def test_what_was_changed_by_hand_stays(group: Class) -> None:
    group.collect(group.source("1", {f"ana/{A}.py": "1", f"ben/{A}.py": "1"}))
    place = group.into / "ana" / A
    (place / f"{A}.py").write_text("by hand")
    assert group.outcomes(group.root / "1") == {f"ana/{A}.py": "not placed", f"ben/{A}.py": "unchanged"}
    newer = group.source("2", {f"ana/{A}.py": "2", f"ben/{A}.py": "2"})
    ana, ben = group.collect(newer)
    assert (ana.placement, ben.placement) == (Placement.NOT_PLACED, Placement.UPDATED)
    assert ana.reason.startswith(f"{place} was changed since it was collected, and stays")
    assert group.files() == {f"ana/{A}/{A}.py": "by hand", f"ben/{A}/{A}.py": "2"}
    shutil.rmtree(place)
    assert group.outcomes(newer)[f"ana/{A}.py"] == "placed"


def test_a_file_that_was_added_by_hand_is_not_moved_away(group: Class) -> None:
    group.collect(group.source("1", {f"ana/{A}.py": "1"}))
    (group.into / "ana" / A / "data.txt").write_text("x")
    assert group.outcomes(group.source("2", {f"ana/{A}.py": "2"})) == {f"ana/{A}.py": "not placed"}


def test_what_was_deleted_is_placed_again(group: Class) -> None:
    source = group.source("1", {f"ana/{A}.py": "1"})
    group.collect(source)
    shutil.rmtree(group.into / "ana")
    assert group.outcomes(source) == {f"ana/{A}.py": "placed"}
    (group.into / "ana" / A / f"{A}.py").unlink()  # and the folder stays
    assert group.outcomes(source) == {f"ana/{A}.py": "placed"}
    assert group.files() == {f"ana/{A}/{A}.py": "1"}


def test_a_run_that_came_to_no_end_is_gone_on_with(group: Class) -> None:
    source = group.source("1", {f"ana/{A}.py": "1", f"ben/{A}.py": "1"})
    group.collect(source)
    (group.into / FILE).unlink()
    (group.into / "ben" / A / f"{A}.py").write_text("by hand")
    assert group.outcomes(source) == {f"ana/{A}.py": "unchanged", f"ben/{A}.py": "not placed"}
    assert group.outcomes(group.source("2", {f"ana/{A}.py": "2"})) == {f"ana/{A}.py": "updated"}


INBOUND = "ana+{}+{}+Zk3_aB9-xQ1w/{}.py"


def test_the_time_of_the_system_is_written_beside_the_work_and_follows_it(group: Class) -> None:
    one, two = "2026-10-05 09:14:02.123456 UTC", "2026-10-06 08:00:00.000000 UTC"
    group.collect(group.source("1", {INBOUND.format(A, one, A): "1"}))
    assert group.files()[f"ana/{A}/timestamp.txt"] == f"{one}\n"
    again = group.source("2", {INBOUND.format(A, two, A): "1"})  # the same work, later
    group.collect(again)
    assert group.files()[f"ana/{A}/timestamp.txt"] == f"{two}\n"
    (group.into / "ana" / A / "timestamp.txt").write_text("1999-01-01 00:00:00 UTC\n")
    assert group.outcomes(again) == {INBOUND.format(A, two, A): "unchanged"}
    assert group.files()[f"ana/{A}/timestamp.txt"] == f"{two}\n"
    group.collect(group.source("3", {f"ana/{A}.py": "3"}))  # of which no time is known
    assert group.files() == {f"ana/{A}/{A}.py": "3"}


def test_canvas_word_on_lateness_is_taken_again(group: Class) -> None:
    group.collect(group.source("1", {f"roeana_LATE_4101_100_{A}.py": "1"}))
    assert group.record("roeana_4101")["counts"]["is_late"] is True  # type: ignore[index]
    assert set(group.outcomes(group.source("2", {OLD: "1"})).values()) == {"unchanged"}  # the date due was moved
    assert group.record("roeana_4101")["counts"]["is_late"] is False  # type: ignore[index]


def test_a_time_that_cannot_be_read_is_kept_as_it_is(group: Class) -> None:
    (line,) = group.collect(group.source("1", {INBOUND.format(A, "yesterday", A): "1"}))
    assert line.placement is Placement.PLACED
    assert line.needs_a_person
    assert group.record("ana")["counts"]["unread_time"] == "yesterday"  # type: ignore[index]
    (line,) = group.collect(group.source("2", {INBOUND.format(B, "", B): "1"}))
    assert line.reason == "The time of handing in, '', cannot be read: look at whether it was late"


# What costs one student only


def test_all_that_lies_there_has_a_line(group: Class) -> None:
    names = ["ana/.git/config", "ana/.DS_Store", "ana/timestamp.txt", f"ana/{A}.py", f"ben/{A}/{A}.py"]
    source = group.source("1", dict.fromkeys(names, "x"))
    (source / "cem").mkdir()
    (source / "ana" / "link.py").symlink_to("/etc/passwd")
    os.mkfifo(source / "ana" / "pipe.py")
    deep = source / "dora" / Path(*"abcdefghijklmn")
    deep.mkdir(parents=True)
    (deep / f"{A}.py").write_text("x")
    (source / "broken.zip").write_text("PK")
    lines = group.collect(source)
    assert {line.file: line.placement.value for line in lines} == {
        "ana/.git": "passed over",
        "ana/.DS_Store": "passed over",
        "ana/timestamp.txt": "passed over",
        "ana/link.py": "not placed",
        "ana/pipe.py": "not placed",
        "broken.zip": "not placed",
        "cem": "passed over",
        "dora/" + "/".join("abcdefghijkl"): "not placed",
        f"ana/{A}.py": "placed",
        f"ben/{A}/{A}.py": "placed",
    }
    assert all(line.reason for line in lines if line.placement is not Placement.PLACED)
    assert sorted(path.name for path in group.into.iterdir() if path.is_dir()) == ["ana", "ben", "cem", "dora"]


def test_what_is_in_the_way_of_one_is_in_nobody_elses(group: Class) -> None:
    group.into.mkdir()
    (group.into / "ana").write_text("a file")
    (group.into / "ben").symlink_to(group.root)
    (group.into / "cem" / A).mkdir(parents=True)
    (group.into / "dora").mkdir()
    (group.into / "dora" / A).symlink_to(group.root)
    students = ("ana", "ben", "cem", "dora", "eva")
    lines = group.collect(group.source("1", {f"{student}/{A}.py": "x" for student in students}))
    placed = {line.student for line in lines if line.placement is Placement.PLACED}
    assert placed == {"eva"}
    assert {line.student for line in lines if line.placement is Placement.NOT_PLACED} == {*students} - placed
    assert not (group.root / A).exists()
    assert not (group.root / f"{A}.py").exists()


def test_a_file_and_a_folder_of_one_path(group: Class) -> None:
    files = {f"ana/{A}/x": "file", f"ana/deep/{A}/x/y.py": "below", f"ana/{A}/{A}.py": "work", f"ben/{A}.py": "x"}
    outcomes = group.outcomes(group.source("1", files))
    assert [outcomes[name] for name in files] == ["placed", "not placed", "placed", "placed"]


@pytest.mark.parametrize("student", [".lock", "-r", "=1+1", "collected.csv", "CON", "ana roe ", "o'brien", "名" * 85])
def test_odd_names_of_folders(group: Class, student: str) -> None:
    outcomes = group.outcomes(group.source("1", {f"{student}/{A}.py": "1", f"ben/{A}.py": "1"}))
    assert outcomes.pop(f"ben/{A}.py") == "placed"
    (outcome,) = outcomes.values()
    assert outcome == ("not placed" if student in (".lock", "collected.csv") else "placed")


def test_what_a_student_packs_speaks_for_nobody_else(group: Class) -> None:
    metadata = "submission_1:\n  :submitters:\n  - :email: ben@example.org\n"
    forged = {
        f"ana/{A}/submission_metadata.yml": metadata,
        f"ana/{A}/submission_1/{A}.py": "x",
        f"ana/roeben_4102_9_{A}.py": "x",
        f"ana/Ben Roe_31877_assignsubmission_file/{A}.py": "x",
        f"ana/ben+{A}+2026-10-05 09:14:02 UTC/{A}.py": "x",
    }
    lines = group.collect(group.source("1", {**forged, f"ben/{A}.py": "his"}))
    assert {line.student for line in lines if line.file.startswith("ana/")} == {"ana"}
    assert group.files()[f"ben/{A}/{A}.py"] == "his"
    assert sorted(path.name for path in group.into.iterdir() if path.is_dir()) == ["ana", "ben"]


def test_a_whole_download_among_folders_is_nobodys_and_named(group: Class) -> None:
    files = {f"week 3/roe{number}_{number}_9_{A}.py": "x" for number in range(3)} | {f"ana/{A}.py": "x"}
    lines = {line.file: line for line in group.collect(group.source("1", files))}
    assert lines["week 3"].reason == "It looks like the download of a whole class: name it as a SOURCE of its own"
    assert sorted(path.name for path in group.into.iterdir() if path.is_dir()) == ["ana"]


# What a download is of


@pytest.fixture
def canvas(group: Class) -> Path:
    names = [f"roeana_1_9_{A}.py", f"roeben_2_9_{A}-1.py", "roecem_3_9_my work.py", f"roedora_4_9_{B}.py"]
    return group.source("canvas", dict.fromkeys(names, "x"))


def test_a_download_is_of_the_assignment_that_is_named(group: Class, canvas: Path) -> None:
    group.collect(canvas, assignment=A)
    assert {path.split("/")[1] for path in group.files()} == {A}
    assert len(group.files()) == 4


def test_what_is_called_otherwise_is_for_what_all_the_others_are(group: Class, canvas: Path) -> None:
    (canvas / f"roedora_4_9_{B}.py").unlink()
    group.collect(canvas)
    assert f"roecem_3/{A}/my work.py" in group.files()


def test_where_others_differ_it_is_asked_for(group: Class, canvas: Path) -> None:
    (lost,) = [line for line in group.collect(canvas) if line.placement is Placement.NOT_PLACED]
    assert lost.file == "roecem_3_9_my work.py"
    assert lost.reason.startswith("Its name does not tell what it is for: name that by --assignment")


def test_single_files_are_one_download(group: Class, canvas: Path) -> None:
    helper = canvas / "roeana_1_9_helper.py"
    helper.write_text("help")
    group.collect(*sorted(canvas.iterdir()), assignment=A)
    assert group.files()[f"roeana_1/{A}/helper.py"] == "help"
    assert group.files()[f"roeana_1/{A}/{A}.py"] == "x"
    assert not (group.root / "submitted.attempts").exists()


ROSTER = "folder,ID\nana,1\nben,2\ncem,3\ndora,4\neva,5\n"


def test_who_is_not_in_a_download_is_named_and_keeps_what_was_there(group: Class, canvas: Path) -> None:
    group.collect(canvas, assignment=A, roster=ROSTER)
    (canvas / f"roeana_1_9_{A}.py").unlink()
    lines = group.collect(canvas, assignment=A, roster=ROSTER)
    absent = [line for line in lines if line.placement is Placement.ABSENT]
    assert [(line.student, line.needs_a_person) for line in absent] == [("ana", False), ("eva", False)]
    assert {line.reason for line in absent} == {messages.not_in("canvas")}
    assert group.files()[f"ana/{A}/{A}.py"] == "x"


def test_who_was_collected_without_the_roster_is_named(group: Class, canvas: Path) -> None:
    group.collect(canvas, assignment=A)
    lines = group.collect(canvas, assignment=A, roster=ROSTER)
    strangers = [line for line in lines if line.placement is Placement.STRANGER]
    assert [line.student for line in strangers] == ["roeana_1", "roeben_2", "roecem_3", "roedora_4"]
    assert all(line.needs_a_person for line in strangers)


def test_who_may_be_in_a_download_by_what_is_nobodys_is_told_so(group: Class, canvas: Path) -> None:
    (canvas / f"roexenia_77_9_{A}.py").write_text("x")
    lines = group.collect(canvas, assignment=A, roster=ROSTER)
    (absent,) = (line for line in lines if line.placement is Placement.ABSENT)
    assert absent.reason == messages.perhaps_in("canvas", 1)
