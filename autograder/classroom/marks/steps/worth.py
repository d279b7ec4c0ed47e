"""What of an assignment counts, and what one person's work earns of it, before the rules about time.

Of a question, that counts which comes first: an override; all points, where it is dropped as "full"; what a person
gave; what its checks earned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from autograder.classroom.marks import messages
from autograder.classroom.marks.model import Adjustment, HandPoints, WrittenMark, tidy
from autograder.classroom.marks.steps.case import Case
from autograder.classroom.person import composed
from autograder.classroom.policy.model import AssignmentPolicy, DropAs, Override
from autograder.language.listing import listed
from autograder.report.formatting import ROUNDING
from autograder.report.model import CheckResult, Outcome, QuestionResult, Report, WrittenAnswer, number


@dataclass(frozen=True)
class Earned:
    """What a report gives. `awaits` are sentences: why a person must look before there is a mark.

    `has_grader_error`: a check of ours failed whose points are not settled otherwise.
    """

    checks: float
    answers: tuple[WrittenMark, ...]
    lines: tuple[Adjustment, ...]
    awaits: tuple[str, ...]
    has_grader_error: bool

    @property
    def written(self) -> float:
        """What is known so far; an answer that nobody has graded has nothing yet."""
        return tidy(sum(answer.points or 0.0 for answer in self.answers))


def counting(report: Report, rule: AssignmentPolicy) -> Report:
    """The report as if what is dropped as "removed" had never been in it."""
    if rule.drop_as is not DropAs.REMOVED or not rule.drop:
        return report
    return replace(
        report,
        questions=tuple(
            replace(question, checks=tuple(check for check in question.checks if check.name not in rule.drop))
            for question in report.questions
            if question.name not in rule.drop
        ),
        written=tuple(words for words in report.written if words.name not in rule.drop),
    )


def dropped(report: Report, rule: AssignmentPolicy) -> tuple[str, ...]:
    """The names of the checks and questions in the report that are dropped as "removed"."""
    if rule.drop_as is not DropAs.REMOVED:
        return ()
    checks = {check.name for question in report.questions for check in question.checks}
    questions = {question.name for question in report.questions} | {words.name for words in report.written}
    return tuple(sorted(rule.drop & (checks | questions)))


def possible(report: Report, rule: AssignmentPolicy) -> float:
    """The maximum: all that counts, without extra credit."""
    left = counting(report, rule)
    in_code = (
        check.points
        for question in left.questions
        for check in question.checks
        if not {question.name, check.name} & rule.extra_credit
    )
    in_words = (words.max_score for words in left.written if words.name not in rule.extra_credit)
    return tidy(sum(in_code) + sum(in_words))


def earned(case: Case, report: Report) -> Earned:
    """What a person's work earns, with a line for each way in which that is not what checks and people gave."""
    left = counting(report, case.rule)
    parts = [*(_code(case, question) for question in left.questions), *(_words(case, each) for each in left.written)]
    return Earned(
        checks=tidy(left.score),
        answers=tuple(part.answer for part in parts if part.answer),
        lines=(
            *_removed(report, case.rule),
            *_extra_credit(left, case.rule),
            *(line for part in parts for line in part.lines),
        ),
        awaits=tuple(part.awaits for part in parts if part.awaits),
        has_grader_error=any(part.has_grader_error for part in parts),
    )


def agreed(sources: tuple[HandPoints, ...]) -> HandPoints | None:
    """What people gave, if all sources say the same; their comments together. None where they differ, or none is."""
    if not sources or differ(sources):
        return None
    first, *_ = ordered = sorted(sources, key=_source)
    comments = dict.fromkeys(each.comment for each in ordered if each.comment)
    return replace(first, comment="\n".join(comments))


def differ(sources: tuple[HandPoints, ...]) -> bool:
    points = [each.points for each in sources]
    return bool(points) and max(points) - min(points) > ROUNDING


def given(sources: tuple[HandPoints, ...]) -> str:
    """The points of several sources, each with where it stands."""
    ordered = sorted(sources, key=_source)
    return listed(messages.given_in(number(each.points), each.source) for each in ordered)


def _source(points: HandPoints) -> tuple[str, float]:
    return points.source, points.points


def points(count: float) -> str:
    """Points in a sentence."""
    return messages.points(number(tidy(count)))


@dataclass(frozen=True)
class _QuestionPart:
    """One question of the sum: as `Earned`, and an answer where it is one in words."""

    lines: tuple[Adjustment, ...]
    awaits: str = ""
    has_grader_error: bool = False
    answer: WrittenMark | None = None


