"""What counts, what is kept, and what a person did by hand: whatever comes in, in whatever order."""

from __future__ import annotations

import json
import os
import shutil
import warnings
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from autograder.classroom.collect import collection, messages
from autograder.classroom.collect.account import AccountLine, Placement
from autograder.classroom.collect.collection import Collection
from autograder.classroom.collect.manifest import FILE, Attempt
from autograder.classroom.collect.owners import Owners
from autograder.classroom.collect.sources import SourceReader
from autograder.classroom.roster import read_roster
from autograder.errors import UserError

pytestmark = pytest.mark.slow

A, B = "03_softmax", "04_attention"
ROSTER = "folder,ID\nana,1\nben,2\ncem,3\ndora,4\neva,5\n"


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
    assert group.files()[f"ana/{A}/timestamp.txt"] == "1999-01-01 00:00:00 UTC\n"  # a person's word
    (group.into / "ana" / A / "timestamp.txt").unlink()
    group.collect(again)
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


def test_another_systems_word_takes_the_place_of_none(group: Class) -> None:
    group.collect(group.source("1", {f"roeana_LATE_1_100_{A}.py": "1"}), assignment=A, roster=ROSTER)
    assert set(group.outcomes(group.source("2", {f"ana/{A}/{A}.py": "1"}), roster=ROSTER).values()) == {"unchanged"}
    (first,) = (group.record("ana")["counts"],)
    assert (first["is_late"], first["order"], first["system"]) == (True, 100, "canvas")  # type: ignore[index]


def test_a_claim_takes_the_place_of_no_time(tmp_path: Path) -> None:
    time = Attempt("a", "gradescope", {}, 1.0, "2026-10-05T00:00:00+00:00", is_late=False)
    commit = Attempt("b", "repository", {}, None, "2020-01-01T00:00:00+00:00", is_claim=True)
    plain = Attempt("c", "folders", {})
    assert commit.is_same_as(time)
    assert not commit.tells_more_than(time)
    assert not commit.tells_more_than(plain)
    assert time.tells_more_than(plain)
    assert not commit.is_older_than(time)


def test_an_older_one_of_a_system_is_older_whatever_came_between(group: Class) -> None:
    group.collect(group.source("1", {f"roeana_1_300_{A}.py": "300"}), assignment=A, roster=ROSTER)
    group.collect(group.source("2", {f"ana/{A}/{A}.py": "by mail"}), roster=ROSTER)
    group.collect(group.source("3", {f"roeana_1_100_{A}.py": "100"}), assignment=A, roster=ROSTER)
    assert group.files() == {f"ana/{A}/{A}.py": "by mail"}


def test_a_killed_update_is_gone_on_with(group: Class) -> None:
    """What was done is there, and nobody came to write it down."""
    old, new = group.source("1", {OLD: "1"}), group.source("2", {NEW: "2"})
    group.collect(old)
    before = (group.into / FILE).read_text()
    group.collect(new)
    whole = group.record("roeana_4101"), group.files(), group.files("submitted.attempts")
    for kill in ("after the rename", "before the rename"):
        (group.into / FILE).write_text(before)
        if kill == "before the rename":
            shutil.rmtree(group.into / "roeana_4101" / A)
            stale = group.into / "roeana_4101" / f".{A}.123"
            stale.mkdir()
        assert "not placed" not in group.outcomes(new).values()
        assert (group.record("roeana_4101"), group.files(), group.files("submitted.attempts")) == whole
        assert [path.name for path in (group.into / "roeana_4101").iterdir()] == [A]


def test_a_killed_run_of_two_makes_no_attempt_twice(group: Class) -> None:
    sources = group.source("1", {f"ana/{A}.py": "1"}), group.source("2", {f"ana/{A}.py": "2"})
    group.collect(*sources)
    (group.into / FILE).unlink()
    assert "not placed" not in group.outcomes(*sources).values()
    assert group.files("submitted.attempts") == {f"ana/{A}/1/{A}.py": "1"}
    assert len(group.record("ana")["others"]) == 1  # type: ignore[arg-type]


# Teams

TEAM = "folder,ID,Full name\nteam7,1,Ana Roe\nteam7,2,Ben Roe\ncem,3,Cem Roe\n"


