"""What lies beside the visible checks and tells of known mistakes. Without it, no mistake is named. Portable."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.checking.at_home.known import KNOWN_MISTAKES, KnownMistakes, KnownMistakesError, read
from autograder.checking.at_home.naming import is_wrong
from autograder.report.model import QuestionResult
from autograder.student import messages


def read_known_mistakes(checks: Path) -> KnownMistakes:
    """What is known of the mistakes in a file of visible checks: nothing, where the file beside it cannot be read."""
    try:
        return read(checks.with_name(KNOWN_MISTAKES).read_bytes())
    except (OSError, KnownMistakesError):
        return KnownMistakes()


def note_on_known_mistakes(checks: Path, questions: Sequence[QuestionResult]) -> str:
    """Why a mistake has no name that could have one: the file is lost, or damaged. Empty where nothing is amiss."""
    if not any(is_wrong(check) and not check.misconception for question in questions for check in question.checks):
        return ""
    file = checks.with_name(KNOWN_MISTAKES)
    try:
        read(file.read_bytes())
    except OSError:
        return messages.known_mistakes_lost(file.name, file.parent.name)
    except KnownMistakesError:
        return messages.known_mistakes_damaged(file.name, file.parent.name)
    return ""
