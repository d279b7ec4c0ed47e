"""The worker's code in a guest: it prepares the memory that all guests begin with, and serves one submission.

Runs in a guest alone, whose one way out is a door: what is put through it is a frame, and where nothing is, one comes.
"""

from __future__ import annotations

import base64
import gc
import json
import os
import random
import sys
import time
from dataclasses import dataclass
from typing import Any

import _host  # the guest's own

from autograder.sandbox.given.files import Files, GivenFiles
from autograder.sandbox.given.modules import close_imports, load_modules
from autograder.sandbox.namespace import Namespace
from autograder.sandbox.plain.rules import no_waiting
from autograder.sandbox.protocol import Cell
from autograder.sandbox.toplevel.builds_on import all_built_on
from autograder.sandbox.toplevel.parsing import remember
from autograder.sandbox.toplevel.syntax import judge_as
from autograder.sandbox.wire import frame as wire
from autograder.sandbox.wire.limits import NO_LIMIT
from autograder.sandbox.worker import serve as serve_at
from autograder.settings import Limits


@dataclass(frozen=True)
class DoorEnd:
    """The worker's end of the wire."""

    def receive(self) -> dict[str, Any]:
        frame = _host.call(b"")
        return wire.decode(frame[: wire.PREFIX.size], frame[wire.PREFIX.size :], NO_LIMIT)

    def send(self, frame: bytes) -> None:
        _host.call(frame)


@dataclass(frozen=True)
class _Prepared:
    limits: Limits
    imports: list[str]
    files: Files | None
    tells: bool
    slowness: float


_prepared: list[_Prepared] = []


def prepare() -> None:
    """Import what answers may, read their files, compile the cells that students were given; and tell how that went."""
    wanted = json.loads(_host.call(b""))
    try:
        load_modules(wanted["imports"])
    except ImportError as error:
        _host.call(json.dumps({"failure": str(error)}).encode())
        return
    files = None
    if wanted["files"]["names"]:
        contents = {name: base64.b64decode(text) for name, text in wanted["contents"].items()}
        files = Files(GivenFiles.from_json(wanted["files"]), contents)
        gc.unfreeze()  # what the interpreter began with: it has `open`, too
        files.stand_in()
    close_imports(wanted["imports"])
    sys.path.clear()  # there is nothing behind it any more
    sys.path_importer_cache.clear()
    judge_as((wanted["version"][0], wanted["version"][1]))
    time.sleep = no_waiting  # as where a system refuses to wait
    remember(Cell(*each) for each in wanted["given_cells"])
    _prepared.append(
        _Prepared(Limits(**wanted["limits"]), wanted["imports"], files, wanted["tells"], wanted["slowness"])
    )
    gc.collect()
    gc.freeze()
    _host.call(json.dumps({"failure": ""}).encode())


def serve() -> None:
    """Load the submission that comes first, and answer calls, until the other side is done with this guest."""
    try:
        random.seed()  # each guest its own, as each process
        how = _prepared[0]
        serve_at(DoorEnd(), how.limits, how.imports, how.files, _tell if how.tells else _tell_nothing, how.slowness)
    finally:
        os._exit(0)  # as a process does, whatever a student has made of our code


def _tell(space: Namespace) -> dict[str, Any]:
    """What is asked of one's own work beside answers: what parameters are called in it, and what builds on what."""
    parameters = {name: list(names) for name, names in space.parameters.items()}
    return {"parameters": parameters, "builds_on": all_built_on(space)}


def _tell_nothing(_space: Namespace) -> dict[str, Any]:
    return {}
