"""Messages between the grader and a worker: a length, a JSON header, raw array bytes. No pickle in either direction.

A frame is `!IQ` (length of the header, length of the body), the header (JSON), the body (the bytes of all arrays,
in the order in which the header names them). Every length is checked before it is believed.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

from autograder.sandbox import messages
from autograder.sandbox.wire.limits import MAX_DEPTH, MAX_HEADER_BYTES, NO_LIMIT, WireError
from autograder.sandbox.wire.pack import pack
from autograder.sandbox.wire.unpack import Unpacker

PREFIX = struct.Struct("!IQ")


def encode(message: Mapping[str, Any], limit: int) -> bytes:
    """A whole frame. Raises WireError when it would be longer than `limit` bytes.

    What the grader itself sends has no limit. Raises CannotCrossError for what has no form there.
    """
    buffers: list[bytes] = []
    tree = pack(message, buffers, MAX_DEPTH, strict=limit == NO_LIMIT)
    header = json.dumps(tree, separators=(",", ":")).encode()
    body = b"".join(buffers)
    if len(header) > MAX_HEADER_BYTES and limit < NO_LIMIT:
        raise WireError(messages.header_too_long(f"{MAX_HEADER_BYTES:,}"))
    if PREFIX.size + len(header) + len(body) > limit:
        raise WireError(messages.answer_too_long(f"{len(header) + len(body):,}", f"{limit:,}"))
    return PREFIX.pack(len(header), len(body)) + header + body


def lengths(prefix: bytes, limit: int) -> int:
    """How many bytes follow a frame's prefix. Raises WireError when they are more than `limit`."""
    header, body = PREFIX.unpack(prefix)
    if header > MAX_HEADER_BYTES and limit < NO_LIMIT:
        raise WireError(f"a header of {header:,} bytes where {MAX_HEADER_BYTES:,} are allowed")
    if PREFIX.size + header + body > limit:
        raise WireError(f"{header + body:,} bytes where {limit:,} are allowed")
    return int(header + body)


def decode(prefix: bytes, rest: bytes, limit: int) -> dict[str, Any]:
    """The message in a frame. Raises WireError for anything that `encode` could not have written."""
    header_length, body_length = PREFIX.unpack(prefix)
    if header_length > MAX_HEADER_BYTES and limit < NO_LIMIT:
        raise WireError(f"a header of {header_length:,} bytes where {MAX_HEADER_BYTES:,} are allowed")
    if len(rest) != header_length + body_length:
        raise WireError("a frame of another length than it says")
    try:
        tree = json.loads(rest[:header_length])
        reader = Unpacker(memoryview(rest)[header_length:], limit)
        message = reader.unpack(tree, MAX_DEPTH + 1)  # `pack` puts something opaque where it goes no deeper
    except WireError:
        raise
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise WireError(f"a malformed frame ({type(error).__name__})") from None
    if not isinstance(message, dict) or reader.left:
        raise WireError("a frame that does not hold one message")
    return message
