"""The home of WebAssembly guests. Portable."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from autograder.sandbox import messages
from autograder.sandbox.given.files import NO_FILES, GivenFiles
from autograder.sandbox.protocol import NO_CELLS, GivenCells, NotConfinedError, SandboxError
from autograder.sandbox.wasm import artifacts
from autograder.sandbox.wasm.cache import Cache
from autograder.sandbox.wasm.process import GuestProcess, Host
from autograder.settings import Limits

START_SECONDS = 60
NEXT_SECONDS = 2.0  # in which a guest that is done with has given way to the next: it may be at work, unasked
MAKING_SECONDS = 1800  # an old machine takes minutes
# The code of workers, of which every image is made: folders and files of this package.
CODE = ("sandbox", "settings.py", "settings_messages.py", "errors.py", "text.py")


def say(line: str) -> None:
    """To whoever waits."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201


class WasmHome:
    """Processes in which guests live, one after the other, each for one worker. From one thread."""

    slowness = GuestProcess.slowness

    def __init__(
        self,
        limits: Limits,
        imports: Sequence[str],
        *,
        files: GivenFiles = NO_FILES,
        given_cells: GivenCells = NO_CELLS,
        ahead: bool = False,
        tells: bool = False,
        say: Callable[[str], None] = say,
    ) -> None:
        """What these are: see `Sandbox`. With `tells`, a worker says of its submission what its owner may know of it.

        What is not in the cache yet is made first, which takes a minute, and is said. Raises NotConfinedError where
        guests cannot be, and SandboxError.
        """
        if reason := artifacts.unsupported():
            raise NotConfinedError(reason)
        self.limits = limits
        self._ahead = ahead
        self._idle: deque[Host] = deque()  # the one that was given back first is ready first
        cache = Cache(say)
        module = compiled_module(cache, say)
        self._settings = {
            "module": str(module),
            "image": str(_image(cache, module, limits, imports, files, given_cells, tells=tells)),
            "answer_bytes": limits.answer_bytes,
            "memory_bytes": limits.memory_mb << 20,
        }
        self._start_ahead()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def wait(self) -> None:
        """All is there by now."""

    def prepare(self, assignment: str) -> None:
        """The given cells of all assignments are in the memory that guests begin with."""

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def spawn(self, limits: Limits | None = None) -> GuestProcess:
        """A guest that nobody has used. Raises SandboxError."""
        host = self._next_host()
        self._start_ahead()
        return GuestProcess(host, limits or self.limits, self._idle.append, START_SECONDS)

    def _next_host(self) -> Host:
        """The one that has been idle for longest; none whose last guest does not give way."""
        for host in list(self._idle):
            if host.is_ready():
                self._idle.remove(host)
                return host
        while self._idle:
            host = self._idle.popleft()
            if not host.has_had_guests or host.is_ready(NEXT_SECONDS):
                return host
            host.close()
        return Host(self._settings)

    def _start_ahead(self) -> None:
        if self._ahead and not self._idle:
            self._idle.append(Host(self._settings))


def compiled_module(cache: Cache, say: Callable[[str], None]) -> Path:
    """The compiled module, from the cache; where it has none, it is compiled, and that is said."""

    def compile_it(to: Path) -> None:
        say(messages.COMPILING)
        _make("module", to)
        say(messages.COMPILED)

    return cache.get("module", f"{artifacts.module_digest()} {artifacts.wasmtime_version()} {sys.platform}", compile_it)


def _image(
    cache: Cache,
    module: Path,
    limits: Limits,
    imports: Sequence[str],
    files: GivenFiles,
    given_cells: GivenCells,
    *,
    tells: bool,
) -> Path:
    """The memory that guests begin with, from the cache. Raises SandboxError."""
    try:
        contents = {name: base64.b64encode(content).decode() for name, content in files.contents().items()}
    except OSError as error:
        raise SandboxError(messages.guest_not_started(str(error))) from None
    wanted: dict[str, Any] = {
        "limits": asdict(limits),
        "imports": list(imports),
        "files": {**files.to_json(), "folder": "/"},  # a guest's root, whatever a path is called here
        "contents": contents,
        "given_cells": [(cell.label, cell.source) for cells in given_cells.values() for cell in cells],
        "tells": tells,
        "version": sys.version_info[:2],
        "slowness": GuestProcess.slowness,
    }
    content = json.dumps(wanted)
    key = f"{module.name} {_digest_of_code()} {content}"
    return cache.get("image", key, lambda to: _make("image", to, str(module), given=content))


def _digest_of_code() -> str:
    digest = hashlib.sha256()
    folder = artifacts.code_folder()
    for name in CODE:
        place = folder / name
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _make(what: str, to: Path, *more: str, given: str = "") -> None:
    """Let a process of its own make something. Raises SandboxError, with what it had to say."""
    command = [sys.executable, "-I", "-m", "autograder.sandbox.wasm.making", what, str(to), *more]
    try:
        done = subprocess.run(command, input=given.encode(), capture_output=True, timeout=MAKING_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise SandboxError(messages.GUEST_NOT_STARTED) from None
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise SandboxError(messages.guest_not_started(lines[-1]) if lines else messages.GUEST_NOT_STARTED)
