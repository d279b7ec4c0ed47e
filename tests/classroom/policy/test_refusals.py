"""What is refused in a class.toml: one line, with the line of the file, what is wrong, and what to do."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.classroom.policy import keys
from autograder.classroom.policy.known import KnownNames
from autograder.classroom.policy.reader import read_policy, read_roster_path
from autograder.errors import UserError
from autograder.text import on_one_line
from tests.classroom.policy.a_class import ALL, KNOWN, policy_of, write

ASSIGNMENTS = "02_scaled_scores, 03_softmax, 04_attention"
AS_SHOWN = (
    "write the name that the class page shows, or take this out; "
    "those who handed in nothing are known by a roster alone"
)
SOFTMAX = "[assignments.03_softmax]\n"
DUE = "[assignments.03_softmax]\ndue = 2026-10-12T23:59:00Z\n"
EXTENSION = '[[extensions]]\nstudent = "ana"\nassignment = "03_softmax"\n'
EXCUSED = '[[excused]]\nstudent = "ana"\nassignment = "03_softmax"\n'
OVERRIDE = '[[overrides]]\nstudent = "ana"\nassignment = "03_softmax"\npoints = 11\nreason = "agreed"\n'
ON_QUESTION = OVERRIDE + 'question = "softmax"\n'

KEYS = [
    ('timezon = "UTC"', 1, '"timezon" is no key here: did you mean "timezone"?'),
    ("\nextension = 3", 2, '"extension" is no key here: did you mean "extensions"?'),
    ("x = 1", 1, f'"x" is no key here; here are {", ".join(keys.TOP)}'),
    ('"a\\nb\\u001b" = 1', 1, f'"a b�" is no key here; here are {", ".join(keys.TOP)}'),
    ("[late]\npercnt = 10", 2, '"percnt" is no key here: did you mean "percent"?'),
    ("[late]\nPercent = 10", 2, '"Percent" is no key here: did you mean "percent"?'),
    ("late.percnt = 10", 1, '"percnt" is no key here: did you mean "percent"?'),
    ("late = {percent = 10, peer = 'day'}", 1, '"peer" is no key here: did you mean "per"?'),
    (f"{SOFTMAX}drops = []", 2, '"drops" is no key here: did you mean "drop"?'),
    ("[assignments.03_softmax.late]\nq = 1", 2, f'"q" is no key here; here are {", ".join(keys.LATE_OF_ONE)}'),
    (f"{EXTENSION}day = 3", 4, '"day" is no key here: did you mean "days"?'),
    (f'{EXCUSED}reasons = "ill"', 4, '"reasons" is no key here: did you mean "reason"?'),
    (f"{OVERRIDE}point = 3", 6, '"point" is no key here: did you mean "points"?'),
    (f"{EXCUSED}\n[[excused]]\nstudnt = 1", 6, '"studnt" is no key here: did you mean "student"?'),
    ("percent = 10", 1, "percent is a key of [late], and this is another table: move it there"),
    (
        f"{SOFTMAX}percent = 10",
        2,
        "percent is a key of [assignments.03_softmax.late], and this is another table: move it there",
    ),
    ("[late]\nweight = 1", 2, "weight is a key of [assignments.NAME], and this is another table: move it there"),
    (f"{EXCUSED}points = 1", 4, "points is a key of [[overrides]], and this is another table: move it there"),
    (f"{EXCUSED}days = 1", 4, "days is a key of [[extensions]], and this is another table: move it there"),
    (
        '[late]\nattempt = "last"',
        2,
        "attempt is a key of no table: move it to the top of the file, above the first line in brackets",
    ),
    (
        "[assignments.03_softmax.late]\nfree_days = 1",
        2,
        "free_days are of the whole term: they stand in [late], not in an assignment",
    ),
    (
        f"{SOFTMAX}free_days = 1",
        2,
        "free_days are of the whole term: they stand in [late], not in an assignment",
    ),
    ("[03_softmax]", 1, "the rules of an assignment begin with [assignments.03_softmax]"),
    ('[[excused]]\nassignment = "*"', 1, 'student is missing here: add student = "…"'),
    (f"\n{EXCUSED}[[excused]]\nstudent = 'ana'", 5, 'assignment is missing here: add assignment = "…"'),
    (OVERRIDE.replace("points = 11\n", ""), 1, "points is missing here: add points = 10"),
    (
        OVERRIDE.replace('reason = "agreed"\n', ""),
        1,
        'reason is missing here: say why, for the student reads it, reason = "…"',
    ),
]
TABLES = [
    ("late = 10", 1, "late is to be a table: begin it with a line [late]"),
    ("[[late]]", 1, "late is to be a table: begin it with a line [late]"),
    ("assignments = []", 1, "assignments is to be a table: begin it with a line [assignments.NAME]"),
    ("[assignments]\n03_softmax = 3", 2, "03_softmax is to be a table: begin it with a line [assignments.03_softmax]"),
    (
        "[[assignments.03_softmax]]",
        1,
        "03_softmax is to be a table: begin it with a line [assignments.03_softmax]",
    ),
    (f"{SOFTMAX}late = 1", 2, "late is to be a table: begin it with a line [assignments.03_softmax.late]"),
    ("[extensions]", 1, "extensions may be there several times: begin each with a line [[extensions]]"),
    ("[excused]", 1, "excused may be there several times: begin each with a line [[excused]]"),
    ('overrides = "ana"', 1, "overrides may be there several times: begin each with a line [[overrides]]"),
    ('excused = [\n"ana"]', 2, "excused may be there several times: begin each with a line [[excused]]"),
]
TEXTS = [
    ("attempt = 1", 1, 'attempt is to be a text in quotes: attempt = "…"'),
    ('attempt = ""', 1, 'attempt is empty: write something between the quotes, attempt = "…"'),
    ('attempt = "first"', 1, 'attempt knows no "first"; it knows last, last_before_deadline'),
    ('attempt = "Last"', 1, 'attempt knows no "Last": did you mean "last"?'),
    (
        'attempt = "last_before_the_deadline"',
        1,
        'attempt knows no "last_before_the_deadline": did you mean "last_before_deadline"?',
    ),
    ('zeros = "missing"', 1, 'zeros is to be a list of texts in quotes: zeros = ["…", "…"]'),
    ('zeros = [\n"missing",\n1]', 3, 'zeros is to be a list of texts in quotes: zeros = ["…", "…"]'),
    ('zeros = [\n"missing",\n"mising"]', 3, 'zeros knows no "mising": did you mean "missing"?'),
    ('zeros = ["excused"]', 1, 'zeros knows no "excused"; it knows missing, unreadable, awaits_hand_grading'),
    ('zeros = ["missing", "missing"]', 1, 'zeros has "missing" twice: name it once'),
    ('[late]\nper = "week"', 2, 'per knows no "week"; it knows day, hour'),
    ('[late]\nper = "days"', 2, 'per knows no "days": did you mean "day"?'),
    ('[late]\nof = "posible"', 2, 'of knows no "posible": did you mean "possible"?'),
    ("[late]\nof = true", 2, 'of is to be a text in quotes: of = "…"'),
    (f'{SOFTMAX}drop_as = "remove"', 2, 'drop_as knows no "remove": did you mean "removed"?'),
    (f"{SOFTMAX}drop = 'softmax'", 2, 'drop is to be a list of texts in quotes: drop = ["…", "…"]'),
    (f"{SOFTMAX}extra_credit = [3]", 2, 'extra_credit is to be a list of texts in quotes: extra_credit = ["…", "…"]'),
    (f"{SOFTMAX}drop = ['softmax', 'softmax']", 2, 'drop has "softmax" twice: name it once'),
    ("[[excused]]\nstudent = 7", 2, 'student is to be a text in quotes: student = "…"'),
    ("[[excused]]\nstudent = ['ana', 'ben']", 2, 'student is to be a text in quotes: student = "…"'),
    ("[[excused]]\nstudent = 'ana'\nassignment = 3", 3, 'assignment is to be a text in quotes: assignment = "…"'),
    (f"{EXCUSED}reason = ' '", 4, 'reason is empty: write something between the quotes, reason = "…"'),
    (f"{EXTENSION}days = 1\nreason = 1", 5, 'reason is to be a text in quotes: reason = "…"'),
    (
        OVERRIDE.replace('"agreed"', '""'),
        5,
        'reason is empty: write something between the quotes, reason = "…"',
    ),
    ("roster = 1", 1, 'roster is to be a text in quotes: roster = "…"'),
    (
        'roster = "people.csv"',
        1,
        "there is no people.csv: roster names a file, by its path from the folder of class.toml",
    ),
    *(
        (
            f'roster = "{name}"',
            1,
            f"there is no {shown}: roster names a file, by its path from the folder of class.toml",
        )
        for name, shown in (("n" * 300, "n" * 300), ("a\\u0000b", "a�b"))
    ),
    ('roster = "."', 1, "there is no .: roster names a file, by its path from the folder of class.toml"),
]
NUMBERS = [
    *(
        (f"[late]\n{key} = {value}", 2, says.format(key=key))
        for key in ("grace_minutes", "percent", "at_most_percent", "closed_after_days")
        for value, says in (
            ('"10"', "{key} is to be a number without quotes: {key} = 10"),
            ("true", "{key} is to be a number without quotes: {key} = 10"),
            ("[10]", "{key} is to be a number without quotes: {key} = 10"),
            ("23:59:00", "{key} is to be a number without quotes: {key} = 10"),
            ("nan", "{key} is to be a number that one can count with: {key} = 10"),
            ("-inf", "{key} is to be a number that one can count with: {key} = 10"),
            ("1e999", "{key} is to be a number that one can count with: {key} = 10"),
            ("-1", "{key} cannot be below 0"),
            ("-0.001", "{key} cannot be below 0"),
        )
    ),
    ("[late]\npercent = 100.5", 2, "percent can be 100 at most"),
    ("[late]\nat_most_percent = 101", 2, "at_most_percent can be 100 at most"),
    ("[assignments.03_softmax.late]\npercent = 101", 2, "percent can be 100 at most"),
    ("[late]\nclosed_after_days = 3661", 2, "closed_after_days can be 3,660 at most"),
    ("[late]\ngrace_minutes = 1e9", 2, "grace_minutes can be 5,270,400 at most"),
    ("[late]\nfree_days = 1.5", 2, "free_days is to be a whole number without quotes: free_days = 3"),
    ("[late]\nfree_days = 3.0", 2, "free_days is to be a whole number without quotes: free_days = 3"),
    ('[late]\nfree_days = "3"', 2, "free_days is to be a whole number without quotes: free_days = 3"),
    ("[late]\nfree_days = true", 2, "free_days is to be a whole number without quotes: free_days = 3"),
    ("[late]\nfree_days = -1", 2, "free_days cannot be below 0"),
    ("[late]\nfree_days = 99999", 2, "free_days can be 3,660 at most"),
    (f"{SOFTMAX}weight = -1", 2, "weight cannot be below 0"),
    (f"{SOFTMAX}weight = '1'", 2, "weight is to be a number without quotes: weight = 10"),
    (f"{SOFTMAX}weight = nan", 2, "weight is to be a number that one can count with: weight = 10"),
    (f"{EXTENSION}days = -3", 4, "days cannot be below 0"),
    (f"{EXTENSION}days = 0", 4, "an extension of 0 days is none: write more, or take it out"),
    (f"{EXTENSION}days = 0x{'f' * 5000}", 4, "days can be 3,660 at most"),
    (f"{EXTENSION}days = '3'", 4, "days is to be a number without quotes: days = 10"),
    (OVERRIDE.replace("11", "-1"), 4, "points cannot be below 0"),
    (OVERRIDE.replace("11", "inf"), 4, "points is to be a number that one can count with: points = 10"),
    (OVERRIDE.replace("11", "1" + "0" * 400), 4, "points can be 1,000,000 at most"),
    (OVERRIDE.replace("11", "'11'"), 4, "points is to be a number without quotes: points = 10"),
    (
        "".join(f"[assignments.{name}]\nweight = 0\n" for name in KNOWN.assignments),
        2,
        "all assignments have the weight 0, so there is no total: give one of them another",
    ),
]
NAMES = [
    ("[[excused]]\nstudent = 'anna'", 2, 'nobody in the class is called "anna": did you mean "ana"?'),
    ("[[excused]]\nstudent = 'Ana'", 2, 'nobody in the class is called "Ana": did you mean "ana"?'),
    ("[[excused]]\nstudent = 'zoe'", 2, 'nobody in the class is called "zoe": did you mean "zoë"?'),
    ("[[excused]]\nstudent = '王小'", 2, 'nobody in the class is called "王小": did you mean "王小明"?'),
    (
        "[[excused]]\nstudent = 'x\u202ey'",
        2,
        f'nobody in the class is called "x�y": {AS_SHOWN}',
    ),
    ("[[extensions]]\nstudent = 'bem'", 2, 'nobody in the class is called "bem": did you mean "cem"?'),
    ("[[overrides]]\nstudent = '*'", 2, f'nobody in the class is called "*": {AS_SHOWN}'),
    ("[assignments.03_sofmax]", 1, 'the course has no assignment "03_sofmax": did you mean "03_softmax"?'),
    ("[assignments.x.y]", 1, f'the course has no assignment "x"; it has {ASSIGNMENTS}'),
    (
        "[[excused]]\nstudent = 'ana'\nassignment = 'softmax'",
        3,
        'the course has no assignment "softmax": did you mean "03_softmax"?',
    ),
    (
        EXTENSION.replace("03_softmax", "**") + "days = 1",
        3,
        f'the course has no assignment "**"; it has {ASSIGNMENTS}',
    ),
    (OVERRIDE.replace("03_softmax", "*"), 3, "an override is for one assignment: write its name in the place of *"),
    (
        f"{OVERRIDE}question = 'sofmax'",
        6,
        '03_softmax has no question "sofmax": did you mean "softmax"?',
    ),
    (
        f"{OVERRIDE}question = 'test_extremes'",
        6,
        '03_softmax has no question "test_extremes"; it has softmax, softmax_jacobian',
    ),
    (
        f"{OVERRIDE}question = 'why_sqrt_d'",
        6,
        '"why_sqrt_d" is of 02_scaled_scores, not of 03_softmax: name it there, or take it out',
    ),
    (f"{OVERRIDE}question = 2", 6, 'question is to be a text in quotes: question = "…"'),
    (
        f"{SOFTMAX}drop = [\n'softmax',\n'test_softmax_extreme']",
        4,
        '03_softmax has no question or check "test_softmax_extreme": did you mean "test_softmax_extremes"?',
    ),
    (
        f"{SOFTMAX}extra_credit = ['jacobi']",
        2,
        '03_softmax has no question or check "jacobi"; its questions are softmax, softmax_jacobian',
    ),
    (
        f"{SOFTMAX}drop = ['weighted_sum']",
        2,
        '"weighted_sum" is of 04_attention, not of 03_softmax: name it there, or take it out',
    ),
    (
        f"{SOFTMAX}drop = ['test_scale_scores']",
        2,
        '"test_scale_scores" is of 02_scaled_scores, not of 03_softmax: name it there, or take it out',
    ),
    (
        f"{SOFTMAX}drop = ['test_attention_scores']",
        2,
        '"test_attention_scores" is of 02_scaled_scores, not of 03_softmax: name it there, or take it out',
    ),
    (
        "[assignments.04_attention]\ndrop = ['weighted_sums']",
        2,
        '04_attention has no question or check "weighted_sums": did you mean "weighted_sum"?',
    ),
]
CONTRADICTIONS = [
    (
        f"{DUE}{EXTENSION}days = 3\ndue = 2026-10-15T23:59:00Z",
        7,
        "an extension has days or due, not both: take one of them out",
    ),
    (f"{DUE}{EXTENSION}", 3, "an extension says how long it is: add days = 3, or due = 2026-10-15T23:59:00"),
    (
        '[[extensions]]\nstudent = "ana"\nassignment = "*"\ndays = 1\n',
        3,
        "no assignment has a due date that could be extended: add due to [assignments.NAME]",
    ),
    (
        f"{EXTENSION}days = 3",
        3,
        "03_softmax has no due date that could be extended: add due to [assignments.03_softmax]",
    ),
    (
        f"{DUE}{EXTENSION}due = 2026-10-12T23:59:00Z",
        6,
        "this is not later than 03_softmax is due for all: write a later time",
    ),
    (
        f"{DUE}{EXTENSION}days = 3\n{EXTENSION}days = 4",
        7,
        '"ana" has an extension for "03_softmax" already, in line 3: keep one of the two',
    ),
    (
        DUE + 2 * '[[extensions]]\nstudent = "ana"\nassignment = "*"\ndays = 1\n',
        7,
        '"ana" has an extension for "*" already, in line 3: keep one of the two',
    ),
    (2 * EXCUSED, 4, '"ana" is excused from "03_softmax" already, in line 1: keep one of the two'),
    (
        EXCUSED + EXCUSED.replace("03_softmax", "*"),
        4,
        '"ana" is excused from "03_softmax" already, in line 1: keep one of the two',
    ),
    (
        EXCUSED.replace("03_softmax", "*") + EXCUSED,
        4,
        '"ana" is excused from "*" already, in line 1: keep one of the two',
    ),
    (2 * OVERRIDE, 6, '"ana" has points for "03_softmax" already, in line 1: keep one of the two'),
    (
        2 * ON_QUESTION,
        7,
        '"ana" has points for "softmax" in "03_softmax" already, in line 1: keep one of the two',
    ),
    (
        OVERRIDE + ON_QUESTION,
        6,
        '"ana" has points for "03_softmax" in line 1, too; beside points for all of it, none count for a question: '
        "keep one of the two",
    ),
    (
        ON_QUESTION + OVERRIDE,
        7,
        '"ana" has points for "03_softmax" in line 1, too; beside points for all of it, none count for a question: '
        "keep one of the two",
    ),
    (
        OVERRIDE + EXCUSED,
        1,
        '"ana" is excused from "03_softmax" (line 6), so no points count: keep one of the two',
    ),
    (
        EXCUSED.replace("03_softmax", "*") + ON_QUESTION,
        4,
        '"ana" is excused from "03_softmax" (line 1), so no points count: keep one of the two',
    ),
    (
        f"{SOFTMAX}drop = [\n'softmax']\n{ON_QUESTION}",
        9,
        '"softmax" is dropped from 03_softmax (line 3), so no points count: keep one of the two',
    ),
    (
        f"{SOFTMAX}drop = [\n'softmax']\nextra_credit = [\n\n'softmax']",
        6,
        '"softmax" is in drop and in extra_credit (line 3): take it out of one of them',
    ),
    (
        f"{SOFTMAX}drop = [\n'test_softmax']\nextra_credit = ['test_softmax[plain]']",
        4,
        '"test_softmax[plain]" is in drop and in extra_credit (line 3): take it out of one of them',
    ),
    (
        f"{SOFTMAX}\ndrop = ['softmax', 'softmax_jacobian']",
        3,
        "drop leaves nothing of 03_softmax: to keep the assignment out of the total, write weight = 0 in the place of "
        "drop",
    ),
]
NO_VALUE = "this is no value of TOML: a text stands in straight quotes, a number, a date, true and false do not"
NOT_TOML = [
    ("[late]\npercent = 10\npercent = 20", 3, "this key has a value already, further up: keep one of the two"),
    (
        f"{SOFTMAX}weight = 2\n{SOFTMAX}weight = 3",
        3,
        "this table has begun already, further up: put all of its keys below one line in brackets",
    ),
    ("\nattempt = last", 2, NO_VALUE),
    ("timezone = Europe/Berlin", 1, NO_VALUE),
    ("attempt = “last”", 1, NO_VALUE),
    ("weight =", 1, NO_VALUE),
    ("[late]\npercent 10", 2, "this is not TOML: Expected '=' after a key in a key/value pair"),
    ("[late]\npercent = 1,5\n", 2, "this is not TOML: Expected newline or end of document after a statement"),
    ("[late\npercent = 1", 1, "this is not TOML: Expected ']' at the end of a table declaration"),
    ('attempt = "last\n', 1, "this is not TOML: Illegal character '\\n'"),
    ('attempt = """last\n\n', 1, "this is not TOML: Unterminated string"),
    ("due = 2026-02-30T23:59:00", 1, "this is not TOML: Invalid date or datetime"),
    (f"{SOFTMAX}due = 2026-10-12 23:59", 2, "a time of day has seconds, too: 2026-10-12 23:59:00"),
    (f"{SOFTMAX}due = 2026-10-12T23:59Z", 2, "a time of day has seconds, too: 2026-10-12T23:59:00"),
    ("a\x1b = 1", 1, "this is not TOML: Expected '=' after a key in a key/value pair"),
]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [*KEYS, *TABLES, *TEXTS, *NUMBERS, *NAMES, *CONTRADICTIONS, *NOT_TOML],
    ids=lambda value: repr(value)[:60] if isinstance(value, str) else "",
)
def test_it_is_refused_in_one_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    assert refused(tmp_path, text) == f", line {line}: {says}"