@pytest.mark.parametrize("members", [(1, 2), (2, 1)])
def test_of_a_teams_members_the_newest_counts(group: Class, members: tuple[int, int]) -> None:
    first, second = members
    files = {f"roe_{first}_100_{A}.py": "old", f"roe_{second}_200_{A}.py": "new", f"roe_3_300_{A}.py": "cem"}
    source = group.source("1", files)
    assert group.outcomes(source, roster=TEAM) == {
        f"roe_{first}_100_{A}.py": "kept as an attempt",
        f"roe_{second}_200_{A}.py": "placed",
        f"roe_3_300_{A}.py": "placed",
    }
    assert group.files() == {f"cem/{A}/{A}.py": "cem", f"team7/{A}/{A}.py": "new"}
    assert group.files("submitted.attempts") == {f"team7/{A}/1/{A}.py": "old"}
    assert set(group.outcomes(source, roster=TEAM).values()) == {"unchanged"}
    assert not any(line.needs_a_person for line in group.collect(source, roster=TEAM))


def test_either_member_hands_in_for_the_team(group: Class) -> None:
    group.collect(group.source("1", {f"roe_2_100_{A}.py": "ben", f"roe_3_90_{A}.py": "x"}), roster=TEAM)
    group.collect(group.source("2", {f"Ana Roe/{B}.py": "ana", f"Cem Roe/{B}.py": "x"}), roster=TEAM)
    assert group.files() == {
        f"cem/{A}/{A}.py": "x",
        f"cem/{B}/{B}.py": "x",
        f"team7/{A}/{A}.py": "ben",
        f"team7/{B}/{B}.py": "ana",
    }


def test_where_nothing_tells_which_members_is_newer_a_person_is_asked(group: Class) -> None:
    moodle = "{}_{}_assignsubmission_file/{}.py"
    files = {moodle.format("Ana Roe", 31, A): "ana", moodle.format("Ben Roe", 32, A): "ben"}
    source = group.source("1", {**files, moodle.format("Cem Roe", 33, A): "cem"})
    lines = {line.file: line for line in group.collect(source, roster=TEAM)}
    (ana, ben, cem) = (lines[moodle.format(name, number, A)] for name, number in ROES)
    assert (ana.placement, ben.placement, cem.placement) == (Placement.ATTEMPT, Placement.PLACED, Placement.PLACED)
    assert ben.reason == messages.newest_of_a_team("Ben Roe", "Ana Roe", "team7")
    assert [line.needs_a_person for line in (ana, ben, cem)] == [False, True, False]
    assert group.files()[f"team7/{A}/{A}.py"] == "ben"
    same = group.source("2", {**dict.fromkeys(files, "both"), moodle.format("Cem Roe", 33, A): "cem"})
    assert not any(line.needs_a_person for line in group.collect(same, roster=TEAM))


ROES = (("Ana Roe", 31), ("Ben Roe", 32), ("Cem Roe", 33))


def test_who_is_absent_is_told_once_a_team_and_not_of_who_withdrew(group: Class) -> None:
    roster = "folder,ID,Withdrawn\nteam7,1,\nteam7,2,\ncem,3,yes\ndora,4,no\neva,5,\n"
    lines = group.collect(group.source("1", {f"roe_5_100_{A}.py": "x"}), assignment=A, roster=roster)
    assert [line.student for line in lines if line.placement is Placement.ABSENT] == ["team7", "dora"]


# What costs one student only


@pytest.mark.parametrize("form", ["roeana_1_9_{}", "Ana Roe_31877_assignsubmission_file_{}"])
def test_uploads_that_are_called_as_no_file_may_be(group: Class, form: str) -> None:
    files = {form.format(name): "x" for name in ("..", "timestamp.txt", f"{A}.py")}
    source = group.source("1", files)
    (source / form.format("..")).unlink()
    with zipfile.ZipFile(source / form.format(".."), "w") as archive:
        archive.writestr(f"{B}/{B}.py", "out")
    (source / form.format("timestamp.txt")).unlink()
    with zipfile.ZipFile(source / form.format("timestamp.txt"), "w") as archive:
        archive.writestr(f"{A}.py", "in")
    outcomes = group.outcomes(source, assignment=A)
    assert outcomes[f"{form.format('..')}/{B}/{B}.py"] == "not placed"
    assert outcomes[f"{form.format('timestamp.txt')}/{A}.py"] == "not placed"
    assert list(group.files().values()) == ["x"]
    assert group.outcomes(source, assignment=A)[form.format(f"{A}.py")] == "unchanged"


