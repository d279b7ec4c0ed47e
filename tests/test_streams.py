"""What is said on terminals and pipes that cannot show every character: never a traceback."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
import termios
from collections.abc import Mapping
from contextlib import suppress
from itertools import product
from pathlib import Path

import pytest

from autograder.streams import ERRORS, PLAIN
from tests.helpers.command_line import AUTOGRADER
from tests.helpers.course import RIGHT_SUMS, hand_in
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow
ENCODINGS: Mapping[str, Mapping[str, str]] = {
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "cp437": {"PYTHONIOENCODING": "cp437"},
    "gbk": {"PYTHONIOENCODING": "gbk"},
    "latin-1": {"PYTHONIOENCODING": "latin-1"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "the C locale": {"LC_ALL": "C", "PYTHONUTF8": "0"},
    "utf-8": {"PYTHONIOENCODING": "utf-8"},
}
CLASS = ("ada", "zoë", "注意", "Ωλ 👩‍🏫", "½ — “x”")
WRONG = "def moving_average(x, k):\n    raise ValueError('größe ✓ 注意 \\ud800')\n"


def run(encoding: str, folder: Path, *command: object) -> subprocess.CompletedProcess[bytes]:
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    done = subprocess.run(
        [str(each) for each in command],
        cwd=folder,
        env={**variables, **ENCODINGS[encoding], "COLUMNS": "200"},
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert b"Traceback" not in done.stdout + done.stderr, (done.stdout + done.stderr).decode("utf-8", "replace")
    return done


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in which nothing is plain: its title, its students, their words; released, and graded twice."""
    folder = tmp_path_factory.mktemp("signs") / "kürs 注意"
    shutil.copytree(ROOT / "examples" / "other_course", folder, ignore=shutil.ignore_patterns("class"))
    settings = folder / "solutions" / "course.toml"
    text = settings.read_text().replace("First", "√ Größe → 注意")
    # One assignment will do.
    text = re.sub("assignments = .*", 'assignments = ["01_signals"]', text)
    text = re.sub("imports = .*\nreads = .*", 'imports = ["numpy"]', text)
    settings.write_text(text, encoding="utf-8")
    for student in CLASS:
        file = hand_in(folder / "class", student, "01_signals", WRONG)
    assert run("utf-8", folder, AUTOGRADER, "grade", "class").returncode == 0
    file.write_text("def moving_average(x, k):\n    return 0 * x\n")
    assert run("utf-8", folder, AUTOGRADER, "grade", "class", "--out", "again").returncode == 0
    assert run("utf-8", folder, AUTOGRADER, "release").returncode == 0
    (folder / "assignments" / "01_signals" / "01_signals.py").write_text(WRONG, encoding="utf-8")
    return folder


QUICK = [
    (["--help"], 0),
    (["diff", "graded", "again"], 0),
    (["export", "csv", "graded", "--out", "ü.csv"], 0),
    (["export", "csv", "graded", "--out", "keiner 注意/ü.csv"], 2),
    (["check", "assignments/01_signals/01_signals.py"], 0),
    (["erase", "niemand ✓ 注意", "graded"], 2),
    (["gibt es nicht ✓"], 2),
]
COLLECT = ["collect", "class", "--into", "ü 注意"]
THOROUGH = [(["grade", "class"], 0), (["certify"], 0), (["doctor"], 0), (["release", "--source", "ü"], 0)]
CASES = [
    *product(ENCODINGS, QUICK),
    *product(("cp1252", "the C locale"), THOROUGH),
    *((encoding, (COLLECT, int(encoding == "the C locale"))) for encoding in ENCODINGS),  # there, such names are none
]


