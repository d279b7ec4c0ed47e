"""Sentences of the sandbox: to students, why a function is not there or was stopped; to instructors, what is promised.

Those for students are worded in the worker, where the submission is loaded: they arrive as reasons and exceptions.
"""

from __future__ import annotations

from autograder.language.current import translatable

translatable(__name__)

# To students.


def import_refused(module: str, allowed: str) -> str:
    return f"answers may import {allowed} and the harmless part of Python's own library; `{module}` is not one of them"


def not_loaded(module: str, allowed: str) -> str:
    return (
        f"`{module}` is not loaded where answers are graded: they may import {allowed}, with what these load by "
        "themselves, and the harmless part of Python's own library"
    )


def other_file(known: str) -> str:
    return f"answers may read {known}, and no other file"


READ_ONLY = "a file that is given to answers can be read, and not written"
NO_DESCRIPTOR = (
    "a file that is given to answers lies in memory, without a descriptor: read it by open, pathlib, np.load, "
    "np.loadtxt or pandas"
)


def refused_at(module: str, allowed: str, label: str, line: int) -> str:
    return (
        f"answers may import {allowed} and the harmless part of Python's own library; "
        f"`{module}` ({label}, line {line}) is not one of them"
    )


def names_refused_at(message: str, module: str, allowed: str, label: str, line: int) -> str:
    return (
        f"{message}; was it to come from `{module}` ({label}, line {line})? "
        f"Answers may import {allowed} and the harmless part of Python's own library"
    )


def too_much_computing(seconds: str) -> str:
    return f"took more than {seconds} s of computing"


def not_run(label: str, line: int) -> str:
    return f"{label}, line {line} was not run: all that runs at top level took too long"


def not_there_before(name: str) -> str:
    return f"`{name}`, of an earlier assignment, is not there"


def passed_by(label: str, line: int) -> str:
    return f"the statement in {label}, line {line}, which may define it, went another way"


def not_python(label: str, line: int, magic: str) -> str:
    return f"{label} begins with `%%{magic}` (line {line}), so what stands below is not run: take that line away"


def conflict(label: str, line: int) -> str:
    return (
        f"{label}, line {line} is a conflict marker of git: two versions stand there, one below the other; "
        "keep one of them, and take the lines with the markers away"
    )


def raised_at(kind: str, label: str, line: int, message: str) -> str:
    return f"{kind} in {label}, line {line}: {message}"


def not_parsed(kind: str, label: str) -> str:
    return f"{kind} in {label}"


def not_parsed_from_line(kind: str, label: str, line: int, message: str) -> str:
    return f"{kind} in {label}, line {line}: {message}"


IN_F_STRING = (
    "f-string: before Python 3.12, no quotes of its own, backslash, comment or end of a line may stand in its braces"
)


CANNOT_BE_STOPPED = (
    "This call is over its time, and cannot be stopped from inside: it catches every exception, or is in code that is "
    "not Python's. Restart the kernel (Kernel, Restart), and look for `except:` in a loop that never ends."
)


def no_such_function(name: str) -> str:
    return f"there is no function `{name}`, which is handed to it"


def no_function(name: str, kind: str) -> str:
    return f"`{name}` is not a function but a value of type {kind}"


def undefined_because(message: str, problem: str) -> str:
    return f"{message}: {problem}"


def header_too_long(limit: str) -> str:
    return f"the answer has more than {limit} bytes beside its arrays: return an array, not a long list"


def answer_too_long(size: str, limit: str) -> str:
    return f"the answer has {size} bytes where {limit} are allowed"


# To instructors: why this machine has no sandbox.

NO_LANDLOCK = "this kernel has no Landlock (it needs Linux 5.13 or later, with Landlock enabled)"


def not_linux(system: str) -> str:
    return f"confinement needs Linux 5.13 or later, and this is {system}"


def no_seccomp(reason: object) -> str:
    return f"seccomp is not usable here ({reason}): install pyseccomp, and libseccomp2 from the system's packages"


def not_confined(reason: str) -> str:
    return f"a worker could not be confined: {reason}"


def no_wasm(module: str, install_name: str) -> str:
    return f'--sandbox wasm needs {module}, which is not installed here: pip install "{install_name}"'


def no_home(reason: str) -> str:
    return (
        f"nothing is graded, for nothing here confines a submission: {reason}\n"
        'to confine it on any system: pip install "numpy-autograder[wasm]"\n'
        "for work that you trust: --sandbox none"
    )


def cache_unusable(folder: object, problem: str) -> str:
    return f"{folder} cannot be used for what is made once ({problem}); another folder is taken"


def cache_not_written(path: object, problem: str | None, variable: str) -> str:
    return f"{path} cannot be written ({problem}): make room there, or name another folder by {variable}"


def no_cache(variable: str) -> str:
    return f"there is no folder of your own for what is made once: name one by {variable}"


CACHE_NO_FOLDER = "it is no folder"
CACHE_OF_OTHERS = "it is not yours alone"
COMPILING = "Compiling Python for WebAssembly: once, a minute or two …"
COMPILED = "Compiled, and kept for all further runs."


def guest_not_started(reason: str) -> str:
    return f"no WebAssembly guest could be started: {reason}"


GUEST_NOT_STARTED = "no WebAssembly guest could be started"


def not_started(reason: str) -> str:
    return f"no process of Python could be started to check your work in: {reason}"


def zygote_gone(reason: object) -> str:
    return f"the zygote is gone: {reason}"


def zygote_silent(reason: object) -> str:
    return f"the zygote does not answer: {reason}"


def zygote_ended(last_words: str) -> str:
    return f"the zygote ended: {last_words}"


def not_given(file: object, reason: str | None) -> str:
    return f"{file}, which answers may read, cannot be read: {reason}"


def not_importable(module: str, reason: str) -> str:
    return f"{module}, which answers may import, cannot be imported here: {reason}"


ZYGOTE_ENDED = "the zygote ended: without a word"


def promises_broken(count: int, promise: str, detail: str) -> str:
    return f"{count} promises do not hold, first: a submission {promise} ({detail})"


# The promises, each of which begins with "a submission".

READS_NO_FILE = "reads no file"
LISTS_NO_FOLDER = "lists no folder"
WRITES_NO_FILE = "writes no file"
REMOVES_NO_FILE = "removes no file"
SEES_NO_ENVIRONMENT = "sees no environment variable"
INHERITS_NO_FILE = "inherits no open file"
REACHES_NO_NETWORK = "reaches no network and no socket"
STARTS_NO_PROCESS = "starts no process"
STARTS_NO_THREAD = "starts no thread"
SENDS_NO_SIGNAL = "sends no signal to another process"
READS_NO_MEMORY = "reads no memory of another process"
KEEPS_NO_PRIVILEGE = "keeps no privilege of root, and raises no limit"
DIES_ALONE = "dies alone: the next call gets a fresh process"
READS_NOTHING_OF_THE_COURSE = "reads nothing of the course"


READS_THE_GIVEN = "reads the files that the course gives it, in memory"
CHANGES_NOT_THE_GIVEN = "changes none of the files that it is given"
READS_NOTHING_BESIDE = "reads nothing that lies beside them, nor the files themselves"


def takes_at_most(megabytes: int) -> str:
    return f"takes at most {megabytes} MB of memory"


def answers_with_at_most(megabytes: int) -> str:
    return f"answers with at most {megabytes} MB"


def computes_at_most(seconds: str) -> str:
    return f"computes for at most {seconds} s a call"
