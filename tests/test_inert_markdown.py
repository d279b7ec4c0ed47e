"""Students' Markdown, rendered as nbgrader does and by another parser: nothing in it leads where it may not."""

from __future__ import annotations

import re
from collections.abc import Iterator

import nbformat
import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.text import INERT, for_markdown, inert_markdown, without_inert

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
ATTACHMENTS = ("a.png",)
JS = "javascript:alert(1)"
LINK = re.compile(r"https?://|mailto:|#", re.IGNORECASE)
PICTURE = re.compile(
    rf"data:image/png;base64,{re.escape(PIXEL)}|attachment:a\.png|(?:[\w-]+/)*[\w-]+\.(?:png|gif|jpe?g)"
)
COMMAND = re.compile(
    r"\\(?:bbox|class|csname|cssId|data|fcolorbox|href|html[A-Za-z]+|includegraphics|mmlToken|require|style|unicode|url)"
    r"(?![A-Za-z])"
)
LOADING = ("src", "srcset", "data", "poster", "action")
DOING = ("script", "iframe", "object", "embed", "form", "math", "svg")
EVIL = [
    f"[x]({JS})",
    f"[x]( {JS})",
    f"[x](\t{JS})",
    f"[x](\n{JS})",
    f"> [x](\n> {JS})",
    f"- [x](\n  {JS})",
    f"[x](<{JS}>)",
    "[x](<java\tscript:alert(1)>)",
    "[x](java\tscript:alert(1))",
    "[x](java\x00script:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](java&NewLine;script:alert(1))",
    r"[x](javascript\:alert(1))",
    "[x](javascript%3Aalert(1))",
    f'[x]({JS} "title")',
    f'[x](https://a.example "](javascript:1) [y]({JS})")',
    f"[x [y] z]({JS})",
    f"[x](https://a.example) [[y]]({JS})",
    f"[`x`]({JS}) [$x$]({JS}) [**x**]({JS})",
    f"![a](a.gif)[x]({JS})",
    f"[![a](attachment:a.png)]({JS})",
    f"[![a](https://evil.example/a.png)]({JS})",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](ftp://evil.example/x)",
    "[x](//evil.example/x)",
    "[x](/hub/logout)",
    r"[x](\\evil.example\x)",
    "[x](http\u017f://evil.example)",
    f"[ref][x]\n\n[x]: {JS}",
    "[ref][x]\n\n[x]: JaVaScRiPt&colon;alert(1)",
    f"[x]\n\n[x]:\n{JS}",
    f"[x][]\n\n[x]:\n   <{JS}>",
    f"> [x]\n>\n> [x]:\n> {JS}",
    f"- [x]\n\n  [x]: {JS} 'title'",
    f"[a\\]b]\n\n[a\\]b]: {JS}",
    f"[x\ny]\n\n[x\ny]: {JS}",
    "![dot](https://evil.example/seen.png)",
    "![dot](//evil.example/seen.png)",
    "![dot](HTTPS://evil.example/seen.png)",
    "![dot](<https://evil.example/seen.png>)",
    "![dot](\nhttps://evil.example/seen.png)",
    '![dot](https://evil.example/seen.png "a.png")',
    "![a.png][b]\n\n[b]: https://evil.example/seen.png",
    "![b]\n\n[b]: https://evil.example/seen.png",
    "![b][]\n\n[b]: https://evil.example/seen.png",
    "![a b](a\u00a0b.png)\n\n[a b]: https://evil.example/seen.png",
    "![x ![y](https://evil.example/1.png) z](https://evil.example/2.png)",
    r"![a\](a.png)](https://evil.example/seen.png)",
    "![a](../../api/shutdown.png)",
    "![a](%2e%2e/x.png)",
    "![a](x.png?token)",
    "![a](data:image/png;base64,AAAA)",
    "![a](attachment:gone.png)",
    "![a](attachment:a.png/../b.png)",
    "<javascript:alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<img src=https://evil.example/seen.png>",
    "<im\x00g src=https://evil.example/seen.png>",
    "<svg/onload=alert(1)>",
    "~~~mermaid\ngraph TD\nA@{ img: 'https://evil.example/seen.png' }\n~~~",
    "```mermaid\n&lt;img src=https://evil.example/seen.png>\n```",
    "```&#109;ermaid\nclick A href 'javascript:alert(1)'\n```",
    rf"$\href{{{JS}}}{{x}}$",
    rf"$$\href{{{JS}}}{{x}}$$",
    rf"\\(\href{{{JS}}}{{x}}\\)",
    rf"\begin{{align}}\href {{{JS}}}{{x}}\end{{align}}",
    rf"&#36;\h&#114;ef{{{JS}}}{{x}}&#36;",
    rf"&#36;&bsol;href{{{JS}}}{{x}}&#36;",
    rf"&#36;\h&#x{'0' * 60}72;ef{{{JS}}}{{x}}&#36;",
    rf"&#36;\h&#114ef{{{JS}}}{{x}}&#36;",
    rf"&#36;\hre&fjlig;{{{JS}}}{{x}}&#36; &#36;&bsol;url{{x}}&#36;",
    rf"&#36;\hr{chr(0)}ef{{{JS}}}{{x}}&#36;",
    rf"$\let\x\href \x{{{JS}}}{{x}}$",
    rf"$\def\x{{\href}}\x{{{JS}}}{{x}}$",
    r"$\require{html}\url{https://a.example}$",
    r"$\csname href\endcsname{javascript:alert(1)}{x}$",
    r"$\style{background:url(https://evil.example)}{x} \class{x}{y} \cssId{x}{y}$",
    r"$\bbox[background:url(https://evil.example)]{x}$",
    r"$\unicode[x;background:url(https://evil.example)]{x41}$",
    r"$\fcolorbox{red;background:url(https://evil.example)}{red}{x}$",
    rf"$\mmlToken{{mi}}[href='{JS}']{{x}} \data{{a=b}}{{x}} \htmlData{{a=b}}{{x}}$",
    r"$\includegraphics{https://evil.example/seen.png}$",
]


