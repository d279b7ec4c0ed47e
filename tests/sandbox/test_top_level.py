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

pytestmark = [pytest.mark.portable, pytest.mark.slow]


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


# Each is right as a notebook, ` ## ` between its cells.
NOTEBOOKS = [
    "from math import sqrt ## def sqrt(x): return 2 ## def f(x): return sqrt(x) * x",
    "from scipy.special import softmax ## def softmax(x): return 2*x ## def f(x): return softmax(x)",
    "from scipy.special import expit as f ## def f(x): return 2*x",
    "from math import exp as f ## def f(x): return 2*x",
    "from math import e ## e = 2 ## def f(x): return e*x",
    "from math import pi, tau ## pi, tau = 2, 6 ## def f(x): return pi*x",
    "from math import e ## for e in range(3): pass ## def f(x): return e*x",
    "import copy ## def copy(x): return 2*x ## def f(x): return copy(x)",
    "import random ## import numpy as np ## random = np.random.default_rng(0) ## def f(x): return 2*x + 0*random.integers(2)",
    "ϵ = 2 ## def f(x): return ϵ*x",
    "µ = 2 ## def f(x): return µ*x",
    "𝜋 = 2 ## def f(x): return 𝜋*x",
    "def ϕ(x): return 2*x ## def f(x): return ϕ(x)",
    "try:\n    import torch\nexcept ModuleNotFoundError:\n    torch = None ## def f(x): return 2*x if torch is None else 0",
    "import contextlib\nnope = None\nwith contextlib.suppress(ImportError):\n    import nope ## def f(x): return 2*x if nope is None else 0",
    "T = {}\ndef reg(g):\n    T[g.__name__] = g\n    return g ## @reg\ndef a(x): return 2*x ## def f(x): return T['a'](x)",
    "T = {}\ndef reg(name):\n    def inner(g):\n        T[name] = g\n        return g\n    return inner ## @reg('b')\ndef a(x): return 2*x ## def f(x): return T['b'](x)",
    "from functools import singledispatch\n@singledispatch\ndef f(x): return 0 ## @f.register\ndef _(x: int): return 2*x",
    "from functools import singledispatch\n@singledispatch\ndef f(x): return 0 ## @f.register(int)\ndef _(x): return 2*x",
    "grid=[[0]*2 for _ in range(2)] ## for r in grid: r[0]=2 ## def f(x): return grid[1][0]*x",
    "L=[{'b':1}] ## for layer in L: layer['b']=2 ## def f(x): return L[0]['b']*x",
    "M=[[0,0],[0,0]] ## for i,row in enumerate(M): row[i]=2 ## def f(x): return M[1][1]*x",
    "grid=[[0]] ## row=grid[0] ## row[0]=2 ## def f(x): return grid[0][0]*x",
    "A=[] ## B=A ## B.append(2) ## def f(x): return A[0]*x",
    "A=[] ## add=A.append ## add(2) ## def f(x): return A[0]*x",
    "P={'w':0}\ndef train(p):\n    p['w']+=1\n    return 0 ## for e in range(2): loss = train(P) ## def f(x): return P['w']*x",
    "import numpy as np\nM=np.zeros((1,1)) ## _ = np.fill_diagonal(M,2) ## def f(x): return int(M[0,0])*x",
    "import numpy as np\nM=np.zeros(1) ## r = np.add(1,1,out=M) ## def f(x): return int(M[0])*x",
    "MEMO={}\ndef fib(i):\n    MEMO[i]=i\n    return i ## for i in range(10): fib(i) ## def f(x): return MEMO[2]*x + 0*fib(1)",
    "A={}\nclass F:\n    def fill(self,k): A[k]=2 ## F().fill('a') ## def f(x): return A['a']*x",
    "class F:\n    count=0\n    def __init__(self): F.count+=1 ## a=F()\nb=F() ## def f(x): return F.count*x",
    "A={} ## fill=lambda k: A.setdefault(k,2) ## fill('a') ## def f(x): return A['a']*x",
    "class S:\n    k=1\n    def __call__(self): self.k=2\ns=S() ## s() ## def f(x): return s.k*x",
    "class S:\n    k=1\n    def __enter__(self): self.k=2\n    def __exit__(self,*a): pass\ns=S() ## with s: pass ## def f(x): return s.k*x",
    "A=[]\ndef build(n): A.append(n) ## build (2) ## def f(x): return A[0]*x",
    "A=[]\ndef fill(n): A.append(n) ## list(map(fill,[2])) ## def f(x): return A[0]*x",
    "class C: pass ## setattr(C,'k',2) ## def f(x): return C.k*x",
    "def f(x): return f.k*x ## setattr(f,'k',2)",
    "A=[]\ndef fill(M=None):\n    B=A\n    B.append(2) ## fill() ## def f(x): return A[0]*x",
    "def fill():\n    globals()['k']=2 ## fill() ## def f(x): return k*x",
    "import numpy as np\nSEED=0\nnp.random.seed(SEED)\nW=np.random.randint(2,3) ## def f(x): return int(W)*x",
    "print(k := 2) ## def f(x): return k*x",
    "a=[1,2]\nprint(a.pop()) ## def f(x): return 2*len(a)*x",
    "k=[]\ndef setup():\n    k.append(2)\nprint('setup', setup()) ## def f(x): return k[0]*x",
    "  k=2\n  def f(x): return k*x",
    "def train(): return 2 ## %time W = train() ## def f(x): return W*x",
    "%matplotlib inline\ndef f(x): return (10\n  % 8) * x",
    "import io\nk=int(io.StringIO('2').read()) ## def f(x): return k*x",
    "from dataclasses import dataclass, field\n@dataclass\nclass P:\n    k: list = field(default_factory=lambda: [2]) ## def f(x): return P().k[0]*x",
    "import numpy as np\nxp = np ## def f(x): return int(xp.multiply(2,x))",
    "k = 1 ## k += 1 ## def f(x): return k*x",
    "def f(x): return g(x) ## def g(x): return h(x) ## def h(x): return 2*x",
]
READERS = [
    "mean = slow()",
    "mean = slow()\nfor i in range(9): mean = f(i)",
    "m = A.mean(); slow()",
    "assert A.sum() == slow()",
    "for k in A.tolist(): slow()",
    "out = f(A.copy()); slow()",
    "f(K, slow())",
    "check(f, K, slow())",
    "np.testing.assert_allclose(A, slow())",
    "len(K), slow()",
    "np.linalg.svd(np.eye(3)); slow()",
    "np.allclose(A, slow())",
    "if 'K' in globals(): slow()",
    "y = eval('slow()')",
    "print(f(3), slow())",
    "shape = slow()",
]


