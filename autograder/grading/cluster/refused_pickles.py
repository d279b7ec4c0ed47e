"""A process that speaks Dask and that nobody who answers it can take over: no pickle makes anything there but data.

Dask reads pickles in many places: results, exceptions, types, warnings, and messages that ask for it. All that a pickle
can do beside building numbers, text, bytes and collections of them begins with the look-up of a class or a function,
and Python tells each look-up to the audit hooks of the process, before it happens.
https://docs.python.org/3/library/audit_events.html (pickle.find_class), https://docs.python.org/3/library/pickletools.html
"""

from __future__ import annotations

import pickletools
import sys
from contextlib import suppress

FIND_CLASS = "pickle.find_class"
MAX_WORDS_CHARS = 200
MAX_READ_BYTES = 1 << 16


class RefusedPickleError(TypeError):
    """Somebody sent a pickle that asks for a class or a function. A TypeError, for that is what Dask is ready for."""


def refuse_pickles() -> None:
    """From here on, and for good, a pickle that asks for a class or a function cannot be read in this process."""
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event == FIND_CLASS:
        raise RefusedPickleError(*arguments)


def words_in(pickled: bytes) -> str:
    """What a pickled exception says: its message, which is the first text of several words, or its name.

    Nothing of it is made.
    """
    texts: list[str] = []
    with suppress(Exception):  # it is cut off, or no pickle: what was read so far counts
        for _, argument, _ in pickletools.genops(pickled[:MAX_READ_BYTES]):
            texts += [argument] if isinstance(argument, str) else []
    messages = [text for text in texts if " " in text.strip()]
    names = [text for text in texts if text.endswith(("Error", "Exception"))]
    return " ".join((messages or names or [""])[0].split())[:MAX_WORDS_CHARS]
