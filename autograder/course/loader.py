"""What solutions/ says: the course, its assignments, their questions, references, checks and misconceptions.

What a lesson defines and how it is checked takes NumPy and pytest, which are loaded when they are first needed: who
only reads what a course consists of starts without them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from contextlib import chdir
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder import settings
from autograder.checking.source import functions_handed, line_of
from autograder.course import messages
from autograder.course.folder import require_public
from autograder.course.lesson import CourseError, LessonCell, parse_lesson
from autograder.course.translation.cells import released_elsewhere
from autograder.language.current import ENGLISH
from autograder.language.listing import listed
from autograder.report.model import WrittenAnswer
from autograder.sandbox.given.files import GivenFiles
from autograder.sandbox.protocol import Cell, Part
from autograder.settings import Former, Limits, read_course_settings
from autograder.submission.handout import Handout, ReleasedCell
from autograder.submission.model import CODE, MARKDOWN
from autograder.submission.which_file import VISIBLE_CHECKS

if TYPE_CHECKING:
    from autograder.checking.collection import AssignmentChecks
    from autograder.checking.recognition.misconceptions import Misconception
    from autograder.checking.session import CheckSession
    from autograder.sandbox.namespace import Namespace

ASSIGNMENTS = "assignments"
HANDOUT = "handout"  # a folder in solutions/: what students get beside the assignments
LESSON, HIDDEN_CHECKS, MISCONCEPTIONS = "lesson.py", "hidden_checks.py", "misconceptions.py"
FILES = (LESSON, VISIBLE_CHECKS, HIDDEN_CHECKS, MISCONCEPTIONS)
FILES_OR_FOLDERS = (HIDDEN_CHECKS, MISCONCEPTIONS)
MUTANTS = "mutants.toml"  # in solutions/: how many there are, and what became of them
EQUIVALENTS = "equivalents.toml"  # which mutants are right, and why: it is nobody's mark


@dataclass(frozen=True)
class Course:
    """A folder of assignments and the settings that they share."""

    folder: Path
    title: str
    seed: str = field(repr=False)
    imports: tuple[str, ...]
    limits: Limits
    assignments: tuple[Assignment, ...]
    former: Former = field(default_factory=dict)
    reads: tuple[str, ...] = ()
    language: str = ENGLISH  # that students read, unless somebody asks for another

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(assignment.name for assignment in self.assignments)

    @property
    def files(self) -> GivenFiles:
        """Those that answers may read."""
        return GivenFiles(self.folder, self.names, self.reads)

    @property
    def released(self) -> Path:
        """The folder of what students get, beside this one."""
        return self.folder.with_name(ASSIGNMENTS)

    @property
    def has_public_seed(self) -> bool:
        """Whether the seed is one that everybody can read."""
        return settings.is_public_seed(self.seed)

    def draw_seed(self, student: str, assignment: str) -> str:
        """What a student's hidden inputs are drawn from. A renamed assignment keeps its draws, and so its marks."""
        first_name = next((name for name, today in self.former.items() if assignment in today), assignment)
        return f"{self.seed}:{student}:{first_name}"

    def assignment(self, name: str) -> Assignment:
        """Raises CourseError when there is none of that name."""
        for assignment in self.assignments:
            if assignment.name == name:
                return assignment
        known = listed(assignment.name for assignment in self.assignments)
        raise CourseError(messages.unknown_assignment(name, known))


