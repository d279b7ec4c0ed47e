"""Git on one repository: with nothing of its user's, by one transport, within bounds of time, size and memory."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from autograder.classroom.collect.git import messages
from autograder.classroom.collect.git.address import read_address
from autograder.classroom.collect.git.errors import TOO_LARGE, FetchError, error_of
from autograder.submission.reader import MAX_FILE_BYTES

TOKEN, HOST, DEFAULT_HOST = "STUDENTS_TOKEN", "STUDENTS_HOST", "github.com"
FETCHED = "refs/collect/fetched"
MEMORY_KB = 2 << 20  # of each process: what is small when it is packed may be large when it is not
MAX_SAID_BYTES = 10_000

# All of the environment that reaches git: ways to the network, and whom to trust there.
_PASSED_ON = (
    *("PATH", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH"),
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
)
_ENVIRONMENT = {
    "LC_ALL": "C",  # `error_of` reads what it says
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    # A connection that is kept would outlive its time.
    "GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oForwardAgent=no -oControlPath=none",
}
_SETTINGS = {
    "protocol.allow": "never",
    "http.followRedirects": "initial",
    "credential.helper": "",
    "core.askPass": "",
    "core.hooksPath": os.devnull,
    "fetch.recurseSubmodules": "false",
    "fetch.unpackLimit": "1",  # all of it is in one file, which is bounded
    "gc.auto": "0",
    "maintenance.auto": "false",
}
# The token is given to nobody but the host that it is for, and is in no command line. (In `url.….insteadOf` it would
# be: git starts its helper for https with the whole address.)
_HELPER = f"""!f() {{ test "$1" = get && printf "username=oauth2\\npassword=%s\\n" "${TOKEN}"; }}; f"""
_BOUNDED = 'ulimit -f "$0"; ulimit -v "$1" 2>/dev/null; shift; exec git "$@"'
_BLOCK = 512  # bytes, of which `ulimit -f` counts


@dataclass(frozen=True)
class Bounds:
    """What one repository may take. `repository_bytes` bounds what is fetched, and then what is taken out of it."""

    seconds: float = 120
    repository_bytes: int = 200_000_000
    files: int = 10_000
    file_bytes: int = MAX_FILE_BYTES
    jobs: int = 4  # at a time


USUAL_BOUNDS = Bounds()


class Git:
    """The git processes for one repository, one after the other, while the `with` statement lasts."""

    def __init__(self, address: str, scratch: Path, bounds: Bounds) -> None:
        self.scratch = scratch.absolute()
        self.bounds = bounds
        self._address = address
        self._repository = self.scratch / "fetched.git"
        self._environment = {
            **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            **_ENVIRONMENT,
            "HOME": str(self.scratch),
            "GIT_DIR": str(self._repository),
        }
        self._lock = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None
        self._is_stopped = False
        self._timer = threading.Timer(bounds.seconds, self.stop)

    def __enter__(self) -> Self:
        """From here on, its time is running."""
        self.scratch.mkdir()
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def stop(self) -> None:
        """Kill what runs, and start nothing any more."""
        with self._lock:
            self._is_stopped = True
            if self._running:
                _kill(self._running)

    def fetch(self, ref: str, depth: int) -> None:
        """Fetch so many commits of a branch or tag as FETCHED. Raises FetchError."""
        address = read_address(self._address)
        if not address:
            raise FetchError(messages.NOT_AN_ADDRESS)
        settings = {f"protocol.{address.transport}.allow": "always", "remote.origin.url": address.text}
        environment = {}
        token, host = os.environ.get(TOKEN, "").strip(), os.environ.get(HOST, "").strip() or DEFAULT_HOST
        if token and address.transport == "https" and address.host == host.casefold():
            settings[f"credential.https://{address.host}.helper"] = _HELPER
            environment[TOKEN] = token
        if not self._repository.exists():
            self.run("init", "--quiet", "--bare", "--template=")
        environment["GIT_ALLOW_PROTOCOL"] = address.transport  # what git starts on the other side of a path, too
        options = ("--quiet", "--no-tags", "--no-write-fetch-head", f"--depth={depth}")
        with self._process(("fetch", *options, "--", "origin", f"+{ref}:{FETCHED}"), settings, environment):
            pass

    def ends_of_history(self) -> str:
        """The commits whose parents were not fetched, one a line."""
        ends = self._repository / "shallow"
        return ends.read_text() if ends.exists() else ""

    def run(self, *arguments: str, given: str = "") -> str:
        """What a command on what was fetched answers: a line, or nothing. Raises FetchError."""
        with self.reading(*arguments) as (ask, answers):
            ask.write(given.encode())
            ask.close()
            return answers.read().decode(errors="replace").strip()

    @contextmanager
    def reading(self, *arguments: str) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
        """Both ends of a command on what was fetched; it has no way to the network. Raises FetchError at the end."""
        with self._process(arguments, {}, {}) as process:
            assert process.stdin
            assert process.stdout
            yield process.stdin, process.stdout

    @contextmanager
    def _process(
        self, arguments: tuple[str, ...], settings: dict[str, str], environment: dict[str, str]
    ) -> Iterator[subprocess.Popen[bytes]]:
        options = [part for key, value in (_SETTINGS | settings).items() for part in ("-c", f"{key}={value}")]
        limits = (str(self.bounds.repository_bytes // _BLOCK), str(MEMORY_KB))
        with tempfile.TemporaryFile(dir=self.scratch) as said:
            process = self._start(
                ["sh", "-c", _BOUNDED, *limits, *options, *arguments], self._environment | environment, said
            )
            is_broken = False
            try:
                yield process
            except (BrokenPipeError, EOFError):
                is_broken = True
            else:
                _wait(process)
            finally:
                self._end(process)
            if is_broken or process.returncode:
                said.seek(max(0, said.seek(0, os.SEEK_END) - MAX_SAID_BYTES))
                raise self._error(said.read().decode(errors="replace"))

    def _start(self, command: list[str], environment: dict[str, str], said: IO[bytes]) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._is_stopped:
                raise self._error("")
            self._running = subprocess.Popen(
                command,
                cwd=self.scratch,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                start_new_session=True,
            )
            return self._running

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """With it ends whatever it started."""
        with self._lock:
            self._running = None
            _kill(process)
        _wait(process)
        if process.stdout:
            process.stdout.close()

    def _error(self, said: str) -> FetchError:
        if self._is_stopped:
            return FetchError(messages.too_slow(f"{self.bounds.seconds:g}"))
        most = self.bounds.repository_bytes // _BLOCK * _BLOCK
        if any(path.stat().st_size >= most for path in self._repository.rglob("*")):  # git does not always say so
            said = TOO_LARGE
        return error_of(said, self._address, self.bounds.repository_bytes // 1_000_000)


def _wait(process: subprocess.Popen[bytes]) -> None:
    """Until it has ended; nothing more is asked of it."""
    with suppress(BrokenPipeError):
        if process.stdin:
            process.stdin.close()
    if process.stdout:
        process.stdout.read()
    process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
