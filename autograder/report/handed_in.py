"""When a piece of work was handed in, as far as that is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class HandedIn:
    """`time` knows its zone. With `is_claim` it is the student's own word, as that of a commit is.

    `unread` is a time that could not be read. `is_late` is what the system said, where it gave no time.
    """

    time: datetime | None = None
    is_claim: bool = False
    unread: str = ""
    is_late: bool | None = None

    def to_json(self) -> dict[str, Any]:
        time = self.time.isoformat() if self.time else None
        return {"time": time, "is_claim": self.is_claim, "unread": self.unread, "is_late": self.is_late}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What `to_json` made. Raises TypeError, ValueError or KeyError where it is something else."""
        time = datetime.fromisoformat(data["time"]) if data["time"] else None
        if (time and time.utcoffset() is None) or not isinstance(data["is_late"], bool | None):
            raise ValueError(data)
        return cls(time, bool(data["is_claim"]), str(data["unread"]), data["is_late"])
