"""What students really hand in: broken, odd, saved by some editor. Whatever can still be read in it still counts."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.sandbox.client import Sandbox, Worker
from autograder.sandbox.loader import load
from autograder.sandbox.protocol import Answers, Cell, Part, Returned
from autograder.settings import Limits
from autograder.submission.errors import UnreadableError
from autograder.submission.model import code_of
from autograder.submission.notebook import MAX_CELLS, notebook_cells
from autograder.submission.reader import (
    MAX_FILE_BYTES,
    MAX_SOURCE_CHARS,
    read_regular_file,
    read_submission,
    script_cells,
)
from tests.helpers.loading import F, G

IMPORTS = ("numpy", "math", "typing", "functools")

RIGHT = {"f": 4, "g": 8}  # of 3


def code(source: object, **more: object) -> dict[str, object]:
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": source, **more}


def notebook(*cells: object, minor: int = 5, **more: object) -> bytes:
    """A notebook of format 4; a text stands for a code cell."""
    all_cells = [code(cell) if isinstance(cell, str) else cell for cell in cells]
    return json.dumps({"cells": all_cells, "metadata": {}, "nbformat": 4, "nbformat_minor": minor, **more}).encode()


def format_3(*sources: object) -> bytes:
    cells = [{"cell_type": "code", "language": "python", "input": source, "outputs": []} for source in sources]
    heading = {"cell_type": "heading", "level": 1, "source": "Title"}
    return json.dumps({"worksheets": [{"cells": [heading]}, {"cells": cells}], "nbformat": 3}).encode()


@dataclass(frozen=True)
class Case:
    """What lies in a student's folder, and which of `f` and `g` still work."""

    name: str
    files: dict[str, bytes]
    works: str = "f g"


def ipynb(name: str, content: bytes, works: str = "f g") -> Case:
    return Case(name, {"a.ipynb": content}, works)


def cells(name: str, *sources: object, works: str = "f g") -> Case:
    return ipynb(name, notebook(*sources), works)


def py(name: str, content: str | bytes, works: str = "f g") -> Case:
    return Case(name, {"a.py": content if isinstance(content, bytes) else content.encode()}, works)


MARKDOWN = {"cell_type": "markdown", "metadata": {}, "source": "def f(x): wrong"}
GRADED = {"nbgrader": {"grade_id": "f", "grade": False, "solution": True, "locked": False, "schema_version": 3}}

