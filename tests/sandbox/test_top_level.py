# ruff: noqa: E501 - snippets, each in a line
"""A question runs with all that it depends on at top level, whatever kind of statement that is; nothing else runs."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from autograder.sandbox.loader import load
from autograder.sandbox.namespace import Namespace
from autograder.sandbox.protocol import Cell, Missing, Part, Raised, Reply, Returned
from tests.helpers.loading import IMPORTS


def answers(*sources: str, before: tuple[Part, ...] = ()) -> Namespace:
    """What is loaded of a submission whose one question is `f`."""
    cells = tuple(Cell(f"code cell {number}", source) for number, source in enumerate(sources, 1))
    return load([*before, Part(cells, ("f",))], IMPORTS)


def answer(*sources: str, args: tuple[Any, ...] = (3,)) -> Reply:
    return answers(*sources).call("f", args, {})


BEFORE = {
    "a constant": "k = 2",
    "several at once": "a, (k, *c) = 1, (2, 3, 4)",
    "a chain": "a = k = 2",
    "a type": "k: int = 2",
    "added to": "k = 1\nk += 1",
    "computed from another": "two = 1 + 1\nk = two",
    "a walrus": "(k := 2)",
    "a walrus in a condition": "if (k := 2) > 1: pass",
    "a walrus in a comprehension": "[k := 2 for _ in '1']",
    "in if": "if 1 < 2:\n    k = 2",
    "in else": "if 1 > 2:\n    pass\nelse:\n    k = 2",
    "in try": "try:\n    k = 2\nexcept ValueError:\n    k = 3",
    "in except": "try:\n    missing\nexcept NameError:\n    k = 2",
    "in finally": "try:\n    pass\nfinally:\n    k = 2",
    "an exception's name": "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    k = 1 + len(error.args)",
    "in with": "import contextlib\nwith contextlib.suppress(ValueError):\n    k = 2",
    "what with gives": "import contextlib\nwith contextlib.nullcontext(2) as k: pass",
    "in for": "for k in range(3): pass",
    "counted in while": "k = 0\nwhile k < 2:\n    k += 1",
    "matched": "match [1, 2]:\n    case [_, k]: pass",
    "a rest that is matched": "match {'a': 1, 'b': 2}:\n    case {'a': 1, **rest}: k = rest['b']",
    "a starred match": "match [1, 2]:\n    case [1, *ks]: k = ks[0]",
    "a list filled in a loop": "K = []\nfor i in range(3):\n    K.append(i)\nk = K[2]",
    "a list filled in a comprehension": "K = []\n[K.append(i) for i in range(3)]\nk = K[-1]",
    "a list filled by map": "K = []\nlist(map(K.append, range(3)))\nk = K[-1]",
    "a list that is sorted": "K = [2, 1]\nK.sort()\nk = K[1]",
    "a dict that is set": "K = {}\nK['a'] = 2\nk = K['a']",
    "deeper in a dict": "K = {}\nK.setdefault('a', []).append(2)\nk = K['a'][0]",
    "an item that is deleted": "K = [1, 2]\ndel K[0]\nk = K[0]",
    "an attribute that is set": "class K: pass\nK.k = 2\nk = K.k",
    "written into by NumPy": "import numpy as np\nK = np.zeros((2, 2))\nnp.fill_diagonal(K, 2)\nk = int(K[0, 0])",
    "written into as out=": "import numpy as np\nK = np.zeros(1)\nnp.add(1, 1, out=K)\nk = int(K[0])",
    "handed to a function": "def fill(K): K.append(2)\nK = []\nfill(K)\nk = K[0]",
    "filled by a function": "K = []\ndef fill():\n    K.append(2)\nfill()\nk = K[0]",
    "bound by a function": "def fill():\n    global k\n    k = 2\nfill()",
    "filled by a function of a function": "K = []\ndef deep():\n    K.append(2)\ndef fill():\n    deep()\nfill()\nk = K[0]",
    "by globals()": "globals()['k'] = 2",
    "by exec": "exec('k = 2')",
    "a setting of a module": "import random\nrandom.seed(0)\nk = 2 + 0 * random.randrange(3)",
}


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
@pytest.mark.parametrize("placed", ["before it", "in a cell of its own", "behind it"])
def test_what_a_question_mentions_is_there(before: str, placed: str) -> None:
    """Through another name and another function, too."""
    f = "def twice(x): return k * x\n\ndef f(x): return twice(x)\n"
    sources = {"before it": [f"{before}\n{f}"], "in a cell of its own": [before, f], "behind it": [f"{f}\n{before}\n"]}
    assert answer(*sources[placed]) == Returned(6)


DEFINED = {
    "in if": "if True:\n    def f(x): return 2 * x",
    "in else": "if False:\n    pass\nelse:\n    def f(x): return 2 * x",
    "in try": "try:\n    import numpy as np\n    def f(x): return int(np.multiply(2, x))\nexcept ImportError:\n    pass",
    "in except": "try:\n    import scipy\n    def f(x): return 0\nexcept ImportError:\n    def f(x): return 2 * x",
    "in with": "import contextlib\nwith contextlib.suppress(ValueError):\n    def f(x): return 2 * x",
    "in for": "for _ in range(2):\n    def f(x): return 2 * x",
    "a lambda": "f = lambda x: 2 * x",
    "partial": "from functools import partial\nfrom operator import mul\nf = partial(mul, 2)",
    "decorated": "import functools\n\n@functools.cache\ndef f(x): return 2 * x",
    "decorated by its own": "def own(g): return lambda x: 2 * g(x)\n\n@own\ndef f(x): return x",
    "a method": "class Layer:\n    k = 2\n    def __call__(self, x): return self.k * x\n\nf = Layer()",
    "a dataclass": "from dataclasses import dataclass\n\n@dataclass\nclass P:\n    k: int = 2\n\ndef f(x): return P().k * x",
    "a dataclass with a class variable": "import dataclasses, typing\n@dataclasses.dataclass\nclass P:\n    k: typing.ClassVar[int] = 2\n    x: int = 0\ndef f(x): return P(x).k * P(x).x",
    "a named tuple": "import collections\nP = collections.namedtuple('P', 'k')\ndef f(x): return P(2).k * x",
    "an enum": "import enum\nclass P(enum.IntEnum):\n    K = 2\ndef f(x): return int(P.K * x)",
    "wrapped afterwards": "def f(x): return x\n\ninner = f\n\ndef outer(x): return 2 * inner(x)\n\nf = outer",
    "with a default": "k = 2\ndef f(x, k=k): return k * x\nk = 3",
    "with a default of its own": "def f(x, table=[2]): return table[0] * x",
    "an attribute of its own": "def f(x): return f.k * x\nf.k = 2",
    "an annotation that is not there": "def f(x: NDArray) -> NDArray: return 2 * x",
    "a global that it counts": "calls = 0\ndef f(x):\n    global calls\n    calls += 1\n    return 2 * x",
    "its name as text": "def two(): return 2\n\ndef f(x): return globals()['two']() * x",
    "twice": "def f(x): return 0\n\ndef f(x): return 2 * x",
    "star": "from math import *\ndef f(x): return int(sqrt(4)) * x",
    "star for a builtin": "from operator import *\nfrom math import *\ndef f(x): return int(pow(2, 1)) * x",
}


@pytest.mark.parametrize("source", DEFINED.values(), ids=DEFINED)
def test_a_question_may_be_defined_in_any_way(source: str) -> None:
    assert answer(source) == Returned(6)


IMPORTED = {
    "import os, numpy as np": "int(np.multiply(2, x))",
    "import numpy as np, matplotlib.pyplot as plt": "int(np.multiply(2, x))",
    "if True:\n    import os, numpy as np": "int(np.multiply(2, x))",
    "with open('x'): pass\nimport numpy as np": "int(np.multiply(2, x))",
    "try:\n    import numpy as np\nexcept ImportError:\n    np = None": "int(np.multiply(2, x))",
    "try:\n    import torch as np\nexcept ImportError:\n    import numpy as np": "int(np.multiply(2, x))",
    "from numpy import *": "int(multiply(2, x))",
    "import numpy.lib.recfunctions as r": "int(r.structured_to_unstructured is not None) * 2 * x",
    "import numpy.matlib": "int(numpy.matlib.ones((1, 1))[0, 0]) * 2 * x",
    "import itertools": "next(itertools.repeat(2)) * x",
    "from operator import mul": "mul(2, x)",
    "from collections import deque": "deque([2])[0] * x",
    "import collections.abc": "2 * x * isinstance([], collections.abc.Sequence)",
    "from statistics import NormalDist": "round(4 * NormalDist().cdf(0)) * x",
    "import statistics": "statistics.mean([2]) * x",
    "import warnings\nwarnings.filterwarnings('ignore')": "2 * x * (warnings is not None)",
    "import re": "int(re.match('2', '2')[0]) * x",
    "import logging\nlogger = logging.getLogger(__name__)": "2 * x if logger.name == 'answers' else 0",
    "import time": "2 * x * (time.perf_counter() > 0)",
    "from decimal import Decimal": "int(Decimal(2) * x)",
    "from fractions import Fraction": "int(Fraction(2) * x)",
    "import typing as t": "t.cast(int, 2 * x)",
    "from __future__ import annotations": "2 * x",
}


@pytest.mark.parametrize("statement", IMPORTED, ids=ascii)
@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")  # numpy.matlib
def test_what_computes_and_nothing_else_may_be_imported(statement: str) -> None:
    assert answer(f"{statement}\n\ndef f(x): return {IMPORTED[statement]}") == Returned(6)


def test_a_worker_has_all_of_it_although_it_opens_no_file(sandbox: Any) -> None:
    from autograder.sandbox.client import Worker
    from autograder.sandbox.toplevel.imports import STANDARD_LIBRARY, SUBMODULES

    modules = [*sorted(STANDARD_LIBRARY), *SUBMODULES, "numpy.lib.recfunctions", "numpy.matlib"]
    source = "\n".join(f"import {module}" for module in modules)
    inside = "\n".join(f"    import {module}" for module in modules)
    with Worker(sandbox, [Part((Cell("c", f"{source}\ndef f():\n{inside}\n    return 1\n"),), ("f",))]) as worker:
        assert worker.call("f", [], {}) == Returned(1)


EXPERIMENTS = {
    "a call": "mark()",
    "printed": "print(mark())",
    "shown": "print(f(3), mark(), K)",
    "checked": "check(f)\nmark()",
    "compared by NumPy": "import numpy as np\nnp.testing.assert_allclose(mark() or 1, f(3))",
    "plotted": "import matplotlib.pyplot as plt\nplt.plot(mark())",
    "a plot of its own": "figure, axes = subplots(mark())\naxes.plot(K)",
    "tried": "try:\n    y = f(mark() or 3)\nexcept NotImplementedError:\n    pass\nelse:\n    print(y)",
    "a loop": "for i in range(3):\n    y = f(mark() or i)",
    "a variable of the same name as one inside": "x = mark()",
    "of the same name as an attribute": "shape = mark()",
    "main": "if __name__ == '__main__':\n    k = mark()",
    "a helper for it": "def show(y):\n    print(y)\nshow(mark())",
    "the result of a call": "y = f(mark() or 3)",
    "that forgets": "del K",
    "asserted": "assert mark() == f(3)",
}


@pytest.mark.parametrize("statement", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_what_no_question_depends_on_does_not_run(statement: str) -> None:
    found = answers(
        f"ran = []\nK = 2\ndef mark(): ran.append(1)\n{statement}\n", "def f(x): return K * x + 0 * len(x.shape)"
    )
    assert "ran" not in found.values or found.values["ran"] == []
    assert "K" in found.values


def test_nothing_is_left_of_a_submission_among_the_modules() -> None:
    """A student, and an instructor, may have a module of that name."""
    before = sys.modules.get("answers")
    answers("import math\ndef f(x): return x")
    assert sys.modules.get("answers") is before


def test_a_name_in_prose_is_no_reason_to_run_anything() -> None:
    found = answers("k = 2\nwords = print('`f` and k')", "def f(x): return k * x")
    assert "words" not in found.values


REASONS = {
    "failed": ("k = 1 / 0", "ZeroDivisionError in code cell 1, line 1: division by zero"),
    "failed in a block": ("if True:\n    j = 1\n    k = 1 / 0", "ZeroDivisionError in code cell 1, line 3"),
    "went another way": (
        "if 1 > 2:\n    k = 2",
        "the statement in code cell 1, line 1, which may define it, went another",
    ),
    "main": ("if __name__ == '__main__':\n    k = 2", "code cell 1, line 1, which may define it, went another way"),
    "not parsed": ("k = (2", "SyntaxError in code cell 1, line 1: '(' was never closed"),
    "a conflict": (
        "<<<<<<< HEAD\nk = 2 +\n=======\nk = 3 +\n>>>>>>> theirs",
        "code cell 1, line 1 is a conflict marker of git",
    ),
    "written to a file": ("\n%%writefile k.py\nk = 2", "code cell 1 begins with `%%writefile` (line 2)"),
    "another language": ("%%bash\nk=2", "code cell 1 begins with `%%bash` (line 1)"),
}


@pytest.mark.parametrize(("source", "reason"), REASONS.values(), ids=REASONS)
def test_where_a_name_is_missing_the_message_says_why(source: str, reason: str) -> None:
    reply = answer(source, "def f(x): return k * x")
    assert isinstance(reply, Raised)
    assert reply.message.startswith("name 'k' is not defined: ")
    assert reason in reply.message
    missing = answer(source.replace("k", "f").replace("ff", "f"))
    assert isinstance(missing, Missing)


CONFLICT = "def f(x):\n<<<<<<< HEAD\n    return 2 * x\n=======\n    return x + x\n>>>>>>> theirs\n"


@pytest.mark.parametrize(
    "source",
    [CONFLICT, f"import math\n\n{CONFLICT}", CONFLICT.replace("=======", "||||||| base\n    return 1\n=======")],
)
def test_a_conflict_marker_inside_a_function_is_named(source: str) -> None:
    reply = answer(source)
    assert isinstance(reply, Missing)
    line = source.split("\n").index("<<<<<<< HEAD") + 1
    assert reply.reason.startswith(f"code cell 1, line {line} is a conflict marker of git")


REFUSED = {
    "directly": ("import scipy", "def f(x): return scipy.x", "`scipy` (code cell 1, line 1)"),
    "the module that the line used": (
        "import scipy.special\nimport scipy.stats",
        "def f(x): return scipy.special.softmax(x)",
        "`scipy.special` (code cell 1, line 1)",
    ),
    "the other one": (
        "import scipy.special\nimport scipy.stats",
        "def f(x): return scipy.stats.zscore(x)",
        "`scipy.stats` (code cell 1, line 2)",
    ),
    "by way of a class": (
        "import attr\n\n@attr.s\nclass Parts: pass",
        "def f(x): return Parts()",
        "`attr` (code cell 1, line 1)",
    ),
    "by way of a base": (
        "from torch.nn import Module\nclass Net(Module): pass",
        "def f(x): return Net()",
        "`torch.nn` (",
    ),
    "by way of a constant": ("import scipy.special as s\nk = s.erf(1)", "def f(x): return k", "`scipy.special` ("),
    "by way of two": ("import torch\nT = torch.T\nU = T.x", "def f(x): return U", "`torch` (code cell 1, line 1)"),
    "in try": (
        "try:\n    import torch\nexcept ImportError:\n    pass",
        "def f(x): return torch.x",
        "`torch` (code cell 1, line 2)",
    ),
    "star": ("from scipy.special import *", "def f(x): return erf(x)", "was it to come from `scipy.special`"),
    "inside it": ("", "def f(x):\n    import scipy\n    return scipy.x", "`scipy` is not one of them"),
    "of a module's part": ("", "def f(x):\n    from os import path\n    return path", "`os` is not one of them"),
}


@pytest.mark.parametrize(("before", "source", "named"), REFUSED.values(), ids=REFUSED)
def test_a_refused_import_is_named_where_it_is_missed(before: str, source: str, named: str) -> None:
    reply = answer(before, source)
    assert isinstance(reply, Raised)
    assert named in reply.message
    assert "nswers may import functools, math, numpy and the harmless part of Python's own library" in reply.message


def test_a_decorator_that_is_refused_is_named_for_the_function_itself() -> None:
    reply = answer("from numba import njit\n\n@njit\ndef f(x): return x")
    assert isinstance(reply, Missing)
    assert reply.reason.startswith("NameError in code cell 1, line 3: answers may import ")
    assert "`numba` (code cell 1, line 1) is not one of them" in reply.reason


EARLIER = Part((Cell("earlier", "table = [2]\n\ndef twice(x): return table[0] * x\n"),), ("twice",))


@pytest.mark.parametrize(
    "source",
    [
        "def f(x): return twice(x)",
        "from autograder import check, previous\ntwice = previous('twice')\ndef f(x): return twice(x)",
        "from autograder import previous\ndouble = previous('twice')\ndef f(x): return double(x)",
        "from autograder import previous as before\ndouble = before('twice')\ndef f(x): return double(x)",
        "from autograder import previous\nT = {'twice': previous('twice')}\ndef f(x): return T['twice'](x)",
    ],
)
def test_a_function_of_an_earlier_assignment_may_have_another_name(source: str) -> None:
    assert answers(source, before=(EARLIER,)).call("f", (3,), {}) == Returned(6)


def test_a_function_of_an_earlier_assignment_that_is_not_there_is_named() -> None:
    reply = answer("from autograder import previous\ntwice = previous('twice')\ndef f(x): return twice(x)")
    assert isinstance(reply, Raised)
    assert "`twice`, of an earlier assignment, is not there" in reply.message
