"""Which answers are the same, who gave them, and what becomes of those that are not there."""

from __future__ import annotations

import re
import shutil
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from autograder.classroom.written.answers import ClassAnswers, class_answers, normal_text
from autograder.grading.store import WORK
from autograder.report.model import Status
from tests.helpers.course import hand_in
from tests.helpers.grading import regrade
from tests.helpers.in_words import NAME, WHERE, WHY, hand_in_words, store_of
from tests.helpers.untrusted import TEXT


def answers_in(folder: Path) -> ClassAnswers:
    store = store_of(folder)
    return class_answers(store, store)


def who_gave(answers: ClassAnswers, question: str) -> dict[str, tuple[str, ...]]:
    """The students by the text that they gave."""
    return {each.text: each.students for each in answers.by_question[NAME, question]}


def test_equal_answers_stand_once_whatever_their_editors_made_of_blanks_and_ends_of_lines(given: ClassAnswers) -> None:
    assert who_gave(given, WHERE) == {"In attention.": ("ada", "cem"), "=1+1": ("ben",), "": ("eve",)}
    (text,) = [each.text for each in given.by_question[NAME, WHY] if each.students == ("ada", "ben")]
    assert text == "Because variances add up.\n\n- the root\n- of n"


def test_what_was_left_is_in_no_list_and_what_is_gone_is(given: ClassAnswers) -> None:
    assert given.unanswered["cem", NAME] == {WHY}
    assert given.unanswered["dan", NAME] == {WHERE}
    assert not given.unanswered["ada", NAME]
    gone = [each for each in given.by_question[NAME, WHY] if not each.text]
    assert sorted(each.students for each in gone) == [("dan",), ("eve",)]
    for each in gone:
        assert each.work, "a person is to look through it"
        assert each.work.notebook
    assert given.not_kept == ()


def test_questions_stand_in_the_order_of_the_course_and_answers_in_one_that_tells_nothing(given: ClassAnswers) -> None:
    assert list(given.by_question) == [(NAME, WHY), (NAME, WHERE)]
    for answers in given.by_question.values():
        assert [each.id for each in answers] == sorted(each.id for each in answers)
    assert [each.possible for each in given.answers] == [5, 5, 5, 2, 2, 2]


def test_assignments_stand_in_the_order_of_the_course(class_in_words: Path) -> None:
    store = store_of(class_in_words)
    reports = list(store)
    renamed = [replace(each, assignment="00_later") for each in reports]
    for report in renamed:
        store.save(report, store.load_work(replace(report, assignment=NAME)))
    for order in ((NAME, "00_later"), ("00_later", NAME)):
        asked = [name for name, _ in class_answers(store, [*reports, *renamed], order).by_question]
        assert list(dict.fromkeys(asked)) == list(order)


def test_no_spreadsheet_takes_an_id_for_anything_else(given: ClassAnswers) -> None:
    assert len(given.by_id) == len(given.answers)
    for each in given.answers:
        assert re.fullmatch(r"w[0-9a-f]{12}", each.id)


def test_a_regrade_changes_no_id_and_another_text_has_another(class_in_words: Path) -> None:
    before = answers_in(class_in_words)
    shutil.rmtree(class_in_words / "graded")
    hand_in_words(class_in_words, "ada", why="Something else.", where="In attention.")
    regrade(class_in_words)
    after = answers_in(class_in_words)
    assert who_gave(after, WHERE) == who_gave(before, WHERE)
    assert {each.id for each in before.answers} < {each.id for each in after.answers}
    assert who_gave(after, WHY)["Something else."] == ("ada",)


def test_the_same_text_to_two_questions_is_two_answers(class_in_words: Path) -> None:
    hand_in_words(class_in_words, "fay", why="In attention.", where="In attention.")
    regrade(class_in_words)
    ids = {each.question: each.id for each in answers_in(class_in_words).answers if each.text == "In attention."}
    assert len(set(ids.values())) == 2


