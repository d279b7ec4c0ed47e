"""The names that cells define: what may be imported, and why a name is missing."""

from __future__ import annotations

import pytest

from autograder.sandbox.protocol import Raised, Returned
from tests.helpers.loading import F, call, load_cells, reason

pytestmark = [
    pytest.mark.filterwarnings("ignore::SyntaxWarning"),  # a student's, not ours
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def f(x)\n    return x", "SyntaxError in code cell 1, line 1: expected ':'"),
        ("\n\ndef f(x):\n    return (x", "SyntaxError in code cell 1, line 4: '(' was never closed"),
        ("def f(x):\nreturn x", "IndentationError in code cell 1"),
        ("def f(x):\n\tif x:\n        return x\n\treturn 1", "TabError in code cell 1, line 3"),
        ("class f\n    pass", "SyntaxError in code cell 1, line 1"),
        ("f = (1", "SyntaxError in code cell 1, line 1"),
        ("f = 1 / 0", "ZeroDivisionError in code cell 1, line 1: division by zero"),
        ("def h():\n    return missing\n\nf = h()", "NameError in code cell 1, line 2: name 'missing' is not defined"),
        ("@missing\ndef f(x): pass", "NameError in code cell 1, line 1"),
        ("a, f = 1", "TypeError in code cell 1, line 1"),
        ("f = 3", "`f` is not a function but a value of type int"),
        ("", ""),
    ],
)
def test_why_a_function_is_missing_is_told(source: str, message: str) -> None:
    assert reason(load_cells(source), "f").startswith(message)
    assert bool(reason(load_cells(source), "f")) == bool(message)


@pytest.mark.parametrize(
    "statement",
    [
        "import numpy",
        "import numpy as np, math",
        "import numpy.linalg",
        "from numpy.linalg import norm as n",
        "from math import *",
        "from __future__ import annotations",
    ],
)
def test_what_is_allowed_can_be_imported(statement: str) -> None:
    found = load_cells(f"{statement}\n", F)
    assert not found.problems
    assert not found.refusals
    assert len(found.values) > 3 or "__future__" in statement


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("import os", "os"),
        ("import os.path", "os"),
        ("import torch.nn as nn", "nn"),
        ("from os import path", "path"),
        ("from os import path as p", "p"),
        ("from . import h", "h"),
        ("from .numpy import h", "h"),
        ("import numpylike", "numpylike"),
        ("import numpy, os", "os"),
    ],
)
def test_what_is_not_allowed_is_named_where_it_is_used(statement: str, name: str) -> None:
    reply = call(load_cells(statement, f"def f():\n    return {name}.x"), "f")
    assert isinstance(reply, Raised)
    assert reply.type == "NameError"
    assert reply.message.startswith(
        "answers may import functools, math, numpy and the harmless part of Python's own library; "
    )
    assert "code cell 1, line 1" in reply.message


def test_an_import_inside_a_function_follows_the_same_rule() -> None:
    found = load_cells("def f():\n    import math\n    return math.pi\n\ndef g():\n    import os\n    return os.name")
    assert isinstance(call(found, "f"), Returned)
    reply = call(found, "g")
    assert isinstance(reply, Raised)
    assert reply.type == "ModuleNotFoundError"


def test_a_module_that_is_allowed_may_import_what_it_likes() -> None:
    found = load_cells("import numpy as np\n\ndef f():\n    return np.random.default_rng().normal(size=2).shape")
    assert call(found, "f") == Returned((2,))


def test_a_function_that_needs_what_failed_is_told_why_that_is_not_there() -> None:
    reply = call(load_cells("LARGE = 1 / 0", "def g(x): return x + LARGE"), "g", 1)
    assert isinstance(reply, Raised)
    assert reply.message == "name 'LARGE' is not defined: ZeroDivisionError in code cell 1, line 1: division by zero"


def test_the_last_statement_about_a_name_says_why_it_is_missing() -> None:
    assert "ZeroDivisionError in code cell 2" in reason(load_cells("f = (", "f = 1 / 0"), "f")
    assert "SyntaxError in code cell 2" in reason(load_cells("f = 1 / 0", "f = ("), "f")
