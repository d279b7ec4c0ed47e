"""Untrusted text, made safe for each place that it is shown in."""

from __future__ import annotations

import html
import inspect
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograder import text
from autograder.text import (
    REPLACEMENT,
    columns_of,
    decode_name,
    escape_html,
    for_csv,
    for_github_message,
    for_github_property,
    for_html,
    for_markdown,
    for_terminal,
    in_words,
    inert_markdown,
    is_safe_in_csv,
    lines_for_csv,
    on_one_line,
    sanitise,
    without_formula,
    without_inert,
    without_marks,
)
from tests.helpers.untrusted import TEXT

pytestmark = pytest.mark.portable

DANGEROUS = {
    "NUL": "\x00",
    "BEL": "\x07",
    "BS": "\x08",
    "VT": "\x0b",
    "FF": "\x0c",
    "CR": "\r",
    "ESC": "\x1b",
    "DEL": "\x7f",
    "CSI": "\x9b",
    "NEL": "\x85",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "embedding": "\u202a",
    "override": "\u202e",
    "isolate": "\u2066",
    "end of isolate": "\u2069",
    "high surrogate": "\ud800",
    "low surrogate": "\udfff",
    "no character": "\ufffe",
    "no character either": "\uffff",
}
DESTINATIONS = {
    "XML and JSON": sanitise,
    "terminal": for_terminal,
    "inside a line": on_one_line,
    "HTML": for_html,
    "HTML, no sentence of ours": escape_html,
    "Markdown": lambda text: for_markdown(text, 1000),
    "CSV": for_csv,
    "CSV, several lines": lines_for_csv,
    "GitHub, message": for_github_message,
    "GitHub, property": for_github_property,
}
# What makes nothing safe by itself: it is given to one of the above, or takes what has been given to one.
HELPERS = {
    without_marks,
    inert_markdown,
    without_inert,
    without_formula,
    is_safe_in_csv,
    decode_name,
    in_words,
    columns_of,
}


def test_every_function_is_a_destination_or_a_helper() -> None:
    public = {
        function
        for name, function in inspect.getmembers(text, inspect.isfunction)
        if function.__module__ == text.__name__ and not name.startswith("_")
    }
    assert public == HELPERS | {for_markdown, *DESTINATIONS.values()} - {DESTINATIONS["Markdown"]}


# Dangerous characters


@pytest.mark.parametrize("destination", DESTINATIONS)
@pytest.mark.parametrize("name", DANGEROUS)
def test_no_destination_lets_a_dangerous_character_through(name: str, destination: str) -> None:
    character = DANGEROUS[name]
    for written in (character, f"before{character}after", f"`a{character}b`", f"={character}1", character * 3):
        shown = DESTINATIONS[destination](written)
        assert not set(DANGEROUS.values()) & set(shown), ascii(shown)
        shown.encode("utf-8")


@pytest.mark.parametrize("destination", DESTINATIONS)
@given(TEXT)
def test_no_destination_lets_any_of_them_through(destination: str, text: str) -> None:
    shown = DESTINATIONS[destination](text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)
    assert not set(DANGEROUS.values()) & set(shown)


@pytest.mark.parametrize("name", DANGEROUS)
def test_a_dangerous_character_is_seen_to_be_missing(name: str) -> None:
    assert sanitise(f"a{DANGEROUS[name]}b") == f"a{REPLACEMENT}b"
    assert for_csv(f"a{DANGEROUS[name]}b") == "a b"


@pytest.mark.parametrize(
    ("destination", "shown"),
    [
        ("XML and JSON", "a\tb\n c"),
        ("terminal", "a   b\n c"),
        ("inside a line", "a\tb  c"),
        ("HTML", "a\tb\n c"),
        ("HTML, no sentence of ours", "a\tb\n c"),
        ("Markdown", "a\tb<br>c"),
        ("CSV", "a b  c"),
        ("CSV, several lines", "a   b\n c"),
        ("GitHub, message", "a\tb%0A c"),
        ("GitHub, property", "a\tb%0A c"),
    ],
)
def test_tabs_and_line_feeds_stay_where_they_may(destination: str, shown: str) -> None:
    assert DESTINATIONS[destination]("a\tb\n c") == shown


@pytest.mark.parametrize("destination", DESTINATIONS)
def test_letters_of_all_languages_stay(destination: str) -> None:
    for written in ("Zoë 注意 שלום", "👩\u200d🏫", "e\u0301", "½ × 3"):
        assert DESTINATIONS[destination](written) == written


# HTML and Markdown


def test_the_marks_of_messages_are_tags_in_html_and_gone_elsewhere() -> None:
    written = "The *root* of `a *b* c`, 2 * 3 * 4, **kw, `<b>`"
    assert for_html(written) == ("The <em>root</em> of <code>a *b* c</code>, 2 * 3 * 4, **kw, <code>&lt;b&gt;</code>")
    assert without_marks(written) == "The root of `a *b* c`, 2 * 3 * 4, **kw, `<b>`"
    assert for_html("True: it *may attend*.") == "True: it <em>may attend</em>."
    chinese = "只能交换最后**两个**轴 2**3**4 `**两个**`"
    assert for_html(chinese) == "只能交换最后<strong>两个</strong>轴 2**3**4 <code>**两个**</code>"
    assert without_marks(chinese) == "只能交换最后两个轴 2**3**4 `**两个**`"


