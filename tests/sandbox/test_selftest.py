"""The self-test: it finds every promise kept, and can find each of them broken."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.sandbox import selftest
from autograder.sandbox.homes import Where
from autograder.sandbox.protocol import SandboxError
from tests.helpers.sandbox import IMPORTS, LIMITS


@dataclass(frozen=True)
class Examined:
    """What the self-test found, and which of the files that it tries to write are there afterwards."""

    findings: list[selftest.Examination]
    left: list[str]


@pytest.fixture(scope="module", params=[True, False], ids=["confined", "unconfined"])
def examined(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[bool, Examined]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        findings = selftest.examine(LIMITS, IMPORTS, where=Where.KERNEL if request.param else Where.NONE)
    ours = f"{selftest.PROBE_FILE}{os.getpid()}*"
    left = [str(file) for place in (home, Path("/tmp"), Path("/dev/shm")) for file in place.glob(ours)]
    for file in left:
        os.remove(file)
    return request.param, Examined(findings, left)


def test_the_self_test_finds_every_promise_kept_or_most_of_them_broken(examined: tuple[bool, Examined]) -> None:
    confined, found = examined
    held = {finding.promise.text for finding in found.findings if finding.held}
    assert len(found.findings) == len(selftest.promises(LIMITS, "secret", "folder", 1))
    if confined:
        assert len(held) == len(found.findings)
        return
    # Resource limits, processes of its own and an emptied environment are there without confinement as well.
    kept = ("environment", "open file", "of memory", "answers with", "computes for", "dies alone")
    assert not [text for text in held if not any(word in text for word in kept)]
    assert all(finding.detail for finding in found.findings if not finding.held)


def test_the_self_test_leaves_nothing_behind(examined: tuple[bool, Examined]) -> None:
    assert not examined[1].left


def test_a_machine_that_keeps_its_promises_is_accepted() -> None:
    selftest.require(LIMITS, IMPORTS)


def test_a_machine_that_breaks_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = selftest.Examination(selftest.promises(LIMITS, "", "", 1)[0], held=False, detail="read 3 characters")
    monkeypatch.setattr(selftest, "examine", lambda *_, **__: [broken])
    with pytest.raises(SandboxError, match="read 3 characters"):
        selftest.require(LIMITS, IMPORTS)


def test_every_promise_is_tried() -> None:
    promises = selftest.promises(LIMITS, "secret", "folder", 1)
    assert len({promise.text for promise in promises}) == len(promises)
    assert all(promise.attempts for promise in promises)


@pytest.mark.parametrize("where", [Where.KERNEL, Where.NONE])
def test_each_file_and_folder_of_a_course_is_tried(tmp_path: Path, where: Where) -> None:
    """One call for all files: where the last one alone can be read, that is found."""
    gone, last = tmp_path / "a_folder", tmp_path / "lesson.py"
    gone.mkdir()
    last.write_text("an answer")
    (found,) = selftest.examine(LIMITS, IMPORTS, where=where, private=[gone, last])[-1:]
    assert found.promise.text == selftest.reads_nothing_of([last]).text
    assert found.held is (where is Where.KERNEL)
    if not found.held:
        assert str(last) in found.detail
