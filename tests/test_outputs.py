"""The pages and the table that a class reads: nothing said is lost, and nothing written by a student can do harm."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.console import Console

from autograder.cli.class_table import show_class
from autograder.nbgrader.feedback import outputs
from autograder.pages.class_page import class_page
from autograder.pages.grades_csv import COLUMNS, grades_csv
from autograder.pages.submission_page import submission_page
from autograder.report.findings import plain_message
from autograder.report.formatting import percent
from autograder.report.model import CheckResult, MissingReason, Outcome, QuestionResult, Report, Status, WrittenAnswer
from autograder.student.check_table import html_table, text_table, verdict

MARKUP = """'"></style></title><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}&amp;"""
NASTY = [
    "",
    MARKUP,
    "\x00\x1b[2J\x07\r\n",
    "\u202eabc\u2066",
    "\ud800 \udcff",
    "👩‍🏫 Zoë 注意",
    "=1+1",
    "a/../b?c#d%41",
    "`",
    " \n\n",
]
TEXT = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=())))
FORMULA_STARTS = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"
VOID = {"meta", "br", "img", "link", "input", "hr", "wbr"}


def check(outcome: Outcome = Outcome.PASSED, *, points: float = 2, **fields: object) -> CheckResult:
    earned = points if outcome is Outcome.PASSED else 0
    result = CheckResult(name="test_it", title="It works.", points=points, earned=earned, outcome=outcome)
    made = replace(result, **fields)  # type: ignore[arg-type]  # each test names fields that exist
    return replace(made, lesson="\n".join(made.message.split("\n")[-2:])) if made.misconception else made


def report(*questions: QuestionResult, **fields: object) -> Report:
    plain = Report("ada", "03_softmax", title="Softmax", status=Status.GRADED, questions=questions)
    return replace(plain, **fields)  # type: ignore[arg-type]  # as above


def unreadable(error: str, **fields: object) -> Report:
    return report(status=Status.UNREADABLE, error=error, **fields)


class Page(HTMLParser):
    """A page as a browser takes it. Raises AssertionError where tags do not balance."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[str] = []
        self.style = ""
        self.scripts: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(source)
        self.close()
        assert not self._open, f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), f"an attribute given twice: {attrs}"
        self.tags.append((tag, dict(attrs)))
        if tag == "h2":
            self.headings.append("")
        if tag == "script":
            self.scripts.append("")
        if tag in ("td", "th"):
            self.text += "\n"
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "style":
            self.style += data
            return
        if self._open and self._open[-1] == "script":
            self.scripts[-1] += data
            return
        self.text += data
        if "h2" in self._open:
            self.headings[-1] += data

    def all(self, attribute: str) -> list[str]:
        return [
            value for _, attrs in self.tags for name, value in attrs.items() if name == attribute and value is not None
        ]

    @property
    def policy(self) -> str:
        (policy,) = (a["content"] for _, a in self.tags if a.get("http-equiv") == "Content-Security-Policy")
        assert policy is not None
        return policy

    @property
    def links(self) -> list[str]:
        return [href for href in self.all("href") if not href.startswith("#")]


def student_page(of: Report) -> Page:
    return Page(submission_page(of))


def page_link(report: Report) -> str:
    """The address of a page where students' folders keep their names, whatever those are."""
    names = (re.sub("[\ud800-\udc7f\udd00-\udfff]", "\ufffd", name) for name in (report.student, report.assignment))
    return "/".join(quote(name, safe="", errors="surrogateescape") for name in names) + ".html"


def instructor_page(*reports: Report) -> Page:
    return Page(class_page(reports, page_link))


def words(text: str) -> str:
    return " ".join(text.split())


def every_field(text: str) -> list[Report]:
    """Reports in which all that is text is `text`, and every outcome happens."""
    checks = tuple(check(o, name=text, title=text, message=text, misconception=text or None) for o in Outcome)
    full = Report(
        student=text,
        assignment=text,
        title=text,
        status=Status.GRADED,
        questions=(QuestionResult(text, checks), QuestionResult(text, checks[1:])),
        written=(WrittenAnswer(text, 3),),
        notes=(text,),
        confined=False,
    )
    return [full, replace(full, assignment=f"{text}2", status=Status.UNREADABLE, error=text, questions=())]


