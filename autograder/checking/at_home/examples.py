"""What is wrong with a function, told from visible checks alone: from the numbers that stand in them, and from which
calls fail.

The rules are those of grading (`rules.py`, `kinds.py`, `slips.py`). Here they see few answers, to small examples that
are printed with two digits; so what is wrong must be plain, with as many different numbers as cannot be by chance.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.checking.at_home.known import KnownMistakes
from autograder.checking.at_home.observed import Call, ComparedPart
from autograder.checking.comparison.arrays import to_array
from autograder.checking.recognition import messages
from autograder.checking.recognition.kinds import (
    MIN_TELLING,
    Explanation,
    Seen,
    explain_by_form,
    is_degenerate,
    kind,
)
from autograder.checking.recognition.rules import (
    OF_ALL_NUMBERS,
    How,
    Pair,
    axes_of_length_1,
    by_a_factor,
    by_a_number,
    first_of,
    nearly_right,
    returned_argument,
    transposed,
)
from autograder.checking.recognition.slips import ERRORS_ABOUT_AXES, Answer, find_slip
from autograder.report.model import CheckResult, Outcome
from autograder.sandbox.protocol import Raised, Returned

MIN_RIGHT = 2  # calls, before it is said what kind of calls are answered rightly
OF_SIZES = (by_a_factor, by_a_number)
PLAINLY = 4  # times the digits that are printed: less may be off by rounding
FEW_DIGITS = 1e-5  # with a larger tolerance, nobody can tell whether numbers are rounded


def explain_examples(
    checks: Sequence[CheckResult], calls: Sequence[Call], comparisons: Sequence[ComparedPart], known: KnownMistakes
) -> tuple[Explanation | None, set[str]]:
    """What explains all that is known to be wrong with a question's calls, and the checks in which it shows."""
    passed = {check.name for check in checks if check.outcome is Outcome.PASSED}
    failing = {check.name for check in checks if check.outcome in (Outcome.FAILED, Outcome.ERROR)}
    wrong = [each for each in comparisons if not each.is_right and each.call.check in failing]
    right = [each for each in comparisons if each.is_right]
    with np.errstate(all="ignore"):
        if explanation := _by_kind(calls, comparisons, passed, failing, known):
            return explanation, failing
        turned = any(_is_turned(call, known.forms.get(call.key)) for call in calls if call.check in failing)
        raised = any(isinstance(call.reply, Raised) for call in calls if call.check in failing)
        explanation = _by_numbers(right, wrong, turned=turned) if wrong and not raised else None
    return explanation, {each.call.check for each in wrong}


def _by_kind(
    calls: Sequence[Call],
    comparisons: Sequence[ComparedPart],
    passed: set[str],
    failing: set[str],
    known: KnownMistakes,
) -> Explanation | None:
    """Which kind of calls fails, where it is plain of each call whether it does."""
    found: dict[int, list[bool]] = {}
    for each in comparisons:
        found.setdefault(id(each.call), []).append(each.is_right)

    def is_right(call: Call) -> bool:
        if (told := known.is_right(call)) is not None:
            return told
        return call.check in passed or all(found.get(id(call), [False]))

    right = [call for call in calls if is_right(call)]
    wrong = [call for call in calls if not any(call is each for each in right)]
    has_raised = all(isinstance(call.reply, Raised) and call.reply.type in ERRORS_ABOUT_AXES for call in wrong)
    if (
        not wrong
        or len(right) < (1 if has_raised else MIN_RIGHT)
        or len(wrong) != len(failing)
        or {call.check for call in wrong} != failing
    ):
        return None
    return explain_by_form([_seen(call) for call in right], [_seen(call) for call in wrong])


def _seen(call: Call) -> Seen:
    """A call as far as its kind goes."""
    return Seen(call.check, True, _answer(call, call.reply, None), is_right=None)


def _answer(call: Call, reply: Returned | Raised, expected: object) -> Answer:
    return Answer(lambda args, kwargs: call.reply, call.args, call.kwargs, reply, expected)


def _is_turned(call: Call, form: object) -> bool:
    """Whether an answer has the shape of the right one, but for its last two axes, which have changed places."""
    array = to_array(call.reply.value) if isinstance(call.reply, Returned) else None
    if array is None or not isinstance(form, np.ndarray) or form.ndim < 2 or array.shape == form.shape:
        return False
    return bool(array.shape == np.swapaxes(form, -1, -2).shape)


