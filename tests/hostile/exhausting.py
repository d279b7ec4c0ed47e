"""Attacks that use up time, memory, or the patience of whoever reads the report."""

from autograder.report.model import Outcome
from tests.hostile.attack import JACOBIAN, SOFTMAX, Attack

FAILED, ERROR, CRASHED, TIMEOUT, PASSED = (
    Outcome.FAILED,
    Outcome.ERROR,
    Outcome.CRASHED,
    Outcome.TIMEOUT,
    Outcome.PASSED,
)


def does(name: str, statements: str, ends: Outcome, says: str, earns: str = "nothing") -> Attack:
    """An attack whose functions do this."""
    return Attack(name, f"def attack(x):\n    {statements}\n", ends, says, earns)


def beside(name: str, hostile: str, ends: Outcome = PASSED, says: str = "", earns: str = "both") -> Attack:
    """An attack that stands at top level between two honest functions."""
    return Attack(name, f"{SOFTMAX}\n{hostile}\n{JACOBIAN}", ends, says, earns)


TIME = [
    does("loops", "while True: pass", TIMEOUT, "was stopped"),
    does("loops_in_c", "sum(imp('itertools').count())", TIMEOUT, "was stopped"),
    does("loops_in_numpy", "while True: np.ones((300, 300)) @ np.ones((300, 300))", TIMEOUT, "was stopped"),
    does("waits_forever", "imp('threading').Event().wait()", TIMEOUT, "was stopped"),
    does("waits_for_the_grader", "receive()", TIMEOUT, "was stopped"),
    does("matches_forever", "imp('re').match('(a+)+$', 'a' * 40 + 'b')", TIMEOUT, "was stopped"),
    does("computes_a_huge_power", "return 7 ** 10**9", TIMEOUT, "was stopped"),
    does("swallows_interrupts",
         "while True:\n        try:\n            while True: pass\n        except BaseException: pass",
         TIMEOUT, "was stopped"),
    does("trickles", "send(wire.PREFIX.pack(10, 10**6))\n    while True: send(b'0')", TIMEOUT, "was stopped"),
    does("half_an_answer", "send(frame(kind='missing', reason='r')[:-1]); imp('threading').Event().wait()", TIMEOUT,
         "was stopped"),
    beside("hangs_at_top_level", "def spin():\n    while True: pass\n\nvalue = spin()\n"),
    beside(
        "hangs_at_top_level_and_defines_again",
        "def spin():\n    while True: pass\n\nsoftmax = spin()\n",
    ),
    beside(
        "hangs_and_swallows_at_top_level",
        "def spin():\n    while True: int()\n\n"
        "def spin_on():\n    try:\n        spin()\n    except BaseException:\n        spin()\n\nvalue = spin_on()\n",
    ),
    beside("hangs_in_c_at_top_level", "value = sum(imp('itertools').count())"),
    beside("waits_at_top_level", "value = imp('threading').Event().wait()"),
    beside("loops_that_are_not_run", "while True: pass\n\nfor i in iter(int, 1): pass\n"),
    beside("decorator_that_hangs", "def spin(f):\n    while True: pass\n\n@spin\ndef other(): pass\n"),
    beside("class_that_hangs", "class Hang:\n    while True: pass\n"),
]  # fmt: skip