SHOWN_TO_STUDENTS = {
    "student": report(student=MARKUP),
    "assignment": report(assignment=MARKUP),
    "title": report(title=MARKUP),
    "error": unreadable(MARKUP),
    "note": report(notes=(MARKUP,)),
    "written": report(written=(WrittenAnswer(MARKUP, 1),)),
    "question": report(QuestionResult(MARKUP, (check(),))),
    "check": report(QuestionResult("softmax", (check(title=MARKUP),))),
    "name of a check without title": report(QuestionResult("softmax", (check(title="", name=MARKUP),))),
    "message": report(QuestionResult("softmax", (check(Outcome.FAILED, message=MARKUP),))),
    "message of a passed check": report(QuestionResult("softmax", (check(message=MARKUP),))),
    "misconception": report(QuestionResult("softmax", (check(Outcome.FAILED, misconception=MARKUP),))),
}
SHOWN_TO_INSTRUCTORS = {
    **{field: SHOWN_TO_STUDENTS[field] for field in ("student", "assignment", "error", "question", "misconception")},
    "message of a grader error": report(QuestionResult("softmax", (check(Outcome.GRADER_ERROR, message=MARKUP),))),
}


@pytest.mark.parametrize("field", SHOWN_TO_STUDENTS)
def test_markup_is_shown_to_students_as_text(field: str) -> None:
    assert_shown_as_text(student_page(SHOWN_TO_STUDENTS[field]))


@pytest.mark.parametrize("field", SHOWN_TO_INSTRUCTORS)
def test_markup_is_shown_to_instructors_as_text(field: str) -> None:
    assert_shown_as_text(instructor_page(SHOWN_TO_INSTRUCTORS[field]))


def assert_shown_as_text(page: Page) -> None:
    assert MARKUP in page.text
    assert "img" not in {tag for tag, _ in page.tags}
    assert_runs_only_what_it_allows(page)
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]


def assert_runs_only_what_it_allows(page: Page) -> None:
    """The page runs nothing but the scripts whose very bytes its policy names; one, where it has any."""
    assert "default-src 'none'" in page.policy
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in page.scripts]
    assert re.findall(r"script-src ([^;]*);", page.policy) == [f"'sha256-{each}'" for each in hashes]


def test_only_the_class_page_runs_anything_and_only_our_own_script() -> None:
    assert not student_page(report()).scripts
    assert len({instructor_page(each).scripts[0] for each in SHOWN_TO_INSTRUCTORS.values()}) == 1


@settings(deadline=None, max_examples=60)
@given(TEXT)
@example("".join(NASTY))
def test_any_text_gives_a_sound_page_that_stands_alone(text: str) -> None:
    reports = every_field(text)
    for page in (*map(student_page, reports), instructor_page(*reports)):
        page.text.encode("utf-8")
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page.text)
        assert len(page.all("id")) == len(set(page.all("id")))
        for href in page.all("href"):
            assert href.isascii()
            target = urlsplit(urljoin("file:///out/index.html", href))
            assert (target.scheme, target.netloc, target.query) == ("file", "", "")
            assert not target.fragment or target.fragment in page.all("id")
        assert {"src", "srcset", "action", "background"}.isdisjoint(name for _, attrs in page.tags for name in attrs)
        assert not re.search(r"url\(|@import|https?:", page.style)
        assert_runs_only_what_it_allows(page)
        assert_readable_without_sight(page)


def assert_readable_without_sight(page: Page) -> None:
    tags = [tag for tag, _ in page.tags]
    assert tags.count("h1") == tags.count("main") == 1
    assert tags.count("caption") == tags.count("table")
    assert all("scope" in attrs for tag, attrs in page.tags if tag == "th")
    labels = [i for _, attrs in page.tags for name in ("aria-labelledby", "aria-describedby") if (i := attrs.get(name))]
    assert set(labels) <= set(page.all("id"))
    assert {attrs.get("id") for tag, attrs in page.tags if tag in ("input", "select")} == set(page.all("for"))


def test_pages_follow_light_and_dark() -> None:
    page = student_page(report())
    assert "color-scheme: light dark" in page.style
    assert "(prefers-color-scheme: dark)" in page.style


def test_a_full_score_is_praised_and_points_nowhere() -> None:
    page = student_page(report(QuestionResult("softmax", (check(), check()))))
    assert "Well done" in page.text
    assert "Where to look next" not in page.headings


def test_next_is_the_first_open_question_and_its_misconception_first() -> None:
    softmax = QuestionResult("softmax", (check(),))
    ours = QuestionResult("scale_scores", (check(Outcome.GRADER_ERROR),))
    mixed_up = check(Outcome.FAILED, misconception="over_queries", message="Softmax goes row by row.")
    attention = QuestionResult("attention", (check(Outcome.ERROR, message="ValueError: no"), mixed_up))
    later = QuestionResult("later", (check(Outcome.FAILED, misconception="other"),))
    text = words(student_page(report(softmax, ours, attention, later)).text)
    assert "Where to look next attention looks like a known mix-up: over queries Softmax goes row by row." in text


