"""Odd answers to one question: twice an array. `F` is its name, and what ends in `_0` is no other answer's.

Cells are parted by `# %%`. Each stands for a kind: what matters is that it is judged alike wherever it runs.
"""

from __future__ import annotations

import re

RIGHT = "def F(x): return 2 * x"

WAYS_TO_DEFINE = {
    "plain": RIGHT,
    "lambda": "F = lambda x: 2 * x\nF.__name__ = 'F'",
    "annotated": "def F(x: 'np.ndarray') -> 'np.ndarray': return 2 * x",
    "an annotation that is not there": "from __future__ import annotations\ndef F(x: NDArray) -> NDArray: return 2 * x",
    "in if": "if True:\n    def F(x): return 2 * x",
    "in else": "if False:\n    pass\nelse:\n    def F(x): return 2 * x",
    "in try": "try:\n    def F(x): return 2 * x\nexcept ValueError:\n    pass",
    "in except": "try:\n    1 / 0\nexcept ZeroDivisionError:\n    def F(x): return 2 * x",
    "in for": "for _ in range(2):\n    def F(x): return 2 * x",
    "in with": "import contextlib\nwith contextlib.suppress(ValueError):\n    def F(x): return 2 * x",
    "twice": "def F(x): return x\n# %%\ndef F(x): return 2 * x",
    "twice, the wrong one last": "def F(x): return 2 * x\n# %%\ndef F(x): return x",
    "cached": "import functools\n@functools.lru_cache\ndef table_0(): return 2\ndef F(x): return table_0() * x",
    "decorated by its own": (
        "import functools\ndef own_0(f):\n    @functools.wraps(f)\n    def inner(x): return 2 * f(x)\n    return inner\n"
        "@own_0\ndef F(x): return x"
    ),
    "wrapped afterwards": "def F(x): return x\ninner_0 = F\n# %%\ndef F(x): return 2 * inner_0(x)",
    "vectorized": "half_0 = np.vectorize(lambda v: 2.0 * v)\ndef F(x): return half_0(x)",
    "a default": "k_0 = 2\ndef F(x, k=k_0): return k * x\nk_0 = 3",
    "a mutable default": "def F(x, table=[2]): return table[0] * x",
    "a keyword that is not given": "def F(x, *, k): return k * x",
    "too few parameters": "def F(): return 2",
    "too many parameters": "def F(x, y): return 2 * x",
    "any parameters": "def F(*args, **kwargs): return 2 * args[0]",
    "another parameter's name": "def F(array): return 2 * array",
    "an attribute of its own": "def F(x): return F.k * x\nF.k = 2",
    "closure": "def make_0(k):\n    def F(x): return k * x\n    return F\nF = make_0(2)",
    "a closure that counts": (
        "def make_0():\n    n = 0\n    def F(x):\n        nonlocal n\n        n += 1\n        return 2 * x * (n < 5)\n    return F\nF = make_0()"
    ),
    "generator function": "def F(x):\n    yield from 2 * x",
    "a generator that never ends": "def F(x):\n    while True: yield 2.0",
    "coroutine": "async def F(x): return 2 * x",
    "a class with __call__": (
        "class Layer_0:\n    __name__ = 'F'\n    def __call__(self, x): return 2 * x\nF = Layer_0()\n"
    ),
    "dataclass": (
        "from dataclasses import dataclass\n@dataclass\nclass P_0:\n    k: int = 2\ndef F(x): return P_0().k * x"
    ),
    "named tuple": "import collections\nP_0 = collections.namedtuple('P_0', 'k')\ndef F(x): return P_0(2).k * x",
    "enum": "import enum\nclass P_0(enum.IntEnum):\n    K = 2\ndef F(x): return int(P_0.K) * x",
    "inheritance": (
        "class A_0:\n    k = 1\nclass B_0(A_0):\n    k = 2\n    def f(self, x): return super().k * x * 2\n"
        "def F(x): return B_0().f(x)"
    ),
    "abstract": (
        "import abc\nclass A_0(abc.ABC):\n    @abc.abstractmethod\n    def f(self): ...\ndef F(x): return A_0().f() * x"
    ),
    "unicode names": "def größe_0(ϵ): return 2 * ϵ\ndef F(x): return größe_0(x)",
    "names in another form of letters": "ﬁeld_0 = 2\ndef F(x): return field_0 * x",
    "walrus": "def F(x): return (y := 2 * x) + 0 * y",
    "walrus at top level": "(k_0 := 2)\ndef F(x): return k_0 * x",
    "match": "def F(x):\n    match x.ndim:\n        case 1: return 2 * x\n        case _: return x",
    "comprehension": "def F(x): return np.array([2 * v for v in x])",
    "recursion": "def F(x): return np.array([2 * x[0], *F(x[1:])]) if len(x) else np.array([])",
    "recursion without end": "def F(x): return F(x)",
    "mutual recursion": "def even_0(x, n): return x if n == 0 else odd_0(2 * x, n - 1)\ndef odd_0(x, n): return even_0(x, n)\ndef F(x): return even_0(x, 1)",
    "exec": "exec('def F(x): return 2 * x')",
    "eval": "def F(x): return eval('2 * x')",
    "globals": "k_0 = 2\ndef F(x): return globals()['k_0'] * x",
    "a helper behind it": "def F(x): return helper_0(x)\n# %%\ndef helper_0(x): return 2 * x",
    "a helper that is nowhere": "def F(x): return helper_0(x)",
    "a constant that is nowhere": "def F(x): return k_0 * x",
    "a table that is filled": "T_0 = []\nfor i_0 in range(3):\n    T_0.append(i_0)\n# %%\ndef F(x): return T_0[2] * x",
    "a dict that is filled": "D_0 = {}\nD_0['k'] = 2\n# %%\ndef F(x): return D_0['k'] * x",
    "a global that is set by a function": "def set_0():\n    global k_0\n    k_0 = 2\nset_0()\n# %%\ndef F(x): return k_0 * x",
    "not a function": "F = 5",
    "not there": "def other_0(x): return 2 * x",
    "None": "F = None",
    "still to be written": "def F(x):\n    raise NotImplementedError()",
    "still to be written, in words": "def F(x):\n    raise NotImplementedError('later')",
    "a syntax error": "def F(x) return 2 * x",
    "cut off": "def F(x):\n    return 2 * (x",
    "no indentation": "def F(x):\nreturn 2 * x",
    "a magic above": "%precision 4\ndef F(x): return 2 * x",
    "%%time": "%%time\ndef F(x): return 2 * x",
    "a statement that fails above": "1 / 0\n# %%\ndef F(x): return 2 * x",
    "a constant that fails": "k_0 = 1 / 0\n# %%\ndef F(x): return k_0 * x",
    "a class body that fails": "class P_0:\n    k = 1 / 0\n# %%\ndef F(x): return P_0.k * x",
}

