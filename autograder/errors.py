"""The base of every error that a user can put right: its message is one line that says what, where, and what to do."""


class UserError(Exception):
    """Told in one line, without a traceback."""
