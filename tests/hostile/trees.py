"""Attacks on what reads a class: folders, names, links and files of every kind, each beside an honest neighbour."""

from __future__ import annotations

import gzip
import io
import json
import os
import socket
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.hostile.attack import JACOBIAN, SOFTMAX

HONEST = SOFTMAX + JACOBIAN
NAME = "03_softmax"
Plant = Callable[[Path], object]


@dataclass(frozen=True)
class Tree:
    """Something in the folder of a class. `plant` is given the folder of the class and puts it there.

    says: what the report on it says, or None when there must be no report. earns: its mark, as that of the honest work
    of this name.
    """

    name: str
    plant: Plant
    says: str | None = ""
    earns: str = "nothing"


def notebook(*sources: object, **more: object) -> str:
    """A notebook with these code cells."""
    return json.dumps({"cells": [{"cell_type": "code", "source": source} for source in sources], **more})


def folder(classroom: Path, student: str | bytes = "mallory") -> Path:
    """The folder that a student hands in."""
    path = Path(os.fsdecode(os.fsencode(classroom) + b"/" + os.fsencode(student) + b"/" + NAME.encode()))
    path.mkdir(parents=True)
    return path


def file(content: str | bytes, ending: str = ".ipynb") -> Plant:
    """Hand in a file with this content."""
    data = content.encode() if isinstance(content, str) else content
    return lambda classroom: (folder(classroom) / f"{NAME}{ending}").write_bytes(data)


def script(content: bytes) -> Plant:
    return file(content, ".py")


def named(student: str | bytes) -> Plant:
    """Hand in honest work under this name."""
    return lambda classroom: (folder(classroom, student) / f"{NAME}.py").write_text(HONEST)


def link_to(target: str, place: str) -> Plant:
    """Hand in a link: `place` is what it stands for (student, assignment or file)."""

    def plant(classroom: Path) -> None:
        outside = folder(classroom.parent / "outside", "victim")
        (outside / f"{NAME}.py").write_text(HONEST)
        targets = {"student": outside.parent, "assignment": outside, "file": outside / f"{NAME}.py"}
        links = {
            "student": classroom / "mallory",
            "assignment": classroom / "mallory" / NAME,
            "file": classroom / "mallory" / NAME / f"{NAME}.py",
        }
        links[place].parent.mkdir(parents=True, exist_ok=True)
        links[place].symlink_to(targets.get(target, target))

    return plant


def special(make: Callable[[str], object]) -> Plant:
    """Hand in something that is no regular file."""
    return lambda classroom: make(str(folder(classroom) / f"{NAME}.ipynb"))


def listen(path: str) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        here = os.getcwd()
        os.chdir(os.path.dirname(path))  # a socket's path is short
        made.bind(os.path.basename(path))
        os.chdir(here)


def sparse(size: int) -> Plant:
    def plant(classroom: Path) -> None:
        with open(folder(classroom) / f"{NAME}.ipynb", "wb") as made:
            made.truncate(size)

    return plant


def zipped() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{NAME}.ipynb", b"0" * 10**7)
    return made.getvalue()


def planted(name: str, content: str) -> Plant:
    """Honest work with a file beside it that Python or pytest might pick up."""

    def plant(classroom: Path) -> None:
        named("mallory")(classroom)
        for place in (classroom, classroom / "mallory", classroom / "mallory" / NAME):
            made = place / name
            made.parent.mkdir(parents=True, exist_ok=True)
            made.write_text(content)

    return plant


def several(*plants: Plant) -> Plant:
    return lambda classroom: [plant(classroom) for plant in plants]


