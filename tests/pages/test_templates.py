"""Templates are compiled once for all runs, wherever Python keeps its own bytecode; what is doubtful is made again."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import Environment

from autograder.pages import _jinja
from autograder.pages._jinja import PAGES, CompiledTemplates

TEMPLATE = "submission.html"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which compiled templates are kept here, and nowhere else."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    folder = Path(str(tmp_path) + str(Path(_jinja.__file__).parent))
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The names of the templates that are compiled from now on."""
    names: list[str | None] = []
    compile_one = Environment.compile

    def counting(self: Environment, source: str, name: str | None = None, *args: object, **kwargs: object) -> object:
        names.append(name)
        return compile_one(self, source, name, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Environment, "compile", counting)
    return names


def load() -> None:
    """As a process does that begins."""
    fresh = PAGES.overlay(bytecode_cache=CompiledTemplates(), cache_size=10)
    fresh.get_template(TEMPLATE)


def test_a_template_is_compiled_once_for_all_runs(kept: Path, compiled: list[str | None]) -> None:
    load()
    load()
    assert compiled == [TEMPLATE]
    assert [each.name.startswith("template-") for each in kept.iterdir()] == [True]


@pytest.mark.parametrize("content", [b"", b"j2", b"nonsense", bytes(2000)])
def test_one_that_is_damaged_is_made_again(kept: Path, compiled: list[str | None], content: bytes) -> None:
    load()
    (file,) = kept.iterdir()
    whole = file.read_bytes()
    for damaged in (content, whole[: len(whole) // 2], whole[:20], whole[:-1]):
        file.write_bytes(damaged)
        load()
        assert file.read_bytes() == whole
    assert compiled == [TEMPLATE] * 5


def test_of_another_module_or_version_none_counts(
    kept: Path, compiled: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    load()
    monkeypatch.setattr(_jinja, "jinja_version", "9.9")
    load()
    assert compiled == [TEMPLATE] * 2
    assert len(list(kept.iterdir())) == 2


def test_where_none_can_be_kept_each_run_makes_its_own(
    kept: Path, compiled: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    load()
    assert list(kept.iterdir()) == []
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    kept.rmdir()
    kept.write_text("no folder")
    load()
    assert compiled == [TEMPLATE] * 2
