"""Addresses of repositories, and the one transport that git may use for each."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Nothing in it begins with a dash, so that neither git nor ssh takes any of it for an option.
_HOST = r"(?P<host>\w[\w.-]*(?::\d+)?)"
_USER = r"(?:\w[\w.+-]*@)?"  # without a password
_FORMS = {
    "https": re.compile(rf"https://{_HOST}/\S+"),  # a name there may be a token
    "ssh": re.compile(rf"ssh://{_USER}{_HOST}/\S+|{_USER.rstrip('?')}\w[\w.-]*:(?!/?-|:)\S+"),
    "file": re.compile(r"\.{0,2}/.*"),
}
_WITH_PASSWORD = re.compile(r"\w+://[^/@]*:[^/]*@|https?://[^/]*@")


@dataclass(frozen=True)
class Address:
    """Where a repository is. `host` is that of https, with its port where it has one."""

    text: str
    transport: str
    host: str = ""


def read_address(text: str) -> Address | None:
    """An address by which git may fetch: https, ssh, or a path; of any other, None."""
    for transport, form in _FORMS.items():
        if text.isprintable() and (match := form.fullmatch(text)):
            return Address(text, transport, (match.groupdict().get("host") or "").casefold())
    return None


def has_password(text: str) -> bool:
    """Whether a password or a token stands in an address, where all can read it."""
    return _WITH_PASSWORD.match(text) is not None