@pytest.mark.parametrize("source", NOTEBOOKS)
def test_what_works_in_a_notebook_works(source: str) -> None:
    assert answer(*source.split(" ## ")) == Returned(6)


@pytest.mark.parametrize("statement", READERS)
def test_what_only_reads_what_a_question_uses_does_not_run(statement: str) -> None:
    """Nor does what has the name of a local variable, of an attribute, or of a word in a docstring."""
    found = answers(
        "ran = []\nK = [2]\nimport numpy as np\nA = np.ones(3)\ndef slow(): ran.append(1)",
        statement,
        'def f(x):\n    """Return the mean of x, keep its shape."""\n'
        "    return K[0] * x + 0 * A.size * np.mean(x) * len(np.asarray(x).shape)",
    )
    assert not found.values.get("ran")


BLANK = "\n" * 80_000
LONG = {
    "one line": "a0=1; " + "; ".join(f"a{i + 1}=a{i}" for i in range(1000)) + "\ndef f(): return a1000",
    "a line each": "a0=1\n" + "\n".join(f"a{i + 1}=a{i}" for i in range(4000)) + "\ndef f(): return a4000",
    "functions": "\n".join(f"def h{i}(): return h{i + 1}()" for i in range(3000)) + "\ndef f(): return 1 or h0()",
    "helpers": "K=[1]\n"
    + "\n".join(f"def h{i}(): h{i + 1}(); K" for i in range(1500))
    + "\nh5()\ndef f(): return K[0]",
    "blank lines": f"if 1:\n  x = 1\n  y = '''{BLANK}'''\n{BLANK}def f(): return x",
    "a deep sum": "if 1:\n  import os\n  y=" + "+".join(["'a'"] * 900) + "\ndef f(): return 1",
}


@pytest.mark.parametrize("source", LONG.values(), ids=LONG)
def test_a_long_source_takes_no_longer_than_it_is_long(source: str) -> None:
    """Once, each doubling took four or eight times as long: these would take minutes."""
    assert answers(source).call("f", (), {}) == Returned(1)


def test_many_cells_take_no_longer() -> None:
    cells = [f"a{number + 1} = a{number}" for number in range(5000)]
    assert answers("a0 = 1", *cells, "def f(): return a5000").call("f", (), {}) == Returned(1)


def test_why_a_name_of_an_earlier_part_is_missing_is_told_with_its_own_line() -> None:
    earlier = Part((Cell("earlier", "k = 1 / 0\ndef twice(x): return k * x\n"),), ("twice",))
    for own in ("", "k = [][1]\n"):
        reply = answers(f"{own}def f(x): return twice(x) if x else k", before=(earlier,)).call("f", (3,), {})
        assert isinstance(reply, Raised)
        assert reply.message == "name 'k' is not defined: ZeroDivisionError in earlier, line 1: division by zero"


def test_what_failed_is_told_before_what_went_another_way() -> None:
    reply = answer("k = 1 / 0", "if 1 > 2: k = 3", "def f(x): return k * x")
    assert isinstance(reply, Raised)
    assert "ZeroDivisionError in code cell 1" in reply.message


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


DEMO = "from autograder.plots import demo_of, heatmap\nimport matplotlib.pyplot as plt\n"


def test_what_a_cell_shows_is_not_run() -> None:
    """Not even where it works on with what the question, or an earlier one, has returned."""
    demo = """\
with demo_of(g, f):
    figure, ax = plt.subplots()
    answer = f(g(3))
    for each, other in zip(answer, [answer]):
        ax.text(each, other)
    while True:
        heatmap(ax, each, "endless")
"""
    earlier = Part((Cell("code cell 1", "def g(x): return x + 1"),), ("g",))
    space = answers(
        DEMO + "from autograder import previous\ng = previous('g')",
        "def f(x): return g(x) * 2",
        demo,
        before=(earlier,),
    )
    assert space.call("f", (3,), {}) == Returned(8)
    assert "answer" not in space.values


def test_what_is_bound_in_a_cell_that_shows_counts_as_ever() -> None:
    """An answer that uses it does at home; here nothing is shown, and the names are there."""
    demo = "with demo_of(f):\n    k = 2\n    figure, ax = plt.subplots()"
    assert answer(DEMO, "def f(x): return k * x", demo) == Returned(6)
