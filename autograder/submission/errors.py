"""Why a file cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from autograder.errors import UserError
from autograder.language.current import translated
from autograder.submission.messages import Problem


class UnreadableError(UserError):
    """A file cannot be read. The message speaks to a student who handed it in."""

    def __init__(self, problem: Problem, **fields: object) -> None:
        self.problem = problem
        self.fields = fields
        super().__init__(translated(problem.submitted).format(**fields))

    def to_json(self) -> dict[str, object]:
        return {"problem": self.problem.name, "fields": self.fields}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(Problem[data["problem"]], **data["fields"])

    def for_own_file(self, file: str) -> UnreadableError:
        """The same, in words for a student who still has the file."""
        error = UnreadableError(self.problem, **self.fields)
        error.args = (translated(self.problem.own_file).format(**{**self.fields, "file": file}),)
        return error