@dataclass(frozen=True)
class Assignment:
    """One folder of solutions/. What costs time to load is loaded when first asked for."""

    folder: Path
    imports: tuple[str, ...]
    earlier: tuple[Assignment, ...] = field(default=(), repr=False)
    reads: tuple[str, ...] = ()  # the files that its answers may read

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def home(self) -> Path | None:
        """Where the lesson's functions run, if they read files."""
        return self.folder if self.reads else None

    @property
    def lesson_path(self) -> Path:
        return self.folder / LESSON

    @cached_property
    def lesson(self) -> str:
        """The text of lesson.py."""
        try:
            return self.lesson_path.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise CourseError(messages.cannot_read(self.lesson_path, str(error.strerror))) from None
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise CourseError(messages.not_utf8(self.lesson_path, line)) from None

    @cached_property
    def cells(self) -> tuple[LessonCell, ...]:
        return parse_lesson(self.lesson, self.lesson_path)

    @cached_property
    def title(self) -> str:
        """The lesson's first heading."""
        lines = (line for cell in self.cells if cell.is_markdown for line in cell.source.splitlines())
        heading = next((line[2:].strip() for line in lines if line.startswith("# ") and line[2:].strip()), None)
        if heading is None:
            raise CourseError(messages.no_heading(self.lesson_path))
        return heading

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """The functions to fill in, in the lesson's order: the names of its code cells' markers."""
        questions = tuple(cell.name for cell in self.cells if cell.is_question)
        if not questions:
            raise CourseError(messages.no_questions(self.lesson_path))
        return questions

    @cached_property
    def written(self) -> tuple[WrittenAnswer, ...]:
        """The answers that a person grades."""
        return tuple(WrittenAnswer(cell.name, float(cell.points or 0)) for cell in self.cells if cell.is_written)

    @cached_property
    def handout(self) -> Handout:
        """What students are given, but for the cells with checks: the lesson with stubs in the place of solutions."""
        kinds = (MARKDOWN if cell.is_markdown else CODE for cell in self.cells)
        cells = (ReleasedCell(kind, cell.released, cell.name) for kind, cell in zip(kinds, self.cells, strict=True))
        return Handout(self.name, tuple(cells), released_elsewhere(self.folder))

    def sources(self, name: str) -> tuple[Path, ...]:
        """A file of the folder; or, for some, the files in a folder of that name, one for each question perhaps."""
        file = self.folder / name
        if file.is_file():
            return (file,)
        return tuple(sorted(file.with_suffix("").glob("*.py"))) if name in FILES_OR_FOLDERS else ()

    @property
    def data(self) -> tuple[Path, ...]:
        """The files in the folder data/, which are public: the notebook reads them."""
        return tuple(sorted(path for path in (self.folder / settings.DATA).rglob("*") if path.is_file()))

    def part(self, cells: tuple[Cell, ...]) -> Part:
        """A submission for this assignment, as the assignments after it build on it."""
        return Part(cells, self.questions, self.handed, self.name)

    @cached_property
    def handed(self) -> tuple[str, ...]:
        """The functions that the lesson gives, and checks hand to answers."""
        files = (self.folder / VISIBLE_CHECKS, *self.sources(HIDDEN_CHECKS))
        found = dict.fromkeys(name for file in files if file.is_file() for name in functions_handed(file))
        return tuple(name for name in found if name not in self.questions)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The lesson as a submission, behind the lessons that it builds on: the one that earns all points."""
        lessons = (*self.earlier, self)
        return tuple(each.part((Cell(f"{each.name}/{LESSON}", each.lesson),)) for each in lessons)

    @cached_property
    def reference(self) -> Namespace:
        """The lesson's own functions and classes, read by the same rules as a student's, and what other files take."""
        from autograder.course.importing import names_taken
        from autograder.sandbox.toplevel.parsing import parsed

        *earlier, own = self.parts
        plain = [each for cell in own.cells for each in parsed(cell).statements if each.is_plain]
        taken = names_taken(self.lesson_path)
        used = {name for each in plain for name in each.function_names | each.deeds.binds & taken}
        return self._complete(self.load([*earlier, replace(own, handed=tuple(sorted(used)))]))

    def _complete(self, space: Namespace) -> Namespace:
        """A namespace in which each question's function is. Raises CourseError."""
        for question in self.questions:
            if not callable(space.values.get(question)):
                reason = space.problems.get(question)
                raise CourseError(
                    messages.broken_function(self.lesson_path, question, reason)
                    if reason
                    else messages.no_function(self.lesson_path, question)
                )
        return space

    def load(self, parts: Sequence[Part]) -> Namespace:
        """Load code of the course's own into this process; it reads files as answers do."""
        from autograder.sandbox.loader import in_no_folder, load

        beside = (lambda name: chdir(self.folder.with_name(name))) if self.reads else in_no_folder
        return load(parts, self.imports, beside=beside)

    @property
    def functions(self) -> dict[str, Callable[..., Any]]:
        return {question: self.reference.values[question] for question in self.questions}

    @property
    def helpers(self) -> dict[str, Callable[..., Any]]:
        """The functions and classes that the lesson gives to students, beside those that are asked for."""
        from autograder.sandbox.loader import NAME as LOADED_AS

        return {
            name: value
            for name, value in self.reference.values.items()
            if callable(value) and getattr(value, "__module__", "") == LOADED_AS and name not in self.questions
        }

    @cached_property
    def parameters(self) -> dict[str, tuple[str, ...]]:
        """Each question's parameters, by name and in order; to know them, no more of the lesson need be run."""
        space = self.reference if "reference" in vars(self) else self._complete(self.load(self.parts))
        return {name: tuple(inspect.signature(space.values[name]).parameters) for name in self.questions}

    @cached_property
    def misconceptions(self) -> tuple[Misconception, ...]:
        from autograder.checking.recognition.misconceptions import collect
        from autograder.course.importing import import_beside

        misconceptions: list[Misconception] = []
        for path in self.sources(MISCONCEPTIONS):
            for each in collect(vars(import_beside(self.reference, path, self.folder.parent))):
                if each.question not in self.questions:
                    line, known = line_of(path, each.name) or 1, listed(self.questions)
                    raise CourseError(messages.no_question(path, line, each.name, each.question, known))
                misconceptions.append(each)
        return tuple(sorted(misconceptions, key=lambda each: self.questions.index(each.question)))

    @property
    def checks(self) -> AssignmentChecks:
        """The check files, and what is known of the questions."""
        from autograder.checking.collection import AssignmentChecks

        functions = self.functions
        return AssignmentChecks(
            self.parameters,
            self.folder / VISIBLE_CHECKS,
            self.sources(HIDDEN_CHECKS),
            {name: names for each in self.earlier for name, names in each.parameters.items()},
            functions,
            self.reference,
            self.helpers,
            folder=self.home,
        )

    def check_session(self) -> CheckSession:
        """All checks of this assignment, collected. Raises ChecksError."""
        from autograder.checking.session import CheckSession

        return CheckSession(self.checks)


def load_course(folder: Path) -> Course:
    """Read a course's settings. Raises SettingsError and CourseError with the file and what is wrong in it."""
    folder = folder.absolute()  # pytest, which reads the checks, knows no other paths
    given = read_course_settings(folder / settings.FILE)
    assignments: list[Assignment] = []
    files = GivenFiles(folder, given.assignments, given.reads)
    for name in given.assignments:
        assignments.append(Assignment(folder / name, given.imports, tuple(assignments), files.known_to(name)))
    for assignment in assignments:
        if not assignment.folder.is_dir():
            raise CourseError(messages.no_assignment(folder / settings.FILE, assignment.name))
        for name in FILES:
            if not assignment.sources(name):
                raise CourseError(messages.missing_file(assignment.folder, name))
            if (assignment.folder / name).is_file() and (assignment.folder / name).with_suffix("").is_dir():
                raise CourseError(messages.file_and_folder(assignment.folder, name, Path(name).stem))
    shared = {name: value for name, value in vars(given).items() if name != "assignments"}
    course = Course(folder, assignments=tuple(assignments), **shared)
    for name in course.reads:
        require_public(folder / name, folder / name.partition("/")[0] / settings.DATA)
    return course
