"""Late work as nbgrader knows it: what its plugin takes off, and where its dates are not those of the policy."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from jupyter_core.application import JupyterApp
from nbgrader.preprocessors import AssignLatePenalties

from autograder.classroom.marks.model import Member
from autograder.classroom.person import composed
from autograder.classroom.policy.model import EVERY_ASSIGNMENT, Policy
from autograder.errors import UserError
from autograder.language.listing import listed
from autograder.nbgrader import messages
from autograder.report.diff import Key

# (student, score, seconds late) → points taken off, or None: the method of nbgrader's plugin.
LateRule = Callable[[str, float, float], float | None]


def late_rule(app: JupyterApp) -> LateRule:
    """The rule of the plugin that nbgrader's settings name. Whatever fails in it is a UserError."""
    try:
        step = AssignLatePenalties(parent=app)
        step.init_plugin()
    except Exception as error:  # a plugin of theirs: anything
        raise UserError(messages.late_rule_failed(type(error).__name__, str(error))) from error

    def rule(student: str, score: float, seconds: float) -> float | None:
        try:
            points = step.plugin_inst.late_submission_penalty(student, score, seconds)
            return None if points is None else float(points)
        except Exception as error:
            raise UserError(messages.late_rule_failed(type(error).__name__, str(error))) from error

    return rule


def seconds_late(due: datetime | None, handed_in: datetime | None, extension: timedelta | None) -> float:
    """How late something is, 0 where it is not; in the database's times: in UTC, without a zone."""
    if due is None or handed_in is None:
        return 0.0
    return max(0.0, (handed_in - due - (extension or timedelta())).total_seconds())


def penalty_for(rule: LateRule, student: str, score: float, late: float) -> float | None:
    """What the rule takes off a score that is `late` seconds late: never more than the score, never less than nothing.

    None where it is not late, or the rule has nothing to say.
    """
    points = rule(student, score, late) if late > 0 else None
    return None if points is None else min(max(points, 0.0), score)


def date_warnings(
    policy: Policy, members: Sequence[Member], due: Mapping[str, datetime], extended: Collection[Key]
) -> list[str]:
    """A line for each date in the gradebook that does not count, for the policy has another deadline.

    `due` is by assignment. `extended` are the students and assignments with more time in the gradebook.
    """
    lines: list[str] = []
    if policy.path is None:
        return lines
    for name, ours in sorted((name, rules.due) for name, rules in policy.assignments.items() if rules.due):
        theirs = due[name].replace(tzinfo=UTC) if name in due else None
        if theirs and theirs != ours:
            lines.append(messages.two_due_dates(name, _shown(theirs, policy), _shown(ours, policy), policy.path))
        granted = {each.student for each in policy.extensions if each.assignment in (name, EVERY_ASSIGNMENT)}
        in_time = {composed(member.folder) for member in members if member.name in granted}
        if students := sorted(student for student, about in extended if about == name and student not in in_time):
            lines.append(messages.extension_unknown(name, listed(students), policy.path))
    return lines


def _shown(time: datetime, policy: Policy) -> str:
    return f"{time.astimezone(policy.zone):%Y-%m-%d %H:%M %Z}"