def refused(folder: Path, text: str, known: KnownNames = KNOWN) -> str:
    """The line that refuses it, behind the path of the file."""
    with pytest.raises(UserError) as error:
        policy_of(folder, text, known)
    line = str(error.value)
    assert line.isprintable()
    return line.removeprefix(str(folder / "class.toml"))


def test_line_ends_make_no_difference(tmp_path: Path) -> None:
    for text, line, says in (*KEYS, *CONTRADICTIONS):
        assert refused(tmp_path, text.replace("\n", "\r\n")) == f", line {line}: {says}"


def test_the_same_assignment_in_two_spellings_is_there_twice(tmp_path: Path) -> None:
    known = replace(KNOWN, assignments={"01_é": ("a", "b")}, checks={})
    text = '[assignments."01_\u00e9"]\nweight = 1\n[assignments."01_e\u0301"]\nweight = 2\n'
    assert refused(tmp_path, text, known) == (
        ", line 3: this table has begun already, further up: put all of its keys below one line in brackets"
    )


VALUES = st.one_of(
    st.sampled_from([*KNOWN.students, *KNOWN.assignments, "*", "softmax", "missing", "day", ""]).map(json.dumps),
    st.text(max_size=8).map(json.dumps),
    st.integers().map(str),
    st.floats(width=32).map(str),
    st.datetimes().map(datetime.isoformat),
    st.sampled_from(
        ["true", "[]", "{}", "[{}]", "[[]]", '["softmax"]', "2026-10-12", "12:00:00", "x", "inf", '"""\n"""']
    ),
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, ALL.count("\n")), st.sampled_from(["value", "delete", "twice"]), VALUES), max_size=4
    )
)
def test_whatever_is_changed_it_is_read_or_refused_in_one_line(
    tmp_path: Path, changes: list[tuple[int, str, str]]
) -> None:
    lines = ALL.replace('roster = "people/roster.csv"', "").split("\n")
    for place, what, value in changes:
        key, equals, _ = lines[place].partition(" = ")
        lines[place] = {"value": f"{key}{equals}{value}", "delete": "", "twice": f"{lines[place]}\n{lines[place]}"}[
            what
        ]
    said = ""
    try:
        policy_of(tmp_path, "\n".join(lines))
    except UserError as error:
        said = str(error)
    assert said == on_one_line(said)
    assert not said or re.fullmatch(rf"{re.escape(str(tmp_path))}/class\.toml, line \d+: .+", said)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\n\xff\xfe", ", line 2: this is not UTF-8 text: save the file as UTF-8"),
        ("# é\nx".encode("utf-16"), ", line 1: this is not UTF-8 text: save the file as UTF-8"),
        (
            b"\xef\xbb\xbf[late]\n",
            ', line 1: there is a byte order mark before the text: save the file as "UTF-8", not as "UTF-8 with BOM"',
        ),
        (b"a = " + 5000 * b"[", " cannot be read: there are too many brackets in each other"),
        (b"days = " + 5000 * b"9", ", line 1: this is not TOML: "),
    ],
)
def test_what_is_no_toml_in_utf8_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "class.toml"
    path.write_bytes(content)
    for read in (lambda: read_policy(path, KNOWN), lambda: read_roster_path(path)):
        with pytest.raises(UserError) as error:
            read()
        assert str(error.value).startswith(f"{path}{says}")
        assert "\n" not in str(error.value)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "")
    path.chmod(0)
    if os.access(path, os.R_OK):
        path.unlink()
        path.mkdir()
    with pytest.raises(UserError) as error:
        read_policy(path, KNOWN)
    assert str(error.value) in (f"{path} cannot be read: Permission denied", f"{path} cannot be read: Is a directory")