@pytest.fixture(scope="module")
def exporter() -> HTMLExporter:
    """What makes nbgrader's feedback; only the page around the cells is another."""
    return HTMLExporter(template_name="basic")


def exported(exporter: HTMLExporter, markdown: str) -> str:
    """A cell of a notebook as a page, in which the picture `a.png` is attached."""
    cell = nbformat.v4.new_markdown_cell(markdown, attachments={"a.png": {"image/png": PIXEL}})
    return str(exporter.from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))[0])


def markdown_it(markdown: str) -> str:
    """What another parser makes of it, one that lets HTML through and knows tables."""
    return str(MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(markdown))


def live(page: str) -> Iterator[str]:
    """All in a page that leads, loads or does what it may not."""
    soup = BeautifulSoup(page, "html.parser")
    for tag in soup.find_all(True):
        for name, value in tag.attrs.items():
            leads = name == "href" and LINK.match(str(value)) is None
            loads = name in LOADING and PICTURE.fullmatch(str(value)) is None
            if leads or loads or name.startswith("on") or (name == "style" and "url" in value):
                yield f"{tag.name} {name}={value}"
        if tag.name in DOING or "mermaid" in tag.get("class", []):
            yield tag.name
        if tag.name not in ("code", "pre"):  # MathJax reads text as the browser has it, which drops U+0000
            yield from COMMAND.findall("".join(tag.find_all(string=True)).replace("\x00", ""))


@pytest.mark.parametrize("written", EVIL, ids=ascii)
def test_nothing_that_students_write_leads_anywhere_else(exporter: HTMLExporter, written: str) -> None:
    text = inert_markdown(written, ATTACHMENTS)
    for page in (exported(exporter, text), markdown_it(text)):
        assert list(live(page)) == [], page


@pytest.mark.parametrize("written", EVIL, ids=ascii)
def test_a_line_of_ours_that_quotes_it_has_no_link_at_all(written: str) -> None:
    """As in GitHub's summaries."""
    shown = BeautifulSoup(markdown_it(f"- {for_markdown(written, 1000)}"), "html.parser")
    assert {tag.name for tag in shown.find_all(True)} <= {"ul", "li", "code", "br"}


def test_that_is_seen_where_it_is(exporter: HTMLExporter) -> None:
    """The test would see most of these; the others are not live in this parser, or in none of today's."""
    rendered = [written for written in EVIL if "(attachment:" not in written]  # nothing at all where one is missing
    harmless = [written for written in rendered if not list(live(exported(exporter, written)))]
    assert len(harmless) < len(EVIL) / 4, harmless