RETURNS = {
    f"returns {value}": f"def F(x): return {value}"
    for value in (
        *("None", "x", "3 * x", "2", "2.0 * x.sum()", "True", "'2'", "b'2'", "[2 * v for v in x]", "tuple(2 * x)"),
        *("list(2 * x)", "2 * x[None]", "2 * x[:, None]", "2 * x[::-1]", "(2 * x).astype(int)", "(2 * x).astype('f4')"),
        *("(2 * x).astype('f2')", "2 * x + 0j", "2 * x + 1j", "(2 * x).astype(object)", "(2 * x).astype(str)"),
        *("np.matrix(2 * x)", "np.ma.array(2 * x)", "np.ma.array(2 * x, mask=True)", "np.rec.array(2 * x)"),
        *(
            "{'y': 2 * x}",
            "dict(enumerate(2 * x))",
            "set(2 * x)",
            "frozenset(2 * x)",
            "iter(2 * x)",
            "map(float, 2 * x)",
        ),
        *(
            "zip(2 * x)",
            "(2 * v for v in x)",
            "range(3)",
            "slice(3)",
            "...",
            "NotImplemented",
            "object()",
            "F",
            "np",
            "np.sin",
        ),
        *(
            "2 * x, x",
            "(2 * x,)",
            "[2 * x]",
            "[[2 * x]]",
            "np.nan * x",
            "np.inf * x",
            "x / 0",
            "-x",
            "2 * x + 1e-7",
            "2 * x + 1e-12",
        ),
        *(
            "np.array([])",
            "np.zeros((0, 2))",
            "np.zeros((2, 0))",
            "np.array(2.0)",
            "x + x",
            "np.add(x, x)",
            "np.float64(2)",
        ),
        *(
            "memoryview(2 * x)",
            "bytearray(8)",
            "10 ** 400 * 2",
            "complex(2)",
            "Exception('2')",
            "ValueError",
            "type(x)",
        ),
        *(
            "np.broadcast_to(2.0, x.shape)",
            "np.asfortranarray(2 * x)",
            "(2 * np.stack([x, x]).T)[:, 0]",
            "x.view() * 2",
        ),
        *(
            "np.datetime64('2020')",
            "np.array(['a', None])",
            "np.array([2 * x, None], dtype=object)",
            "np.ones(4_000_000)",
        ),
        *(
            "'x' * 3_000_000",
            "list(range(200_000))",
            "[[[[[2 * x]]]]]",
            "print(2 * x)",
            "round(2.0)",
            "np.round(2 * x, 3)",
        ),
    )
}

