"""What a messages module says in another language, and what of it stands in a catalogue."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from autograder.checking import messages
from autograder.language import catalogue
from autograder.language.catalogue import (
    LanguageError,
    known_languages,
    language_of_system,
    require_language,
    spelt_as_known,
)
from autograder.language.current import current, speaking, translated
from autograder.language.listing import listed
from autograder.language.sentences import Sentence, lookups_of, pattern_of, sentences_of
from autograder.student import messages as at_home
from tests.helpers.brackets import LANGUAGE, write_machine

SOURCE = '''
"""Not a sentence: nobody reads it."""
from autograder.language.current import translatable

translatable(__name__, "YES")

YES = "yes, everywhere"
GREETING = "Good morning."
KINDS = {"c": "complex numbers"}


def numbers(count: int) -> str:
    """Nor is this."""
    return "1 number" if count == 1 else f"{count} numbers"


def rows(count: str) -> str:
    if count == "1":
        return "one row"
    return f"{count} rows"


def at(label: str, kind: str) -> str:
    value = format(2.0, "g")
    if kind not in "biuf":
        return f"In {label}, {value!r} {{braces}}"
    return f"{kind}: {value}"
'''


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_machine(tmp_path_factory.mktemp("machine"))


@pytest.fixture(autouse=True)
def brackets(machine: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(catalogue, "MACHINE", machine)
    catalogue._speech.cache_clear()
    yield
    catalogue._speech.cache_clear()


def test_all_that_is_said_is_found_and_nothing_else() -> None:
    assert [(each.text, each.several) for each in sentences_of(SOURCE)] == [
        ("Good morning.", ""),
        ("complex numbers", ""),
        ("1 number", "{count} numbers"),
        ("one row", "{count} rows"),
        ("In {label}, {value!r} {{braces}}", ""),
        ("{kind}: {value}", ""),
    ]
    assert sentences_of("A = 'two words'\n") == [Sentence("two words", 1)]


def test_what_is_looked_up_is_what_is_found() -> None:
    said: list[str] = []
    names = {
        "_text": lambda text: said.append(text) or text,
        "_said": lambda text, /, **fields: said.append(text) or text.format(**fields),
        "_counted": lambda one, several, count, /, **fields: said.append(one) or several.format(**fields),
    }
    exec(lookups_of(SOURCE), names)
    assert names["numbers"](2) == "2 numbers"  # type: ignore[operator]
    assert names["rows"]("2") == "2 rows"  # type: ignore[operator]
    assert names["at"]("cell 1", "c") == "In cell 1, '2' {braces}"  # type: ignore[operator]
    assert names["at"]("cell 1", "b") == "b: 2"  # type: ignore[operator]
    assert said == [each.text for each in sentences_of(SOURCE)]
    assert names["YES"] == "yes, everywhere"


def test_a_language_is_spoken_for_a_while_and_by_one_thread() -> None:
    english = messages.not_implemented("f")
    heard: list[str] = []
    with speaking(LANGUAGE):
        assert messages.not_implemented("f") == f"⟦{english}⟧"
        assert messages.NOTHING_CALLED.startswith("⟦")
        with speaking("en"):
            assert messages.not_implemented("f") == english
        thread = Thread(target=lambda: heard.append(messages.not_implemented("f")))
        thread.start()
        thread.join()
        assert current() == LANGUAGE
    assert [messages.not_implemented("f"), *heard] == [english, english]


def test_a_list_has_the_sign_of_its_language_between_what_stands_in_it() -> None:
    assert [listed([]), listed(["a"]), listed(iter(["a", "b", "c"]))] == ["", "a", "a, b, c"]
    with speaking(LANGUAGE):
        assert [listed([]), listed(["1"]), listed(["1", "2"])] == ["", "1", "⟦1, 2⟧"]


def test_a_count_has_the_form_of_its_language() -> None:
    with speaking(LANGUAGE):
        assert [at_home.rows(1), at_home.rows(3)] == ["⟦1 row⟧", "⟦3 rows⟧"]


def test_the_label_of_a_cell_is_said_in_the_language_and_stays_in_data() -> None:
    with speaking(LANGUAGE):
        assert at_home.conflict_in_code("code cell 3", "<<<").count("code cell 3") == 1
        from autograder.submission import messages as of_files

        assert of_files.place("code cell 3", 2) == "⟦⟦code cell 3⟧, line 2⟧"


def test_a_text_that_was_made_of_a_template_is_found_again() -> None:
    pattern = pattern_of("For p = {p}, the entries are {entry} and -{entry}.")
    assert pattern
    found = pattern.fullmatch("For p = [1 2], the entries are 0.22 and -0.22.")
    assert found
    assert found.groupdict() == {"p": "[1 2]", "entry": "0.22"}
    assert not pattern.fullmatch("For p = [1 2], the entries are 0.22 and -0.33.")
    assert pattern_of("no field") is None
    assert pattern_of("{only}{fields}") is None


def test_an_unknown_language_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(LanguageError, match="there is no language “xx” here; there are en, eo"):
        require_language("xx")
    assert [require_language(each) for each in ("eo", "EO", "en")] == ["eo", "eo", "en"]
    assert [spelt_as_known(each, ["zh_CN"]) for each in ("zh-cn", "ZH_CN", "zh", "")] == ["zh_CN", "zh_CN", "", ""]


def test_a_damaged_catalogue_is_told_in_one_line(
    machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "eo.mo").write_bytes(b"nothing of the kind")
    monkeypatch.setattr(catalogue, "MACHINE", tmp_path)
    with pytest.raises(LanguageError, match="is damaged, or no catalogue"), speaking(LANGUAGE):
        pass


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "eo.UTF-8"}, "eo"),
        ({"LANG": "eo_XX.UTF-8@euro"}, "eo"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "eo", "LC_ALL": "C"}, "en"),
        ({"LANGUAGE": "xx:eo", "LANG": "en_US"}, "eo"),
        ({"LANG": "xx_XX"}, "en"),
        ({"LANG": "EO-xx"}, "eo"),
        ({"LANG": "eo.GB18030"}, "eo"),
        ({"LANG": ""}, "en"),
        ({"LANG": ":"}, "en"),
        ({"LANGUAGE": "xx:en:eo"}, "en"),
        ({}, "en"),
    ],
)
def test_the_system_says_which_language(
    environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language_of_system() == expected
    assert known_languages() == ["en", "eo"]


def test_english_reads_no_catalogue_and_changes_no_module() -> None:
    source = (
        "import sys\nfrom autograder.checking import messages\nfrom autograder.language.current import speaking\n"
        "with speaking('en'): messages.not_implemented('f')\n"
        "assert 'autograder.language.sentences' not in sys.modules and type(messages).__name__ == 'module'\n"
    )
    subprocess.run([sys.executable, "-c", source], check=True, timeout=60)


def test_what_is_in_no_catalogue_stays_as_it_is() -> None:
    with speaking(LANGUAGE):
        assert translated("a sentence that nobody has translated") == "a sentence that nobody has translated"