def test_a_text_of_a_student_is_no_list_of_repositories(group: Class) -> None:
    for name in ("roeana_1_9_notes.txt", "notes.txt"):
        source = group.source(name, {name: f"bob {group.root}\n", f"roeana_1_10_{A}.py": "x"})
        lines = group.collect(*sorted(source.iterdir()), assignment=A)
        assert "bob" not in {line.student for line in lines}
        assert {line.file for line in lines} == {name, f"roeana_1_10_{A}.py"}


def test_a_download_with_a_date_in_its_name_is_no_file_of_canvas(group: Class) -> None:
    archives = [
        zipped(group.root / f"class_2026_10_{day}.zip", [(f"{student}/{A}.py", day) for student in ("ana", "ben")])
        for day in ("12", "13")
    ]
    for sources in (archives[:1], archives):
        group.collect(*sources)
        assert sorted(path.name for path in group.into.iterdir() if path.is_dir()) == ["ana", "ben"]


def test_the_same_work_that_is_handed_in_again_is_written_down(group: Class) -> None:
    first, second = "2026-10-05 09:00:00.000000 UTC", "2026-10-06 09:00:00.000000 UTC"
    group.collect(group.source("1", {INBOUND.format(A, first, A): "x"}))
    outcomes = group.outcomes(group.source("2", {INBOUND.format(A, second, A): "x"}))
    assert set(outcomes.values()) == {"unchanged"}
    assert [each["handed_in"][:10] for each in group.record("ana")["others"]] == ["2026-10-05"]  # type: ignore[attr-defined]
    assert group.record("ana")["counts"]["handed_in"][:10] == "2026-10-06"  # type: ignore[index]


def test_what_is_hidden_beside_the_work_stays(group: Class) -> None:
    group.collect(group.source("1", {f"ana/{A}/{A}.py": "1"}))
    notes = group.into / "ana" / f".{A}.notes"
    notes.write_text("mine")
    group.collect(group.source("2", {f"ana/{A}/{A}.py": "2"}))
    assert notes.read_text() == "mine"


def test_uploads_that_programs_made_are_passed_over_each_time(group: Class) -> None:
    source = group.source("1", {"roeana_1_9_.DS_Store": "x", f"roeana_1_10_{A}.py": "x"})
    for outcome in ("placed", "unchanged"):
        outcomes = group.outcomes(source, assignment=A)
        assert outcomes == {"roeana_1_9_.DS_Store": "passed over", f"roeana_1_10_{A}.py": outcome}


def test_an_assignment_that_the_course_has_not_is_named(group: Class) -> None:
    (line,) = group.collect(group.source("1", {INBOUND.format("ps1", "2026-10-05 09:00:00 UTC", "ps1"): "x"}))
    assert line.reason == messages.no_such_assignment("ps1", f"{A}, {B}")


def test_options_without_what_they_are_about_are_refused(group: Class) -> None:
    source = group.source("1", {f"ana/{A}.py": "x"})
    with pytest.raises(UserError, match="--ref and --before are about repositories"):
        list(SourceReader(group.root / "scratch", [A], ref="main").read([source]))
    (group.root / "list.txt").write_text("ana\n")
    with pytest.raises(UserError, match="line 1"):
        group.collect(source, group.root / "list.txt")
    assert not any(path.is_dir() for path in group.into.iterdir())


def test_a_thing_that_is_named_twice_is_read_once(group: Class) -> None:
    source = group.source("1", {f"roeana_1_9_{A}.py": "x", f"roeben_2_9_{A}.py": "x"})
    ana, ben = sorted(source.iterdir())
    assert len(group.collect(ana, ben, ana)) == 2
    group.collect(source, source)
    assert not (group.root / "submitted.attempts").exists()


def zipped(path: Path, files: Iterable[tuple[str, str | bytes]]) -> Path:
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore", UserWarning)  # of names that are there twice
        for name, content in files:
            archive.writestr(name, content)
    return path