DOES = {
    f"does {statement}": f"def F(x):\n    {statement}\n    return 2 * x"
    for statement in (
        *("x *= 2", "x += 0", "x[0] = 5", "x.sort()", "x[:] = x[::-1].copy()", "np.add(x, x, out=x)", "x.shape = (-1, 1)"),
        *("x = x * 1", "x.flags.writeable = False", "del x", "assert False", "assert x.ndim == 1", "raise ValueError('no')"),
        *("raise ValueError", "raise SystemExit", "raise SystemExit(3)", "raise KeyboardInterrupt", "raise GeneratorExit"),
        *("raise StopIteration", "raise MemoryError", "raise RecursionError", "raise Exception('<b>é</b>\\n\\x1b[1m')"),
        *("raise type('Own', (ValueError,), {})('mine')", "raise BaseException('base')", "exit()", "quit()", "x @ np.ones((7, 7))"),
        *("x + np.ones(7)", "x.reshape(7, 7)", "np.concatenate(x, x)", "x['a']", "x.nothing", "x()", "int('a')", "{}['k']", "[][0]"),
        *("print('x' * 1000)", "print(x, file=None)", "import warnings; warnings.warn('w')", "1 / np.zeros(2)", "np.log(-1.0)"),
        *("np.seterr(all='raise'); np.log(np.array(-1.0))", "np.random.seed(0)", "np.set_printoptions(precision=1)", "globals()['x'] = 1"),
        *("locals()", "__import__('math')", "import math", "import math as m; m.sqrt(4)", "from math import sqrt; sqrt(4)"),
        *("import json, re", "import collections.abc", "import numpy.linalg as la; la.norm(x)", "from numpy.linalg import norm; norm(x)"),
        *("open('x.txt')", "open('x.txt', 'w')", "np.loadtxt('x.txt')", "np.save('x.npy', x)", "import time; time.sleep(0.01)"),
        *("np.empty(1 << 27)", "(lambda: (yield))()", "open", "input", "help", "breakpoint"),
    )
}  # fmt: skip

