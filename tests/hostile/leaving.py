"""Attacks that end the process, or the call, in a way of their own."""

from autograder.report.model import Outcome
from tests.hostile.attack import JACOBIAN, SOFTMAX, Attack

ERROR, CRASHED, MISSING, PASSED = Outcome.ERROR, Outcome.CRASHED, Outcome.MISSING, Outcome.PASSED
EITHER = (ERROR, CRASHED)  # what a worker may live to tell, or may fall over
REFUSED = "PermissionError"


def does(name: str, statements: str, ends: Outcome | tuple[Outcome, ...], says: str) -> Attack:
    """An attack whose functions do this and then return nothing."""
    return Attack(name, f"def attack(x):\n    {statements}\n", ends, says)


def raises(name: str, definition: str, says: str, ends: Outcome | tuple[Outcome, ...] = ERROR) -> Attack:
    """An attack whose functions raise an exception of the class `Hostile`."""
    return Attack(name, f"{definition}\n\ndef attack(x):\n    raise Hostile('m')\n", ends, says)


ENDINGS = [
    *(does(f"exits_{code}", f"os._exit({code})", CRASHED, f"exit code {code}") for code in (0, 1, 97)),
    does("segfault", "ctypes.string_at(0)", CRASHED, "was ended by"),
    does("abort", "os.abort()", CRASHED, "was ended by"),
    does(
        "runs_data",
        "ctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.create_string_buffer(16)))()",
        CRASHED,
        "was ended by",
    ),
    does("division_by_zero", "imp('faulthandler')._sigfpe()", CRASHED, "was ended by"),
    does("hangs_up", "os.close(3); imp('time').process_time()", EITHER, ""),
    does("hangs_up_and_computes", "os.close(3)\n    while True: pass", EITHER, ""),
    does("runs_another_program", "os.execv(sys.executable, [sys.executable, '-c', ''])", ERROR, REFUSED),
    does("registers_an_exit", "imp('atexit').register(os._exit, 3); sys.exit('left')", ERROR, "SystemExit: left"),
    does("empties_builtins", "vars(imp('builtins')).clear(); vars(sys).clear()", CRASHED, "brought no answer"),
    does("deletes_the_machine", "vars(sys.modules['autograder.sandbox.worker']).clear()", CRASHED, "brought no"),
    Attack(
        "leaves_at_import",
        "gone = os._exit(5)\n\ndef attack(x):\n    return gone or x\n",
        CRASHED,
        "exit code 5",
    ),
    Attack(
        "exits_beside_honest_work",
        SOFTMAX
        + JACOBIAN
        + "left = sys.exit(1)\nalso = imp('builtins').exit()\nlast = (yield_ for yield_ in [1 / 0])\n",
        PASSED,
        "",
        "both",
    ),
    Attack(
        "raises_oddly_beside_honest_work",
        SOFTMAX
        + JACOBIAN
        + """
class Meta(type):
    __name__ = property(lambda cls: 1 / 0)

class Odd(BaseException, metaclass=Meta):
    __str__ = lambda self: 1 / 0

def throw():
    raise Odd

value = throw()
""",
        PASSED,
        "",
        "both",
    ),
]

SIGNALS = [
    does("signals_itself", "os.kill(os.getpid(), 9)", ERROR, REFUSED),
    does("signals_its_parent", "os.kill(os.getpid() - 1, 9)", ERROR, REFUSED),
    does("signals_the_grader", "os.kill(@GRADER@, 9)", ERROR, REFUSED),
    does("signals_its_group", "os.killpg(0, 9)", ERROR, REFUSED),
    does("signals_everybody", "os.kill(-1, 9)", ERROR, REFUSED),
    does("signals_a_thread", "call_kernel(234, os.getpid(), os.getpid(), 9)", ERROR, REFUSED),
    does("signals_by_descriptor", "call_kernel(424, 3, 9, None, 0)", ERROR, REFUSED),
    does("raises_a_signal", "imp('signal').raise_signal(9)", ERROR, REFUSED),
    # The kernel signals the owner of a socket when it becomes readable: with any signal, to anybody of the same user.
    does("owns_the_wire", "imp('fcntl').fcntl(3, 8, @GRADER@)", ERROR, REFUSED),
    does("chooses_the_wires_signal", "imp('fcntl').fcntl(3, 10, 9)", ERROR, REFUSED),
    does("makes_the_wire_send_signals", "imp('fcntl').fcntl(3, 4, 0o20000)", ERROR, REFUSED),
    does("asks_for_a_timer", "call_kernel(222, 0, None, ctypes.byref(ctypes.c_int()))", ERROR, REFUSED),
    Attack(
        "dies_of_an_odd_signal",
        """
def attack(x):
    fcntl = imp("fcntl")
    try:
        fcntl.fcntl(3, 8, os.getpid())
        fcntl.fcntl(3, 10, 40)
        fcntl.fcntl(3, 4, 0o20000)
    except PermissionError:
        os._exit(1)
    raise ValueError
""",
        CRASHED,
        "brought no answer",
    ),
    Attack(
        "ignores_every_signal",
        """
signal = imp("signal")

def ignore():
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    signal.alarm = None

ignored = ignore()

def attack(x):
    while True:
        pass
""",
        Outcome.TIMEOUT,
        "was stopped",
    ),
    Attack(
        "alarms_itself",
        "def attack(x):\n    imp('signal').setitimer(0, 0.001)\n    while True: pass\n",
        CRASHED,
        "was ended by",
    ),
]