def test_next_is_the_first_failing_check_where_no_misconception_is_named() -> None:
    checks = (check(), check(Outcome.TIMEOUT, title="Is quick."), check(Outcome.FAILED, title="Is right."))
    text = words(student_page(report(QuestionResult("softmax", checks))).text)
    assert "Where to look next softmax: Is quick." in text


@pytest.mark.parametrize("message", ["", "Look at the axis."])
def test_every_outcome_has_words_of_its_own(message: str) -> None:
    checks = [check(outcome, points=0, message=message) for outcome in Outcome]
    texts = {words(student_page(report(QuestionResult("softmax", (one,)))).text) for one in checks}
    assert len(texts) == len(Outcome)


def test_what_is_missing_is_not_done_yet_and_said_once() -> None:
    stub = check(Outcome.MISSING, message="`softmax` is still the stub.")
    page = student_page(report(QuestionResult("full", (check(),)), QuestionResult("softmax", (stub, stub, stub))))
    assert page.text.count("not done yet") == 3
    section = page.text.rsplit("0 / 6", 1)[1]
    assert section.count("is still the stub.") == 1


UNREAD = check(
    Outcome.MISSING,
    message="`softmax` could not be read: SyntaxError in code cell 5, line 10.",
    reason=MissingReason.NOT_LOADED,
)


def test_what_could_not_be_read_is_not_called_unwritten() -> None:
    text = words(student_page(report(QuestionResult("softmax", (UNREAD, UNREAD)))).text)
    assert "softmax could not be read. Mend this first: softmax could not be read: SyntaxError in code cell 5" in text
    assert text.count("It works. could not be read 0 / 2") == 2
    assert not re.search("not done yet|the next one to fill in|Nothing to grade yet", text)
    assert verdict(QuestionResult("softmax", (UNREAD,))) == UNREAD.message


def test_a_misconception_is_explained_once_in_its_question() -> None:
    mixed_up = check(Outcome.FAILED, misconception="over_queries", message="Softmax goes row by row.")
    timed_out = check(Outcome.TIMEOUT, title="Is quick.")
    page = student_page(report(QuestionResult("softmax", (mixed_up, mixed_up, timed_out, timed_out))))
    section = words(page.text.split("The main thing to learn here")[1])
    assert section.startswith("over queries Softmax goes row by row.")
    assert section.count("Softmax goes row by row.") == 1
    assert section.count("It was still running") == 1
    assert section.count("The mix-up again: over queries.") == 2
    assert section.count("The same as for “Is quick.”.") == 1


def test_a_lesson_that_was_told_is_not_told_again_with_another_finding() -> None:
    lesson = "Each column sums to 1, not each row.\nWhich axis holds the scores of one query?"
    told, alike, wordless = (
        check(Outcome.FAILED, misconception="over_queries", message=f"{finding}\n{lesson}")
        for finding in ("S is (3, 5).", "S is (2, 4).\nIn line 7: `softmax(S)`", "")
    )
    other = check(Outcome.FAILED, misconception="over_queries", message="S is (1, 1).\nAnother lesson.\nAnother hint.")
    page = student_page(report(QuestionResult("softmax", (told, alike, wordless, other))))
    assert page.text.count("Where to look next") == 1
    section = page.text.split("The main thing to learn here")[1]
    assert section.count("Each column sums to 1") == section.count("Which axis holds") == 1
    assert "S is (2, 4).\nIn line 7: softmax(S)" in section
    assert "Another lesson.\nAnother hint." in section


def test_a_stressed_word_is_so_in_html_and_plain_elsewhere() -> None:
    question = QuestionResult("softmax", (check(Outcome.FAILED, message="The *root* of `a *b* c`, 2 * 3 * 4, **kw."),))
    stressed = "The <em>root</em> of <code>a *b* c</code>, 2 * 3 * 4, **kw."
    (shown, _) = outputs(question)
    assert stressed in submission_page(report(question))
    assert stressed in html_table(question)
    assert stressed in shown["data"]["text/html"]
    for text in (text_table(question), shown["data"]["text/plain"], plain_message(question.checks[0])):
        assert "The root of `a *b* c`, 2 * 3 * 4, **kw." in text