@pytest.mark.parametrize(
    ("written", "tag", "attribute", "value"),
    [
        ("[x](https://a.example/b_(c)?d=e#f)", "a", "href", "https://a.example/b_(c)?d=e#f"),
        ("[x](http://a.example 'title')", "a", "href", "http://a.example"),
        ("[x](HTTPS://a.example)", "a", "href", "HTTPS://a.example"),
        (
            "[x](https://a.example?a=1&param=2&section=3&lt=4)",
            "a",
            "href",
            "https://a.example?a=1&param=2&section=3&lt=4",
        ),
        ("[x](mailto:ada@a.example)", "a", "href", "mailto:ada@a.example"),
        ("[x](#there)", "a", "href", "#there"),
        ("[x][y]\n\n[y]: https://a.example", "a", "href", "https://a.example"),
        ("see https://a.example", "a", "href", "https://a.example"),
        ("![a picture](attachment:a.png)", "img", "src", f"data:image/png;base64,{PIXEL}"),
        ("![](attachment:a.png)", "img", "src", f"data:image/png;base64,{PIXEL}"),
        ("![Fig. 1: how it falls](pictures/of-mine.PNG)", "img", "src", "pictures/of-mine.PNG"),
        ("![a](my%20own.jpeg)", "img", "src", "my%20own.jpeg"),
        ("[![a](attachment:a.png)](https://a.example)", "a", "href", "https://a.example"),
    ],
)
def test_what_leads_where_it_may_stays(
    exporter: HTMLExporter, written: str, tag: str, attribute: str, value: str
) -> None:
    text = inert_markdown(written, ATTACHMENTS)
    assert text == written
    found = BeautifulSoup(exported(exporter, text), "html.parser").find(tag)
    assert found is not None
    assert found[attribute] == value


@pytest.mark.parametrize(
    "written",
    [
        "As a[1]: b says, f[i](x) is x[0] * y[1:2].",
        "A claim.[^1]\n\n[^1]: In the paper.",
        "| a | b |\n|---|---|\n| x[0] | `m[i](x)` |",
        "```python\ntable = {k[0]: v}\nf[0](x)  # a < b, c <d\n```",
        "$[0, 1](x)$, $a < b$, $x_{i}[j]$, $$\\frac{1}{\\sqrt{d}} \\text{ if } n!$$",
        "- [ ] to do\n- [x] done\n\nWow![1] &amp; &rarr; R&D 1 < 2 > 0",
        "Use \\\\ and C:\\data or \\*stars\\*",
    ],
)
def test_ordinary_text_looks_the_same(exporter: HTMLExporter, written: str) -> None:
    def looks(markdown: str) -> str:
        return without_inert(BeautifulSoup(exported(exporter, markdown), "html.parser").get_text())

    if "[^1]" not in written and "[1:2]" not in written:
        assert looks(inert_markdown(written)) == looks(written)
    assert looks(inert_markdown(f"text\n\n{written}")).split() != []


@pytest.mark.parametrize(
    "written",
    ["$x^2$ and $\\mathbb{R}$", "\\newcommand{\\R}{\\mathbb{R}}", "$\\displaystyle\\textstyle x$", "`x` **b**"],
)
def test_most_of_maths_and_text_is_not_touched(written: str) -> None:
    assert inert_markdown(written) == written


FRAGMENTS = st.sampled_from(
    [
        *(
            "[",
            "]",
            "(",
            ")",
            "](",
            "]:",
            "![",
            "!",
            "<",
            ">",
            "\\",
            "`",
            "```",
            "~~~",
            "$",
            "$$",
            "\n",
            "\n\n",
            "\n> ",
        ),
        *(" ", "\t", "\x00", "a", "x", "a.png", "&", "#", ";", '"', "'", "|", "\n|-|-|\n", "*", "- ", "    ", INERT),
        *(JS, "&colon;", "&#106;", "data:text/html,x", "https://", "mailto:", "//evil.example/x.png", "ftp://", "www."),
        *("attachment:", "attachment:a.png", "attachment:b.png", "mermaid", "\\href", "{x}", "\\url", "&#92;", "href"),
        *("[x]: ", "[x]", "![a](a.png)", "![x]", "\\\\(", "\\begin{a}", "\\end{a}", "<a ", "</", "<!--", "-->"),
    ]
)


@settings(max_examples=400, deadline=None)
@given(parts=st.lists(FRAGMENTS, max_size=14))
@example(parts=["![x](attachment:b.png)"])
@example(parts=["![ftp://x](attachment:b.png)"])
def test_however_it_is_put_together(parts: list[str]) -> None:
    written = "".join(parts)
    text = inert_markdown(written, ATTACHMENTS)
    assert inert_markdown(text, ATTACHMENTS) == text
    assert without_inert(text) == without_inert(written)
    renderer = IPythonRenderer(escape=False, attachments={name: {"image/png": PIXEL} for name in ATTACHMENTS})
    for page in (MarkdownWithMath(renderer).render(text), markdown_it(text)):
        assert list(live(page)) == [], page


@given(st.text())
def test_what_is_put_in_can_be_taken_out_again(written: str) -> None:
    assert without_inert(inert_markdown(written)) == written.replace(INERT, "")


@pytest.mark.parametrize("piece", ["![", "](", "![a](", "&#1", "```", "%20", "a/", "![a](a/", "\\href", "  ", "](  "])
def test_no_text_takes_long(piece: str) -> None:
    assert len(inert_markdown(piece * 20_000)) >= len(piece) * 20_000
