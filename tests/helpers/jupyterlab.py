"""A real JupyterLab in a real browser: a server as somebody starts it, and the hands of who works in a notebook."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Locator, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium")
NO_BROWSER = CHROMIUM is None and os.environ.get("CI") != "true"  # which installs it
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
PATIENCE = 90_000  # milliseconds, for a kernel or a grading process to start
NOTEBOOK = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook"  # the one that is in front
# What a test needs that a student does not: a browser of its own, whoever runs it.
SETTINGS = {"ServerApp": {"allow_root": True, "open_browser": False}}


@dataclass(frozen=True)
class Server:
    """A Jupyter server that runs."""

    url: str
    token: str

    def page(self, path: str) -> str:
        return f"{self.url}{path}?token={self.token}"


@contextmanager
def jupyter_server(command: Sequence[object], folder: Path, home: Path, seconds: float = 120) -> Iterator[Server]:
    """The Jupyter server that a command starts in a folder. In `home`, a new folder, it keeps what is its own."""
    no_news = home / "config/lab/user-settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings"
    no_news.parent.mkdir(parents=True)
    no_news.write_text(json.dumps({"fetchNews": "false"}))  # it asks for them, above all else
    (home / "config" / "jupyter_server_config.json").write_text(json.dumps(SETTINGS))
    places = {"CONFIG_DIR": "config", "RUNTIME_DIR": "runtime", "DATA_DIR": "data"}
    environment = {**os.environ, **{f"JUPYTER_{name}": str(home / place) for name, place in places.items()}}
    with open(home / "server.log", "w") as log:
        process = subprocess.Popen([*map(str, command)], cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        yield _started(process, home, seconds)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _started(process: subprocess.Popen[bytes], home: Path, seconds: float) -> Server:
    """The server, once it answers: it writes a file that says where."""
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        for file in home.glob("runtime/jpserver-*.json"):
            with suppress(URLError, ValueError, KeyError):  # it does not answer yet; the file is not whole yet
                told = json.loads(file.read_text())
                server = Server(told["url"], told["token"])
                urlopen(server.page("api")).close()
                return server
        time.sleep(0.2)
    raise AssertionError((home / "server.log").read_text())


@contextmanager
def open_browser(width: int = 1280, height: int = 1000, scale: float = 1) -> Iterator[Page]:
    """A page of a browser, in a window of that size; `scale` is how many pixels of a screenshot are one of the page."""
    expect.set_options(timeout=PATIENCE)  # for all that comes: no test measures time
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=scale)
        page.set_default_timeout(PATIENCE)
        yield page
        browser.close()


class OpenNotebook:
    """A notebook that is open in JupyterLab; its cells are told by their ids in the file."""

    def __init__(self, page: Page, server: Server, file: Path, path: str) -> None:
        """`path` is that of the `file` below the server's folder."""
        cells: list[Mapping[str, str]] = json.loads(file.read_text(encoding="utf-8"))["cells"]
        self.page = page
        self._index = {cell["id"]: number for number, cell in enumerate(cells)}
        self._is_code = [cell["cell_type"] == "code" for cell in cells]
        page.goto(server.page(f"lab/tree/{path}"))
        expect(self.cell(cells[0]["id"])).to_be_visible(timeout=PATIENCE)
        expect(page.locator("#jp-main-statusbar")).to_contain_text("| Idle")  # what is run before is lost

    def cell(self, name: str) -> Locator:
        return self._numbered(self._index[name])

    def _numbered(self, number: int) -> Locator:
        return self.page.locator(f"{NOTEBOOK} .jp-Cell[data-windowed-list-index='{number}']")

    def select(self, name: str) -> None:
        self.cell(name).locator(".jp-InputArea-prompt").click()

    def run_up_to(self, name: str) -> None:
        """Run the cells from the first one to that before `name`, by Shift+Enter, as a reader does."""
        cells = list(self._index)
        self.select(cells[0])
        for _ in cells[: self._index[name]]:
            self.run()

    def write(self, name: str, source: str) -> None:
        """Put a text into a cell, in the place of what is there."""
        editor = self.cell(name).locator(".cm-content")
        editor.click()
        expect(editor).to_be_focused()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(source)
        expect(editor.locator(".cm-line")).to_have_text(source.splitlines())

    def run(self) -> None:
        """Run the active cell; the one below it is active then."""
        active = self.page.locator(f"{NOTEBOOK} .jp-Cell.jp-mod-active")
        number = int(active.get_attribute("data-windowed-list-index") or "")
        prompt = self._numbered(number).locator(".jp-InputArea-prompt")
        before = prompt.inner_text()
        self.page.keyboard.press("Shift+Enter")
        expect(active).to_have_attribute("data-windowed-list-index", str(number + 1))
        if self._is_code[number]:
            expect(prompt).to_have_text(re.compile(r"\[\d+\]:"))
            expect(prompt).not_to_have_text(before)

    def run_with_next(self) -> None:
        """Run the active cell and the one below it: an answer, and its check."""
        self.run()
        self.run()

    def shown(self, name: str) -> Locator:
        """What a cell shows below it."""
        return self.cell(name).locator(".jp-OutputArea-output")

    def expect_shown(self, name: str, text: str) -> None:
        """Wait until a cell shows a text; marks of code in it are not signs there."""
        expect(self.shown(name)).to_contain_text(text.replace("`", ""))

    def save(self) -> None:
        """Save, and wait until it is."""
        with self.page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
            self.page.keyboard.press("ControlOrMeta+s")