def _by_numbers(right: Sequence[ComparedPart], wrong: Sequence[ComparedPart], *, turned: bool) -> Explanation | None:
    if place := _another_place(wrong):
        return place
    pairs = [_pair(each) for each in wrong if each.actual.size == each.desired.size]
    if len(pairs) < len(wrong):
        return None
    pairs.sort(key=lambda pair: pair.digits)  # what others are compared with is told by the most precise
    hows = _not_contradicted(right, wrong) if all(map(_is_plainly_off, pairs)) else []
    if any(len(_different([pair])) >= MIN_TELLING for pair in pairs):
        explanation = _slip(wrong) or axes_of_length_1(pairs)
        explanation = explanation or first_of(hows, pairs)
        if hows:
            explanation = explanation or returned_argument([*map(_as_answer, wrong)])
        explanation = explanation or nearly_right(pairs)
    else:  # few numbers are different, but shapes say the same, or other checks
        several = len({each.call.check for each in wrong}) > 1 and len(_different(pairs)) > 1
        hows = [how for how in hows if (how is transposed and turned) or (how in OF_SIZES and several)]
        explanation = first_of(hows, pairs)
    parts = {pair.part for pair in pairs}
    if explanation and 0 not in parts and len(parts) == 1:
        return Explanation(explanation.name, messages.of_part(min(parts), explanation.statement))
    return explanation


def _as_answer(comparison: ComparedPart) -> Answer:
    """What was compared, as if it were all that the call returned."""
    call = comparison.call
    reply = Returned(comparison.actual)
    return Answer(lambda args, kwargs: reply, call.args, call.kwargs, reply, comparison.desired, comparison.tolerance)


def _pair(comparison: ComparedPart) -> Pair:
    actual, desired = (np.asarray(array, np.float64) for array in (comparison.actual, comparison.desired))
    tolerance = comparison.tolerance
    return Pair(actual, desired, tolerance.relative, comparison.part, tolerance.absolute)


def _different(pairs: Sequence[Pair]) -> set[float]:
    """The right numbers that can be told apart in the digits that are printed; none, where an answer is not finite."""
    if not all(np.isfinite(array).all() for pair in pairs for array in (pair.array, pair.wanted)):
        return set()
    step = PLAINLY * max(max(pair.digits, pair.precision * np.max(np.abs(pair.wanted), initial=0)) for pair in pairs)
    return {float(number) for pair in pairs for number in np.round(pair.wanted / step).ravel()}


def _is_plainly_off(pair: Pair) -> bool:
    """Whether it is not rounding alone that makes the difference."""
    if not pair.same_shape:
        return True
    return bool(np.max(np.abs(pair.array - pair.wanted)) >= PLAINLY * pair.digits)


def _not_contradicted(right: Sequence[ComparedPart], wrong: Sequence[ComparedPart]) -> list[How]:
    """The rules that do not say something else of a call of the same kind, of which it is known that it is right."""
    kinds = {(each.part, kind(_as_answer(each))) for each in wrong}
    same = [each for each in right if (each.part, kind(_as_answer(each))) in kinds]
    telling = [each for each in same if not is_degenerate(_as_answer(each))]
    if any(np.ptp(each.desired) for each in telling):
        return []
    return [how for how in OF_ALL_NUMBERS if not (telling and how in OF_SIZES)]


def _slip(wrong: Sequence[ComparedPart]) -> Explanation | None:
    """Numbers that are rounded, or in single precision, in all that is wrong."""
    if any(each.tolerance.absolute > FEW_DIGITS or each.actual.shape != each.desired.shape for each in wrong):
        return None
    answers = [_as_answer(each) for each in wrong]
    slip = find_slip(answers[0])
    return Explanation(slip.name, slip.statement) if slip and all(map(slip.excuses, answers)) else None


def _another_place(wrong: Sequence[ComparedPart]) -> Explanation | None:
    """Whether all that is wrong stands in another place of what was returned."""
    found = [_place_of(each) for each in wrong]
    if not all(found) or not any(len(_different([_pair(each)])) >= MIN_TELLING for each in wrong):
        return None
    return Explanation("another_order", messages.in_another_place(found[0], wrong[0].part))


def _place_of(comparison: ComparedPart) -> int:
    """The number of the array returned that is what another one should be; 0 where there is none."""
    reply = comparison.call.reply
    value = reply.value if isinstance(reply, Returned) else None
    if not comparison.part or not isinstance(value, list | tuple):
        return 0
    wanted = _pair(comparison)
    arrays = ((number, to_array(part)) for number, part in enumerate(value, 1) if number != comparison.part)
    return next((number for number, array in arrays if array is not None and wanted.is_like(array, wanted.wanted)), 0)
