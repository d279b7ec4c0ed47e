"""What only shows when more has run than one check: with whose name it failed, what earns nothing alone, who pays."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.checking import messages
from autograder.checking.collection import Check
from autograder.checking.recognition.judge import NotPassedError, Record
from autograder.report.model import CheckResult, Outcome


def explained(ended: BaseException | None, wrong: NotPassedError | None) -> BaseException | None:
    """How a check ended, and with whose name: a law that fails for an answer with a name fails for the same mistake."""
    if ended is None:
        return wrong
    is_law = isinstance(ended, AssertionError) and getattr(ended, "known", None) is None
    if is_law and wrong and wrong.known and getattr(ended, "outcome", Outcome.FAILED) is Outcome.FAILED:
        return NotPassedError(Outcome.FAILED, str(ended), wrong.known, margin=wrong.margin)
    return ended


def fail_refusals_alone(
    results: dict[str, CheckResult],
    checks: Mapping[str, Check],
    refusals: Mapping[str, str],
    records: Mapping[str, Record],
) -> None:
    """A check that only asks for errors counts beside a right answer, not for a function that always raises.

    `refusals` gives for each check that asked for one the function that was to raise it.
    """
    for name, function in refusals.items():
        others = any(check.question == function and key not in refusals for key, check in checks.items())
        if results[name].outcome is Outcome.PASSED and others and not records[function].right_calls:
            message = messages.NO_RIGHT_CALL.format(question=function)
            results[name] = checks[name].result(Outcome.FAILED, message)


def charge_causes(results: dict[str, CheckResult], checks: Mapping[str, Check]) -> None:
    """A mistake that only others have shown costs the last check of the function that has it, if nothing else has.

    Of a function of an earlier assignment, `upstream` in the report tells as much.
    """
    for name, result in list(results.items()):
        own = {key: each for key, each in results.items() if checks[key].question == result.upstream}
        if own and all(each.outcome is Outcome.PASSED for each in own.values()):
            last = checks[list(own)[-1]]
            message = messages.others_build_on(result.upstream, checks[name].question, result.title)
            results[last.name] = last.result(Outcome.FAILED, message)
