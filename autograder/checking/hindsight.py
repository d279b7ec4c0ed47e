"""What only shows when more has run than one check: with whose name it failed, what earns nothing alone, who pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from autograder.checking import messages
from autograder.checking.collection import Check
from autograder.checking.recognition.judge import CourseFaultError, Likeness, NotPassedError, Record, answers_alike
from autograder.checking.recognition.kinds import Seen, explain_where, is_degenerate, kind, rank
from autograder.checking.recognition.memo import Memo
from autograder.checking.recognition.misconceptions import Match, the_only
from autograder.checking.recognition.rules import explain
from autograder.checking.recognition.slips import OneBatchAxis, Slip
from autograder.checking.student import Student
from autograder.language.current import translated
from autograder.report.model import CheckResult, Outcome
from autograder.sandbox.protocol import Raised, Returned, SandboxError
from autograder.sandbox.wire.limits import CannotCrossError

# How a check ends that says itself what is wrong, or that is at fault.
TELLING = (AssertionError, pytest.fail.Exception, SandboxError, CourseFaultError, CannotCrossError)


def ended_by(ended: BaseException | None, student: Student) -> BaseException | None:
    """What a check that ended so has found, if anything: an answer that it used may be wrong although it passed."""
    if student.misshapen and not isinstance(ended, TELLING):
        return student.misshapen  # it passed all the same, or tripped over it
    return explained(student.told(ended), student.wrong)


def explained(ended: BaseException | None, wrong: NotPassedError | None) -> BaseException | None:
    """How a check ended, and with whose name: a law that fails for an answer with a name fails for the same mistake."""
    if ended is None:
        return wrong
    is_law = isinstance(ended, AssertionError) and getattr(ended, "known", None) is None
    if is_law and wrong and wrong.known and getattr(ended, "outcome", Outcome.FAILED) is Outcome.FAILED:
        compared = getattr(ended, "compared", None)
        said = translated(str(ended))
        return NotPassedError(Outcome.FAILED, said, wrong.known, margin=wrong.margin, compared=compared)
    return ended


def look_back(
    results: dict[str, CheckResult],
    checks: Mapping[str, Check],
    refusals: Mapping[str, str],
    records: Mapping[str, Record],
    memo: Memo,
) -> None:
    """Change those results that are others in the light of all checks.

    `refusals` gives for each check that asked for an error the function that was to raise it.
    """
    _fail_refusals_alone(results, checks, refusals, records)
    _charge_causes(results, checks)
    for record in records.values():
        _take_back_slips(results, checks, record)
        _name_in_common(results, record, memo)
        _explain_the_rest(results, record)


def _fail_refusals_alone(
    results: dict[str, CheckResult],
    checks: Mapping[str, Check],
    refusals: Mapping[str, str],
    records: Mapping[str, Record],
) -> None:
    """A check that only asks for errors counts beside a right answer, not for a function that always raises.

    A right answer is one that was compared, or one that another check is content with.
    """
    for name, function in refusals.items():
        others = [key for key, check in checks.items() if check.question == function and key not in refusals]
        is_right = records[function].right_calls or any(
            key in results and results[key].outcome is Outcome.PASSED for key in others
        )
        if results[name].outcome is Outcome.PASSED and others and not is_right:
            message = messages.NO_RIGHT_CALL.format(question=function)
            results[name] = checks[name].result(Outcome.FAILED, message)


def _charge_causes(results: dict[str, CheckResult], checks: Mapping[str, Check]) -> None:
    """A mistake that only others have shown costs the last check of the function that has it, if nothing else has.

    Of a function of an earlier assignment, `upstream` in the report tells as much.
    """
    for name, result in list(results.items()):
        own = {key: each for key, each in results.items() if checks[key].question == result.upstream}
        if own and all(each.outcome is Outcome.PASSED for each in own.values()):
            last = checks[list(own)[-1]]
            message = messages.others_build_on(result.upstream, checks[name].question, result.title)
            results[last.name] = last.result(Outcome.FAILED, message)


def _take_back_slips(results: dict[str, CheckResult], checks: Mapping[str, Check], record: Record) -> None:
    """Nothing is excused with a slip that the other answers do not show: it was a call that happened to fit."""
    ranks = [rank(seen.answer) for seen in record.seen if seen.is_right]
    false = [slip for slip in record.slips if isinstance(slip, OneBatchAxis) and not slip.holds(ranks)]
    names = {slip.name for slip in false}
    for check, slip, otherwise in record.excused:
        if slip in false and results[check].outcome is Outcome.PASSED and not results[check].upstream:
            results[check] = replace(checks[check].result(otherwise.outcome, otherwise.finding), line=otherwise.line)
    for name in {seen.check for seen in record.seen if names}:
        result = results.get(name)
        if result and result.misconception in names:
            results[name] = replace(result, misconception=None, lesson="", message=result.detail)
    record.seen[:] = [
        replace(seen, is_right=False) if seen.is_right is None and _was_excused(seen, record, false) else seen
        for seen in record.seen
    ]


def _was_excused(seen: Seen, record: Record, slips: Sequence[Slip]) -> bool:
    return any(seen.check == each.check and each.slip in slips for each in record.excused)


def _name_in_common(results: dict[str, CheckResult], record: Record, memo: Memo) -> None:
    """A name stands if no answer of the question contradicts it; where several are alike, the one that is left does."""
    seen = record.seen
    by_kind = explain_where([each for each in seen if each.is_right], [each for each in seen if each.is_right is False])
    left = {
        each.check: [
            match
            for match in each.matches
            if not any(_contradicts(other, each, match, memo, always=by_kind is not None) for other in seen)
            and _explains_most(seen, match, memo)
        ]
        for each in record.likenesses
        if each.check in results and _may_be_named(results[each.check], each)
    }
    elsewhere = {known.name for matches in left.values() if (known := the_only(matches))}
    for check, matches in left.items():
        result = results[check]
        known = the_only(matches) or the_only(match for match in matches if match.misconception.name in elsewhere)
        if known is None and result.misconception:
            results[check] = replace(result, misconception=None, lesson="", message=result.detail)
        elif known and not result.misconception:
            message = f"{result.message}\n{known.lesson}"
            results[check] = replace(result, misconception=known.name, lesson=known.lesson, message=message)


def _explains_most(seen: Sequence[Seen], match: Match, memo: Memo) -> bool:
    """Whether most of the wrong answers are those of a mistake, as far as it gives wrong ones there, too.

    Not all need be, for there may be a second mistake. But it must be some that tell more than a few numbers.
    """
    wrong = [each.answer for each in seen if each.is_right is False]
    replies = [memo.reply(match.function, answer.args, answer.kwargs) for answer in wrong]
    alike = [answer for answer, reply in zip(wrong, replies, strict=True) if answers_alike(answer, reply)]
    different = [
        answer
        for answer, reply in zip(wrong, replies, strict=True)
        if not answers_alike(answer, reply) and isinstance(reply, Returned) and not answer.is_right_with(reply)
    ]
    tell = all(map(is_degenerate, wrong)) or not all(map(is_degenerate, alike))
    return tell and len(alike) >= 2 * len(different)


def _may_be_named(result: CheckResult, likeness: Likeness) -> bool:
    """Whether it is the likeness that a check's name comes from, or could come from."""
    names = {match.misconception.name for match in likeness.matches if not match.misconception.slip}
    unnamed = result.misconception is None and result.outcome in (Outcome.FAILED, Outcome.ERROR)
    return unnamed or result.misconception in names


