"""Why there is no work to be had from a repository, in one sentence each: git's own words are for programmers."""

from __future__ import annotations

import re

from autograder.classroom.collect.git import messages
from autograder.text import on_one_line

MAX_SAID_CHARS = 200

TOO_LARGE = "file too large"
_TOO_LARGE = f"died of signal 25|{TOO_LARGE}|out of memory|cannot allocate memory"
_NO_HOST = "could not resolve"
_NO_ANSWER = "failed to connect|connection (refused|timed out|reset|closed)|no route to host|unable to connect"
_OTHER_TRANSPORT = (
    r"transport '\w+' not allowed|protocol .* (disabled|not supported)|unable to update url base|redirect target"
)
_NO_ACCESS = "could not read username|authentication failed|permission denied|access denied|returned error: 40[13]"
_NOT_THERE = "not found|does not exist|does not appear to be a git repository|returned error: 4(0[04]|10)"
_TOO_OFTEN = "returned error: 429"
_NOT_TRUSTED = "host key verification failed|ssl certificate|certificate verif"
_NOT_OURS = "dubious ownership"
_NO_REF = re.compile("couldn't find remote ref (.+)")


class FetchError(Exception):
    """There is no work to be had from a repository: the message is one sentence that says why."""


def error_of(said: str, address: str, megabytes: int) -> FetchError:
    """What git's words mean. What the server said is a stranger's, and no part of them."""
    lines = [line for line in said.splitlines() if line and not line.startswith(("remote:", "warning:", "hint:"))]
    text = "\n".join(lines).casefold()
    if re.search(_TOO_LARGE, text):
        return FetchError(messages.too_large(megabytes))
    if ref := _NO_REF.search("\n".join(lines)):
        return FetchError(messages.EMPTY if ref[1] == "HEAD" else messages.no_ref(on_one_line(ref[1])))
    shown = without_secrets(on_one_line(address))
    if re.search(_NO_HOST, text):
        return FetchError(messages.no_host(shown))
    if re.search(_TOO_OFTEN, text):
        return FetchError(messages.too_often(shown))
    if re.search(_NOT_TRUSTED, text):
        return FetchError(messages.not_trusted(shown))
    if re.search(_NO_ANSWER, text):
        return FetchError(messages.no_answer(shown))
    if re.search(_OTHER_TRANSPORT, text):
        return FetchError(messages.leads_elsewhere(shown))
    if re.search(_NO_ACCESS, text):
        return FetchError(messages.no_access(shown))
    if re.search(_NOT_THERE, text):
        return FetchError(messages.not_there(shown))
    if re.search(_NOT_OURS, text):
        return FetchError(messages.belongs_to_others(shown))
    said = without_secrets(on_one_line(" ".join(lines)))[:MAX_SAID_CHARS]
    return FetchError(messages.git_says(said) if said else messages.GIT_ENDED)


def without_secrets(text: str) -> str:
    """Text in which no address holds a name or a password."""
    return re.sub(r"//[^/@\s]*@", "//", text)
