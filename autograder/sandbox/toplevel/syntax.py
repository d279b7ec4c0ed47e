"""Source is parsed as the grader's Python does it, whichever version runs the code: students know of one. Portable.

Python itself refuses most of what a version does not know yet, when asked; of f-strings, which were freed of their old
rules in 3.12, it does not: these are looked at here.
"""

from __future__ import annotations

import ast
import io
import sys
import token
import tokenize

from autograder.sandbox import messages

FREE_F_STRINGS = (3, 12)
Version = tuple[int, int]
_judged_as: list[Version] = []


def judge_as(version: Version) -> None:
    """From here on, in this process, source is that of this version of Python, or it is none."""
    _judged_as[:] = [version]


def parse(text: str) -> ast.Module:
    """Its tree. Raises what `ast.parse` may."""
    if not _judged_as or _judged_as[0] >= sys.version_info[:2]:
        return ast.parse(text)
    version = _judged_as[0]
    tree: ast.Module = ast.parse(text, feature_version=version)
    if version < FREE_F_STRINGS <= sys.version_info[:2] and any(
        isinstance(each, ast.JoinedStr) for each in ast.walk(tree)
    ):
        _require_old_f_strings(text)
    return tree


def _require_old_f_strings(text: str) -> None:
    """Raises SyntaxError where an expression in an f-string holds its quotes, a backslash, a comment or ends a line."""
    start, middle, end = (getattr(token, f"FSTRING_{part}") for part in ("START", "MIDDLE", "END"))
    around: list[str] = []  # the quotes of the f-strings that a token stands in
    for each in tokenize.generate_tokens(io.StringIO(text).readline):
        within = around[:-1] if each.type in (middle, end) else around  # else, it is in an expression of the last, too
        for quotes in within:
            ends_line = len(quotes) == 1 and each.type in (token.NL, token.NEWLINE)
            if quotes in each.string or "\\" in each.string or each.type == token.COMMENT or ends_line:
                raise SyntaxError(messages.IN_F_STRING, ("", *each.start, each.line))
        if each.type == start:
            around.append(each.string.lstrip("fFrR"))
        elif each.type == end:
            around.pop()
