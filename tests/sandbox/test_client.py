"""What comes back of a call, and faults that are not the student's."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from autograder.sandbox.client import Sandbox, Worker
from autograder.sandbox.exchange import deadline
from autograder.sandbox.protocol import (
    Cell,
    Crashed,
    Missing,
    Opaque,
    Part,
    Place,
    Raised,
    Returned,
    SandboxError,
    Upstream,
)
from tests.helpers.sandbox import HOSTILE, IMPORTS, LIMITS, Functions, ended, workers_of, zygote


def test_a_function_returns_what_it_computes(functions: Functions) -> None:
    worker = functions("import numpy as np\n\ndef f(x, scale=1): return scale * x.sum(axis=-1), len(x)")
    reply = worker.call("f", [np.arange(6.0).reshape(2, 3)], {"scale": 2})
    assert isinstance(reply, Returned)
    assert reply.value[0].tolist() == [6.0, 24.0]
    assert reply.value[1] == 2
    assert reply.changed == ()


def test_a_function_that_changes_its_arguments_is_told_of(functions: Functions) -> None:
    worker = functions("def f(x, y, z):\n    x += 1\n    z['a'][0] = 5\n")
    given = np.zeros(3)
    reply = worker.call("f", [given, given, {"a": np.ones(2)}], {})
    assert isinstance(reply, Returned)
    assert reply.changed == (0, 2)
    assert given.tolist() == [0, 0, 0]


def test_an_exception_is_told_with_its_line(functions: Functions) -> None:
    worker = functions("", "def f(x):\n    return 1 / x\n")
    reply = worker.call("f", [0], {})
    assert isinstance(reply, Raised)
    assert (reply.type, reply.message) == ("ZeroDivisionError", "division by zero")
    assert "ArithmeticError" in reply.bases
    assert reply.line
    assert (reply.line.label, reply.line.number, reply.line.text) == ("code cell 2", 2, "return 1 / x")


def test_a_function_that_is_not_there_is_missing(functions: Functions) -> None:
    worker = functions("f = 1\n", "def g(:\n    pass\n", "h = 1 / 0\n")
    reasons = {name: worker.call(name, [], {}) for name in ("f", "g", "h", "i")}
    assert all(isinstance(reply, Missing) for reply in reasons.values())
    messages = {name: reply.reason for name, reply in reasons.items() if isinstance(reply, Missing)}
    assert "not a function" in messages["f"]
    assert "SyntaxError in code cell 2, line 1" in messages["g"]
    assert "ZeroDivisionError in code cell 3, line 1" in messages["h"]
    assert messages["i"] == ""


def test_what_is_no_number_comes_back_as_the_name_of_its_type(functions: Functions) -> None:
    reply = functions("class Thing: pass\n\ndef f(): return Thing()\n").call("f", [], {})
    assert reply == Returned(Opaque("Thing"))


def test_a_text_that_comes_back_is_short_and_printable(functions: Functions) -> None:
    """Whatever a report is to say of an answer, a stranger has written."""
    odd = "'\\n\\x1b[2J\\u202e' * 50_000"
    worker = functions(
        f"def f(): return type({odd}, (), {{}})()\n\n"
        f"def g(): raise type({odd}, (Exception,), {{}})({odd})\n\n"
        f"exec(compile('def h(): raise ValueError', {odd}, 'exec'))\n"
    )
    returned, raised = worker.call("f", [], {}), worker.call("g", [], {})
    assert isinstance(returned, Returned)
    assert isinstance(raised, Raised)
    for text in (returned.value.type, raised.type, raised.message, *raised.bases):
        assert len(text) <= 500
        assert text.replace("\n", "").isprintable()


def test_a_forged_list_of_changes_is_no_longer_than_the_arguments(functions: Functions) -> None:
    worker = functions(
        HOSTILE
        + """
wire = sys.modules["autograder.sandbox.wire.frame"]

def f(x):
    frame = wire.encode({"id": message()["id"], "kind": "returned", "value": 0, "changed": ["\\n" * 999] * 99}, 1 << 30)
    os.write(3, frame)
    os._exit(0)
