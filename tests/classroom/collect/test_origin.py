"""What names in a download tell; and that below the names at its top, nothing is told but what students chose."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import PurePosixPath

import pytest

from autograder.classroom.collect.systems.origin import (
    Origin,
    System,
    Top,
    holds_several,
    origin_of,
    system_of,
    time_of,
)

A = "03_softmax"


def told(system: System, path: str, *, is_file: bool = True) -> Origin:
    return origin_of(system, Top(path.split("/")[0], is_file), PurePosixPath(path), [A])


@pytest.mark.parametrize(
    ("name", "ids", "person", "file", "is_late", "upload"),
    [
        ("roeana_4101_90017_a.ipynb", {"ID": "4101"}, "roeana", "a.ipynb", False, 90017),
        ("roeana_LATE_4101_90017_a.ipynb", {"ID": "4101"}, "roeana", "a.ipynb", True, 90017),
        ("roeana_late_4101_90017_a.ipynb", {"ID": "4101"}, "roeana", "a.ipynb", True, 90017),
        ("roeana_4101_90017_b_5_6_LATE_7_8_a.ipynb", {"ID": "4101"}, "roeana", "b_5_6_LATE_7_8_a.ipynb", False, 90017),
        ("_4101_90017_a.ipynb", {"ID": "4101"}, "", "a.ipynb", False, 90017),
        ("van_der_roe_4101_90017_a.ipynb", {"ID": "4101"}, "van_der_roe", "a.ipynb", False, 90017),
        ("王小明_4101_90017_a-1.ipynb", {"ID": "4101"}, "王小明", "a-1.ipynb", False, 90017),
        ("roeana_4101_text.html", {"ID": "4101"}, "roeana", "text.html", False, None),
        ("roeana_LATE_4101_link.html", {"ID": "4101"}, "roeana", "link.html", True, None),
        ("roeana_4101_90017_text.html", {"ID": "4101"}, "roeana", "text.html", False, 90017),
        ("anon_aB3xZ_90017_a.ipynb", {"Anonymous ID": "aB3xZ"}, "", "a.ipynb", False, 90017),
        ("LATE_anon_aB3xZ_90017_a.ipynb", {"Anonymous ID": "aB3xZ"}, "", "a.ipynb", True, 90017),
        ("anon_aB3xZ_text.html", {"Anonymous ID": "aB3xZ"}, "", "text.html", False, None),
    ],
)
def test_canvas(name: str, ids: dict[str, str], person: str, file: str, is_late: bool, upload: int | None) -> None:
    assert system_of([Top(name, is_file=True)]) is System.CANVAS
    assert told(System.CANVAS, name) == Origin(
        System.CANVAS, PurePosixPath(file), person, ids, is_late=is_late, upload=upload
    )


@pytest.mark.parametrize(
    ("path", "is_file", "ids", "person", "file"),
    [
        ("Ana Roe_31877_assignsubmission_file/sub/a.ipynb", False, {"Identifier": "31877"}, "Ana Roe", "sub/a.ipynb"),
        ("Ana Roe_31877_assignsubmission_file_/a.ipynb", False, {"Identifier": "31877"}, "Ana Roe", "a.ipynb"),
        ("Ana Roe_31877_assignsubmission_file_a.ipynb", True, {"Identifier": "31877"}, "Ana Roe", "a.ipynb"),
        ("Ana Roe_31877_assignsubmission_file_1_2_a.py", True, {"Identifier": "31877"}, "Ana Roe", "1_2_a.py"),
        ("Ana Roe_7_assignsubmission_file_X_8_assignsubmission_file_a", True, {"Identifier": "7"}, "Ana Roe", None),
        ("Default group_assignsubmission_file/a.ipynb", False, {}, "Default group", "a.ipynb"),
    ],
)
def test_moodle(path: str, is_file: bool, ids: dict[str, str], person: str, file: str | None) -> None:
    assert system_of([Top(path.split("/")[0], is_file)]) is System.MOODLE
    origin = told(System.MOODLE, path, is_file=is_file)
    assert (origin.ids, origin.name) == (ids, person)
    assert str(origin.file) == (file or "X_8_assignsubmission_file_a")


@pytest.mark.parametrize(
    ("name", "student", "time"),
    [
        (f"ana+{A}+2026-10-05 09:14:02.123456 UTC+Zk3_aB9-xQ1w", "ana", datetime(2026, 10, 5, 9, 14, 2, 123456, UTC)),
        (f"ana+{A}+2026-10-05 09:14:02 UTC", "ana", datetime(2026, 10, 5, 9, 14, 2, tzinfo=UTC)),
        (f"ana+{A}+2026-10-05 09:14:02 +0200", "ana", datetime(2026, 10, 5, 7, 14, 2, tzinfo=UTC)),
        (f"a+b+{A}+2026-10-05 09:14:02 UTC+Zk3_aB9-xQ1w", "a+b", datetime(2026, 10, 5, 9, 14, 2, tzinfo=UTC)),
        (f"ana+{A}+2026-10-05 09:14:02 CET+Zk3_aB9-xQ1w", "ana", None),
        (f"ana+{A}+yesterday", "ana", None),
        (f"ana+{A}+", "ana", None),
    ],
)
def test_nbgrader(name: str, student: str, time: datetime | None) -> None:
    assert system_of([Top(name, is_file=False)]) is System.NBGRADER
    origin = told(System.NBGRADER, f"{name}/{A}.ipynb", is_file=False)
    assert (origin.name, origin.assignment, origin.handed_in) == (student, A, time)
    assert (origin.unread_time is None) == (time is not None)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-10-05 13:16:26 -0600", datetime(2026, 10, 5, 19, 16, 26, tzinfo=UTC)),
        ("2026-04-26 17:34:00.861687000 Z", datetime(2026, 4, 26, 17, 34, 0, 861687, UTC)),
        ("2026-10-05 13:16:26.5 Z", datetime(2026, 10, 5, 13, 16, 26, 500000, UTC)),
        ("2026-10-05T13:16:26+02:00", datetime(2026, 10, 5, 11, 16, 26, tzinfo=UTC)),
        *((text, None) for text in ("", "yesterday", "2026-10-05", "2026-10-05 13:16", "2026-13-05 13:16:26 UTC")),
        *((text, None) for text in ("2026-10-05 -0600", "2026-10-05 UTC", "2026-10-05 1316:26 UTC")),
        *((text, None) for text in ("0001-01-01 00:00:00 +0200", "9999-12-31 23:59:59 -0200", "Z", "x" * 300 + "Z")),
    ],
)
def test_times(text: str, time: datetime | None) -> None:
    assert time_of(text) == time


@pytest.mark.parametrize(
    "chosen",
    ["x_5_assignsubmission_file_a.py", "ben+03_softmax+2026-10-05 09:14:02 UTC", "roeben_4102_9_a.py", "anon_x_1_a"],
)
def test_what_a_student_chose_is_never_the_systems_word(chosen: str) -> None:
    canvas = f"roeana_4101_90017_{chosen}"
    assert system_of([Top(canvas, is_file=True)]) is System.CANVAS
    assert told(System.FOLDERS, canvas).ids == {"ID": "4101"}
    moodle = f"Ana Roe_31877_assignsubmission_file_{chosen}"
    assert system_of([Top(moodle, is_file=True)]) is System.MOODLE
    assert told(System.FOLDERS, moodle).ids == {"Identifier": "31877"}
    assert told(System.FOLDERS, f"ana/{chosen}", is_file=False).ids == {"folder": "ana"}


def test_the_system_is_what_most_names_at_the_top_tell() -> None:
    canvas = [Top(f"roe_{number}_9_a.py", is_file=True) for number in range(3)]
    folders = [Top(name, is_file=False) for name in ("ana", "ben")]
    assert system_of([*canvas, *folders]) is System.CANVAS
    assert system_of([*canvas[:2], *folders]) is System.FOLDERS
    assert system_of([]) is System.FOLDERS
    export = [
        Top("submission_1", is_file=False),
        Top("2.pdf", is_file=True),
        Top("submission_metadata.yml", is_file=True),
    ]
    assert system_of(export) is System.GRADESCOPE
    assert system_of([*folders, export[-1]]) is System.FOLDERS  # somebody handed that in
    assert told(System.CANVAS, "notes.txt").ids == {}


def test_a_folder_with_the_work_of_several_people_is_told_from_one_persons() -> None:
    canvas = [Top(f"roe_{number}_9_a.py", is_file=True) for number in range(2)]
    assert holds_several(canvas)
    assert not holds_several(canvas[:1])
    assert not holds_several([Top("roe_1_9_a.py", is_file=True), Top("roe_1_10_a.py", is_file=True)])
    assert not holds_several([Top("ana", is_file=False), Top("ben", is_file=False)])


@pytest.mark.parametrize(
    ("name", "person"),
    [
        (f"{A} - Ana Roe (1).ipynb", "Ana Roe"),
        (f"ana_{A}.py", "ana"),
        (f"4101_{A}-1.ipynb", "4101"),
        ("ana.ipynb", "ana"),
        (f"ana.low_{A}.ipynb", "ana.low"),
        (f"ana.low {A}.ipynb.txt", "ana.low"),
        (f"ana.low_{A}.tar.gz", "ana.low"),
        ("王小明 03-Softmax.ipynb", "王小明"),
        (f"{A}.ipynb", ""),
        ("notes.pdf", ""),
    ],
)
def test_a_loose_file_is_called_after_somebody(name: str, person: str) -> None:
    assert told(System.FOLDERS, name).name == person
