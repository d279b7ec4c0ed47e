"""Every sentence of the machine is in its catalogue: said in a language in which all of them stand in brackets."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from autograder.checking.recognition.messages import Wrong
from autograder.language import catalogue
from autograder.language.current import speaking, translated
from autograder.language.sentences import is_sentence
from autograder.sandbox.protocol import CodeLine
from autograder.submission.messages import Problem
from tests.helpers.brackets import LANGUAGE, outside, write_machine
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

PACKAGE = ROOT / "autograder"
MODULES = sorted(".".join(path.relative_to(ROOT).with_suffix("").parts) for path in PACKAGE.rglob("*messages.py"))
# What is the same in every language: programs read it.
SAME = {"BETWEEN_REASONS", "FINAL", "NOT_FINAL", "FOR_A_COURSE", "FOR_AN_ASSIGNMENT", "WORKED"}
# Values of each kind of argument, in which there is no word.
VALUES: dict[str, Any] = {
    "str": "1-2",
    "int": 2,
    "float": 2.0,
    "bool": True,
    "Path": Path("/1"),
    "Sequence[str]": ["1", "2"],
    "list[str]": ["1", "2"],
    "tuple[str, ...]": ("1", "2"),
    "tuple[int, ...]": (2, 3),
    "int | None": 2,
    "str | None": "1",
    "object": "1-2",
    "CodeLine": CodeLine("1", 2, "3"),
    "CodeLine | None": CodeLine("1", 2, "3"),
    "Any": np.ones(2),
    "NDArray[Any]": np.ones(2),
}


@pytest.fixture(scope="module", autouse=True)
def brackets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(catalogue, "MACHINE", write_machine(tmp_path_factory.mktemp("machine")))
        catalogue._speech.cache_clear()
        yield
    catalogue._speech.cache_clear()


def functions_of(module: ModuleType) -> Iterator[tuple[str, dict[str, Any]]]:
    """The functions of a messages module whose arguments are all of a kind that is known here, with such arguments."""
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ != module.__name__ or name.startswith("_"):
            continue
        kinds = {each: str(parameter.annotation) for each, parameter in inspect.signature(function).parameters.items()}
        if set(kinds.values()) <= VALUES.keys():
            yield name, {each: VALUES[kind] for each, kind in kinds.items()}


def constants_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for each in value.values() for text in constants_in(each))
    elif isinstance(value, tuple | list):
        yield from (text for each in value for text in constants_in(each))


@pytest.mark.parametrize("name", MODULES)
def test_no_sentence_of_a_messages_module_escapes(name: str) -> None:
    module = importlib.import_module(name)
    called = list(functions_of(module))
    own = [each for each in vars(module) if each.isupper() and each not in SAME]
    with speaking(LANGUAGE):
        said = {each: getattr(module, each)(**arguments) for each, arguments in called}
        said |= {
            f"{each} {number}": text for each in own for number, text in enumerate(constants_in(getattr(module, each)))
        }
    escaped = {each: outside(text.replace("\n", " ")) for each, text in said.items() if is_sentence(text)}
    assert {each: words for each, words in escaped.items() if words} == {}


def test_nearly_every_function_is_tried() -> None:
    modules = [importlib.import_module(name) for name in MODULES]
    tried = sum(len(list(functions_of(module))) for module in modules)
    there = sum(
        function.__module__ == module.__name__ and not name.startswith("_")
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
    )
    assert tried > 0.95 * there, f"{tried} of {there}: give VALUES the kinds of arguments that it lacks"


def test_every_way_to_be_unreadable_or_wrong_is_in_the_catalogue() -> None:
    with speaking(LANGUAGE):
        texts = [translated(text) for each in Problem for text in (each.submitted, each.own_file)]
        texts += [translated(text) for each in Wrong for text in (each.alone, each.as_part)]
    assert [text for text in texts if outside(text)] == []