def _contradicts(seen: Seen, likeness: Likeness, match: Match, memo: Memo, *, always: bool) -> bool:
    """Whether an answer cannot be that of a student who makes this mistake: the mistake gives another one.

    In calls of another kind that tells nothing, for a mistake may be made with batches only, and a second one with
    masks. But a right answer there tells (`always`) if there is a better explanation, or if the likeness is to few
    numbers; and all tell where the likeness is to an exception's words only.
    """
    answer = seen.answer
    if seen.is_right is None:
        return False
    weak = likeness.by_exception or (seen.is_right and (always or is_degenerate(likeness.answer)))
    if not weak and kind(answer) != kind(likeness.answer):
        return False
    reply = memo.reply(match.function, answer.args, answer.kwargs)
    if seen.is_right:
        return not answer.is_right_with(reply)
    if isinstance(reply, Raised) and isinstance(answer.reply, Raised):
        return reply.type != answer.reply.type
    return not answers_alike(answer, reply)


def _explain_the_rest(results: dict[str, CheckResult], record: Record) -> None:
    """What explains, by no more than the answers themselves, why those checks fail that have no name."""
    unnamed = {
        name
        for name, result in results.items()
        if result.outcome in (Outcome.FAILED, Outcome.ERROR) and result.misconception is None
    }
    if any(results[seen.check].misconception for seen in record.seen if seen.check in results):
        return  # one mistake, one name
    right = [seen for seen in record.seen if seen.is_right]
    wrong = [seen for seen in record.seen if seen.is_right is False and seen.check in unnamed]
    explanation = explain(right, wrong)
    for name in {seen.check for seen in wrong} if explanation else ():
        assert explanation is not None
        message = f"{results[name].message}\n{explanation.statement}"
        results[name] = replace(
            results[name], message=message, misconception=explanation.name, lesson=explanation.statement
        )