@pytest.mark.parametrize(("encoding", "command", "code"), [(encoding, *case) for encoding, case in CASES], ids=str)
def test_no_command_trips_over_a_sign(graded: Path, encoding: str, command: list[str], code: int) -> None:
    done = run(encoding, graded, AUTOGRADER, *command)
    assert done.returncode == code, done
    assert done.stdout + done.stderr


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "latin-1", "ascii", "the C locale"])
def test_plain_signs_stand_for_ours(graded: Path, encoding: str) -> None:
    done = run(encoding, graded, AUTOGRADER, "check", "assignments/01_signals/01_signals.py")
    assert b"  x The example: neighbours in pairs" in done.stdout
    assert b"\\u6ce8\\u610f" in done.stdout


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_check_can_be_printed_anywhere(small_course: Path, encoding: str) -> None:
    folder = small_course / "solutions" / "01_sums"
    wrong = "def total(X):\n    raise ValueError('größe ✓ 注意 \\ud800')\n"
    script = f"{RIGHT_SUMS}\nfrom autograder import check\nprint(check(total))\n{wrong}\nprint(check(total))\n"
    (folder / "mine.py").write_text(script, encoding="utf-8")
    done = run(encoding, folder, sys.executable, "mine.py")
    assert done.returncode == 0
    for mark in ("✓", "✗") if encoding == "utf-8" else ("ok", "x"):
        assert f"  {mark} 1 + 2 = 3".encode() in done.stdout


@pytest.mark.parametrize("encoding", ["cp1252", "the C locale"])
def test_a_student_is_erased_whatever_the_locale(graded: Path, tmp_path: Path, encoding: str) -> None:
    reports = shutil.copytree(graded / "graded", tmp_path / "graded")
    assert run(encoding, graded, AUTOGRADER, "erase", "zoë", reports).returncode == 0
    assert "zoë" not in (reports / "marks.csv").read_text(encoding="utf-8")


def on_a_terminal(folder: Path, columns: int, *command: object, **variables: str) -> str:
    """What a command writes to a terminal of some columns."""
    ours, its = pty.openpty()
    termios.tcsetwinsize(its, (50, columns))
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR", "TERM")}
    with subprocess.Popen([str(each) for each in command], cwd=folder, env=kept | variables, stdout=its, stderr=its):
        os.close(its)
        written = b""
        with suppress(OSError):  # the other end is closed
            while more := os.read(ours, 4096):
                written += more
    os.close(ours)
    return written.decode()


@pytest.mark.parametrize("variables", [{"TERM": "dumb"}, {"TERM": "xterm", "NO_COLOR": "1"}, {"TERM": "xterm"}])
def test_a_terminal_gets_only_what_it_understands(graded: Path, variables: dict[str, str]) -> None:
    shown = on_a_terminal(graded, 100, AUTOGRADER, "check", "assignments", **variables)
    assert "Next: `moving_average` in 01_signals" in re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert ("\x1b[" in shown) == (variables["TERM"] == "xterm")
    if "NO_COLOR" in variables:
        assert not re.search(r"\x1b\[[0-9;]*3[0-7]", shown), "bold and dim are no colours"


def test_a_narrow_terminal_still_tells_each_assignment_by_its_whole_name(graded: Path) -> None:
    shown = on_a_terminal(graded, 18, AUTOGRADER, "check", "assignments", TERM="xterm", NO_COLOR="1")
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    table = lines[next(number for number, line in enumerate(lines) if line.startswith("Ass")) :]
    names = "".join(line.split()[0] for line in table if line.strip()).partition("01_signals.py")[0]  # of a note
    assert "01_signals" in names, lines


def test_every_sign_of_ours_has_a_plain_one() -> None:
    """Of the sentences of the machine, and of the course's checks and misconceptions: all that terminals show."""
    files = [*(ROOT / "autograder").rglob("*messages.py"), *(ROOT / "solutions").rglob("*.py")]
    written = "".join(path.read_text(encoding="utf-8") for path in files if path.name != "lesson.py")
    assert {sign for sign in written if not sign.isascii()} <= PLAIN.keys()
    assert all(plain.isascii() for plain in PLAIN.values())


def test_what_cannot_be_read_is_still_an_error() -> None:
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("ascii", ERRORS)
