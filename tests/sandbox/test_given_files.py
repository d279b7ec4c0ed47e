"""Files that answers may read: found where the notebook has them, by whatever reads files; and no other file is."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.sandbox import selftest
from autograder.sandbox.client import Sandbox, Worker
from autograder.sandbox.given.files import GivenFiles
from autograder.sandbox.homes import Where
from autograder.sandbox.kernel import confinement
from autograder.sandbox.plain.home import PlainHome
from autograder.sandbox.protocol import Cell, Part, Raised, Reply, Returned, SandboxError
from autograder.settings import Limits
from tests.helpers.sandbox import HOSTILE

pytestmark = pytest.mark.slow

LIMITS = Limits(cpu_seconds=2.0, memory_mb=256, answer_mb=4)
IMPORTS = ("numpy", "pandas", "pathlib", "gzip", "csv")
HOMES = ("in grading", "at home")
SOURCE = f"""
import csv, gzip, json
from pathlib import Path
import numpy as np
import pandas as pd
{HOSTILE}
ctypes, io = imp("ctypes"), imp("io")

def twice():
    with open("data/words.txt") as one, open("data/words.txt") as other:
        return [next(one), other.read(), one.read(), one.name, one.mode]

def fork_of_libc(path):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.open(path.encode(), 0) < 0:
        raise OSError(ctypes.get_errno(), "open")
    return "opened"
