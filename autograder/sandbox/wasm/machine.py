"""The machine that guests run on: wasmtime, and what it lets them have. Of the whole package, only this uses it.

A guest is a WebAssembly instance: it has a memory of its own, holds no address outside of it, and can call what it is
given here, and nothing else: the time, random numbers, its end, output that nobody sees, and the door, through which
frames go. Files it has only while an image is made, and those of Python's library and of this package; a submission's
guest has none, and no folder in which to look for one.
"""

from __future__ import annotations

import ctypes
import signal
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import wasmtime
from wasmtime import _ffi

from autograder.sandbox.wasm.image import Image

STACK_BYTES = 8 << 20  # of calls within calls, in C: more than Python itself allows, which then says so
THREAD_STACK_BYTES = 16 << 20  # of the thread that a guest runs on: room for the above, and for wasmtime's and ours
REFUSED = ("path_", "fd_fdstat_get", "fd_readdir", "poll_oneoff")  # what asks for files, or waits
PERM = 63  # what WASI calls EPERM
PAGE = 1 << 16
MOST_BYTES = (1 << 31) - 1  # that are read at once: a length of C
Door = Callable[[bytes], bytes]
# What a guest that breaks its machine would have died of as a process.
SIGNALS: dict[wasmtime.TrapCode | None, signal.Signals] = {
    wasmtime.TrapCode.UNREACHABLE: signal.SIGABRT,  # abort()
    wasmtime.TrapCode.INTEGER_DIVISION_BY_ZERO: signal.SIGFPE,
    wasmtime.TrapCode.INTEGER_OVERFLOW: signal.SIGFPE,
    wasmtime.TrapCode.BAD_CONVERSION_TO_INTEGER: signal.SIGFPE,
}


def compiled(module: bytes) -> bytes:
    """Native code for a module. Takes a minute of computing, and two gigabytes."""
    return bytes(wasmtime.Module(_engine(), module).serialize())


def _engine() -> wasmtime.Engine:
    config = wasmtime.Config()
    _ffi.wasmtime_config_async_stack_size_set(config.ptr(), STACK_BYTES)  # no smaller than the other may be
    config.max_wasm_stack = STACK_BYTES
    return wasmtime.Engine(config)


class Machine:
    """A compiled module, of which one guest runs at a time."""

    def __init__(self, compiled_module: Path, *, files: bool = False) -> None:
        """With `files`, its guests may be given folders; without, each call that asks for a path is refused."""
        self._engine = _engine()
        self._module = wasmtime.Module.deserialize_file(self._engine, str(compiled_module))
        self._linker = wasmtime.Linker(self._engine)
        self._linker.allow_shadowing = True
        self._linker.define_wasi()
        number = wasmtime.ValType.i32()
        four = wasmtime.FuncType([number] * 4, [number])
        for each in self._module.imports:
            name, kind = each.name or "", each.type
            if isinstance(kind, wasmtime.FuncType) and name.startswith(REFUSED) and not files:
                self._linker.define_func(each.module, name, kind, lambda *_: PERM)
        self._linker.define_func("host", "call", four, self._through_the_door, access_caller=True)
        self._door: Door = bytes
        self._guest: Guest | None = None

    def guest(self, door: Door, memory_bytes: int | None = None, folders: dict[Path, str] | None = None) -> Guest:
        """A new one, in which nothing has run. It may have so much memory, and read some folders, by other names."""
        self._door = door
        store = wasmtime.Store(self._engine)
        if memory_bytes is not None:
            store.set_limits(memory_size=memory_bytes)
        wasi = wasmtime.WasiConfig()
        wasi.argv = ["python"]
        for folder, name in (folders or {}).items():
            wasi.preopen_dir(str(folder), name, False)
        if folders:
            wasi.inherit_stderr()  # to say why it failed
        store.set_wasi(wasi)
        self._guest = Guest(store, self._linker.instantiate(store, self._module).exports(store))
        return self._guest

    def _through_the_door(self, caller: Any, request: int, length: int, to: int, to_length: int) -> int:
        """What a guest calls: its request stands at one place of its memory; where the answer stands, is told."""
        assert self._guest is not None
        memory = self._guest.memory
        request, length, to, to_length = (each & 0xFFFFFFFF for each in (request, length, to, to_length))
        first, size = memory.place(caller)
        if length > MOST_BYTES or request + length > size or to + 4 > size or to_length + 4 > size:
            return -2  # what it calls a fault of its host
        answer = self._door(ctypes.string_at(first + request, length))
        place = self._guest.allocate(caller, len(answer)) & 0xFFFFFFFF
        first, size = memory.place(caller)  # it may have grown
        if not place or place + len(answer) > size:
            return -2
        ctypes.memmove(first + place, answer, len(answer))
        ctypes.memmove(first + to, struct.pack("<I", place), 4)
        ctypes.memmove(first + to_length, struct.pack("<I", len(answer)), 4)
        return 0


class GuestMemory:
    """Of one instance. The package's own way to read and write makes a type for each length, and looks it up."""

    def __init__(self, memory: Any) -> None:
        self._memory = memory

    def place(self, store: Any) -> tuple[int, int]:
        """Where it begins in this process, and how long it is."""
        return ctypes.addressof(self._memory.data_ptr(store).contents), self._memory.data_len(store)

    def grow_to(self, store: Any, size: int) -> None:
        missing = size - self._memory.data_len(store)
        if missing > 0:
            self._memory.grow(store, missing // PAGE)


class Guest:
    """One instance of the module: an interpreter."""

    def __init__(self, store: wasmtime.Store, exports: Any) -> None:
        self._store = store
        self.memory, self.allocate, self._turn = GuestMemory(exports["memory"]), exports["host_alloc"], exports["turn"]

    def close(self) -> None:
        self._store.close()

    def run(self, code: str) -> int:
        """Run some code at its top level; returns the exit code, or minus the signal that a process would die of."""
        content = code.encode()
        try:
            place = self.allocate(self._store, len(content)) & 0xFFFFFFFF
            ctypes.memmove(self.memory.place(self._store)[0] + place, content, len(content))
            return int(self._turn(self._store, place, len(content))) & 0xFF
        except wasmtime.ExitTrap as ended:
            return int(ended.code)
        except wasmtime.Trap as trap:
            return -SIGNALS.get(trap.trap_code, signal.SIGSEGV)

    def restore(self, image: Image) -> None:
        """Let its memory be that of another guest, which was between two turns: all that it had run, this one has."""
        self.memory.grow_to(self._store, image.size)
        image.lay_into(self.memory.place(self._store)[0])

    @property
    def content(self) -> bytes:
        """All of its memory."""
        return ctypes.string_at(*self.memory.place(self._store))