SPOIL = "raise SystemExit('planted')\n"
LINKS = [
    Tree("link_for_file", link_to("file", "file"), "is a link"),
    Tree("link_for_assignment", link_to("assignment", "assignment"), "is a link"),
    Tree("link_for_student", link_to("student", "student"), "is a link"),
    Tree("link_to_secret", link_to("/etc/passwd", "file"), "is a link"),
    Tree("link_to_itself", link_to(f"{NAME}.py", "file"), "is a link"),
    Tree("link_to_nothing", link_to("/nowhere", "file"), "is a link"),
    Tree("link_to_device", link_to("/dev/zero", "file"), "is a link"),
    Tree("assignment_that_links_to_itself", link_to(NAME, "assignment"), "is a link"),
    Tree("student_who_links_to_himself", link_to("mallory", "student"), None),
    Tree("student_who_links_to_nothing", link_to("/nowhere", "student"), None),
    Tree("student_who_links_to_the_class", link_to(".", "student"), None),
]
SPECIAL = [
    Tree("pipe", special(os.mkfifo), "is not a file"),
    Tree("socket", special(listen), "cannot be opened"),
    Tree("device_without_end", special(lambda path: os.mknod(path, 0o20666, os.makedev(1, 5))), "is not a file"),
    Tree("folder_in_place_of_file", special(os.mkdir), f"{NAME}.ipynb"),
    Tree("file_in_place_of_assignment", lambda c: [(c / "mallory").mkdir(), (c / "mallory" / NAME).touch()], "a file"),
    Tree("file_in_place_of_student", lambda classroom: (classroom / "mallory").touch(), None),
    Tree("empty_folder", folder, "There is no"),
    Tree("other_names", lambda c: (folder(c) / "a\n<b>\x1b[2J.ipynb").write_text(""), "is empty"),
    Tree("empty_file", file(""), "is empty"),
    Tree("empty_script", script(b""), "is empty"),
    Tree("null_bytes", file(bytes(1000)), "is empty"),
    Tree("noise", file(bytes(range(256)) * 40), "not a notebook"),
    Tree("archive", file(zipped()), "is an archive"),
    Tree("compressed", file(gzip.compress(HONEST.encode())), "is an archive"),
    Tree("one_byte_too_large", sparse((20 << 20) + 1), "clear its outputs"),
    Tree("a_terabyte_of_nothing", sparse(1 << 40), "clear its outputs"),
    Tree("script_of_almost_a_megabyte", script(HONEST.encode() + "# \u6ce8\n".encode() * 200_000), "", "both"),
    Tree("script_of_megabytes", script(b"x = 1\n" * 10**6), "MB of code"),
]
JSON = [
    Tree("deep_lists", file("[" * 10**6), "not a notebook"),
    Tree("deep_objects", file('{"cells":' * 10**6), "not a notebook"),
    Tree("deep_but_closed", file("[" * 10**5 + "]" * 10**5), "not a notebook"),
    Tree("many_empty_lists", file('{"cells":[' + "[]," * 10**6 + "[]]}"), "holds no code"),
    Tree("many_empty_cells", file(notebook(*[""] * 10**5)), "10,000 cells"),
    Tree("many_cells", file(notebook(*["x"] * 10**5, HONEST)), "10,000 cells"),
    Tree("many_sheets", file(json.dumps({"worksheets": [{"cells": []}] * 10**5})), "holds no code"),
    Tree("number_without_end", file('{"cells":[' + "9" * 10**6 + "]}"), "holds no code"),
    Tree("number_beyond_all", file('{"cells":[1e999999999, -1e999999999, NaN]}'), "holds no code"),
    Tree("number", file("1"), "no cells"),
    Tree("text", file('"' + "x" * 10**6 + '"'), "no cells"),
    Tree("null", file("null"), "no cells"),
    Tree("cells_of_other_kinds", file('{"cells":[1, null, "x", [], {}, {"cell_type": ["code"]}]}'), "holds no code"),
    Tree("cells_as_object", file('{"cells":{"0":{"cell_type":"code","source":"x=1"}}}'), "no cells"),
    Tree("sources_of_other_kinds", file(notebook(1, None, {}, [[["x"]]], [1, None], True)), "holds no code"),
    Tree("odd_sources_beside_honest", file(notebook(1, None, [HONEST, 1], {})), "", "both"),
    Tree("halves_of_characters", file(notebook("\ud800 = '\udfff'", HONEST, "# \ud83d")), "", "both"),
    Tree("null_characters", file(notebook("x = '\0'", HONEST)), "", "both"),
    Tree("same_key_twice", file(f'{{"cells": 1, "cells": {json.dumps(json.loads(notebook(HONEST))["cells"])}}}'), "",
         "both"),
    Tree("another_encoding", file(notebook(HONEST).encode("utf-16")), "", "both"),
    Tree("false_encoding", file(notebook(HONEST + "# \u00e9").replace("\\u00e9", "\u00e9").encode("latin-1")), "",
         "both"),
    Tree("unknown_encoding", script(b"# coding: nothing-at-all\n" + HONEST.encode()), "", "both"),
    Tree("encoding_that_always_fails", script(b"# coding: undefined\n" + HONEST.encode()), "", "both"),
    Tree("encoding_of_host_names", script(b"# coding: idna\n" + HONEST.encode() + b"# xn--" + b"a" * 70 + b".b"), "",
         "both"),
    Tree("encoding_that_takes_for_ever", script(b"# coding: punycode\n" + HONEST.encode()), "", "both"),
    Tree("encoding_that_is_no_text", script(b"# coding: hex\n" + HONEST.encode()), "", "both"),
    Tree("encoding_with_a_null", script(b"# coding: utf-8\0\n" + HONEST.encode()), "", "both"),
    Tree("encoding_without_end", script(b"# coding: " + b"u" * 10**5 + b"\n" + HONEST.encode()), "", "both"),
    Tree("line_without_end", script(b"x = '" + b"x" * 10**6 + b"'\n" + HONEST.encode()[:9000]), "", "both"),
]  # fmt: skip
NAMES = [
    Tree("name_of_250_letters", named("m" * 250), "", "both"),
    Tree("name_of_emoji", named("\U0001f9d1\u200d\U0001f393" * 20), "", "both"),
    Tree("name_of_no_text", named(b"m\xff\xfe\x80"), "", "both"),
    Tree("name_of_lines", named("m\nallory\r\n\t"), "", "both"),
    Tree("name_of_controls", named("\x1b]0;m\x07\x1b[2J\u202em\u2066"), "", "both"),
    Tree("name_of_dots", named("..m"), "", "both"),
    Tree("name_of_many_dots", named("m.."), "", "both"),
    Tree("name_that_climbs", named("m..\\..\\..\\m"), "", "both"),
    Tree("name_of_blanks", named("  "), "", "both"),
    Tree("name_of_a_formula", named("=cmd('m')!A1"), "", "both"),
    Tree("name_of_a_formula_behind_a_blank", named(" +1-1@m"), "", "both"),
    Tree("name_of_markup", named("<img src=x onerror=alert(1)>"), "", "both"),
    Tree("name_of_a_template", named("{{ 7 * 7 }}{% raw %}"), "", "both"),
    Tree("name_of_console_markup", named("[red]m[bold] [link=x]m[[]"), "", "both"),
    Tree("name_of_percent", named("%41%00%2e%2e m%s%n{0}"), "", "both"),
    Tree("name_of_an_option", named("--out=m"), "", "both"),
    Tree("name_of_the_marks", named("marks.csv"), "", "both"),
    Tree("name_of_the_totals", named("totals.csv"), "", "both"),
    Tree("name_of_the_index", named("index.html"), "", "both"),
    Tree("name_of_the_index_in_capitals", named("INDEX.HTML"), "", "both"),
    Tree("name_of_the_lock", named(".lock"), "", "both"),
    Tree("name_of_an_assignment", named(NAME), "", "both"),
    Tree("name_of_python", named("__pycache__"), "", "both"),
]
PLANTED = [
    Tree("planted_conftest", planted("conftest.py", SPOIL), "", "both"),
    Tree("planted_settings", planted("pytest.ini", "[pytest]\naddopts = --nonsense\n"), "", "both"),
    Tree("planted_project", planted("pyproject.toml", "[tool.pytest.ini_options]\naddopts = '--no'\n"), "", "both"),
    Tree("planted_sitecustomize", planted("sitecustomize.py", SPOIL), "", "both"),
    Tree("planted_numpy", planted("numpy.py", SPOIL), "", "both"),
    Tree("planted_package", planted("numpy/__init__.py", SPOIL), "", "both"),
    Tree("planted_grader", planted("autograder.py", SPOIL), "", "both"),
    Tree("planted_checks", planted("hidden_checks.py", SPOIL), "", "both"),
    Tree("planted_lesson", planted("lesson.py", SPOIL), "", "both"),
    Tree("planted_course", planted("course.toml", "title = 1"), "", "both"),
    Tree("planted_bytecode", planted("__pycache__/numpy.cpython-311.pyc", "no code"), "", "both"),
    Tree("planted_report", planted("03_softmax.json", '{"score": 1000}'), "", "both"),
    Tree("script_beside_notebook", several(file(notebook("x = 1")), lambda c: (c / "mallory" / NAME / f"{NAME}.py")
         .write_text(HONEST)), "was not", "both"),
]  # fmt: skip

TREES = [*LINKS, *SPECIAL, *JSON, *NAMES, *PLANTED]