def test_pictures_are_part_of_an_answer(class_in_words: Path) -> None:
    """Attached ones are compared; of others nobody knows what they show."""
    attached, beside = "![mine](attachment:image.png)", "![mine](mine.png) <img src='a.png'>"
    for student, picture in (("fay", "AAAA"), ("gil", "AAAA"), ("hal", "BBBB")):
        hand_in_words(class_in_words, student, why=attached, where=beside, pictures={"image.png": picture})
    regrade(class_in_words)
    answers = answers_in(class_in_words)
    assert sorted(each.students for each in answers.answers if each.text == attached) == [("fay", "gil"), ("hal",)]
    assert sorted(each.students for each in answers.answers if each.text == beside) == [("fay",), ("gil",), ("hal",)]
    assert {each.pictures for each in answers.answers if each.text == beside} == {2}


def test_two_who_handed_in_one_file_without_an_answer_are_looked_through_once(class_in_words: Path) -> None:
    file = class_in_words / "class" / "eve" / NAME / f"{NAME}.py"
    hand_in(class_in_words / "class", "fay", NAME, file.read_text())
    regrade(class_in_words)
    assert ("eve", "fay") in {each.students for each in answers_in(class_in_words).answers if not each.text}


def test_what_cannot_be_read_has_no_answers_and_what_is_not_kept_is_named(class_in_words: Path) -> None:
    store = store_of(class_in_words)
    (class_in_words / "graded" / WORK / "ada" / f"{NAME}.json").unlink()
    reports = [replace(each, status=Status.UNREADABLE) if each.student == "ben" else each for each in store]
    answers = class_answers(store, reports)
    assert answers.not_kept == (("ada", NAME),)
    assert {student for each in answers.answers for student in each.students} == {"cem", "dan", "eve"}
    assert ("ben", NAME) not in answers.unanswered


@hypothesis_given(TEXT)
def test_normal_text_is_as_it_looks(text: str) -> None:
    once = normal_text(text)
    assert normal_text(once) == once
    assert normal_text(unicodedata.normalize("NFD", text)) == once
    assert normal_text(f"\n \n{text.replace(chr(13), '')}  \r\n\r\n") == normal_text(text.replace("\r", ""))


@pytest.mark.parametrize(("one", "other"), [("a", "A"), ("a b", "a  b"), ("    a", "a"), ("a.", "a")])
def test_what_looks_different_is_different(one: str, other: str) -> None:
    assert normal_text(one) != normal_text(other)


@pytest.mark.parametrize("piece", ["![", "![a](", "attachment:", "(attachment:a", "<img", " \n", "\u200b"])
def test_no_answer_takes_long(class_in_words: Path, piece: str) -> None:
    store = store_of(class_in_words)
    (report,) = [each for each in store if each.student == "ada"]
    work = store.load_work(report)
    assert work
    store.save(report, replace(work, answers={WHY: piece * 20_000, WHERE: "x"}))
    assert len(class_answers(store, [report]).answers) == 2


def test_an_answer_of_any_text_has_an_id(class_in_words: Path) -> None:
    store = store_of(class_in_words)
    (report,) = [each for each in store if each.student == "ada"]
    work = store.load_work(report)
    assert work
    for text in ("\ud800", "\x00", "\u202eabc", "x" * 1_000_000):
        store.save(report, replace(work, answers={WHY: text, WHERE: "x"}))
        assert class_answers(store, [report]).by_question[NAME, WHY][0].text == text


STRATEGY = st.lists(st.sampled_from(["a", " ", "\n", "\r\n", "\t", "é", "e\u0301"]), max_size=8)


@hypothesis_given(STRATEGY, STRATEGY)
def test_texts_that_differ_in_blanks_at_ends_only_are_one(left: list[str], right: list[str]) -> None:
    def looks(parts: list[str]) -> list[str]:
        lines = unicodedata.normalize("NFC", "".join(parts)).replace("\r\n", "\n").split("\n")
        shown = [line.rstrip() for line in lines]
        while shown and not shown[-1]:
            shown.pop()
        while shown and not shown[0]:
            shown.pop(0)
        return shown

    assert (normal_text("".join(left)) == normal_text("".join(right))) == (looks(left) == looks(right))
