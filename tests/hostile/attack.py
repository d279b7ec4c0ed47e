"""What an attack is: a submission, and what must come of it."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.report.model import Outcome

# Honest work, and what it earns, to measure attacks by. An attack that has no right answer to give earns `nothing`, or
# what a function earns that returns any number: it did leave its inputs as they were.
SOFTMAX = """
import numpy as np

def softmax(S):
    exponentials = np.exp(S - S.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)
"""
JACOBIAN = """
import numpy as np

def softmax_jacobian(p):
    return np.diag(p) - np.outer(p, p)
"""
BUILDS_ON_SOFTMAX = """
import numpy as np

def softmax_jacobian(p):
    p = softmax(np.log(p))
    return np.diag(p) - np.outer(p, p)
"""
NEIGHBOURS = {
    "both": SOFTMAX + JACOBIAN,
    "softmax": SOFTMAX,
    "jacobian": JACOBIAN,
    "a_number": "softmax = lambda S: 0",
    "zeros": """
import numpy as np

def softmax(S):
    return np.full(S.shape, 1 / S.shape[-1])

def softmax_jacobian(p):
    return np.zeros((len(p), len(p)))
""",
    "nothing": "def softmax(S): raise NotImplementedError",
    "wrong_axis": SOFTMAX.replace("axis=-1", "axis=0") + JACOBIAN,
    "upstream": "def softmax(S): raise ValueError\n" + BUILDS_ON_SOFTMAX,
    "named": SOFTMAX + JACOBIAN.replace("np.diag(p) -", "-np.diag(p) +"),
}

# What every attacker may be thought to know: the way around the list of imports (a rule of the course, and no wall),
# and the grader's own source, with which the call that is being answered, and the wire, are found in the frames below.
KIT = """
import numpy as np

imp = print.__self__.__import__
os, sys = imp("os"), imp("sys")
wire = sys.modules["autograder.sandbox.wire.frame"]

class Late:
    def __init__(self, find):
        self._find = find

    def __getattr__(self, name):
        return getattr(self._find(), name)

ctypes = Late(lambda: imp("ctypes"))
libc = Late(lambda: ctypes.CDLL(None, use_errno=True))

def request():
    frame = sys._getframe()
    while not isinstance(frame.f_locals.get("message"), dict):
        frame = frame.f_back
    return frame.f_locals["message"]

def end():
    frame = sys._getframe()
    while not hasattr(frame.f_locals.get("end"), "receive"):
        frame = frame.f_back
    return frame.f_locals["end"]

def send(data):
    end().send(data)

def receive():
    return end().receive()

def frame(**content):
    body = []
    header = wire.json.dumps(wire.pack({"id": request()["id"], **content}, body, 30, strict=False)).encode()
    return wire.PREFIX.pack(len(header), len(b"".join(body))) + header + b"".join(body)

def reply(value, **content):
    send(frame(**{"kind": "returned", "value": value, "changed": [], **content}))

def by_hand(header, body=b""):
    send(wire.PREFIX.pack(len(header), len(body)) + header + body)

def call_kernel(number, *arguments):
    result = libc.syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
"""


@dataclass(frozen=True)
class Attack:
    """A submission. `source` defines `softmax`, or `attack`, which then takes its place.

    ends: how the first check of `softmax` ends, or in which of two ways. says: words in the report that prove that the
    attack was carried out. earns: the exact mark, as that of the honest work of this name. unconfined: words in the
    report of a run without the sandbox, which prove that it is the sandbox that stops this attack.
    """

    name: str
    source: str
    ends: Outcome | tuple[Outcome, ...]
    says: str = ""
    earns: str = "nothing"
    unconfined: str = ""

    @property
    def submission(self) -> str:
        return KIT + self.source + ("" if "def softmax(" in self.source else "\nsoftmax = attack\n")