@given(TEXT)
@example("`<script>`")
@example("*a*`*b*`'\"&")
@example("**两个**`**两个**`")
def test_html_holds_no_tag_but_those_of_the_marks(text: str) -> None:
    shown = for_html(text)
    tags = re.findall("<[^>]*>", shown)
    assert set(tags) <= {"<em>", "</em>", "<strong>", "</strong>", "<code>", "</code>"}
    bare = re.sub("</?(em|strong|code)>", "", shown)
    assert "<" not in bare
    assert not {'"', "'"} & set(bare)
    unmarked = without_marks(sanitise(text))
    assert html.unescape(bare).replace("`", "") == unmarked.replace("`", "")


def test_what_is_no_sentence_of_ours_has_no_tag_at_all() -> None:
    assert escape_html("*a* `<b>` & 'c'") == "*a* `&lt;b&gt;` &amp; &#x27;c&#x27;"


def test_markdown_is_one_line_of_at_most_so_many_characters() -> None:
    assert for_markdown("abc", 2) == "ab"
    assert for_markdown("  a\n\n b  \n", 99) == "a<br>b"
    assert for_markdown("`a_b` _c_ [d](e)", 99) == ("<code>a&#95;b</code> &#95;c&#95; &#91;d&#93;(e)")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a\n</div>",
        "<!-- x",
        "`<b>`",
        "<https://a.example>",
    ],
)
def test_markdown_of_students_holds_no_html(text: str) -> None:
    assert "<" in inert_markdown(text)
    assert not any(f"<{letter}" in inert_markdown(text) for letter in "sibhd/!?")


def test_markdown_of_students_keeps_the_pictures_that_are_there() -> None:
    written = "![a](attachment:a.png) ![b](attachment:b.png)"
    assert inert_markdown(written, ["a.png"]) == "![a](attachment:a.png) !\u200b[b]\u200b(attachment:b.png)"


# CSV

FORMULAS = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-1+1",
    "@SUM(A1)",
    "\uff1d1",
    "\uff0b1+1",
    "\uff0d1+1",
    "\uff20A1",
    "\u22121+1",
]
AHEAD = ["", " ", '"', "'", "`", "\u00a0", "\u200b", "\ufeff", "\u201c", "\uff02"]


@pytest.mark.parametrize("formula", FORMULAS, ids=ascii)
@pytest.mark.parametrize("ahead", AHEAD, ids=ascii)
def test_a_formula_is_no_formula_in_csv(ahead: str, formula: str) -> None:
    written = f"{ahead}{formula}"
    assert for_csv(written) == f"'{written}"
    assert without_formula(written) == f"'{written}"
    assert not is_safe_in_csv(written)
    if "\t" not in written:  # which becomes blanks
        assert f"a\n{lines_for_csv(written)}" == lines_for_csv(f"a\n{written}") == f"a\n'{written}"


@pytest.mark.parametrize("start", ["\t=1", "\r=1", "\t1", "\n=1", "\x00=1", "\u2028=1"], ids=ascii)
def test_what_is_cut_from_the_front_of_a_cell_opens_no_way_to_a_formula(start: str) -> None:
    assert not re.match(r"\s*[=+@-]", for_csv(start))
    assert not is_safe_in_csv(start)


@pytest.mark.parametrize("number", ["3", "-3.5", "+2", "-0,5", "1.25"])
def test_a_number_stays_a_number(number: str) -> None:
    assert without_formula(number) == number
    assert is_safe_in_csv(number)


@pytest.mark.parametrize("cell", ["", "ada", "Zoë O'Brien", "a=b", "3-4", 'the "first"', "a, b; c"])
def test_an_ordinary_cell_stays_as_it_is(cell: str) -> None:
    assert for_csv(cell) == without_formula(cell) == cell
    assert is_safe_in_csv(cell)


@given(TEXT)
def test_what_is_safe_in_csv_is_what_for_csv_leaves_alone(text: str) -> None:
    assert is_safe_in_csv(text) == (for_csv(text) == text or re.fullmatch(r"[+-]?\d+([.,]\d+)?", text) is not None)


# GitHub's commands


def test_a_message_ends_no_command_and_a_property_no_list() -> None:
    assert for_github_message("50% ::error::\n, x") == "50%25 ::error::%0A, x"
    assert for_github_property("50% ::error::\n, x") == "50%25 %3A%3Aerror%3A%3A%0A%2C x"


# Names and lengths


@given(st.binary(min_size=1, max_size=12), st.binary(min_size=1, max_size=12))
@example(b"m\xff", b"m\\xff")
@example(b"m\\xff", b"m\\\\xff")
def test_different_names_of_files_stay_different_and_are_text(one: bytes, other: bytes) -> None:
    names = [each.decode("utf-8", "surrogateescape") for each in (one, other)]
    decoded = [decode_name(name) for name in names]
    assert (decoded[0] == decoded[1]) == (names[0] == names[1])
    for each in decoded:
        each.encode("utf-8")


def test_an_ordinary_name_of_a_file_stays_as_it_is() -> None:
    assert [decode_name(name) for name in ("ada", "Zoë", "注意")] == ["ada", "Zoë", "注意"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        *(("over_queries", "over queries"), ("NearestAlone", "nearest alone"), ("OneBatchAxis", "one batch axis")),
        *(("KNN", "KNN"), ("uphill", "uphill"), ("the answer was rounded", "the answer was rounded")),
    ],
)
def test_a_name_in_words(name: str, shown: str) -> None:
    assert in_words(name) == shown