def test_in_a_notebook_too_what_was_said_is_said_by_its_check() -> None:
    late = check(Outcome.TIMEOUT, title="Is quick.", message="Too slow.")
    other = check(Outcome.FAILED, title="Is right.", message="It is wrong.")
    (shown, _) = outputs(QuestionResult("softmax", (late, other, late)))
    assert shown["data"]["text/plain"].endswith("It is wrong.\n✗ Is quick. (0/2)\n    The same as for “Is quick.”.")


@pytest.mark.parametrize(
    ("share", "told"), [(0, "0%"), (12.5, "13%"), (100 * 2 / 16, "13%"), (13.49, "13%"), (100, "100%")]
)
def test_half_a_percent_is_rounded_up(share: float, told: str) -> None:
    assert percent(share) == told
    assert percent(None) == "—"


def shown_class(*reports: Report, absent: tuple[str, ...] = (), width: int = 60) -> str:
    console = Console(file=io.StringIO(), width=width)
    show_class(console, reports, absent, len(reports), 1.0)
    return console.file.getvalue()  # type: ignore[attr-defined]  # the one above


def test_the_terminal_tells_the_mean_of_the_scores_and_no_score_of_what_is_unreadable() -> None:
    small, large = report(*scores(2, of=2)), report(*scores(1, of=8), student="bo")
    text = shown_class(small, large, unreadable("cut off", student="cy", questions=scores(0)))
    assert "Submissions: 3 (unreadable: 1). Mean of the scores: 56%." in words(text)
    assert re.search(r"cy +03_softmax +\u2013/10 +unreadable: cut off", text)


def test_the_terminal_leaves_out_no_name_and_nothing_that_stands_out() -> None:
    absent = tuple(f"student_{place}" for place in range(40))
    mixed_up = check(Outcome.FAILED, misconception="m" * 90)
    text = shown_class(report(QuestionResult("softmax", (mixed_up, UNREAD))), absent=absent)
    assert f"No submission: {', '.join(absent)}\n" in text
    assert text.count("m") >= 90
    assert "1 × could not be read" in words(text)
    assert "…" not in text


def test_a_message_keeps_its_lines_and_its_code() -> None:
    message = "The rows differ.\nSee `np.sum`.\n\nexpected  [0.2 0.8]\n     got  [0.5 0.5]\n"
    source = submission_page(report(QuestionResult("softmax", (check(Outcome.FAILED, message=message),))))
    assert "<p>The rows differ.\nSee <code>np.sum</code>.</p>" in source
    assert "<pre>expected  [0.2 0.8]\n     got  [0.5 0.5]</pre>" in source


def test_a_fault_of_ours_is_owned_and_its_traceback_kept_from_the_student() -> None:
    broken = check(Outcome.GRADER_ERROR, points=1.5, message="Traceback: reference.softmax")
    graded = report(QuestionResult("softmax", (check(), broken)))
    to_student = student_page(graded).text
    assert "our fault, not yours" in to_student
    assert "1.5 points may still be added" in words(to_student)
    assert "Traceback" not in to_student
    to_instructor = instructor_page(graded)
    assert "Traceback: reference.softmax" in to_instructor.text
    assert "not final" in to_instructor.text.split("Students and their questions")[1]


def test_an_unreadable_submission_says_why_and_what_to_do() -> None:
    lost = unreadable("The notebook is cut off in line 7.", written=(WrittenAnswer("why_sqrt_d", 3),))
    page = student_page(lost)
    assert page.headings == ["Your submission could not be read"]  # and nothing is graded by hand
    assert "The notebook is cut off in line 7." in page.text
    assert "Open your file" not in page.text  # the reason may be its name
    assert "No score yet" in page.text
    assert "What to do" in page.text
    assert "03_softmax.ipynb" in page.text
    assert "The notebook is cut off in line 7." in instructor_page(lost).text


def test_written_answers_and_notes_are_told() -> None:
    page = student_page(report(written=(WrittenAnswer("why_sqrt_d", 3),), notes=("One cell was not run.",)))
    assert "not part of this score" in page.text
    assert "why_sqrt_d, up to 3 points" in words(page.text)
    assert "One cell was not run." in page.text


@pytest.mark.parametrize("confined", [True, False])
def test_grading_without_confinement_is_said_on_every_page(confined: bool) -> None:
    graded = report(confined=confined)
    for page in (student_page(graded), instructor_page(graded, report(student="bo"))):
        assert ("without confinement" in page.text) is not confined


