"""Cells that show what a student's functions compute: they say so where that is not right yet. Portable."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import current_thread, main_thread
from types import FrameType, TracebackType
from typing import Any, Self

import matplotlib.pyplot as plt

from autograder.plots import messages
from autograder.plots.matrices import DrawingError
from autograder.plots.notices import Notice, NoticeArea, say
from autograder.plots.verdicts import Verdict, codes_of, home_of, verdict_on
from autograder.sandbox.plain.interrupt import StoppedError, Watch
from autograder.sandbox.protocol import CodeLine, TimedOut
from autograder.settings import USUAL_LIMITS
from autograder.student.language import speak_in

# What no answer brings about, be it wrong: the cell itself says something that is not there.
OF_THE_CELL = (NameError, ImportError, SyntaxError)


def demo_of(*functions: Callable[..., Any]) -> _Demo:
    """Show what functions compute, in pictures or in numbers, and never as if it were right where it is not.

        with demo_of(softmax):
            weights = softmax(scores)
            …
            plt.show()

    functions: questions of this assignment, or functions of earlier ones that came by `previous`

    First the visible checks of these functions are run. Do some not pass, a notice stands above what the cell shows.
    Is one not written yet, or cannot be shown what it returns, a sentence says so in the place of the picture. Whatever
    else goes wrong in the cell is raised as ever.

    Raises TypeError for what is no function.
    """
    speak_in(Path.cwd())
    for each in functions:
        if not callable(each):
            raise TypeError(messages.not_functions(type(each).__name__))
    return _Demo(functions)


class _Demo:
    def __init__(self, functions: tuple[Callable[..., Any], ...]) -> None:
        self._functions = functions
        self._verdicts: list[Verdict] = []
        self._place = NoticeArea()
        self._figures: set[int] = set()
        self._watch: Watch | None = None  # over a cell that may never end

    def __enter__(self) -> Self:
        self._verdicts = [verdict_on(each) for each in self._functions]
        self._figures = set(plt.get_fignums())
        if not any(each.is_unwritten for each in self._verdicts):
            self._warn()
        if any(each.is_endless for each in self._verdicts) and current_thread() is main_thread():
            self._watch = self._watch_over(sys._getframe(1))
            self._watch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        if self._watch:
            self._watch.end()
        if error is None:
            if any(each.is_unwritten for each in self._verdicts):  # and none of these was called
                say(messages.fill_in(self._unwritten))
                self._warn()
            return False
        for number in set(plt.get_fignums()) - self._figures:
            plt.close(number)  # half a picture
        if isinstance(error, StoppedError):
            endless = next(each for each in self._verdicts if each.is_endless)
            self._place.show(Notice(messages.NOT_RIGHT_YET, [messages.nothing_to_show(endless.name), _fault(endless)]))
            return True
        if isinstance(error, NotImplementedError):
            say(str(error) or messages.fill_in(self._unwritten))
            return True
        lines = self._lines_on(error, traceback) if isinstance(error, Exception) else []
        if lines:
            self._place.show(Notice(messages.NOT_RIGHT_YET, lines))
        return bool(lines)

    def _watch_over(self, cell: FrameType) -> Watch:
        """A call of theirs has the time that `check` has for it."""
        files = {code.co_filename for each in self._functions for code in codes_of(each)}

        def locate(file: str, number: int) -> CodeLine | None:
            return CodeLine(file, number, "") if file in files else None

        return Watch(TimedOut.of(USUAL_LIMITS), cell, locate)

    def _warn(self) -> None:
        """Say what is not right, or not known to be."""
        unchecked = [messages.not_checked(each.name, each.unchecked) for each in self._verdicts if each.unchecked]
        if unchecked:
            NoticeArea().show(Notice(messages.NOT_CHECKED, unchecked))
        if wrong := [each for each in self._verdicts if each.is_wrong]:
            self._place.show(Notice(messages.NOT_RIGHT_YET, [_first_line(wrong), *map(_fault, wrong)]))

    @property
    def _unwritten(self) -> list[str]:
        own = [each for each in self._verdicts if not each.home]
        return [each.name for each in own if each.is_unwritten] or [each.name for each in own or self._verdicts]

    def _lines_on(self, error: Exception, traceback: TracebackType | None) -> list[str]:
        """Why there is nothing to show, where a function of the student's is to blame; else nothing."""
        kind, message = type(error).__name__, " ".join(str(error).split("\n"))
        codes = {code: name for each in self._functions for code, name in codes_of(each).items()}
        inside = [(frame.f_code, number) for frame, number in _frames(traceback) if frame.f_code in codes]
        if inside:
            names = [codes[code] for code, _ in inside]
            name = next((each for each in reversed(names) if home_of(each)), names[0])  # a helper is not asked for
            code, number = inside[-1]
            return [messages.raised(name), _line(name, kind, message, code.co_filename, number)]
        wrong = next((each for each in self._verdicts if each.is_wrong), None)
        if wrong is None or isinstance(error, OF_THE_CELL):
            return []
        lines = [messages.nothing_to_show(wrong.name), _fault(wrong)]
        return lines if isinstance(error, DrawingError) else [*lines, messages.cell_ended(kind, message)]


def _line(name: str, kind: str, message: str, file: str, number: int) -> str:
    """A line of a cell is known to IPython by its text; one of an earlier notebook by its place in it."""
    if text := linecache.getline(file, number).strip():
        return messages.raised_in_line(kind, message, number, text)
    home = home_of(name)
    if home:
        return messages.raised_elsewhere(kind, message, home, file, number)
    return messages.raised_in(kind, message, file, number)


def _frames(traceback: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    """The frames of a traceback, that of the cell first."""
    while traceback is not None:
        yield traceback.tb_frame, traceback.tb_lineno
        traceback = traceback.tb_next


def _first_line(wrong: list[Verdict]) -> str:
    if len(wrong) == 1:
        return messages.one_not_right(wrong[0].name, wrong[0].passed, len(wrong[0].checks))
    return messages.several_not_right([each.name for each in wrong])


def _fault(verdict: Verdict) -> str:
    title, message = verdict.first_fault
    if verdict.home:
        return messages.first_fault_elsewhere(verdict.name, verdict.home, title, message)
    return messages.first_fault(verdict.name, title, message)
