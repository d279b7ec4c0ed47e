"""A question in words as those see it who mark it: what is asked, the model answer, the marking guide."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course.loader import Course, load_course
from autograder.course.worked.marking import MarkingGuide, marking_guides
from tests.helpers.in_words import NAME, course_in_words


def test_each_question_has_its_three_texts(tmp_path: Path) -> None:
    assignment = load_course(course_in_words(tmp_path) / "solutions").assignment(NAME)
    assert list(marking_guides(assignment)) == [
        MarkingGuide(
            question="why",
            asked="**Why does a sum of $n$ numbers\nspread as $\\sqrt{n}$?**",
            model_answer="1. Variances add up,\n   so the `spread` is their root.",
            mark_scheme="*Marking guide, 5 points.*\n- 3 points for the variance.",
        ),
        MarkingGuide(question="where", asked="Where does it matter?", model_answer="In attention.", mark_scheme=""),
    ]


def test_the_courses_own_are_complete(course: Course) -> None:
    """What is asked is what students read, and nothing of the solution; nothing of the marks is left in any text."""
    guides = {each.name: list(marking_guides(each)) for each in course.assignments}
    assert {name: [guide.question for guide in found] for name, found in guides.items()} == {
        each.name: [answer.name for answer in each.written] for each in course.assignments
    }
    for name, found in guides.items():
        for guide in found:
            assert guide.asked in course.assignment(name).handout.written[guide.question]
            assert guide.model_answer
            assert guide.mark_scheme
            assert "###" not in guide.asked + guide.model_answer + guide.mark_scheme


@pytest.mark.parametrize("behind", ["", "\nTwo sentences are enough."])
def test_what_is_asked_may_go_on_behind_the_answer(tmp_path: Path, behind: str) -> None:
    course_in_words(tmp_path)
    lesson = tmp_path / "solutions" / NAME / "lesson.py"
    lesson.write_text(lesson.read_text().rstrip() + behind.replace("\n", "\n# ") + "\n")
    *_, last = marking_guides(load_course(tmp_path / "solutions").assignment(NAME))
    assert " ".join(last.asked.split()) == " ".join(f"Where does it matter?{behind}".split())
    assert last.model_answer == "In attention."
