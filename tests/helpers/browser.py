"""Chromium, and what WCAG 2.2 says of colours in it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Any]:
    """The browser; without one, the test is skipped, but for CI."""
    path = shutil.which("chromium")
    if path is None and os.environ.get("CI") != "true":
        pytest.skip("no chromium here")
    assert path, "CI needs chromium"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


@contextmanager
def opened_page(browser: Any, file: Path, width: int, height: int) -> Iterator[Any]:
    """A page in a window of that size. Its script must not fail, nor its policy be hurt."""
    page = browser.new_page(viewport={"width": width, "height": height})
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(file.as_uri())
    yield page
    page.close()
    assert not complaints


def contrast(text: str, *behind: str) -> float:
    """The contrast ratio of a text on backgrounds, the uppermost first, each of which may let the next one through."""
    ground = np.zeros(3)
    for colour in reversed(behind):
        ground = _over(colour, ground)
    dark, light = sorted(map(_luminance, (_over(text, ground), ground)))
    return (light + 0.05) / (dark + 0.05)


def _over(colour: str, ground: Any) -> Any:
    """A colour as CSS computes it, `rgb(…)` or `rgba(…)`, laid over another."""
    parts = [float(part) for part in re.findall(r"[\d.]+", colour)]
    alpha = parts[3] if len(parts) > 3 else 1
    return alpha * np.array(parts[:3]) + (1 - alpha) * ground


def _luminance(colour: Any) -> float:
    parts = colour / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])
