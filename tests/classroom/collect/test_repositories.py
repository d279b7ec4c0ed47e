"""A list of repositories is read as it was meant, or its first mistake is told in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.classroom.collect.git.repositories import Repository, read_repositories
from autograder.errors import UserError

HTTPS = "https://git.example/ada.git"


def read(folder: Path, text: str | bytes) -> list[Repository]:
    file = folder / "repositories.txt"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_repositories(file)


def test_a_name_and_an_address_a_line(tmp_path: Path) -> None:
    text = f"# name and address\n\nada {HTTPS}\n  bo\t git@git.example:class/bo.git  # late\ncy ssh://git@git.example:2222/cy"
    assert read(tmp_path, text) == [
        Repository("ada", HTTPS, 3),
        Repository("bo", "git@git.example:class/bo.git", 4),
        Repository("cy", "ssh://git@git.example:2222/cy", 5),
    ]


@pytest.mark.parametrize("text", [f"\ufeffada {HTTPS}\r\n", f"ada\t{HTTPS} \t\r\n\r\n", f"ada\u00a0{HTTPS}\r# end\r"])
def test_a_list_is_read_whichever_program_wrote_it(tmp_path: Path, text: str) -> None:
    assert [(each.student, each.address) for each in read(tmp_path, text)] == [("ada", HTTPS)]


def test_what_holds_blanks_stands_in_quotes(tmp_path: Path) -> None:
    (each,) = read(tmp_path, '"Anna Mu\u0308ller" "/srv/class of 26/anna"  # on the server\n')
    assert (each.student, each.address) == ("Anna Müller", "/srv/class of 26/anna")


def test_a_path_begins_at_the_folder_of_the_list(tmp_path: Path) -> None:
    assert [each.address for each in read(tmp_path, "ada ./ada.git\nbo ../bo")] == [
        str(tmp_path / "ada.git"),
        str(tmp_path.parent / "bo"),
    ]


@pytest.mark.parametrize(
    "address",
    ["https://git.example:8443/a/b.git", "https://hochschule.example/~a/b", "git@host:~/a"],
)
def test_addresses_are_taken_as_sites_show_them(tmp_path: Path, address: str) -> None:
    assert read(tmp_path, f"ada {address}")[0].address == address


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ada", "line 1: ada has no address"),
        ("ada   # later", "line 1: ada has no address"),
        (f"Anna Müller {HTTPS}", "line 1: this is not a name and an address"),
        (f'"Anna {HTTPS}', "line 1: this is not a name and an address"),
        (f"ada {HTTPS}\n# again\nAda {HTTPS}", "line 3: Ada is in line 1 already"),
        (f"Zoe\u0308 {HTTPS}\nzo\u00eb {HTTPS}", "line 2: zoë is in line 1 already"),
        (f"../ada {HTTPS}", "'../ada' cannot be the name of a folder"),
        (f".. {HTTPS}", "'..' cannot be the name of a folder"),
        (f"a\\b {HTTPS}", "cannot be the name of a folder"),
        (f'"" {HTTPS}', "cannot be the name of a folder"),
        (f'"a\tb" {HTTPS}', "cannot be the name of a folder"),
        ("ada https://bo:a-secret@git.example/ada", "holds a password"),
        ("# nothing yet\n", "names no repository"),
        ("", "names no repository"),
        ("ada \u00e4".encode("latin-1"), "is not UTF-8"),
        (f"ada {HTTPS}".encode("utf-16"), "is not UTF-8"),
    ],
)
def test_a_mistake_is_told_in_one_line(tmp_path: Path, text: str | bytes, told: str) -> None:
    with pytest.raises(UserError) as error:
        read(tmp_path, text)
    assert told in str(error.value)
    assert "\n" not in str(error.value)
    assert "a-secret" not in str(error.value)


@pytest.mark.parametrize(
    "address",
    [
        "--upload-pack=touch",
        "-oProxyCommand=touch",
        '"ext::sh -c touch% /x"',
        "fd::17",
        "git://git.example/ada",
        "http://git.example/ada",
        "ftp://git.example/ada",
        "file:///srv/ada",
        "https::https://git.example/ada",
        "https://-oProxyCommand=x/ada",
        "ssh://-oProxyCommand=x/ada",
        "ssh://git@-oProxyCommand=x/ada",
        "-oProxyCommand=x:ada",
        "git@host:-x",
        "git@host::x",
        "https:///ada",
        "https://git.example",
        "ada.git",
        "https://git.example/\x1b[31m",
    ],
)
def test_an_address_is_of_a_transport_that_is_allowed(tmp_path: Path, address: str) -> None:
    with pytest.raises(UserError, match="line 2: the address of bo is none that is fetched from"):
        read(tmp_path, f"ada {HTTPS}\nbo {address}")


def test_a_list_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"nowhere.txt cannot be read: No such file"):
        read_repositories(tmp_path / "nowhere.txt")