"""
READ = {
    "open('data/words.txt').read()": "the\nsea ä\n",
    "open('data/words.txt', encoding='utf-8').readlines()": ["the\n", "sea ä\n"],
    "open('data/words.txt', 'rb').read(3)": b"the",
    "open('data/words.txt', 'rb', buffering=0).read(3)": b"the",
    "open('./data/../data/words.txt').readline()": "the\n",
    "open(b'data/words.txt').readline()": "the\n",
    "Path('data/words.txt').read_text().split()": ["the", "sea", "ä"],
    "(Path('data') / 'deep' / 'table.csv').read_bytes()[:3]": b"k,v",
    "[Path('data/words.txt').is_file(), Path('data').is_dir(), Path('data/nothing').exists()]": [True, True, False],
    "Path('data/words.txt').stat().st_size": 11,
    "[os.path.exists('data/words.txt'), os.path.getsize('data/words.txt'), os.path.isfile('data')]": [True, 11, False],
    "os.path.basename(os.path.abspath('data/words.txt'))": "words.txt",
    "int(pd.read_csv('data/deep/table.csv').v.sum())": 3,
    "int(pd.read_csv(Path('data/deep/table.csv'), engine='python').v.sum())": 3,
    "int(pd.read_csv('data/table.csv.gz').v.sum())": 2,
    "gzip.open('data/table.csv.gz', 'rt').readline()": "k,v\n",
    "list(csv.DictReader(open('data/deep/table.csv', newline='')))": [{"k": "a", "v": "1"}, {"k": "b", "v": "2"}],
    "float(np.load('data/numbers.npy').sum())": 15.0,
    "int(np.load('data/numbers.npz')['x'].sum())": 3,
    "float(np.loadtxt('data/deep/table.csv', delimiter=',', skiprows=1, usecols=1).sum())": 3.0,
    "int(np.genfromtxt('data/deep/table.csv', delimiter=',', names=True, dtype=None, encoding=None)['v'].sum())": 3,
    "open('../01_first/data/first.txt').read()": "first",
    "twice()": ["the\n", "the\nsea ä\n", "sea ä\n", "data/words.txt", "r"],
}
NOT_READ = {
    "open('data/wrods.txt')": "and no other file: 'data/wrods.txt'",
    "Path('words.txt').read_text()": "answers may read ../01_first/data/first.txt, data/words.txt",
    "open('data/not_named.txt')": "and no other file",
    "open('../03_later/data/later.txt')": "and no other file",
    "open('../../solutions/02_second/lesson.py')": "and no other file",
    "open('/etc/passwd')": "and no other file",
    "open('/proc/self/environ')": "and no other file",
    "open('data')": "and no other file",
    "open('new.txt', 'w')": "and no other file",
    "open('data/words.txt', 'w')": "can be read, and not written: 'data/words.txt'",
    "open('data/words.txt', 'r+')": "can be read, and not written",
    "Path('data/words.txt').write_text('x')": "can be read, and not written",
    "pd.DataFrame({'a': [1]}).to_csv('data/words.txt')": "can be read, and not written",
    "np.save('data/numbers.npy', np.ones(2))": "can be read, and not written",
    "np.fromfile('data/numbers.npy')": "lies in memory, without a descriptor",
    "open('data/lost.txt')": "No such file or directory: 'data/lost.txt'",
}
# Past what stands in for `open`: to the kernel itself. Nothing of it may be opened, not even what is given.
HOSTILE_ATTEMPTS = [
    *(f"io.FileIO({path!r})" for path in ("data/words.txt", "/02_second/data/words.txt", "/etc/passwd")),
    *("os.open('data/words.txt', os.O_RDONLY)", "os.open('data/words.txt', os.O_PATH)", "os.open('/', os.O_PATH)"),
    *("os.listdir('data')", "os.scandir('/')", "os.listdir('/proc/self/fd')", "os.readlink('/proc/self/exe')"),
    *("os.symlink('/etc/passwd', 'data/words.txt')", "os.link('/etc/passwd', 'x')", "os.mkdir('data')"),
    *("os.remove('data/words.txt')", "os.rename('data/words.txt', 'x')", "os.truncate('data/words.txt', 0)"),
    *(
        "os.chdir('/')",
        "os.chmod('data/words.txt', 0o777)",
        "fork_of_libc('/etc/passwd')",
        "open.__self__._open(GIVEN)",
    ),
    *("open.__self__._open('/proc/self/mem', 'rb')", "io.FileIO(GIVEN)", "fork_of_libc(GIVEN)", "os.open(GIVEN, 2)"),
    *("os.listdir(os.path.dirname(GIVEN))", "io.FileIO(os.path.dirname(GIVEN) + '/not_named.txt')"),
    *("io.FileIO(OTHER)", "os.stat(OTHER)", "fork_of_libc(OTHER)", "os.access(OTHER, 0) or 1 / 0"),
]


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> GivenFiles:
    folder = tmp_path_factory.mktemp("course")
    data = folder / "02_second" / "data"
    for place in (data / "deep", folder / "01_first" / "data", folder / "03_later" / "data"):
        place.mkdir(parents=True)
    (data / "words.txt").write_text("the\nsea ä\n", encoding="utf-8")
    (data / "not_named.txt").write_text("nobody reads this")
    (data / "deep" / "table.csv").write_text("k,v\na,1\nb,2\n")
    with gzip.open(data / "table.csv.gz", "wt") as file:
        file.write("k,v\n1,2\n")
    np.save(data / "numbers.npy", np.arange(6.0).reshape(2, 3))
    np.savez_compressed(data / "numbers.npz", x=np.arange(3))
    (folder / "01_first" / "data" / "first.txt").write_text("first")
    (folder / "03_later" / "data" / "later.txt").write_text("later")
    own = ("words.txt", "deep/table.csv", "table.csv.gz", "numbers.npy", "numbers.npz", "lost.txt")
    names = ("01_first/data/first.txt", *(f"02_second/data/{name}" for name in own), "03_later/data/later.txt")
    return GivenFiles(folder, ("01_first", "02_second", "03_later"), names)


@pytest.fixture(scope="module", params=HOMES)
def worker(request: pytest.FixtureRequest, given: GivenFiles) -> Iterator[Worker]:
    home = (
        Sandbox(LIMITS, IMPORTS, files=given) if request.param == HOMES[0] else PlainHome(LIMITS, IMPORTS, files=given)
    )
    with home, Worker(home, [part("def run(code): return eval(code)")]) as made:
        yield made


def part(source: str, assignment: str = "02_second") -> Part:
    return Part((Cell("code cell 1", f"{SOURCE}\n{source}\n"),), assignment=assignment)


def run(worker: Worker, code: str) -> Reply:
    return worker.call("run", [code], {})


@pytest.mark.parametrize("code", list(READ))
def test_whatever_reads_files_finds_them(worker: Worker, code: str) -> None:
    assert run(worker, code) == Returned(READ[code])


@pytest.mark.parametrize("code", list(NOT_READ))
def test_what_is_no_such_file_is_told_in_one_sentence(worker: Worker, code: str) -> None:
    reply = run(worker, code)
    assert isinstance(reply, Raised)
    assert "OSError" in reply.bases
    assert NOT_READ[code] in reply.message or "No such file" in reply.message
    assert "\n" not in reply.message


@pytest.fixture(scope="module")
def hostile(given: GivenFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    other = tmp_path_factory.mktemp("another student") / "02_second.py"
    other.write_text("secret")
    paths = f"GIVEN, OTHER = {str(given.folder / '02_second' / 'data' / 'words.txt')!r}, {str(other)!r}"
    with (
        Sandbox(LIMITS, IMPORTS, files=given) as sandbox,
        Worker(sandbox, [part(f"{paths}\ndef run(code):\n    eval(code)\n    return 'done'")]) as made,
    ):
        yield made


@pytest.mark.parametrize("code", HOSTILE_ATTEMPTS)
def test_the_kernel_opens_nothing_whatever_is_given(hostile: Worker, code: str) -> None:
    reply = run(hostile, code)
    assert isinstance(reply, Raised)
    assert "OSError" in reply.bases or reply.type == "ZeroDivisionError", reply


def test_no_system_call_is_allowed_for_it() -> None:
    opening = {"open", "openat", "openat2", "stat", "fstat", "newfstatat", "statx", "lseek", "getcwd", "getdents64"}
    assert not opening & confinement.ALLOWED_CALLS.keys()


def test_what_one_submission_does_to_a_file_in_memory_no_other_one_sees(given: GivenFiles) -> None:
    reads = "def run(): return open('data/words.txt').read()"
    spoil = f"open.__self__._contents['02_second/data/words.txt'] = b'spoiled'\n{reads}"
    with Sandbox(LIMITS, IMPORTS, files=given) as sandbox:
        with Worker(sandbox, [part(spoil)]) as worker:
            assert worker.call("run", [], {}) == Returned("spoiled")
        with Worker(sandbox, [part(reads)]) as worker:
            assert worker.call("run", [], {}) == Returned("the\nsea ä\n")
    assert (given.folder / "02_second" / "data" / "words.txt").read_text(encoding="utf-8") == "the\nsea ä\n"


def test_top_level_code_of_an_earlier_assignment_reads_its_own_files(given: GivenFiles) -> None:
    """As in a notebook, its functions run where they are called."""
    first = Part((Cell("first", "TEXT = open('data/first.txt').read()\ndef f(): return TEXT"),), ("f",), (), "01_first")
    later = Part((Cell("later", "from autograder import previous\nf = previous('f')\ndef g(): return f()"),), ("g",))
    later = Part(later.cells, later.questions, (), "03_later")
    with Sandbox(LIMITS, IMPORTS, files=given) as sandbox, Worker(sandbox, [first, later]) as worker:
        assert worker.call("g", [], {}) == Returned("first")


@pytest.mark.parametrize("reading", ["open('data/words.txt').read()", "Path('data/words.txt').exists()"])
def test_without_a_named_file_there_is_none(reading: str) -> None:
    for home in (Sandbox(LIMITS, IMPORTS), PlainHome(LIMITS, IMPORTS)):
        with home, Worker(home, [part("def run(code): return eval(code)")]) as worker:
            reply: Any = run(worker, reading)
            assert isinstance(reply, Raised) or reply.value is False


def test_a_file_that_cannot_be_read_where_it_is_graded_is_named(tmp_path: Path) -> None:
    (tmp_path / "01_a" / "data" / "folder").mkdir(parents=True)
    given = GivenFiles(tmp_path, ("01_a",), ("01_a/data/folder",))
    expected = r"01_a/data/folder, which answers may read, cannot be read: Is a directory$"
    with pytest.raises(SandboxError, match=expected), Sandbox(LIMITS, ["numpy"], files=given):
        pass


@pytest.mark.parametrize("confined", [True, False], ids=["confined", "unconfined"])
def test_the_self_test_tries_what_lies_beside_them(given: GivenFiles, confined: bool) -> None:
    there = GivenFiles(given.folder, given.assignments, tuple(name for name in given.names if "lost" not in name))
    before = {path: path.read_bytes() for path in given.folder.rglob("*") if path.is_file()}
    promises = selftest.reads_the_given_alone(there, "03_later")
    found = {
        each.promise.text: each
        for each in selftest.examine(LIMITS, ["numpy"], where=Where.KERNEL if confined else Where.NONE, files=there)
    }
    held = [found[promise.text].held for promise in promises]
    assert held == [True, confined, confined]
    assert {path: path.read_bytes() for path in given.folder.rglob("*") if path.is_file()} == before