FORMATS = [
    *(ipynb(f"format 4.{minor}", notebook(F, G, minor=minor)) for minor in range(6)),
    ipynb("format 3", format_3(F, G)),
    ipynb("format 3, lines", format_3(F.splitlines(keepends=True), G)),
    ipynb("format 3 without code", json.dumps({"worksheets": [{"cells": []}, {}, 1], "cells": None}).encode(), ""),
    ipynb("format unknown", notebook(F, G, nbformat=7, nbformat_minor="x")),
    ipynb("no metadata", json.dumps({"cells": [{"cell_type": "code", "source": F + G}]}).encode()),
    ipynb("metadata of another kind", notebook(code(F, metadata=None, id=7), code(G, outputs="none"), metadata=[])),
    ipynb("nbgrader's metadata", notebook(code(F, metadata=GRADED), code(G, metadata=GRADED))),
    ipynb("cells of other kinds", notebook(MARKDOWN, F, {"cell_type": "raw", "source": "f = 1"}, {}, MARKDOWN, G)),
    ipynb("source as lines", notebook(code(F.splitlines(keepends=True)), code(G.splitlines(keepends=True)))),
    ipynb("source as lines, some of them none", notebook(code([None, *F.splitlines(keepends=True), 7]), G)),
    ipynb("source as something else", notebook(code({"a": 1}), code(None), code(7), F, G)),
    ipynb("byte order mark", b"\xef\xbb\xbf" + notebook(F, G)),
    ipynb("16 bits a letter", notebook(F, G).decode().encode("utf-16")),
    ipynb("latin-1", notebook(F + "# caf#").replace(b"caf#", b"caf\xe9").replace(b"]}", b"]}") + b"\n", "f"),
    ipynb("indented by two", json.dumps(json.loads(notebook(F, G)), indent=2).encode()),
    ipynb(
        "letters beyond ASCII", json.dumps(json.loads(notebook(F, "name = 'Zoë 注意'", G)), ensure_ascii=False).encode()
    ),
    ipynb("halves of characters", notebook(F, "# \ud83d", "s = '\udc00'", G)),
    ipynb("pictures in outputs", notebook(code(F, outputs=[{"data": {"image/png": "A" * 10**6}}]), G)),
]
ORDER = [
    cells("in order", F, G),
    cells("in the other order", G, F),
    cells("in one cell", F + G),
    cells("between others", "1 + 1", F, "print(f(1))", "", G, "g(2)"),
    cells("twice, the last one right", "def f(x):\n    return x\n", G, F),
    cells("twice, the last one a copy", F, G, F, G),
    cells("twice, the last one broken", F, G, "def f(x):\n    return (x\n"),
    cells("twice, the last one failing", F, G, "f = undefined\n"),
    cells("one of them missing", F, works="f"),
    cells("one of them empty", F, "def g(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()\n", works="f"),
    cells("undone afterwards", F, G, "del f\n"),
    cells("replaced by a number", F, G, "f = 3\n", works=""),
    cells("a name used before it is there", "h = g(3)\n", F, G),
]
BROKEN = [
    cells("syntax error in one cell", F, "def h(:\n    pass\n", G),
    cells("syntax error in its own cell", F, "def g(x)\n    return 2 * f(x)\n", works="f"),
    cells("syntax error behind it in its cell", F + "\nh = (1\n", G),
    cells("syntax error before it in its cell", "h = (1\n\n" + F, G),
    cells("broken line behind it in its cell", F + "\nprint(f(3)\n", G),
    cells("broken line between two", F + "\nprint(f(3)\n\n" + G),
    cells("broken function between two", F + "\ndef h(x:\n    return 1\n\n" + G),
    cells("decorated function behind a broken one", "def h(:\n    pass\n\nimport functools\n@functools.cache\n" + F, G),
    cells("prose in a code cell", F, "I think that the answer is f, because:\n- it works\n", G),
    cells("prose of one word in a code cell", F, "Hello world", G),
    cells("nothing but an open bracket", F, "(", G),
    cells("open string", F, "'''\nnotes", G),
    cells("markdown in a code cell", F, "# My answer\n**f** is `x + 1`\n", G),
    cells("merge conflict", "<<<<<<< HEAD\n" + F + "=======\n" + F + ">>>>>>> mine\n", G),
    cells("traceback pasted", F, 'Traceback (most recent call last):\n  File "x", line 1\nValueError: 1\n', G),
    cells("Python 2", F, "print 'hello'\n", G),
    cells("prompts pasted", ">>> 1 + 1\n2\n", F, G),
    cells("null character", F, "x = '\0'\n", G),
    cells("exception at top level", F, "h = 1 / 0\n", G),
    cells("exception in a statement that is not run", F, "1 / 0\n", G),
    cells("exit at top level", F, "h = exit()\nquit()\n", G),
    cells("name that is not there", "h = np.zeros(3)\n", F, G),
    cells("module that is not there", "import no_such_module\n", F, G),
    cells("module that is not allowed", "import scipy.special as special, os\nfrom torch import nn\n", F, G),
    cells("import from nowhere", "from . import f\nfrom .. import g\nfrom math import nothing\n", F, G),
    cells("indented by chance", "    " + F.replace("\n", "\n    "), G),  # as IPython reads it
    cells("deep brackets", F, "h = " + "(" * 300 + ")" * 300, G),
    cells("long line", F, "h = '" + "x" * 10**5 + "'", G),
    cells("return outside a function", F, "return f\n", G),
    cells("await outside a function", F, "await f\nh = await f(1)\n", G),
]
JUPYTER = [
    cells("inline plots", "%matplotlib inline\n" + F, G),
    cells("line magics about it", "%load_ext autoreload\n%autoreload 2\n" + F + "%timeit f(1)\n", G),
    cells("pip", "!pip install numpy\n" + F, "%pip install numpy\n" + G),
    cells("pip, spread over two lines", "!pip install \\\n  numpy\n", F, G),
    cells("shell inside a function that is not asked for", F + "def h():\n    !ls\n    %time f(1)\n", G),
    cells("shell into a variable", "files = !ls\nhere = %pwd\n" + F, G),
    cells("help", F + "f?\n", "np.sum??\n?f\n" + G),
    cells("timed cell", "%%time\n" + F, "%%timeit -n 10\n" + G),
    cells("timed cell behind blank lines", "\n\n%%time\n" + F, G),
    cells("captured cell", "%%capture out\n" + F, G),
    cells("profiled cell", "%%prun\n" + F, G),
    cells("timed cell with line ends of Windows", "%%time\r\n" + F.replace("\n", "\r\n"), G),
    cells("shell cell", F, "%%bash\nrm -rf /tmp/nothing\ndef f(x):\n", G),
    cells("page of HTML", F, "%%html\n<b>def f(x): return 0</b>\n", G),
    cells("file that is written", F, "%%writefile answers.py\ndef f(x):\n    return 0\n", G),
    cells("remainder at the start of a line", "h = (7\n% 4)\n" + F, G),
    cells("semicolons", F + "f(1);\n", "a = 1; b = 2;\n" + G),
    cells("widgets of Colab", "#@title Answer { run: 'auto' }\nn = 5 #@param {type: 'slider'}\n" + F, G),
    cells("checks of the course", "from autograder import check, previous\n" + F + "check(f)\n", G),
    cells("plots", "import matplotlib.pyplot as plt\nplt.style.use('dark')\nfigure, ax = plt.subplots()\n" + F, G),
    cells("plot in the function", "import matplotlib.pyplot as plt\n", F, "def g(x):\n    plt.plot(x)\n    return 8\n",
          works="f"),
    cells("asks its user", "n = int(input('n?'))\n" + F, G),
    cells("asks its user in the function", F, "def g(x):\n    input()\n    return 8\n", works="f"),
    cells("prints", "print('hello')\n" + F.replace("return", "print(x); return"), G),
    cells("loops at top level", "for i in range(10**12): pass\nwhile True: pass\n" + F, G),
    cells("main guard", F + G + "if __name__ == '__main__':\n    raise SystemExit(f(1))\n"),
]  # fmt: skip
PYTHON = [
    cells("lambda", "f = lambda x: x + 1\n", "g = lambda x: 2 * f(x)\n"),
    cells("callable object", "class F:\n    def __call__(self, x):\n        return x + 1\n\nf = F()\n", G),
    cells("class", "class f(int):\n    def __new__(cls, x):\n        return x + 1\n", G),
    cells("static method", "class M:\n    @staticmethod\n    def f(x):\n        return x + 1\n\nf = M.f\n", G),
    cells("bound method", "class M:\n    def f(self, x):\n        return x + 1\n\nf = M().f\n", G),
    cells("partial", "import functools\n\nadd = lambda a, b: a + b\nf = functools.partial(add, 1)\n", G),
    cells("function of NumPy", "import numpy as np\n\nf = np.vectorize(lambda x: x + 1)\n", G),
    cells("decorated", "import functools\n\n@functools.cache\n" + F, "from functools import lru_cache as c\n@c\n" + G),
    cells("decorated by hand", "def same(h):\n    def inner(*a, **k):\n        return h(*a, **k)\n    return inner\n",
          "@same\n" + F, G),
    cells("decorated with what is not there", "@njit\n" + F, G, works=""),
    cells("helper functions", "def plus(x, n=1):\n    return x + n\n", "def f(x):\n    return plus(x)\n", G),
    cells("nested", "def make():\n    def inner(x):\n        return x + 1\n    return inner\n\nf = make()\n", G),
    cells("recursion", "def f(x):\n    return 1 if x == 0 else 1 + f(x - 1)\n", G),
    cells("constants", "ONE: int = 1\nTWO = ONE + 1\nTWO += 0\n", F.replace("1", "ONE"), G.replace("2", "TWO")),
    cells("several at once", "f, g = (lambda x: x + 1), (lambda x: 2 * f(x))\n"),
    cells("chain of names", "f = h = lambda x: x + 1\n", G),
    cells("types that are not there", "def f(x: torch.Tensor, *, n: 'no' = 1) -> jax.Array:\n    return x + n\n", G),
    cells("variables with types that are not there", "a: torch.Tensor = 1\nb: nothing\n" + F, G),
    cells("types", "from __future__ import annotations\nfrom typing import Any\n\n" + F.replace("x)", "x: Any)"), G),
    cells("default that fails", "def f(x, n=missing):\n    return x + 1\n", G, works=""),
    cells("global", "n = 0\n\ndef f(x):\n    global n\n    n += 1\n    return x + 1\n", G),
    cells("match", "def f(x):\n    match x:\n        case int():\n            return x + 1\n", G),
    cells("tabs", F.replace("    ", "\t"), G),
    cells("tabs and blanks mixed", "def f(x):\n\tif x:\n        \treturn x + 1\n", G),
    cells("line ends of Windows", F.replace("\n", "\r\n"), G.replace("\n", "\r\n")),
    cells("line ends of old", F.replace("\n", "\r"), G),
    cells("byte order mark in a cell", "\ufeff" + F, G),
    cells("odd blanks in a cell", F.replace("return x", "return\u00a0x"), G, works=""),
    cells("comment only", "# nothing\n", F, G),
    cells("import inside the function", "def f(x):\n    import numpy as np\n    return int(np.add(x, 1))\n", G),
    cells("another import inside the function", "def f(x):\n    import os\n    return x + 1\n", G, works=""),
    cells("everything imported", "from math import *\nfrom numpy import *\n", F, G),
    cells("star of a module that is not allowed", "from os import *\n", F, G),
    cells("coroutine", "async def f(x):\n    return x + 1\n", G, works=""),
    cells("generator", "def f(x):\n    yield x + 1\n", G, works=""),
    cells("other parameters", "def f(y):\n    return y + 1\n", "def g(a=0, *b, **c):\n    return 2 * f(a)\n"),
    cells("builtins hidden", "sum = max = len = None\n", F, G),
    cells("warning in a literal", "def f(x):\n    s = '\\d'\n    return x + 1 if x is 3 else x + 1\n", G),
    cells("assertion", F + "assert f(1) == 3\n", G),
]  # fmt: skip
SCRIPTS = [
    py("script", F + G),
    py("script with line ends of Windows", (F + G).replace("\n", "\r\n")),
    py("script with a byte order mark", "\ufeff" + F + G),
    py("script in UTF-8", "# Zoë 注意\n" + F + G),
    py("script in Latin-1 that says so", ("# coding: latin-1\nname = 'Zoë'\n" + F + G).encode("latin-1")),
    py("script in Latin-1 that does not say so", ("name = 'Zoë'\n" + F + G).encode("latin-1")),
    py("script in Windows' letters", ("# -*- coding: cp1252 -*-\nname = '“Zoë”'\n" + F + G).encode("cp1252")),
    py("script in Chinese letters", ("# coding: gbk\nname = '注意'\n" + F + G).encode("gbk")),
    py("script in Cyrillic letters", ("# coding: koi8-r\nname = 'имя'\n" + F + G).encode("koi8-r")),
    py("script in Japanese letters", ("# vim: set fileencoding=shift_jis :\nname = '名前'\n" + F + G).encode("sjis")),
    py("script from PowerShell's >", (F + G).replace("\n", "\r\n").encode("utf-16")),
    py("script in UTF-16, most significant byte first", b"\xfe\xff" + (F + G).encode("utf-16-be")),
    py("script in UTF-32", (F + G).encode("utf-32")),
    py("script in UTF-8 that declares a coding that is not allowed", "# coding: utf-7\nname = 'é+AGE-'\n" + F + G),
    py("script in a coding that is none", "# coding: klingon\n" + F + G),
    py("script with two codings", "\ufeff# coding: latin-1\n" + F + G),
    py("script of cells", "# %% [markdown]\n# # Title\n\n# %%\n" + F + "\n# %% g\n" + G),
    py("script exported by Jupyter", "#!/usr/bin/env python\n# coding: utf-8\n\n# In[1]:\n\n" + F + "\n# In[ ]:\n" + G
       + "\nget_ipython().run_line_magic('matplotlib', 'inline')\n"),
    py("script with a syntax error", F + "def h(:\n    pass\n\n" + G),
    py("script with a docstring", '"""def f(x): wrong"""\n' + F + G),
    Case("both files", {"a.ipynb": notebook(F), "a.py": (F + G).encode()}, "f"),
    Case("both files, and others", {"a.ipynb": notebook(F, G), "a.py": b"", "b.py": b"f = 1", "conftest.py": b"1 / 0"}),
]  # fmt: skip
CASES = [*FORMATS, *ORDER, *BROKEN, *JUPYTER, *PYTHON, *SCRIPTS]


