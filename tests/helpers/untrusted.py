"""Text as a stranger may write it, each an attempt at the format that it ends up in."""

from __future__ import annotations

from hypothesis import strategies as st

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
