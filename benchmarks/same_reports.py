"""Grades the sample class and some hundred odd answers twice: are the reports the same?

    python -m benchmarks.same_reports CHECKOUT [--every N]      in this checkout and in another, set up with a .venv
    python -m benchmarks.same_reports --sandbox wasm [--every N]     in a process that Linux confines, and in that home

The answers are those of tests/solutions/test_fair_marks.py, all misconceptions, and every N-th mutant of each solution,
each in its cell of the released notebook, some with cells of the student's own in between. What a report rests on, and
how long it took, may differ; marks, outcomes, messages, names and lines may not. In another home, sentences that
another version of Python or NumPy says in its own words are counted by themselves.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from autograder.course.folder import find_course
from autograder.course.loader import MISCONCEPTIONS, Assignment, Course, load_course
from autograder.course.mutants.changes.making import _cell_of, _places, _solution_lines
from autograder.course.release import released_notebook
from autograder.sandbox.homes import Where
from tests.solutions import test_fair_marks as fair

HERE = Path(__file__).resolve().parent.parent
MAY_DIFFER = ("seconds", "fingerprint", "provenance", "rests_on")
OF_A_HOME = "sandbox"  # what a report says of where it was made
OWN_CELL = "import math\nmine = [1, 2, 3]\nprint(sum(mine))"


def of_fair_marks() -> Iterator[tuple[str, str]]:
    yield from fair.CASES.values()
    yield from ((question, source) for question, source, *_ in fair.SLIPS)
    yield from fair.EQUAL_MARKS
    yield from fair.STYLES


def of_misconceptions(assignment: Assignment) -> Iterator[tuple[str, str]]:
    """Each as a student would write it who makes that mistake."""
    for path in assignment.sources(MISCONCEPTIONS):
        for node in ast.parse(path.read_bytes()).body:
            mark = getattr(node, "decorator_list", [])
            if isinstance(node, ast.FunctionDef) and mark and isinstance(mark[0], ast.Call) and mark[0].args:
                question = ast.literal_eval(mark[0].args[0])
                node.name, node.decorator_list = question, []
                yield question, re.sub(r"\blesson\.", "", ast.unparse(node))


def of_mutants(assignment: Assignment, every: int) -> Iterator[tuple[str, str]]:
    for question in assignment.questions:
        source = _cell_of(assignment, question).source
        tree, found = ast.parse(source), dict.fromkeys([""])
        for place in _places(tree, _solution_lines(source)):
            for _, other in place.variants(()):
                place.put(other)
                found[ast.unparse(ast.fix_missing_locations(tree))] = None
                place.put(place.node)
        yield from ((question, each) for each in list(found)[every::every])


def hand_in(course: Course, submitted: Path, every: int) -> int:
    """Write a notebook for each answer, in a class of its assignment; returns how many there are."""
    count = 0
    fair_ones = list(of_fair_marks())
    earlier: list[tuple[str, str]] = []
    for assignment in course.assignments:
        released = nbformat.writes(released_notebook(assignment))
        answers = [each for each in fair_ones if each[0] in assignment.questions]
        answers += [*of_misconceptions(assignment), *of_mutants(assignment, every)]
        for question, source in answers:
            count += 1
            student = f"student{count:04}"
            for name, right in earlier:
                _write(submitted / assignment.name / student / name, name, right)
            notebook = nbformat.reads(released, as_version=4)
            _fill(notebook, assignment, {question: source})
            if count % 3 == 0:
                notebook.cells.insert(2, nbformat.v4.new_code_cell(OWN_CELL))
            _write(submitted / assignment.name / student / assignment.name, assignment.name, nbformat.writes(notebook))
        notebook = nbformat.reads(released, as_version=4)
        _fill(notebook, assignment, {})
        earlier.append((assignment.name, nbformat.writes(notebook)))
    return count


def _fill(notebook: Any, assignment: Assignment, odd: dict[str, str]) -> None:
    """Right answers, and an odd one behind the right one, which it may call."""
    answers = {cell.name: cell.source for cell in assignment.cells if cell.is_question}
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers:
            extra = f"\n\n\n{odd[name]}" if "_old" in odd.get(name, "") else ""
            cell.source = answers[name] + extra if extra or name not in odd else odd[name]


def _write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.ipynb").write_text(text, encoding="utf-8")


def grade(checkout: Path, submitted: Path, out: Path, where: Where, assignment: str = "") -> None:
    """One class: one assignment of it, or all."""
    own = checkout / ".venv" / "bin" / "autograder"
    command = [str(own), "grade", str(submitted), "--out", str(out)]
    command += ["--assignment", assignment] if assignment else []
    command += ["--sandbox", where.value] if where is not Where.KERNEL else []
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=checkout, env=environment, check=False, capture_output=True, text=True)
    if done.returncode not in (0, 1):  # 1: there are files that nobody can place
        raise SystemExit(f"{command}: {done.stderr[-2000:]}")


def reports(out: Path) -> dict[str, Any]:
    found = {}
    for path in sorted(out.rglob("*.json")):
        report = json.loads(path.read_text(encoding="utf-8"))
        if "student" in report and isinstance(report.get("questions"), list):
            found[str(path.relative_to(out))] = {
                key: each for key, each in report.items() if key not in (*MAY_DIFFER, OF_A_HOME)
            }
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path, nargs="?", default=HERE)
    parser.add_argument("--sandbox", type=Where, choices=list(Where), default=Where.KERNEL, help="of the second run")
    parser.add_argument("--every", type=int, default=25, help="of the mutants of a solution, each N-th")
    options = parser.parse_args()
    runs = {"here": (HERE, Where.KERNEL), "there": (options.checkout.resolve(), options.sandbox)}
    if len(set(runs.values())) < len(runs):
        parser.error("name another checkout, or another home")
    course = load_course(find_course(HERE))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        count = hand_in(course, folder / "odd", options.every)
        shutil.copytree(HERE / "examples" / "class", folder / "class")
        differ = 0
        for submitted in ("class", "odd"):
            for label, (checkout, where) in runs.items():
                out = folder / f"{submitted} {label}"
                if submitted == "class":
                    grade(checkout, folder / submitted, out, where)
                else:
                    for name in course.names:
                        grade(checkout, folder / submitted / name, out / name, where, name)
            ours, theirs = (reports(folder / f"{submitted} {label}") for label in runs)
            other = [name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)]
            worded = [
                name for name in other if options.sandbox is not Where.KERNEL and _differ_in_words(ours, theirs, name)
            ]
            other = [name for name in other if name not in worded]
            differ += len(other)
            checks = [check for each in ours.values() for part in each["questions"] for check in part["checks"]]
            outcomes = Counter(check["outcome"] for check in checks)
            print(f"{submitted}: {len(ours)} reports, {len(checks)} checks ({dict(outcomes)}); {len(other)} differ")
            for each in sorted(other):
                print(f"  {each}")
                _show(ours.get(each), theirs.get(each), "    ")
            if worded:
                print(f"  in words alone: {len(worded)}")
                for each in sorted(worded)[:5]:
                    _show(ours[each], theirs[each], f"    {each} ")
        print(f"{count} odd answers; {differ} reports differ")
    return 1 if differ else 0


def _differ_in_words(ours: dict[str, Any], theirs: dict[str, Any], name: str) -> bool:
    """Whether two reports on the same submission are the same but for messages."""
    return name in ours and name in theirs and _without_words(ours[name]) == _without_words(theirs[name])


def _without_words(report: dict[str, Any]) -> Any:
    checks = [
        {key: each for key, each in check.items() if key != "message"}
        for question in report["questions"]
        for check in question["checks"]
    ]
    return [report[key] for key in ("status", "error", "score", "max_score")], checks


def _show(one: Any, other: Any, indent: str) -> None:
    """Where two reports part."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in one.keys() | other.keys():
            if one.get(key) != other.get(key):
                _show(one.get(key), other.get(key), indent)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for left, right in zip(one, other, strict=True):
            if left != right:
                _show(left, right, indent)
    else:
        print(f"{indent}here:  {one}\n{indent}there: {other}")


if __name__ == "__main__":
    sys.exit(main())
