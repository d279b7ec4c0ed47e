"""Names the mistake that visible checks have shown, where all that a function did in them agrees with one alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from autograder.checking.at_home.examples import explain_examples
from autograder.checking.at_home.known import MIN_ALIKE, KnownMistake, KnownMistakes, WrongAnswer
from autograder.checking.at_home.observed import Call, Observed
from autograder.report.model import CheckResult, Outcome, QuestionResult

Answers = Mapping[str, WrongAnswer | None]


def is_wrong(check: CheckResult) -> bool:
    """Whether a check has failed because of what an answer was."""
    return check.outcome in (Outcome.FAILED, Outcome.ERROR)


def explained(question: QuestionResult, observed: Observed, known: KnownMistakes) -> QuestionResult:
    """The results of a question's visible checks, and what explains them: a known mistake, or else a rule."""
    with np.errstate(all="ignore"):  # what is computed from a student's inf and nan is nobody's news
        question = with_names(question, observed.calls, known)
        if any(check.misconception for check in question.checks):
            return question  # one mistake, one name
        calls = [call for call in observed.calls if call.question == question.name]
        comparisons = [each for each in observed.comparisons if each.call.question == question.name]
        explanation, shown = explain_examples(question.checks, calls, comparisons, known)
    if explanation is None:
        return question
    name, statement = explanation.name, explanation.statement
    checks = (named(each, name, statement) if each.name in shown else each for each in question.checks)
    return replace(question, checks=tuple(checks))


def with_names(question: QuestionResult, calls: Sequence[Call], known: KnownMistakes) -> QuestionResult:
    """The results of a question's visible checks, with the name of the known mistake that they show, if there is one.

    `calls` are all that the checks made, and how they ended. Where several mistakes agree with them, none is named.
    """
    failing = [check.name for check in question.checks if is_wrong(check) and not check.misconception]
    own = [call for call in calls if call.question == question.name and call.key]
    candidates = [each for each in known.mistakes if each.question == question.name]
    wrong = {call.key for call in own if known.is_right(call) is False}
    wrong |= {call.key for call in own for each in candidates for some in each.variants if _is_like(each, some, call)}
    explaining = [
        (each, answers)
        for each in candidates
        for answers in each.variants
        if _explains(each, answers, own, failing, wrong)
    ]
    if len({each.name for each, _ in explaining}) != 1:
        return question
    mistake = explaining[0][0]
    shown = {call.check for _, answers in explaining for call in own if answers.get(call.key) is not None}
    return replace(
        question,
        checks=tuple(
            named(check, mistake.name, mistake.lesson) if check.name in failing and check.name in shown else check
            for check in question.checks
        ),
    )


def named(check: CheckResult, name: str, lesson: str) -> CheckResult:
    """A result that did not know why, and does."""
    found = replace(check, misconception=name, lesson=lesson, message=f"{check.message}\n{lesson}")
    return found.called_in_language()


def _is_like(mistake: KnownMistake, answers: Answers, call: Call) -> bool:
    answer = answers.get(call.key)
    return answer is not None and answer.is_like(call) and mistake.may_be(call)


def _explains(
    mistake: KnownMistake,
    answers: Answers,
    calls: Sequence[Call],
    failing: Sequence[str],
    wrong: set[str],
) -> bool:
    """Whether a mistake answers all calls as the student did, and in each check that fails, one of them wrongly.

    What is alike must be more than a single number, and more than an exception's words without any size in them.
    """
    for call in calls:
        if call.key not in answers:
            continue
        answer = answers[call.key]
        if call.key in wrong if answer is None else answer.is_contradicted_by(call):
            return False
    for name in failing:
        in_check = [(answers[call.key], call) for call in calls if call.check == name and call.key in answers]
        if in_check and not any(answer and answer.ends_like(call) for answer, call in in_check):
            return False
    alike = {call.key: answers[call.key] for call in calls if _is_like(mistake, answers, call)}
    return sum(answer.entries for answer in alike.values() if answer) >= MIN_ALIKE