REFUSED = {
    "torch above": "import torch\n# %%\ndef F(x): return torch.mul(x, 2)",
    "torch above, not used": "import torch\n# %%\ndef F(x): return 2 * x",
    "torch in the same cell": "import torch\ndef F(x): return torch.mul(x, 2)",
    "torch under another name": "import torch as t_0\ndef F(x): return t_0.mul(x, 2)",
    "torch in it": "def F(x):\n    import torch\n    return torch.mul(x, 2)",
    "scipy above": "import scipy\n# %%\ndef F(x): return scipy.special.expit(x)",
    "scipy.special above": "import scipy.special\n# %%\ndef F(x): return scipy.special.logsumexp([x, x], axis=0) * 0 + 2 * x",
    "scipy.special as": "import scipy.special as sp_0\ndef F(x): return 2 * x + 0 * sp_0.erf(x)",
    "from scipy": "from scipy.special import erf as erf_0\ndef F(x): return 2 * x + 0 * erf_0(x)",
    "a constant from scipy": "from scipy.constants import pi as pi_0\ndef F(x): return 2 * x + 0 * pi_0",
    "from scipy in it": "def F(x):\n    from scipy.special import erf\n    return 2 * x + 0 * erf(x)",
    "scipy of a helper": "import scipy.special as sp_0\n# %%\ndef helper_0(x): return sp_0.erf(x)\n# %%\ndef F(x): return 2 * x + 0 * helper_0(x)",
    "scipy in a helper": "def helper_0(x):\n    import scipy.special\n    return x\n# %%\ndef F(x): return 2 * helper_0(x)",
    "a table by scipy": "import scipy.special as sp_0\nT_0 = sp_0.erf(0.0)\n# %%\ndef F(x): return 2 * x + T_0",
    "a function of scipy's": "import scipy.special as sp_0\nerf_0 = sp_0.erf\n# %%\ndef F(x): return 2 * x + 0 * erf_0(x)",
    "a base of another module": "import unittest as u_0\nclass A_0(u_0.TestCase): pass\ndef F(x): return 2 * x if A_0 else x",
    "a decorator of another module": "import atexit as a_0\n@a_0.register\ndef helper_0(): pass\ndef F(x): return 2 * x if helper_0 else x",
    "decorated by another module": "import threading as t_0\n@t_0.local\ndef F(x): return 2 * x",
    "try, with another way": "try:\n    import scipy as sp_0\nexcept ImportError:\n    sp_0 = None\ndef F(x): return 2 * x if sp_0 is None else x",
    "try in it": "def F(x):\n    try:\n        import scipy\n    except ImportError:\n        return 2 * x\n    return x",
    "try, the right way refused": "try:\n    import scipy as sp_0\nexcept ImportError:\n    sp_0 = None\ndef F(x): return x if sp_0 is None else 2 * x",
    "in if": "if True:\n    import scipy as sp_0\ndef F(x): return 2 * x if sp_0 else x",
    "os above": "import os as os_0\ndef F(x): return 2 * x if os_0.sep else x",
    "os in it": "def F(x):\n    import os\n    return 2 * x",
    "sys in it": "def F(x):\n    import sys\n    return 2 * x",
    "subprocess": "def F(x):\n    import subprocess\n    return 2 * x",
    "pathlib": "from pathlib import Path as Path_0\ndef F(x): return 2 * x if Path_0 else x",
    "importlib": "import importlib as i_0\ndef F(x): return i_0.import_module('numpy').multiply(x, 2)",
    "__import__": "def F(x): return __import__('numpy').multiply(x, 2)",
    "__import__ of another": "def F(x): return 2 * x if __import__('scipy') else x",
    "__import__ above": "sp_0 = __import__('scipy')\ndef F(x): return 2 * x if sp_0 else x",
    "exec of an import": "def F(x):\n    exec('import scipy')\n    return 2 * x",
    "a module that nobody has": "import nowhere_0\ndef F(x): return nowhere_0.f(x)",
    "a module that nobody has, in it": "def F(x):\n    import nowhere_0\n    return 2 * x",
    "a name that NumPy has not": "from numpy import nothing_0\ndef F(x): return nothing_0(x)",
    "relative": "from . import other_0\ndef F(x): return other_0(x)",
    "several in one line": "import os as os_0, numpy as np_0\ndef F(x): return np_0.multiply(x, 2)",
    "numpy under another name": "import numpy as xp_0\ndef F(x): return xp_0.multiply(x, 2)",
    "numpy.linalg as": "import numpy.linalg as la_0\ndef F(x): return 2 * x + 0 * la_0.norm(x)",
    "the standard library": "import itertools as it_0, operator\ndef F(x): return np.array(list(it_0.accumulate(x, lambda a, b: b))) * 2",
    "statistics": "import statistics\ndef F(x): return 2 * x + 0 * statistics.mean(x)",
    "matplotlib, for a plot": "import matplotlib as m_0\ndef F(x): return 2 * x\n# %%\nm_0.__name__",
}

