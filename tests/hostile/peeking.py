"""Attacks that look for what they must not see, and tell it in the report, which their student reads."""

from autograder.report.model import Outcome
from tests.hostile.attack import Attack

FAILED, ERROR, CRASHED = Outcome.FAILED, Outcome.ERROR, Outcome.CRASHED
REFUSED = "PermissionError"

# Finds the words that every secret of these tests begins with, and shows what follows.
SHOW = """
def show(text):
    text = text if isinstance(text, str) else bytes(text).decode("latin-1")
    place = text.find("-".join(["TOP", "SECRET"]))
    raise ValueError(f"found {text[place:place + 60]!r}" if place >= 0 else "found nothing")
"""


def shows(name: str, expression: str, ends: Outcome = ERROR, says: str = REFUSED, unconfined: str = "") -> Attack:
    """An attack that shows what an expression finds."""
    return Attack(name, f"{SHOW}\ndef attack(x):\n    show({expression})\n", ends, says, unconfined=unconfined)


SEEN = "TOP-SECRET"
FILES = [
    *(
        shows(f"reads_{what}", f"open({path!r}).read()", unconfined=SEEN)
        for what, path in (
            ("solution", "@SOLUTIONS@/03_softmax/lesson.py"),
            ("hidden_checks", "@SOLUTIONS@/03_softmax/hidden_checks.py"),
            ("misconceptions", "@SOLUTIONS@/03_softmax/misconceptions.py"),
            ("key", "@SOLUTIONS@/course.toml"),
            ("gradebook", "@GRADEBOOK@"),
            ("neighbour", "@NEIGHBOUR@"),
        )
    ),
    shows("reads_by_numpy", "np.memmap(imp('pathlib').Path('@GRADEBOOK@'), mode='r')", says="Error", unconfined=SEEN),
    shows("reads_by_linecache", "''.join(imp('linecache').getlines('@GRADEBOOK@'))", says="nothing", unconfined=SEEN),
    shows("reads_by_fileinput", "''.join(imp('fileinput').input('@GRADEBOOK@'))", says="Error", unconfined=SEEN),
    shows("reads_by_tokenizing", "imp('tokenize').open('@GRADEBOOK@').read()", unconfined=SEEN),
    shows("reads_by_raw_call", "os.read(call_kernel(2, b'@GRADEBOOK@', 0, 0), 9999)", unconfined=SEEN),
    shows("reads_by_path_descriptor", "os.read(os.open('@GRADEBOOK@', os.O_PATH), 99)", says="Error"),
    shows("reads_by_handle", "call_kernel(304, -100, b'@GRADEBOOK@', 0)"),
    shows("reads_by_ring", "call_kernel(425, 8, bytes(120))"),
    shows("reads_by_openat2", "call_kernel(437, -100, b'@GRADEBOOK@', bytes(24), 24)"),
    shows("reads_old_way_past_the_parent", "open('/../..@GRADEBOOK@').read()", unconfined=SEEN),
    shows("reads_through_a_library", "open(os.path.dirname(os.__file__) + '/' + '../' * 20 + '@GRADEBOOK@').read()"),
    shows("imports_the_solution",
          "sys.path.insert(0, '@SOLUTIONS@/03_softmax') or open(imp('hidden_checks').__file__).read()",
          says="ModuleNotFoundError"),
    shows("imports_the_grader", "str(vars(imp('autograder.course.loader')))", says="Error"),
    shows("reads_the_grader", "open(sys.modules['autograder.sandbox.wire.frame'].__file__).read()"),
    shows("reads_the_graders_source", "imp('inspect').getsource(sys.modules['autograder.sandbox.client'])",
          says="KeyError"),
    shows("lists_the_course", "str(os.listdir('@SOLUTIONS@'))"),
    shows("walks_the_course", "str(list(os.walk('@SOLUTIONS@')))", says="nothing"),
    shows("lists_the_root", "str(os.listdir('/'))"),
    shows("lists_the_class", "str(os.listdir('@CLASS@'))"),
    shows("changes_to_the_course", "os.chdir('@SOLUTIONS@') or open('course.toml').read()", unconfined=SEEN),
    shows("changes_its_root", "os.chroot('@SOLUTIONS@')"),
    shows("mounts", "call_kernel(165, b'@SOLUTIONS@', b'/tmp', None, 4096, None)"),
    shows("watches_files", "call_kernel(253)"),
    shows("reads_a_link", "os.readlink('@LINK@')", unconfined=SEEN),
    shows("measures_a_secret", "'-'.join(['TOP', 'SECRET size %d']) % os.stat('@GRADEBOOK@').st_size",
          unconfined="SECRET size"),
    shows("asks_who_is_in_the_class", "'-'.join(['TOP', 'SECRET is there']) if os.path.exists('@NEIGHBOUR@') else ''",
          says="nothing", unconfined="SECRET is there"),
]  # fmt: skip