def test_one_with_very_many_files_hides_nobody(group: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collection, "MAX_FILES", 500)
    files = [(f"assignment_1_export/submission_1/{number}.txt", "") for number in range(2_050)]
    files += [(f"assignment_1_export/submission_2/{A}.py", "x")]
    people = [f"submission_{each}:\n  :submitters:\n  - :email: {each}@x.org\n" for each in (1, 2)]
    files += [("assignment_1_export/submission_metadata.yml", "".join(people))]
    for outcome in ("placed", "unchanged"):
        lines = group.collect(zipped(group.root / "export.zip", files), assignment=A)
        assert len(lines) == 2_051
        assert [line.placement for line in lines].count(Placement.NOT_PLACED) == 2_050 - 500  # and named
        assert [line.placement for line in lines if line.file.endswith(f"{A}.py")] == [outcome]
    assert group.files()[f"2@x.org/{A}/{A}.py"] == "x"


@pytest.mark.parametrize(
    "names",
    [("Ana Roe_1_assignsubmission_file", "Bob Low_2_assignsubmission_file"), ("roeana_1_9_w.zip", "lowbob_2_8_x.py")],
)
def test_a_download_of_one_student_is_no_wrapper(group: Class, names: tuple[str, str]) -> None:
    """What looks like others' work in there is what that student chose."""
    other, third = names[1], names[1].replace("_2_", "_3_").replace("ob", "im")
    if names[0].endswith(".zip"):
        inner = zipped(group.root / "inner.zip", [(other, "x"), (third, "x")]).read_bytes()
        files: list[tuple[str, str | bytes]] = [(names[0], inner)]
    else:
        files = [(f"{names[0]}/{each}/{A}.py", "x") for each in (other, third)]
    lines = group.collect(zipped(group.root / "one.zip", files), assignment=A)
    assert len({line.student for line in lines}) == 1
    assert {line.student for line in lines} <= {"Ana Roe", "roeana_1"}


def test_whatever_the_order_one_attempt_counts(group: Class) -> None:
    sources = [
        group.source("300", {f"roeana_1_300_{A}.py": "300"}),
        group.source("mail", {f"ana/{A}/{A}.py": "by mail"}),
        group.source("100", {f"roeana_1_100_{A}.py": "100"}),
    ]
    for _ in range(2):
        group.collect(*sources, assignment=A, roster=ROSTER)
        assert group.files()[f"ana/{A}/{A}.py"] == "by mail"
    assert sorted(group.files("submitted.attempts").values()) == ["100", "300"]


def test_attempts_do_not_grow_without_end(group: Class) -> None:
    first, second = (group.source(name, {f"ana/{A}.py": name}) for name in ("first", "second"))
    for _ in range(3):
        group.collect(first)
        group.collect(second)
    assert len(group.files("submitted.attempts")) == 2
    shutil.rmtree(group.root / "submitted.attempts")
    group.collect(first, second)
    assert list(group.files("submitted.attempts").values()) == ["first"]


def test_what_a_person_put_in_the_place_of_a_file_stays(group: Class) -> None:
    source = group.source("1", {INBOUND.format(A, "2026-10-05 09:00:00 UTC", A): "x"})
    group.collect(source)
    file = group.into / "ana" / A / f"{A}.py"
    (group.root / "mended.py").write_text("mended")
    file.unlink()
    file.symlink_to(group.root / "mended.py")
    assert set(group.outcomes(source).values()) == {"not placed"}
    assert file.is_symlink()
    file.unlink()
    (group.into / "ana" / A / "timestamp.txt").write_text("1999-01-01 00:00:00 UTC\n")
    assert set(group.outcomes(source).values()) == {"not placed"}


def test_the_tops_of_a_download_may_be_named_each(group: Class) -> None:
    moodle = group.source(
        "m", {f"Ana Roe_1_assignsubmission_file/Bob Low/{A}.py": "x", f"Bob Low_2_assignsubmission_file/{A}.py": "x"}
    )
    lines = group.collect(*sorted(moodle.iterdir()))
    assert sorted({line.student for line in lines}) == ["Ana Roe", "Bob Low"]
    assert group.files()[f"Bob Low/{A}/{A}.py"] == "x"
    loose = group.source("loose", {f"{A} - Cem.py": "x"})
    zipped(loose / "ana roe.zip", [(f"cem/{A}.py", "forged")])
    lines = group.collect(*sorted(loose.iterdir()), assignment=A)
    assert group.files()[f"Cem/{A}/{A} - Cem.py"] == "x"
    assert "cem" not in {line.student for line in lines}