def write_files(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def working(answers: Answers) -> str:
    """Those of `f` and `g` that give the right answer."""
    return " ".join(name for name, right in RIGHT.items() if is_right(answers.call(name, [3], {}), right))


def is_right(reply: Any, right: int) -> bool:
    return isinstance(reply, Returned) and not callable(reply.value) and bool(reply.value == right)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Limits(cpu_seconds=1.0, memory_mb=256, answer_mb=4), IMPORTS) as made:
        yield made


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")  # a student's, not ours
@pytest.mark.filterwarnings("ignore:coroutine:RuntimeWarning")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_can_be_read_counts(tmp_path: Path, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.input", lambda *_: (_ for _ in ()).throw(EOFError))
    try:
        submission = read_submission(write_files(tmp_path, case.files), "a")
    except UnreadableError:
        assert not case.works
        return
    assert working(load([Part(submission.cells)], IMPORTS)) == case.works


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_sandbox_reads_it_in_the_same_way(tmp_path: Path, case: Case, sandbox: Sandbox) -> None:
    try:
        submission = read_submission(write_files(tmp_path, case.files), "a")
    except UnreadableError:
        assert not case.works
        return
    with Worker(sandbox, [Part(submission.cells)]) as worker:
        assert working(worker) == case.works


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({}, "There is no a.ipynb and no a.py"),
        ({"A.ipynb": b"", "a (1).ipynb": b""}, "The folder holds A.ipynb, a (1).ipynb: rename your file."),
        (
            {"notes.txt": b""},
            "There is no a.ipynb and no a.py. The folder holds notes.txt: hand in the notebook itself.",
        ),
        ({"a.ipynb": b""}, "a.ipynb is empty: save your work"),
        ({"a.ipynb": b"<!DOCTYPE html>"}, "a web page"),
        ({"a.ipynb": b'{"cells": ['}, "cut off"),
        ({"a.ipynb": b'{"cells": [\n<<<<<<< HEAD\n'}, "holds a conflict marker of git (line 2)"),
        ({"a.ipynb": b"{1}"}, "JSON cannot be read (line 1)"),
        ({"a.ipynb": b"def f(): pass"}, "not a notebook"),
        ({"a.ipynb": b"[]"}, "it has no cells"),
        ({"a.ipynb": b"{}"}, "it has no cells"),
        ({"a.ipynb": notebook()}, "holds no code"),
        ({"a.ipynb": notebook(MARKDOWN, "", " \n")}, "holds no code"),
        ({"a.ipynb": b"PK\3\4" + b"x" * 99}, "a.ipynb is an archive: unpack it"),
        ({"a.py": F.encode("utf-16-be")}, "a.py is written in UTF-16 and does not say so: save it as UTF-8"),
        ({"a.py": F.encode("utf-16-le")}, "a.py is written in UTF-16"),
        ({"a.py": b""}, "a.py is empty: save your work"),
        ({"a.py": b"\n \n"}, "a.py is empty"),
        ({"a.py": b"#" * (MAX_SOURCE_CHARS + 1)}, "more than 1 MB of code"),
        ({"a.ipynb": notebook("#" * MAX_SOURCE_CHARS, "#")}, "more than 1 MB of code"),
        ({"a.ipynb": b" " * (MAX_FILE_BYTES + 1)}, "more than the 20 MB that are read: clear its outputs"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(tmp_path: Path, files: dict[str, bytes], says: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_submission(write_files(tmp_path, files), "a")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_notebook_has_as_many_code_cells_as_anybody_writes_and_no_more(tmp_path: Path) -> None:
    most = write_files(tmp_path, {"a.ipynb": notebook(F, *[""] * (MAX_CELLS - 1))})
    assert len(read_submission(most, "a").cells) == MAX_CELLS
    write_files(tmp_path, {"a.ipynb": notebook(F, *[""] * MAX_CELLS)})
    with pytest.raises(UnreadableError, match="holds more than 10,000 cells: hand in your"):
        read_submission(most, "a")


def test_where_there_are_two_files_the_notebook_counts_and_a_note_says_so(tmp_path: Path) -> None:
    submission = read_submission(write_files(tmp_path, {"a.ipynb": notebook(F), "a.py": G.encode()}), "a")
    assert submission.file == "a.ipynb"
    assert submission.notes == ("a.ipynb was graded, a.py was not.",)


def test_a_digest_is_of_the_content(tmp_path: Path) -> None:
    digests = []
    for content in (F, F, G):
        digests.append(read_submission(write_files(tmp_path, {"a.py": content.encode()}), "a").digest)
    assert digests[0] == digests[1] != digests[2]


def test_cells_are_numbered_as_a_student_counts_them() -> None:
    found = notebook_cells(notebook(MARKDOWN, F, MARKDOWN, "", G))
    assert code_of(found) == (Cell("code cell 1", F), Cell("code cell 2", ""), Cell("code cell 3", G))


def test_a_line_is_told_where_the_student_sees_it() -> None:
    broken = "def f(x):\n    return x.missing\n"
    for before in ("", "%%time\n", "\n\n", "\n\n%%time\n\n", "h = (\n\n", "prose, prose\n\n", "!ls\n%pwd\n"):
        reply: Any = load([Part((Cell("code cell 1", before + broken),))], IMPORTS).call("f", [3], {})
        assert (reply.line.number, reply.line.text) == (2 + before.count("\n"), "return x.missing")


@pytest.mark.parametrize("content", [b"# coding: undefined\n", b"# coding: idna\n.\xff", b"# coding: punycode\n-\n"])
def test_a_coding_that_is_no_coding_of_text_is_not_used(content: bytes) -> None:
    assert script_cells(content + F.encode(), "a.py")[0].source == content.decode("latin-1") + F


@pytest.mark.parametrize("kind", ["link", "folder", "pipe", "nothing"])
def test_only_a_file_is_read(tmp_path: Path, kind: str) -> None:
    target, path = tmp_path / "target.py", tmp_path / "a.py"
    target.write_text(F)
    {"link": lambda: path.symlink_to(target), "folder": path.mkdir, "pipe": lambda: os.mkfifo(path), "nothing": int}[
        kind
    ]()
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(UnreadableError):
        read_regular_file(path)
    assert len(os.listdir("/proc/self/fd")) == before