EXCEPTIONS = [
    *(
        does(f"raises_{name}", f"raise {name}('left')", ERROR, f"{name}: left")
        for name in ("SystemExit", "KeyboardInterrupt", "GeneratorExit", "StopIteration", "MemoryError", "EOFError")
    ),
    raises("own_base_exception", "class Hostile(BaseException): pass", "raised Hostile: m"),
    raises("pretends_not_to_be_written", "class Hostile(NotImplementedError): pass", "m", MISSING),
    raises("text_that_raises", "class Hostile(Exception):\n    __str__ = lambda self: 1 / 0", "cannot be shown"),
    raises("text_that_exits", "class Hostile(Exception):\n    __str__ = lambda self: sys.exit()", "cannot be shown"),
    raises("text_that_is_no_text", "class Hostile(Exception):\n    __str__ = lambda self: 1", "cannot be shown"),
    raises("text_of_megabytes", "class Hostile(Exception):\n    __str__ = lambda self: 'a\\n' * 10**6", "raised Host"),
    raises(
        "text_of_a_hostile_class",
        "class Text(str):\n    __getitem__ = lambda self, place: self\n    __len__ = lambda self: 3\n"
        "class Hostile(Exception):\n    __str__ = lambda self: Text('a' * 10**6)",
        "",
        EITHER,
    ),
    raises(
        "text_of_controls",
        "class Hostile(Exception):\n    __str__ = lambda self: '\\x00\\x1b[2J\\x07\\u202e\\ud800<b>{{7*7}}[/]'",
        "<b>{{7*7}}",
    ),
    raises("class_with_a_long_name", "Hostile = type('H' * 10**5, (Exception,), {})", "HHHH"),
    raises("class_with_lines_in_its_name", "Hostile = type('\\n</script>\\x1b' * 10, (Exception,), {})", "</script>"),
    raises(
        "class_with_a_name_that_raises",
        "class Meta(type):\n    __name__ = property(lambda cls: 1 / 0)\n"
        "class Hostile(Exception, metaclass=Meta): pass",
        "",
        EITHER,
    ),
    raises(
        "class_with_a_name_that_is_no_text",
        "class Meta(type):\n    __name__ = [b'']\nclass Hostile(Exception, metaclass=Meta): pass",
        "",
        EITHER,
    ),
    raises("class_with_many_bases", "Hostile = Exception\nfor_each = [globals().update("
           "Hostile=type(f'B{n}', (Hostile,), {})) for n in range(2000)]", "raised B"),
    raises("traceback_that_lies", "class Hostile(Exception):\n    __traceback__ = property(lambda self: 1 / 0)",
           "", EITHER),
    raises("group_of_many", "def Hostile(m): return BaseExceptionGroup('many', [SystemExit()] * 10**5)", "many"),
    raises("endless_chain", "def Hostile(m):\n    e = ValueError('chained')\n    e.__cause__ = e.__context__ = e\n"
           "    return e", "chained"),
    Attack(
        "line_of_another_file",
        """
def attack(x):
    exec(compile("\\n" * 10**5 + "raise ValueError('from elsewhere')", "code cell 1", "exec"))
""",
        ERROR,
        "from elsewhere",
    ),
]  # fmt: skip

ATTACKS = [*ENDINGS, *SIGNALS, *EXCEPTIONS]