def _code(case: Case, question: QuestionResult) -> _QuestionPart:
    """A question that checks grade."""
    name, score, most = composed(question.name), question.score, question.max_score
    sources = case.questions.get(name, ())
    by_person, awaits = agreed(sources), _unsettled(case, name, sources)
    comment = _comment(question.name, "" if awaits else by_person.comment if by_person else case.comments.get(name, ""))
    if override := case.question_overrides.get(name):
        return _QuestionPart((_set(override, score), *comment))
    added = _added(case, question.name)
    if _is_full(question.name, case.rule) and (by_person is None or awaits or by_person.points <= most):
        text = messages.question_in_full(question.name, points(most), number(tidy(score)))
        return _QuestionPart((*_moved(text, most - score), *added, *comment))
    if by_person and not awaits:
        text = messages.by_person(question.name, points(by_person.points), number(tidy(score)), by_person.comment)
        return _QuestionPart((Adjustment(text, tidy(by_person.points - score)), *added))
    is_ours = any(
        check.outcome is Outcome.GRADER_ERROR for check in question.checks if not _is_full(check.name, case.rule)
    )
    return _QuestionPart((*_checks_in_full(question, case.rule), *added, *comment), awaits, is_ours)


def _words(case: Case, words: WrittenAnswer) -> _QuestionPart:
    """A question that a person grades. One that was left as handed out has nothing, unless a person gave something."""
    name = composed(words.name)
    sources = case.written.get(name, ())
    by_person, awaits = agreed(sources), _unsettled(case, name, sources)
    known = tidy(by_person.points) if by_person and not awaits else None
    if not sources and not awaits:
        known = 0.0 if name in case.unanswered else None
        awaits = "" if name in case.unanswered else messages.not_graded_by_hand(words.name)
    comment = by_person.comment if by_person else case.comments.get(name, "") if known is not None else ""
    answer = WrittenMark(words.name, known, words.max_score, comment)
    before = known or 0.0
    if override := case.question_overrides.get(name):
        return _QuestionPart((_set(override, before),), answer=answer)
    added = _added(case, words.name)
    if _is_full(words.name, case.rule):
        text = messages.question_in_full(words.name, points(words.max_score), number(before))
        return _QuestionPart((*_moved(text, max(0.0, words.max_score - before)), *added), answer=answer)
    return _QuestionPart(added, awaits, answer=answer)


def _unsettled(case: Case, name: str, sources: tuple[HandPoints, ...]) -> str:
    """Why what people gave does not count; empty where it does."""
    if differ(sources):
        return messages.sources_differ(name)
    return messages.to_be_looked_at_again(name) if name in case.awaits else ""


def _is_full(name: str, rule: AssignmentPolicy) -> bool:
    return rule.drop_as is DropAs.FULL and name in rule.drop


def _moved(text: str, by: float) -> tuple[Adjustment, ...]:
    """A line; none where it would move nothing."""
    return (Adjustment(text, tidy(by)),) if tidy(by) else ()


def _set(override: Override, before: float) -> Adjustment:
    text = messages.question_set(override.question, points(override.points), override.reason)
    return Adjustment(text, tidy(override.points - before))


def _added(case: Case, question: str) -> tuple[Adjustment, ...]:
    """What a person added to a question, or took off."""
    extra = case.extra.get(composed(question), 0.0)
    text = messages.extra_points if extra > 0 else messages.fewer_points
    return _moved(text(question, points(abs(extra))), extra)


def _comment(question: str, comment: str) -> tuple[Adjustment, ...]:
    """What a person wrote about an answer, where their points, if they gave any, are not those that count."""
    return (Adjustment(messages.comment(question, comment)),) if comment else ()


def _checks_in_full(question: QuestionResult, rule: AssignmentPolicy) -> tuple[Adjustment, ...]:
    def text(check: CheckResult) -> str:
        return messages.check_in_full(_title(check), question.name, points(check.points), number(tidy(check.earned)))

    full = (check for check in question.checks if _is_full(check.name, rule))
    return tuple(line for check in full for line in _moved(text(check), check.points - check.earned))


def _removed(report: Report, rule: AssignmentPolicy) -> Iterator[Adjustment]:
    if rule.drop_as is not DropAs.REMOVED:
        return
    for question in report.questions:
        if question.name in rule.drop:
            yield Adjustment(messages.question_removed(question.name, points(question.max_score)))
            continue
        for check in question.checks:
            if check.name in rule.drop:
                yield Adjustment(messages.check_removed(_title(check), question.name, points(check.points)))
    for words in report.written:
        if words.name in rule.drop:
            yield Adjustment(messages.question_removed(words.name, points(words.max_score)))


def _extra_credit(left: Report, rule: AssignmentPolicy) -> Iterator[Adjustment]:
    """A line for each question and check, in the order of the report."""
    for question in left.questions:
        if question.name in rule.extra_credit:
            yield Adjustment(messages.question_is_extra(question.name))
            continue
        for check in question.checks:
            if check.name in rule.extra_credit:
                yield Adjustment(messages.check_is_extra(_title(check), question.name))
    for words in left.written:
        if words.name in rule.extra_credit:
            yield Adjustment(messages.question_is_extra(words.name))


def _title(check: CheckResult) -> str:
    """What a student knows the check by."""
    return check.title or check.name
