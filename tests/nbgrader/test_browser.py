"""The instructor's buttons, pressed in a real browser, on a real Jupyter server with nbgrader's formgrader."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from autograder.course.loader import Course
from tests.helpers.hand_ins import Notebook, content, mistaken, solved
from tests.helpers.nbgrader import WRITTEN, grades, hand_in_notebook, make_course, nbgrader

CHROMIUM = shutil.which("chromium")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
MISTAKE = "divided_by_length"
PATIENCE = 90_000  # milliseconds: the first submission starts the grading process
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None and os.environ.get("CI") != "true", reason="there is no chromium here (CI installs it)"
    ),
]


@pytest.fixture(scope="module")
def folder(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with two submissions handed in and none graded."""
    made = make_course(tmp_path_factory.mktemp("formgrader"))
    nbgrader("generate_assignment", WRITTEN, cwd=made)
    hand_in_notebook(made, "mina", WRITTEN, content(with_scripts(mistaken(course.assignment(WRITTEN), MISTAKE))))
    hand_in_notebook(made, "noor", WRITTEN, content(solved(course.assignment(WRITTEN))))
    return made


def with_scripts(notebook: Notebook) -> Notebook:
    """With what would run in the browser of whoever looks at it or clicks there, and what tells who looked."""
    script = "<script>window.mine = 1</script><img src='' onerror='window.mine = 1'>"
    script += "[here](javascript:window.mine=1) ![seen](https://evil.example/seen.png)"
    for kind in ("markdown", "raw"):
        notebook["cells"].append({"cell_type": kind, "metadata": {}, "source": f"Look: {kind} {script}"})
    return notebook


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """A Jupyter server in the course's folder, as `jupyter lab` starts it there."""
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--port=0"]
    with open(folder / "server.log", "w") as log:
        server = subprocess.Popen([*command, "--IdentityProvider.token=secret"], cwd=folder, stdout=log, stderr=log)
    try:
        yield started(server, folder / "server.log")
    finally:
        server.terminate()
        server.wait(timeout=30)


def started(server: subprocess.Popen[bytes], log: Path) -> str:
    """The server's address, once it answers there."""
    deadline = time.monotonic() + 120
    while server.poll() is None and time.monotonic() < deadline:
        if found := re.search(r"http://127\.0\.0\.1:\d+/", log.read_text()):
            try:
                urlopen(f"{found[0]}api?token=secret").close()
            except URLError:
                pass
            else:
                return found[0]
        time.sleep(0.2)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="module")
def page(address: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(PATIENCE)
        page.goto(f"{address}formgrader?token=secret")
        yield page
        browser.close()


def test_the_instructors_way_through_formgrader(
    page: Page, address: str, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Autograde, grade by hand, give feedback: what each page shows is what stands in the gradebook."""
    shots = tmp_path_factory.mktemp("screenshots")

    def picture(name: str) -> None:
        page.screenshot(path=shots / f"{name}.png", full_page=True)

    def press(button: str, message: str, name: str) -> None:
        row.locator(button).click()
        expect(page.locator(".modal-body p").first).to_have_text(re.compile(message), timeout=PATIENCE)
        page.locator(".modal-footer button").hover()  # which waits until the dialog has come to rest
        picture(name)
        page.locator(".modal-footer button").click()
        expect(page.locator(".modal")).to_have_count(0)

    # The assignments of the course, and the submissions of this one.
    expect(page.get_by_role("link", name=WRITTEN)).to_be_visible(timeout=PATIENCE)
    picture("1_assignments")
    page.goto(f"{address}formgrader/manage_submissions/{WRITTEN}")
    row = page.locator("tr", has=page.locator(".student-id", has_text="mina"))
    expect(row.locator(".status")).to_have_text("needs autograding", timeout=PATIENCE)

    # Press Autograde, see the score.
    press(".autograde a", "Successfully autograded", "2_autograded")
    earned = sum(grade.score for (_, student, _), grade in grades(folder).items() if student == "mina")
    assert 0 < earned < 20
    expect(row.locator(".score")).to_have_text(f"{earned:g} / 29")
    expect(row.locator(".status")).to_have_text("needs manual grading")
    picture("3_score")

    # Read the written answer, give points, see the total.
    page.goto(f"{address}formgrader/gradebook/{WRITTEN}/{WRITTEN}")
    page.get_by_role("link", name="Submission #1").click()
    check = page.locator(".nbgrader_cell", has=page.locator("#check_scale_scores"))
    expect(check).to_be_visible()
    expect(page.locator("#why_sqrt_d")).to_be_visible()
    for kind in ("markdown", "raw"):
        expect(page.get_by_text(f"Look: {kind}")).to_be_visible()
    assert page.evaluate("window.mine") is None  # no script of the student's has run
    expect(page.locator("a[href^='javascript:window'], img[src*='evil']")).to_have_count(0)
    # The page listens to its fields only once it has fetched what stands in the gradebook.
    page.wait_for_function("formgrader.grades?.loaded && formgrader.comments?.loaded")
    page.locator("#why_sqrt_d").fill("4")
    with page.expect_response(re.compile("/api/grade/")):
        page.locator("#why_sqrt_d").press("Tab")
    page.locator("#why_sqrt_d-comment").fill("Say *why* the variances add up.")
    with page.expect_response(re.compile("/api/comment/")):
        page.locator("#why_sqrt_d-comment").press("Tab")
    picture("4_by_hand")
    page.goto(f"{address}formgrader/gradebook/{WRITTEN}/{WRITTEN}")
    expect(page.locator("tbody .score").first).to_have_text(f"{earned + 4:g} / 29")
    picture("5_total")

    # Give feedback, read in it what went wrong.
    page.goto(f"{address}formgrader/manage_submissions/{WRITTEN}")
    press(".generate-feedback a", "Successfully generated", "6_feedback_made")
    page.goto((folder / "feedback" / "mina" / WRITTEN / f"{WRITTEN}.html").as_uri())
    expect(page.locator("h4").first).to_have_text(f"{WRITTEN} (Score: {earned + 4:.1f} / 29.0)")
    expect(page.get_by_text(f"Known mix-up: {MISTAKE.replace('_', ' ')}").first).to_be_visible()
    expect(page.get_by_text("Say why the variances add up.")).to_be_visible()
    assert page.evaluate("window.mine") is None
    expect(page.locator("a[href^='javascript:window'], img[src*='evil']")).to_have_count(0)
    picture("7_feedback")

    # Autograde again: what was given by hand stays.
    page.goto(f"{address}formgrader/manage_submissions/{WRITTEN}")
    press(".autograde a", "Successfully autograded", "8_autograded_again")
    expect(row.locator(".score")).to_have_text(f"{earned + 4:g} / 29")
    assert grades(folder)[WRITTEN, "mina", "why_sqrt_d"].manual_score == 4
