"""Gathers what the marks of a class are made of, from the folder of reports and the files of its instructors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from autograder.classroom.marks.compute import class_marks
from autograder.classroom.marks.model import ByHand, ClassMarks, HandPoints, MarkInputs, Member
from autograder.classroom.members import members
from autograder.classroom.policy.known import KnownNames
from autograder.classroom.policy.model import Policy
from autograder.classroom.policy.reader import read_policy
from autograder.classroom.roster import read_roster, roster_of
from autograder.classroom.written.sheet import SHEET, hand_points, read_sheet
from autograder.grading.class_record import ClassRecord
from autograder.grading.store import ReportStore
from autograder.report.model import Report