"""
    )
    reply = worker.call("f", [1], {})
    assert isinstance(reply, Crashed) or (isinstance(reply, Returned) and set(reply.changed) <= {0})


def test_a_function_may_ask_for_another_one(functions: Functions) -> None:
    own = functions("def f(x): return 0\n\ndef g(x): return f(x) + 1\n")
    right = functions("def f(x): return x\n")
    upstream = Upstream({"f": ("x",)}, right)
    assert own.call("g", [5], {}, upstream) == Returned(6)
    assert own.call("g", [5], {}) == Returned(1)
    assert [(call.name, call.args) for call in upstream.calls] == [("f", (5,))]


@pytest.mark.parametrize("module", ["numpy", "numpy.linalg", "math", "typing", "functools"])
def test_what_may_be_imported_can_be_imported_when_called(functions: Functions, module: str) -> None:
    assert functions(f"def f():\n    import {module}\n    return 1\n").call("f", [], {}) == Returned(1)


def test_deadlines_do_not_sleep(functions: Functions, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer is taken when it is there: the wire wakes whoever waits for it, and not the tick of a clock."""
    hour = 3600.0
    monkeypatch.setattr(deadline, "POLL_SECONDS", hour)
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("somebody slept"))
    with Sandbox(replace(LIMITS, cpu_seconds=hour), IMPORTS) as sandbox:
        worker = functions("def f(x): return x\n", sandbox=sandbox)
        for value in range(100):
            assert worker.call("f", [value], {}) == Returned(value)
        worker.close()


# Our own faults


@pytest.mark.parametrize("running", [False, True], ids=["before the first call", "between two calls"])
def test_a_dead_zygote_is_no_fault_of_a_student(running: bool) -> None:
    with Sandbox(LIMITS, IMPORTS) as sandbox:
        worker = Worker(sandbox, [Part((Cell("", "def f(): return 1"),))])
        if running:
            assert worker.call("f", [], {}) == Returned(1)
        below = [zygote(sandbox), *workers_of(sandbox)]
        below[0].kill()
        assert ended(below)
        for _ in range(2):
            with pytest.raises(SandboxError):
                worker.call("f", [], {})


def test_a_module_that_is_not_there_is_refused() -> None:
    with pytest.raises(SandboxError, match="no_such_module"), Sandbox(LIMITS, ["numpy", "no_such_module"]):
        pass


def test_a_zygote_that_does_not_start_is_told_by_the_first_worker_that_is_wanted() -> None:
    sandbox = Sandbox(LIMITS, ["numpy", "no_such_module"], given_cells={"a": [Cell("code cell 1", "x = 1")]})
    try:
        sandbox.prepare("a")
        for _ in range(2):
            with pytest.raises(SandboxError, match="zygote"):
                sandbox.spawn()
    finally:
        sandbox.close()


def test_where_a_question_is_defined_more_than_once_is_told(sandbox: Sandbox) -> None:
    cells = (
        Cell("code cell 1", "def f(): return 1\n\n\ndef f(): return 2"),
        Cell("code cell 2", "def g(): return f()"),
    )
    last = Cell("code cell 3", "def f(): return 3")
    with Worker(sandbox, [Part((*cells, last), ("f", "g"))]) as worker:
        assert worker.repeated == {}
        assert worker.call("g", [], {}) == Returned(3)
        assert worker.repeated == {"f": [("code cell 1", 1), ("code cell 1", 4), ("code cell 3", 1)]}


@pytest.mark.parametrize(
    "told",
    [
        "{}",
        "{'f': 3}",
        "{'other': [('code cell 1', 1), ('code cell 1', 2)]}",
        "{'f': [('elsewhere', 1), ('code cell 1', 2)]}",
        "{'f': [('code cell 1', -1), ('code cell 1', 2.5), ('code cell 1',), 'ab', 7]}",
        "{'f': [('code cell 1', True), ('code cell 1', None)]}",
        "[[('code cell 1', 1)]]",
        "'f'",
    ],
)
def test_what_a_worker_cannot_know_of_definitions_is_left_out(sandbox: Sandbox, told: str) -> None:
    """The submission has written the frame itself."""
    assert _repeated_as_told(sandbox, told) == {}


def test_what_it_says_is_taken_from_the_frame(sandbox: Sandbox) -> None:
    """So that the test above is one."""
    places = [("code cell 1", 1), ("code cell 1", 2)]
    assert _repeated_as_told(sandbox, repr({"f": places})) == {"f": places}


def _repeated_as_told(sandbox: Sandbox, told: str) -> dict[str, list[Place]]:
    source = (
        "loader = __builtins__['__import__'].__globals__\n"
        "wire = loader['sys'].modules['autograder.sandbox.wire.frame']\n"
        "right = wire.encode\n"
        f"told = {told}\n"
        "def encode(message, limit):\n"
        "    return right({**message, 'repeated': told} if 'repeated' in message else message, limit)\n"
        "wire.encode = encode\n"
        "def f(): return 1 if wire else 0\n"
    )
    with Worker(sandbox, [Part((Cell("code cell 1", source),), ("f",))]) as worker:
        assert worker.call("f", [], {}) == Returned(1)
        return worker.repeated