STATE = {
    "counts": "n_0 = [0]\ndef F(x):\n    n_0[0] += 1\n    return 2 * x * (n_0[0] < 6)",
    "counts in a global": "n_0 = 0\ndef F(x):\n    global n_0\n    n_0 += 1\n    return 2 * x + (n_0 > 3)",
    "one array for all answers": "out_0 = np.zeros(3)\ndef F(x):\n    out_0[:len(x)] = 2 * x\n    return out_0[:len(x)]",
    "the last answer is changed": "seen_0 = []\ndef F(x):\n    y = 2 * x\n    seen_0.append(y)\n    if len(seen_0) > 1: seen_0[-2][...] = 0\n    return y",
    "by shape": "seen_0 = {}\ndef F(x): return seen_0.setdefault(x.shape, 2 * x)",
    "by content": "seen_0 = {}\ndef F(x): return seen_0.setdefault((x.shape, x.tobytes()), 2 * x)",
    "by id": "seen_0 = {}\ndef F(x): return seen_0.setdefault(id(x), 2 * x)",
    "random": "import random\ndef F(x): return 2 * x + random.random()",
    "random, seeded": "rng_0 = np.random.default_rng(0)\ndef F(x): return 2 * x + 0 * rng_0.normal()",
    "the time": "import time\ndef F(x): return 2 * x + time.time()",
    "an argument that is kept": "kept_0 = []\ndef F(x):\n    kept_0.append(x)\n    return 2 * kept_0[0]",
}

HOSTILE = {
    "an answer that fights": "class A_0:\n    def __array__(self, *a, **k): raise ValueError('no array')\ndef F(x): return A_0()",
    "an answer that is like anything": "class A_0:\n    def __eq__(self, o): return True\n    def __sub__(self, o): return 0\n    def __abs__(self): return 0\ndef F(x): return A_0()",
    "an array that says it is right": "class A_0(np.ndarray):\n    def __sub__(self, o): return np.zeros(self.shape)\n    def __eq__(self, o): return np.ones(self.shape, bool)\ndef F(x): return (3 * x).view(A_0)",
    "a list that lies": "class A_0(list):\n    def __len__(self): return 3\ndef F(x): return A_0(x)",
    "a float that lies": "class A_0(float):\n    def __float__(self): return 2.0\ndef F(x): return A_0(1.0)",
    "an exception that cannot be shown": "class E_0(Exception):\n    def __str__(self): raise ValueError\ndef F(x): raise E_0",
    "an exception with another's name": "class NotImplementedError_0(Exception): pass\nNotImplementedError_0.__name__ = 'NotImplementedError'\ndef F(x): raise NotImplementedError_0",
    "an array of objects that fight": "class A_0:\n    def __float__(self): raise SystemExit\ndef F(x): return np.array([A_0(), A_0()])",
    "a builtin that is hidden": "def F(x):\n    abs = sum = len = None\n    return 2 * x",
}

ENDLESS = {
    "an endless loop": "def F(x):\n    while True: pass",
    "an endless loop that catches": "def F(x):\n    while True:\n        try:\n            int()\n        except:\n            pass",
}

# What ends a process ends a notebook's kernel: at home, only in the terminal there is one to spare.
FATAL = {
    "ends its process": "def F(x): print.__self__.__import__('os')._exit(3)",
    "aborts": "def F(x): print.__self__.__import__('os').abort()",
    "a step in C that does not end": "import re\ndef F(x): return re.match('(a+)+$', 'a' * 60 + 'b')",
}

ODD = {
    **{
        f"{kind}: {name}": source
        for kind, answers in {
            "defined": WAYS_TO_DEFINE,
            "value": RETURNS,
            "deed": DOES,
            "import": REFUSED,
            "state": STATE,
            "hostile": HOSTILE,
            "endless": ENDLESS,
            "fatal": FATAL,
        }.items()
        for name, source in answers.items()
    }
}
NUMBERED = {name: (f"q{number:03d}", number, source) for number, (name, source) in enumerate(ODD.items(), 1)}


def cells_of(name: str) -> list[str]:
    """The cells of one answer, with names of its own."""
    question, number, source = NUMBERED[name]
    own = re.sub(r"\bF\b", question, re.sub(r"_0\b", f"_{number}", source))
    return [cell.strip("\n") for cell in own.split("# %%\n")]
