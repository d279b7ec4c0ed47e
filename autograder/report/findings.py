"""What a question's checks found, each cause once: the one view that every format prints.

A cause is a misconception, a line of the student's code that raised, the words of a check, or else its outcome.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograder.report import messages
from autograder.report.model import CheckResult, Outcome, QuestionResult
from autograder.text import sanitise, without_marks


@dataclass(frozen=True)
class Finding:
    """One cause in one question, with all checks that it cost, in their order. `checks[0]` is the one that tells it."""

    checks: tuple[CheckResult, ...]

    @property
    def check(self) -> CheckResult:
        return self.checks[0]

    @property
    def misconception(self) -> str | None:
        return self.check.misconception

    @property
    def outcome(self) -> Outcome:
        return self.check.outcome

    @property
    def title(self) -> str:
        return self.check.title or self.check.name

    @property
    def message(self) -> str:
        """Student-facing, with the marks of our messages (`code`, *stress*)."""
        return student_message(self.check)

    @property
    def plain(self) -> str:
        """The same for places where nothing can be stressed, without dangerous characters."""
        return plain_message(self.check)


@dataclass(frozen=True)
class CheckText:
    """One check, and what is said of it: nothing where that is told with `told_with`, another check, already."""

    check: CheckResult
    text: str
    told_with: CheckResult | None = None

    @property
    def in_words(self) -> str:
        """The text; or, where another check tells it, a sentence that says which."""
        if self.text or self.told_with is None or self.check.outcome is Outcome.MISSING:
            return self.text
        return messages.same_as(self.told_with.title or self.told_with.name)


def findings(question: QuestionResult) -> tuple[Finding, ...]:
    """The causes of all that is not passed: named ones first, then in the order of the checks."""
    by_cause: dict[object, list[CheckResult]] = {}
    for check in question.checks:
        if check.outcome is not Outcome.PASSED:
            by_cause.setdefault(_cause(check), []).append(check)
    found = [Finding(tuple(checks)) for checks in by_cause.values()]
    return tuple(sorted(found, key=lambda finding: not finding.misconception))


def check_texts(question: QuestionResult) -> tuple[CheckText, ...]:
    """Every check in order, passed ones too, each with what is new in it."""
    telling = {id(check): finding.check for finding in findings(question) for check in finding.checks}
    said: dict[str, CheckResult] = {}  # passed checks may have something to say as well: which function to mend
    texts = []
    for check in question.checks:
        first = telling.get(id(check), check)
        text = student_message(check)
        if first is not check:
            text = check.detail if check.misconception and check.detail != first.detail else ""
        if text in said:
            first, text = said[text], ""
        elif text:
            said[text] = check
        texts.append(CheckText(check, text, first if not text and first is not check else None))
    return tuple(texts)


def student_message(check: CheckResult) -> str:
    """What a check says to its student. A grader error is replaced by a fixed sentence: it may quote the solution."""
    return messages.OUR_FAULT if check.outcome is Outcome.GRADER_ERROR else check.message


def plain_message(check: CheckResult) -> str:
    """`student_message` without stress marks and dangerous characters, for JSON, XML and CSV."""
    return sanitise(without_marks(student_message(check)))


def _cause(check: CheckResult) -> object:
    return check.misconception or check.line or student_message(check) or check.outcome