PROCESSES = [
    shows("reads_environment", "str(dict(os.environ))", says="nothing"),
    shows("reads_environment_of_c", "str(ctypes.c_char_p.in_dll(libc, 'environ').value)", says="nothing"),
    shows("reads_proc_environment", "open('/proc/self/environ').read()"),
    shows("reads_graders_environment", "open('/proc/@GRADER@/environ').read()"),
    shows("reads_graders_command", "open('/proc/@GRADER@/cmdline').read()"),
    shows("reads_graders_maps", "open('/proc/@GRADER@/maps').read()"),
    shows("reads_graders_memory", "open('/proc/@GRADER@/mem', 'rb').read(1)"),
    shows("reads_graders_files", "str(os.listdir('/proc/@GRADER@/fd'))"),
    shows("reads_its_own_maps", "open('/proc/self/maps').read()"),
    shows("reads_its_parent", "open(f'/proc/{os.getpid() - 1}/cmdline').read()", says="Error"),
    shows("asks_for_its_parent", "str(os.getppid())", says="nothing"),
    shows("reads_memory_by_vector", "call_kernel(310, @GRADER@, bytes(16), 1, bytes(16), 1, 0)"),
    shows("traces_the_grader", "call_kernel(101, 16, @GRADER@, None, None)"),
    shows("traces_itself", "call_kernel(101, 0, 0, None, None)"),
    shows("opens_the_grader", "call_kernel(434, @GRADER@, 0)"),
    shows("compares_with_the_grader", "call_kernel(312, os.getpid(), @GRADER@, 0, 0, 0)"),
    shows("counts_events", "call_kernel(298, bytes(128), @GRADER@, -1, -1, 0)"),
    shows("loads_a_program", "call_kernel(321, 5, bytes(128), 128)"),
    shows("handles_page_faults", "call_kernel(323, 0)"),
    shows("asks_for_keys", "call_kernel(250, 0, -3, 0)"),
    shows("attaches_shared_memory", "call_kernel(30, 0, None, 0)"),
    shows("opens_a_message_queue", "call_kernel(240, b'queue', 0o102, 0o600, None)"),
    shows("asks_for_the_name_of_the_machine", "str(os.uname())"),
    shows("asks_for_users", "str(imp('pwd').getpwall())", says="nothing"),
    shows("inherited_descriptors", "str([fd for fd in range(4, 9999) if os.fstat(fd)])", says="Error"),
]

MEMORY = [
    shows("modules", "str([str(vars(m))[:10**4] for m in list(sys.modules.values())])", says="nothing"),
    Attack(
        "frames",
        SHOW
        + """
def attack(x):
    frame_, seen = sys._getframe(), []
    while frame_:
        seen.append(str(frame_.f_locals) + str(list(frame_.f_globals)) + str(frame_.f_code.co_consts))
        frame_ = frame_.f_back
    show(str(seen))
""",
        ERROR,
        "nothing",
    ),
    Attack(
        "every_object",
        SHOW
        + """
def attack(x):
    gc = imp("gc")
    gc.unfreeze()
    held = [str(o) for o in gc.get_objects() if type(o) in (dict, list, tuple) and len(o) == 2]
    show(str(held))
""",
        ERROR,
        "",
    ),
    Attack(
        "memory_of_its_own",
        SHOW
        + """
def attack(x):
    here = id(x) & ~0xFFF
    show(ctypes.string_at(here, 4096))
""",
        ERROR,
        "nothing",
    ),
    Attack(
        "arguments_of_others",
        """
def attack(x):
    message = request()
    raise ValueError(sorted(message), "reference" in str(message["upstream"]), sys.argv[:1])
""",
        ERROR,
        "['args', 'id', 'kwargs', 'name', 'repeat', 'upstream']",
    ),
]

ATTACKS = [*FILES, *PROCESSES, *MEMORY]