def test_one_who_packs_very_much_that_is_refused_hides_nobody(group: Class) -> None:
    name = "../" + "\U0001f600" * 60
    inner = zipped(group.root / "inner.zip", [(f"{name}{number}", "") for number in range(4_990)]).read_bytes()
    files = [(f"roeana_1_{number}_w.zip", inner) for number in range(8)] + [(f"lowbob_2_9_{A}.py", b"x")]
    lines = group.collect(zipped(group.root / "c.zip", files), assignment=A)
    assert f"lowbob_2/{A}/{A}.py" in group.files()
    assert len(lines) < 2_000


def test_a_download_that_was_packed_again_is_looked_through(group: Class) -> None:
    names = [f"roe{each}_{each}_9_{A}.py" for each in range(2)]
    for archive in ("rezip.zip", "submissions (1).zip"):
        source = zipped(group.root / archive, [(f"submissions/{name}", "x") for name in names])
        assert {line.file for line in group.collect(source)} == set(names)


def test_of_two_entries_of_one_name_each_has_a_line(group: Class) -> None:
    source = zipped(group.root / "c.zip", [(f"roeana_1_9_{A}.py", "first"), *[(f"roeana_1_9_{A}.py", "again")] * 2])
    lines = group.collect(source)
    assert sorted((line.placement.value, bool(line.reason)) for line in lines) == [
        *[("not placed", True)] * 2,
        ("placed", False),
    ]
    assert group.files() == {f"roeana_1/{A}/{A}.py": "first"}


def test_odd_archives_are_told_in_a_line(group: Class) -> None:
    for name, files in {
        "nameless.zip": [(".", "x"), (f"roeana_1_9_{A}.py", "x")],
        "folder.zip": [("submission_metadata.yml/x", "x"), (f"submission_1/{A}.py", "x")],
        "empty.zip": [],
    }.items():
        lines = group.collect(zipped(group.root / name, files))
        assert all(line.reason or line.placement is Placement.PLACED for line in lines)


def test_what_programs_leave_behind_has_no_vote(group: Class) -> None:
    files = {"submission_1/a.py": "x", ".DS_Store": "x", "__MACOSX/x": "x", "Thumbs.db": "x"}
    metadata = {"submission_metadata.yml": "submission_1:\n  :submitters:\n  - :email: ana@x.org\n"}
    group.collect(group.source("1", {**files, **metadata}), assignment=A)
    assert group.files() == {f"ana@x.org/{A}/a.py": "x"}
    assert [path.name for path in group.into.iterdir() if path.is_dir()] == ["ana@x.org"]


def test_an_upload_that_is_packed_and_called_otherwise(group: Class) -> None:
    inner = zipped(group.root / "inner.zip", [(f"{A}.py", "x")]).read_bytes()
    with zipfile.ZipFile(group.root / "c.zip", "w") as archive:
        archive.writestr("roebob_2_9_bob.ipynb", inner)
        archive.writestr(f"roeana_1_9_{A}.py", "x")
    group.collect(group.root / "c.zip", assignment=A)
    assert set(group.files()) == {f"roeana_1/{A}/{A}.py", f"roebob_2/{A}/bob.ipynb/{A}.py"}


def test_folders_of_assignments_with_students_in_them(group: Class) -> None:
    files = {f"{A}/ana/{A}.py": "1", f"{A}/ben.py": "2", f"{B}/ana/work.py": "3"}
    group.collect(group.source("1", files))
    assert group.files() == {f"ana/{A}/{A}.py": "1", f"ben/{A}/ben.py": "2", f"ana/{B}/work.py": "3"}


def test_who_handed_in_together_and_is_listed_twice_has_one_line(group: Class) -> None:
    person = "  - :email: ana@x.org\n"
    files = {"submission_1/a.py": "x", "submission_metadata.yml": f"submission_1:\n  :submitters:\n{person * 2}"}
    (line,) = group.collect(group.source("1", files), assignment=A)
    assert line.placement is Placement.PLACED


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
    assert {lines[name].reason for name in files if name.startswith("week")} == {messages.A_DOWNLOAD}
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
