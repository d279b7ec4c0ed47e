"""A course.toml that is not in order: one line, with the file and the key."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.settings import (
    CourseSettings,
    Limits,
    PublicSettings,
    SettingsError,
    is_public_seed,
    read_course_settings,
    read_public_settings,
)
from tests.helpers.command_line import autograder, one_line, refusal
from tests.helpers.course import COURSE_TOML, PUBLIC_COURSE_TOML, edit
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.portable

COURSE = COURSE_TOML.format(seed="a seed", assignments='["01_sums", "02_centred"]')
ASSIGNMENTS = 'assignments = ["01_sums", "02_centred"]'
Read = Callable[[Path], PublicSettings]
BOTH = pytest.mark.parametrize(
    ("text", "read"),
    [(COURSE, read_course_settings), (PUBLIC_COURSE_TOML, read_public_settings)],
    ids=["instructor's", "students'"],
)


def refused(folder: Path, text: str, read: Read) -> str:
    """The one line with which a file of settings is refused, without the file's own path in it."""
    file = folder / "course.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        read(file)
    line = str(error.value)
    assert len(line.splitlines()) == 1
    assert line.startswith(str(file))
    return line.removeprefix(str(file))


def replaced(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


def with_line(text: str, line: str) -> str:
    """The settings with one more line at the top, where no table has begun."""
    return f"{line}\n{text}"


READS = ["02_centred/data/table.csv", "01_sums/data/deep/words.txt"]


@BOTH
def test_files_that_answers_may_read_are_named_in_the_folders_that_students_get(
    tmp_path: Path, text: str, read: Read
) -> None:
    (tmp_path / "course.toml").write_text(with_line(text, f"reads = {READS}"))
    assert read(tmp_path / "course.toml").reads == tuple(READS)
    (tmp_path / "course.toml").write_text(text)
    assert read(tmp_path / "course.toml").reads == ()


@BOTH
@pytest.mark.parametrize(
    "name",
    [
        *(
            "01_sums/lesson.py",
            "table.csv",
            "/etc/passwd",
            "../secret.txt",
            "01_sums/data/../lesson.py",
            "01_sums/data",
        ),
        *("01_sums/data/", "03_more/data/table.csv", "01_sums/data/.hidden", "01_sums\\data\\x.csv", "data/x.csv", ""),
        *("01_sums/data//x.csv", "01_sums/Data/x.csv", "./01_sums/data/x.csv", "01_sums/data/*"),
    ],
)
def test_a_file_that_students_do_not_get_is_refused(tmp_path: Path, text: str, read: Read, name: str) -> None:
    said = refused(tmp_path, with_line(text, f"reads = ['{name}']"), read)
    assert said == (
        f': "{name}" in reads is no file that students get: they get what lies in the folder data/ of an assignment, '
        'such as "01_sums/data/table.csv"'
    )


@BOTH
def test_a_file_is_named_once(tmp_path: Path, text: str, read: Read) -> None:
    said = refused(tmp_path, with_line(text, f"reads = {READS + READS[:1]}"), read)
    assert said == ': reads has "02_centred/data/table.csv" twice: name it once'


def test_settings_in_order_are_read_as_they_stand(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text(COURSE)
    (tmp_path / "public.toml").write_text(PUBLIC_COURSE_TOML)
    names = ("01_sums", "02_centred")
    course = CourseSettings("A small course", names, ("numpy", "math"), "a seed", limits=Limits(1.0, 256, 4))
    assert read_course_settings(tmp_path / "course.toml") == course
    assert read_public_settings(tmp_path / "public.toml") == PublicSettings("Small", names, ("numpy",))
    assert "a seed" not in repr(course)


def test_how_long_a_submission_may_take_need_not_be_said(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text(COURSE)
    assert read_course_settings(tmp_path / "course.toml").limits.submission_seconds == 60
    (tmp_path / "course.toml").write_text(replaced(COURSE, "answer_mb = 4", "answer_mb = 4\nsubmission_seconds = 7.5"))
    assert read_course_settings(tmp_path / "course.toml").limits.submission_seconds == 7.5


def test_every_seed_that_this_project_shows_is_known_as_public() -> None:
    """A course that begins as one of these has no seed of its own yet."""
    places = [*ROOT.glob("solutions/course.toml"), *ROOT.glob("examples/*/solutions/course.toml")]
    places += [ROOT / "README.md", *ROOT.glob("docs/**/*.md")]
    shown = {seed for path in places for seed in re.findall(r'^seed = "(.*?)"', path.read_text("utf-8"), re.MULTILINE)}
    assert len(shown) >= 2
    assert [seed for seed in shown if not is_public_seed(seed)] == []
    assert not is_public_seed("a seed")


@pytest.mark.parametrize("value", ["0", "-1", "inf", "nan", "true", '"60"', "[60]"])
def test_how_long_a_submission_may_take_is_a_number(tmp_path: Path, value: str) -> None:
    text = replaced(COURSE, "answer_mb = 4", f"answer_mb = 4\nsubmission_seconds = {value}")
    line = refused(tmp_path, text, read_course_settings)
    assert line == ": submission_seconds in [limits] is to be a number above 0"


# Keys


@BOTH
def test_an_unknown_key_is_named_with_the_known_ones(tmp_path: Path, text: str, read: Read) -> None:
    line = refused(tmp_path, with_line(text, "tolerance = 3"), read)
    assert line.startswith(' knows no "tolerance"; it has title, assignments, imports')


@BOTH
@pytest.mark.parametrize(
    ("written", "meant"), [("tilte", "title"), ("asignments", "assignments"), ("import", "imports"), ("Title", "title")]
)
def test_a_misspelt_key_gets_a_suggestion(tmp_path: Path, text: str, read: Read, written: str, meant: str) -> None:
    expected = f' knows no "{written}": did you mean "{meant}"?'
    assert refused(tmp_path, replaced(text, f"{meant} = ", f"{written} = "), read) == expected
    assert refused(tmp_path, with_line(text, f'{written} = "beside the right one"'), read) == expected


@pytest.mark.parametrize("key", ["title", "seed", "assignments", "imports", "limits"])
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    lines = [line for line in COURSE.splitlines() if not line.startswith((f"{key} =", f"[{key}]"))]
    if key == "limits":
        lines = lines[: lines.index("")]
    assert refused(tmp_path, "\n".join(lines), read_course_settings) == f' has no "{key}"'


def test_the_seed_is_no_setting_of_students(tmp_path: Path) -> None:
    line = refused(tmp_path, with_line(PUBLIC_COURSE_TOML, 'seed = "a seed"'), read_public_settings)
    assert line == ' knows no "seed"; it has title, assignments, imports, reads, former, limits, language'


# Values


@pytest.mark.parametrize("key", ["title", "seed"])
@pytest.mark.parametrize("value", ['""', '" "', '"\\t\\n"', '"\\u00a0"'], ids=["empty", "blank", "tab", "no break"])
def test_an_empty_text_is_refused(tmp_path: Path, key: str, value: str) -> None:
    before = {"title": '"A small course"', "seed": '"a seed"'}[key]
    line = refused(tmp_path, replaced(COURSE, f"{key} = {before}", f"{key} = {value}"), read_course_settings)
    assert line == f': {key} is empty: write something between the quotes, {key} = "…"'


def test_an_empty_title_is_refused_of_students_as_well(tmp_path: Path) -> None:
    line = refused(tmp_path, replaced(PUBLIC_COURSE_TOML, '"Small"', '" "'), read_public_settings)
    assert line.startswith(": title is empty")


@BOTH
def test_an_assignment_that_is_listed_twice_is_named(tmp_path: Path, text: str, read: Read) -> None:
    twice = replaced(text, ASSIGNMENTS, 'assignments = ["01_sums", "02_centred", "01_sums"]')
    assert refused(tmp_path, twice, read) == ': assignments has "01_sums" twice: name it once'


@BOTH
@pytest.mark.parametrize(
    "name",
    ["../x", "a/b", "/abs", ".", "..", ".hidden", "", " x", "x ", "a\\b", "C:", "a\tb", "a?", "a*"],
    ids=lambda name: ascii(name),
)
def test_an_assignment_is_the_name_of_a_folder(tmp_path: Path, text: str, read: Read, name: str) -> None:
    written = name.replace("\\", "\\\\").replace("\t", "\\t")
    line = refused(tmp_path, replaced(text, ASSIGNMENTS, f'assignments = ["01_sums", "{written}"]'), read)
    assert line == f': "{name}" in assignments is to be the name of a folder beside this file, and no path'


@pytest.mark.parametrize("name", ["01_sums", "Woche 1", "été", "注意", "a.b", "a-b", "x" * 200])
def test_any_name_of_a_folder_will_do(tmp_path: Path, name: str) -> None:
    (tmp_path / "course.toml").write_text(replaced(COURSE, ASSIGNMENTS, f'assignments = ["{name}"]'), encoding="utf-8")
    assert read_course_settings(tmp_path / "course.toml").assignments == (name,)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('title = "A small course"', "title = 1", ': title is to be a text in quotes: title = "…"'),
        ('title = "A small course"', 'title = ["A"]', ': title is to be a text in quotes: title = "…"'),
        ('seed = "a seed"', "seed = true", ': seed is to be a text in quotes: seed = "…"'),
        ('seed = "a seed"', "seed = 2027-01-31", ': seed is to be a text in quotes: seed = "…"'),
        (ASSIGNMENTS, 'assignments = "01_sums"', ": assignments is to be a list of texts in quotes:"),
        (ASSIGNMENTS, 'assignments = ["01_sums", 2]', ": assignments is to be a list of texts in quotes:"),
        (ASSIGNMENTS, 'assignments = [["01_sums"]]', ": assignments is to be a list of texts in quotes:"),
        (ASSIGNMENTS, "assignments = {}", ": assignments is to be a list of texts in quotes:"),
        (ASSIGNMENTS, "assignments = []", ": the list of assignments is empty"),
        ('imports = ["numpy", "math"]', 'imports = "numpy"', ": imports is to be a list of texts in quotes:"),
        ('imports = ["numpy", "math"]', "imports = [1]", ": imports is to be a list of texts in quotes:"),
        ("[limits]", "[[limits]]", ": limits is to be a table, which begins with a line [limits]"),
        ("cpu_seconds = 1.0", "cpu_seconds = true", ": cpu_seconds in [limits] is to be a number above 0"),
        ("cpu_seconds = 1.0", "cpu_seconds = inf", ": cpu_seconds in [limits] is to be a number above 0"),
        ("memory_mb = 256", "memory_mb = -1", ": memory_mb in [limits] is to be a number above 0"),
        ("memory_mb = 256", "memory_mb = 256.0", ": memory_mb in [limits] is to be a whole number"),
        ("answer_mb = 4", "answer_mb = [4]", ": answer_mb in [limits] is to be a number above 0"),
    ],
)
def test_a_value_of_another_kind_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert refused(tmp_path, replaced(COURSE, old, new), read_course_settings).startswith(says)


@BOTH
def test_a_file_that_is_no_text_or_is_not_there_is_named(tmp_path: Path, text: str, read: Read) -> None:
    file = tmp_path / "course.toml"
    with pytest.raises(SettingsError, match=r"course\.toml cannot be read: No such file or directory$"):
        read(file)
    file.write_bytes(text.encode("utf-16"))
    with pytest.raises(SettingsError, match=r"course\.toml is not UTF-8 text: save it as such$"):
        read(file)
    file.write_text(f"{text}\n= 3\n")
    with pytest.raises(SettingsError, match=r"course\.toml: .*line "):
        read(file)


# Through the command line


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            'seed = "a seed"',
            'seed = "a seed"\ntolerance = 3',
            'solutions/course.toml knows no "tolerance"; it has title,',
        ),
        ("title = ", "tilte = ", 'solutions/course.toml knows no "tilte": did you mean "title"?'),
        ('seed = "a seed"', 'seed = " "', "solutions/course.toml: seed is empty: write something between the quotes"),
        ('"02_centred"', '"01_sums"', 'solutions/course.toml: assignments has "01_sums" twice: name it once'),
        ('"02_centred"', '"../02_centred"', 'solutions/course.toml: "../02_centred" in assignments is to be the name'),
    ],
    ids=["unknown", "misspelt", "empty", "twice", "path"],
)
def test_a_command_refuses_such_settings_in_one_line(small_course: Path, old: str, new: str, says: str) -> None:
    edit(small_course / "solutions/course.toml", old, new)
    done = autograder("doctor", cwd=small_course)
    assert done.stdout == ""
    assert says in one_line(done)


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ('seed = "a seed"', "seed = ", "course.toml"),
        ('seed = "a seed"\n', "", "seed"),
        ("cpu_seconds", "cpu_second", "cpu_second"),
        ('"02_centred"', '"03_centred"', "03_centred"),
        ('seed = "a seed"', "seed = ", "course.toml: Invalid value (at line 2, column 8)"),
        ('seed = "a seed"\n', "", 'course.toml has no "seed"'),
        ('seed = "a seed"', "seed = 1", "seed is to be a text"),
        ('["01_sums", "02_centred"]', '"01_sums"', "assignments is to be a list of texts"),
        ('["01_sums", "02_centred"]', "[]", "the list of assignments is empty"),
        (
            "cpu_seconds",
            "cpu_secs",
            '[limits] knows no "cpu_secs"; it has cpu_seconds, memory_mb, answer_mb, submission_seconds',
        ),
        ("answer_mb = 4\n", "", '[limits] has no "answer_mb"'),
        ("cpu_seconds = 1.0", 'cpu_seconds = "x"', "cpu_seconds in [limits] is to be a number above 0"),
        ("cpu_seconds = 1.0", "cpu_seconds = nan", "cpu_seconds in [limits] is to be a number above 0"),
        ("memory_mb = 256", "memory_mb = 0", "memory_mb in [limits] is to be a number above 0"),
        ("memory_mb = 256", "memory_mb = 2.5", "memory_mb in [limits] is to be a whole number"),
    ],
)
def test_settings_that_are_not_in_order_are_named(
    monkeypatch: pytest.MonkeyPatch, small_course: Path, old: str, new: str, names: str
) -> None:
    edit(small_course / "solutions/course.toml", old, new)
    line = refusal(monkeypatch, small_course, "doctor")
    assert "solutions" in line
    assert names in line