def scores(*earned: float, of: float = 10) -> tuple[QuestionResult, ...]:
    return tuple(QuestionResult(f"q{i}", (check(points=of, earned=e),)) for i, e in enumerate(earned))


@settings(deadline=None, max_examples=200)
@given(st.binary(min_size=1, max_size=20), st.binary(min_size=1, max_size=20))
@example(b"javascript:alert(1)", b"?#%41&")
@example(b"\xff caf\xc3\xa9", b"~a+b;c=d,e@f")
def test_a_link_leads_to_the_file_whatever_its_name(student: bytes, assignment: bytes) -> None:
    names = [name.translate(None, b"/\0").lstrip(b".") or b"x" for name in (student, assignment)]
    graded = report(student=os.fsdecode(names[0]), assignment=os.fsdecode(names[1]))
    (link,) = instructor_page(graded).links
    target = urlsplit(urljoin("file:///out/index.html", link))
    assert unquote_to_bytes(target.path) == b"/out/" + names[0] + b"/" + names[1] + b".html"


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "//evil.example/x", "https://evil.example", "\\\\evil\\x", "data:x"]
)
def test_no_link_can_leave_for_another_host_or_scheme(href: str) -> None:
    (link,) = Page(class_page([report()], lambda _: href)).links
    target = urlsplit(urljoin("file:///out/index.html", link))
    assert (target.scheme, target.netloc) == ("file", "")
    assert target.path.startswith("/out/")
    assert "\\" not in link


def table(*reports: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(grades_csv(reports), newline=""), strict=True))


def test_the_table_has_a_row_a_submission_and_a_column_a_question() -> None:
    written = table(
        report(*scores(2.5, 10), student="bo", assignment="02"),
        unreadable("cut off", student="bo", assignment="01", questions=scores(0)),
        report(*scores(3), student="ada", assignment="02"),
        report(*reversed(scores(1, 2)), student="cy", assignment="01"),
    )
    assert list(written[0]) == [*COLUMNS, "01.q0", "01.q1", "02.q0", "02.q1"]
    assert [list(row.values()) for row in written] == [
        ["ada", "02", "graded", "3", "10", "", "", "", "3", ""],
        ["bo", "01", "unreadable", "", "10", "cut off", "", "", "", ""],
        ["bo", "02", "graded", "12.5", "20", "", "", "", "2.5", "10"],
        ["cy", "01", "graded", "3", "20", "", "1", "2", "", ""],
    ]


def test_the_table_does_not_depend_on_the_order_of_reports() -> None:
    reports = [report(*scores(1, 2), student=s, assignment=a) for s in ("bo", "ada") for a in ("02", "01")]
    assert grades_csv(reports) == grades_csv(reports[::-1])


def test_the_table_says_which_scores_are_not_final() -> None:
    broken = QuestionResult("softmax", (check(Outcome.GRADER_ERROR),))
    (row,) = table(report(*scores(1), broken))
    assert "not final" in row["error"]
    assert "softmax" in row["error"]


@settings(max_examples=300)
@given(TEXT, TEXT, TEXT)
@example('"\u200b\ufeff=cmd|"', "\uff1dA1", " '=1")
def test_no_cell_is_a_formula_and_every_row_survives(student: str, assignment: str, error: str) -> None:
    text = grades_csv(
        [report(QuestionResult(student, (check(),)), student=student, assignment=assignment, error=error)]
    )
    text.encode("utf-8")
    lines = text.split("\r\n")
    assert lines.pop() == ""
    assert all(re.fullmatch(r'"([^"]|"")*"(,"([^"]|"")*")*', line) for line in lines)
    header, row = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert len(header) == len(row) == len(COLUMNS) + 1
    for cell in (*header, *row):
        assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", cell)
        bare = re.sub("^[\\s\"'\u200b-\u200f\u2060\ufeff]+", "", cell)
        assert cell.startswith("'") or not bare.startswith(tuple(FORMULA_STARTS))


@pytest.mark.parametrize("start", FORMULA_STARTS)
@pytest.mark.parametrize("before", ["", " ", '"', "\u00a0\u200b"])
def test_a_formula_is_disarmed(before: str, start: str) -> None:
    (row,) = table(report(student=f"{before}{start}SUM(A1)"))
    assert row["student"].startswith("'") or (before and start in "\t\r")


@pytest.mark.parametrize("name", ["Zoë O'Brien", "注意 力", "a=b", "3rd", "👩‍🏫", 'the "first"'])
def test_an_ordinary_name_is_left_as_it_is(name: str) -> None:
    assert table(report(student=name))[0]["student"] == name
