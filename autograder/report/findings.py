"""What a question's checks found, each cause once: the one view that every format prints.

A cause is a misconception, a line of the student's code that raised, the message of a check, or else its outcome.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograder.report import messages
from autograder.report.model import CheckResult, Outcome, QuestionResult
from autograder.sandbox.protocol import CodeLine
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
    def line(self) -> CodeLine | None:
        """Where the student's code raised, in the first of the checks in which it did."""
        return next((check.line for check in self.checks if check.line), None)

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
    """One check, and the text to print with it: none where `told_with`, another check, has it already.

    `leads`: it is the first that its cause cost.
    """

    check: CheckResult
    text: str
    told_with: CheckResult | None = None
    leads: bool = False

    @property
    def sentence(self) -> str:
        """The text; or, where another check has it, a sentence that says which. What is not written is told once."""
        if self.text or self.told_with is None or self.check.outcome is Outcome.MISSING:
            return self.text
        return messages.same_as(self.told_with.title or self.told_with.name)


def findings(question: QuestionResult) -> tuple[Finding, ...]:
    """The causes of all that is not passed: named ones first, then in the order of the checks."""
    found = [Finding(tuple(question.checks[index] for index in indices)) for indices in _by_cause(question)]
    return tuple(sorted(found, key=lambda finding: not finding.misconception))


def check_texts(question: QuestionResult) -> tuple[CheckText, ...]:
    """Every check in order, passed ones too, each with what is new in it."""
    first_of = {index: indices[0] for indices in _by_cause(question) for index in indices}
    printed: dict[str, CheckResult] = {}  # passed checks may say something as well: which function to mend
    texts = []
    for index, check in enumerate(question.checks):
        first, text = question.checks[first_of.get(index, index)], student_message(check)
        leads = first_of.get(index) == index
        if index in first_of and not leads:
            text = _beyond(check, first)
        if text and text in printed:
            first, text = printed[text], ""
        elif text:
            printed[text] = check
        is_told = not text and ((index in first_of and not leads) or first is not check)
        texts.append(CheckText(check, text, first if is_told else None, leads))
    return tuple(texts)


def _by_cause(question: QuestionResult) -> list[list[int]]:
    """The indices of the checks that are not passed, grouped by cause."""
    groups: dict[object, list[int]] = {}
    for index, check in enumerate(question.checks):
        if check.outcome is not Outcome.PASSED:
            groups.setdefault(_cause(check), []).append(index)
    return list(groups.values())


def _beyond(check: CheckResult, first: CheckResult) -> str:
    """What a check says beyond the first one of the same cause: of a misconception, its own finding."""
    if not check.misconception or check.message == first.message:
        return ""
    if check.lesson != first.lesson:
        return check.message
    return "" if check.detail == first.detail else check.detail


def student_message(check: CheckResult) -> str:
    """What a check says to its student. A grader error is replaced by a fixed sentence: it may quote the solution."""
    return messages.OUR_FAULT if check.outcome is Outcome.GRADER_ERROR else check.message


def plain_message(check: CheckResult) -> str:
    """`student_message` without stress marks and dangerous characters, for JSON, XML and CSV."""
    return sanitise(without_marks(student_message(check)))


def _cause(check: CheckResult) -> object:
    return check.misconception or check.line or student_message(check) or check.outcome
