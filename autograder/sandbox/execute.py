"""Runs one call of a student's function, and describes how it ended.

Runs wherever the student's functions live: in a worker, or in the student's own notebook. Portable.
"""

from __future__ import annotations

import copy
import re
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager, nullcontext
from contextvars import ContextVar
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

import numpy as np

from autograder.sandbox.protocol import CodeLine, Locate, Raised, Reply, Returned
from autograder.sandbox.wire.values import instance_of, read_out

MAX_MESSAGE_CHARS = 500  # of an exception
MAX_NAME_CHARS = 100  # of a class
MAX_SHAPES = 4  # of the arrays in a line


_folder: ContextVar[Path | None] = ContextVar("the folder that trusted functions are called in", default=None)


@contextmanager
def called_in(folder: Path | None) -> Iterator[None]:
    """Functions that are executed meanwhile run in a folder: those of a course, whose data lies there."""
    token = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(token)


def nowhere(_filename: str, _number: int) -> CodeLine | None:
    """Where a line of trusted code stands: no student wrote it."""
    return None


def execute(
    function: Callable[..., Any],
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    locate: Locate = nowhere,
    shared: Collection[int] = (),
) -> Reply:
    """Call `function` on copies of its arguments and describe what happened. Warnings are not the student's fault.

    Objects with an id among the `shared` ones are handed over as they are.
    """
    given: dict[int | str, Any] = dict(enumerate(args))
    given.update(kwargs)
    copies = {key: value if shared and id(value) in shared else copied(value) for key, value in given.items()}
    try:
        folder = _folder.get()
        with chdir(folder) if folder else nullcontext(), warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            answer = function(
                *(copies[position] for position in range(len(args))), **{name: copies[name] for name in kwargs}
            )
            value = read_out(answer)
    except BaseException as error:  # whatever a student raises, SystemExit included, is the answer to this call
        return raised(error, locate)
    changed = (key for key in given if given[key] is not copies[key] and not same(given[key], copies[key]))
    return Returned(value, tuple(changed))


def copied(value: Any) -> Any:
    """A copy as deep as it goes, made in a fraction of the time where it is arrays, or a dict or sequence of them."""
    kind = type(value)
    if kind is np.ndarray and value.dtype != object:
        return value.copy(order="K")
    if value is None or kind in (bool, int, float, str):
        return value
    if kind is dict:
        return {key: copied(each) for key, each in value.items()}
    if kind in (list, tuple):
        return kind(map(copied, value))
    return copy.deepcopy(value)


def raised(error: BaseException, locate: Locate) -> Raised:
    """Describe an exception. Its class and its text may be hostile, so that reading them may fail."""
    line, frame = _last_line(error.__traceback__, locate)
    return Raised(
        type=_described(lambda: type(error).__name__, "Exception"),
        bases=tuple(_described(lambda base=base: base.__name__, "Exception") for base in type(error).__mro__),  # type: ignore[misc]
        message=_described(lambda: str(error), "(its message cannot be shown)", MAX_MESSAGE_CHARS),
        line=line,
        shapes=_shapes(line.text, frame) if line and frame else (),
    )


def _described(describe: Callable[[], str], otherwise: str, length: int = MAX_NAME_CHARS) -> str:
    """What an untrusted object says of itself, cut to a length."""
    try:
        text = describe()
        return str.__getitem__(text, slice(length))
    except BaseException:  # whatever it raises instead
        return otherwise


def same(left: Any, right: Any) -> bool:
    """Whether two arguments are alike to the last bit of their numbers: arrays, or dicts and sequences of them.

    A generator of random numbers is alike whatever it has given.
    """
    if isinstance(left, np.ndarray):
        return isinstance(right, np.ndarray) and left.shape == right.shape and left.tobytes() == right.tobytes()
    if isinstance(left, Mapping):
        return isinstance(right, Mapping) and left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, np.random.Generator):
        return True
    if (one := instance_of(left)) and (other := instance_of(right)):
        return one.type == other.type and same(one.fields, other.fields)
    return type(left) is type(right) and bool(left == right or left != left)


def _last_line(traceback: TracebackType | None, locate: Locate) -> tuple[CodeLine | None, FrameType | None]:
    """The innermost line of the student's own code in a traceback, and the frame that it ran in."""
    frames = []
    while traceback is not None:
        frames.append((traceback.tb_frame, traceback.tb_lineno))
        traceback = traceback.tb_next
    found = ((locate(frame.f_code.co_filename, number), frame) for frame, number in reversed(frames))
    return next(((line, frame) for line, frame in found if line), (None, None))


def _shapes(text: str, frame: FrameType) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The shapes of the arrays that a line names, as they are when it has raised.

    A name of the function's own that has no value yet is none of the global ones, whatever these are called.
    """
    names = dict.fromkeys(re.findall(r"(?<![\w.])[A-Za-z_]\w*", text))
    code = frame.f_code
    own = {*code.co_varnames, *code.co_cellvars, *code.co_freevars}
    known = {name: value for name, value in frame.f_globals.items() if name not in own} | frame.f_locals
    arrays = {name: known[name] for name in names if issubclass(type(known.get(name)), np.ndarray)}
    shapes = [(name, np.ndarray.view(array, np.ndarray).shape) for name, array in arrays.items()]
    return tuple(shapes[:MAX_SHAPES])
