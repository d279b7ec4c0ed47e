"""The base of every error that a user can put right: its message is one line that says what, where, and what to do."""


class UserError(Exception):
    """Told in one line, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in the place of a traceback, whose lines would be ours."""
        return [f"{type(self).__name__}: {self}"]
