"""How much may cross: more is no message. Portable."""

MAX_DIMENSIONS = 16
MAX_DEPTH = 32
NO_LIMIT = 1 << 62  # the limit of what the grader itself sends
MAX_HEADER_BYTES = 1 << 19  # of JSON: each becomes a hundred in memory
MAX_INT = 1 << 63  # of those that are written in decimal
MAX_INT_BITS = 1 << 18  # of all others: what they are written with makes work that grows with their square
MAX_KEYS = 10_000  # of a set, or of a dict whose keys are no text: they can be chosen so that they all collide
MAX_TEXT = 1 << 14  # characters in an entry of an array of text
MAX_FIELDS = 256  # of an array with named fields, or of an object


class WireError(Exception):
    """The other side sent something that is not a frame."""


class CannotCrossError(Exception):
    """A value of the grader's own that has no form on the wire: the course's fault. The message names its type."""
