"""Attacks that leave something behind: for a neighbour, for the next run, for the machine."""

from autograder.report.model import Outcome
from tests.hostile.attack import JACOBIAN, SOFTMAX, Attack

ERROR, PASSED = Outcome.ERROR, Outcome.PASSED
REFUSED = "PermissionError"


def leaves(name: str, statement: str, says: str = REFUSED, unconfined: str = "") -> Attack:
    """An attack that does this, and says when it is done."""
    statement = statement.replace("@MARK@", f"@MARK@-{name}")
    source = f"def attack(x):\n    {statement}\n    raise ValueError('it is ' + 'done')\n"
    return Attack(f"leaves_{name}", source, ERROR, says, unconfined=unconfined)


DONE = "it is done"
ATTACKS = [
    *(
        leaves(f"file_in_{name}", f"open('{folder}/@MARK@', 'w').write('x')", unconfined=DONE)
        for name, folder in (
            ("cwd", "@CWD@"),
            ("home", "@HOME@"),
            ("tmp", "@TMP@"),
            ("shared_memory", "@SHM@"),
            ("course", "@SOLUTIONS@"),
            ("class", "@CLASS@"),
        )
    ),
    leaves("file_in_root", "open('/@MARK@', 'w')"),
    leaves("file_in_var_tmp", "open('/var/tmp/@MARK@', 'w')"),
    leaves("file_without_name", "os.open('@TMP@', os.O_TMPFILE | os.O_RDWR)"),
    leaves("file_in_python", "open(os.path.dirname(os.__file__) + '/@MARK@.py', 'w')"),
    leaves("file_in_numpy", "open(os.path.dirname(np.__file__) + '/@MARK@.py', 'w')"),
    leaves("bytecode", "imp('py_compile').compile('@NEIGHBOUR@', '@TMP@/@MARK@', doraise=True)", "Error"),
    leaves("temporary_file", "imp('tempfile').NamedTemporaryFile(prefix='@MARK@', delete=False)", "Error"),
    leaves(
        "shared_memory", "imp('multiprocessing.shared_memory').shared_memory.SharedMemory('@MARK@', True, 9)", "Error"
    ),
    leaves("memory_file", "os.memfd_create('@MARK@')"),
    leaves("folder", "os.mkdir('@TMP@/@MARK@')", unconfined=DONE),
    leaves("link", "os.symlink('@GRADEBOOK@', '@TMP@/@MARK@')", unconfined=DONE),
    leaves("hard_link", "os.link('@GRADEBOOK@', '@TMP@/@MARK@')", unconfined=DONE),
    leaves("pipe", "os.mkfifo('@TMP@/@MARK@')", unconfined=DONE),
    leaves("device", "os.mknod('@TMP@/@MARK@', 0o20666, 0x0103)"),
    leaves("socket", "imp('socket').socket(1).bind('@TMP@/@MARK@')"),
    leaves("array", "np.save('@TMP@/@MARK@', np.ones(3))"),
    leaves("array_by_mapping", "np.lib.format.open_memmap('@TMP@/@MARK@', 'w+', shape=(3,))", "Error"),
    leaves("changed_gradebook", "open('@GRADEBOOK@', 'a')", unconfined=DONE),
    leaves("changed_gradebook_by_update", "open('@GRADEBOOK@', 'r+b')", unconfined=DONE),
    leaves("cut_gradebook", "os.truncate('@GRADEBOOK@', 10**4)"),
    leaves("other_mode", "os.chmod('@GRADEBOOK@', 0o666)", unconfined=DONE),
    leaves("other_owner", "os.chown('@GRADEBOOK@', os.getuid(), -1)", unconfined=DONE),
    leaves("other_time", "os.utime('@GRADEBOOK@')", unconfined=DONE),
    leaves("other_attributes", "os.setxattr('@GRADEBOOK@', 'user.x', b'x')"),
    leaves("other_name", "os.rename('@NEIGHBOUR@', '@NEIGHBOUR@')", unconfined=DONE),
    leaves("swapped_names", "call_kernel(316, -100, b'@NEIGHBOUR@', -100, b'@GRADEBOOK@', 2)"),
    leaves("no_gradebook", "os.remove('@SPARE@')", unconfined=DONE),
    leaves("no_folder", "os.rmdir('@CLASS@')"),
    leaves("lock_on_gradebook", "imp('fcntl').flock(3, 2)"),
    leaves("lock_on_python", "imp('fcntl').lockf(open(os.__file__), 5)"),
    leaves("lease_on_python", "imp('fcntl').fcntl(open(os.__file__), 1024, 0)"),
    leaves("limits_of_the_grader", "imp('resource').prlimit(@GRADER@, 7, (1, 1))"),
    leaves("priority_of_the_grader", "os.setpriority(0, @GRADER@, 19)"),
    leaves("cores_of_the_grader", "os.sched_setaffinity(@GRADER@, {0})"),
    leaves("kinder_death_signal", "libc.prctl(1, 0) and call_kernel(157, 1, 0)"),
    leaves("session_of_its_own", "os.setsid()"),
    leaves("another_user", "os.setresuid(1, 1, 1)"),
    Attack(
        "leaves_changes_in_numpy_and_python",  # they end with the worker
        """
def spoil():
    builtins = imp("builtins")
    np.exp = np.diag = np.outer = builtins.float = lambda *a: 0
    np.ndarray.sum = property() if False else None

spoilt = spoil()

def attack(x):
    return np.exp(x) if x is not None else spoilt
""",
        Outcome.FAILED,
        "a single number",
        "a_number",
    ),
    Attack(
        "counts_its_calls",  # it may: they are its own
        SOFTMAX
        + JACOBIAN
        + "\ncalls = []\nright = softmax\n\ndef softmax(S):\n    calls.append(S)\n    return right(S)\n",
        PASSED,
        "",
        "both",
    ),
]