MEMORY = [
    does("memory_in_one_step", "return np.ones(10**11)", ERROR, "MemoryError"),
    does("memory_in_many_steps", "kept = []\n    while True: kept.append(np.zeros(10**6))", ERROR, "MemoryError"),
    does("memory_in_objects", "kept = []\n    while True: kept.append(bytes(10**6))", ERROR, "MemoryError"),
    does("memory_by_mapping", "imp('mmap').mmap(-1, 1 << 40)", ERROR, "Error"),
    does("text_without_end", "return 'x' * 10**10", ERROR, "MemoryError"),
    beside("memory_at_top_level", "value = [bytearray(10**9) for _ in range(10)]"),
    does("recursion", "return attack(x)", ERROR, "RecursionError"),
    does("recursion_without_limit", "sys.setrecursionlimit(10**9)\n    return attack(x)", TIMEOUT, "was stopped"),
    does(
        "recursion_in_c",
        "sys.setrecursionlimit(10**9)\n    return max([0], key=attack)",
        CRASHED,
        "was ended by",
    ),
    beside("nesting_at_top_level", "value = " + "(" * 500 + ")" * 500),
    beside("sum_at_top_level", "value = " + "-" * 20_000 + "1"),
    beside("attributes_at_top_level", "value = np" + ".a" * 20_000),
    does("int_as_text", "return str(10**10_000)", ERROR, "ValueError: Exceeds the limit"),
    does("answer_of_megabytes", "return np.ones(@ANSWER_MB@ << 17)", ERROR, "AnswerTooLarge"),
    does("answer_just_small_enough", "return np.ones((@ANSWER_MB@ << 17) - 100)", FAILED, "is asked for", "a_number"),
    does("answer_of_text", "return 'x' * (@ANSWER_MB@ << 20)", ERROR, "AnswerTooLarge"),
    does("answer_that_holds_itself", "x = []\n    x += [x]\n    return x", FAILED, "a list of 1"),
    does("answer_that_branches",
         "kept = 0\n    for _ in range(30): kept = [kept, kept]\n    return kept", TIMEOUT, "was stopped"),
    does("answer_without_end", "return imp('itertools').count()", FAILED, "an iterator over 10000"),
    does("answer_of_one_long_text_and_many_short_ones",
         "return ['a' * 400_000] + [''] * 1000", FAILED, "a list of 1001"),
    does("answer_of_empty_arrays", "return [np.empty((0, 10**5))] * 1000", CRASHED, "larger than are allowed"),
    does("answer_deeper_than_numpy", "for _ in range(100): x = [x]\n    return x", FAILED, "a list of 1"),
]  # fmt: skip

NUMBERS = [
    does("threads", "imp('threading').Thread(target=int).start()", ERROR, "RuntimeError"),
    does("threads_of_the_kernel", "call_kernel(56, 0x10f00, None, None, None, None)", ERROR, "PermissionError"),
    does("forks", "os.fork()", ERROR, "PermissionError"),
    does("forks_by_vfork", "call_kernel(58)", ERROR, "PermissionError"),
    does("forks_by_spawning", "os.posix_spawn(sys.executable, ['x'], {})", ERROR, "PermissionError"),
    does("subprocesses", "imp('subprocess').run(['true'])", ERROR, "PermissionError"),
    does("pools_of_processes", "imp('multiprocessing').Pool(2)", ERROR, "Error"),
    does("descriptors", "[os.dup(3) for _ in range(1000)]", ERROR, "Error"),
    does("opens_files_without_end", "kept = [open(os.__file__) for _ in range(1000)]", ERROR, "Error"),
    does("floods_output", "while True: os.write(1, b'x' * 10**5), os.write(2, b'x' * 10**5)", TIMEOUT, "was stopped"),
    beside(
        "prints_much", "def shout():\n    for _ in range(1000): print('x' * 1000, file=sys.stderr)\n\nv = shout()\n"
    ),
    does("lowers_its_limits", "imp('resource').setrlimit(0, (10**9, 10**9))", ERROR, "ValueError"),
    does("raises_its_priority", "os.nice(-20)", ERROR, "PermissionError"),
    does("locks_memory", "call_kernel(151, 3)", ERROR, "PermissionError"),
    does("raises_on_warnings", "np.seterr(all='raise')\n    np.ones(1) / 0", ERROR, "FloatingPointError"),
    beside("filters_warnings", "changed = imp('warnings').filterwarnings('error')\nerrors = np.seterr(all='raise')\n"),
]

ATTACKS = [*TIME, *MEMORY, *NUMBERS]
