"""The command line: one file a command, loaded when it is called."""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import click

from autograder import distribution, streams
from autograder.cli.shared import messages as shared_messages
from autograder.cli.shared.errors import INTERRUPTED, NOTHING_DONE
from autograder.language.catalogue import known_languages, language_of_system, spelt_as_known
from autograder.language.current import ENGLISH, looked_up, speak

# Each with what `--help` says of it, in the order in which they are used.
COMMANDS = {
    "new": "Make a course, or an assignment, to begin with.",
    "release": "Build assignments/, which students get, from solutions/.",
    "certify": "Prove the course: its answers, stubs and misconceptions.",
    "check": "Check your own work with the visible checks.",
    "collect": "Lay out downloads, folders and repositories for grading.",
    "grade": "Grade a class: reports, pages, and a table of marks.",
    "marks": "Make the final marks again, after a change of the rules.",
    "written": "The answers in words: a sheet and a page to grade them.",
    "diff": "Compare two folders of reports: whose marks move, and why.",
    "export": "Write the scores in a folder of reports for an LMS.",
    "feedback": "Pack each student's own pages, to hand them out.",
    "erase": "Delete all that a folder of reports holds on one student.",
    "gradescope": "Make an assignment's autograder archive for Gradescope.",
    "classroom50": "Make an assignment's autograder folder for Classroom 50.",
    "doctor": "Try to break each promise of the sandbox on this machine.",
}

MANY_OBJECTS = 10_000  # are new before garbage is looked for: a tenth of a start would go into that, and find none


class _LazyGroup(click.Group):
    """A group that knows its commands by name, and imports the one that is called."""

    is_in_language = False  # whether its commands are to be, or English is all that is spoken

    def main(self, args: Sequence[str] | None = None, *others: Any, **kwargs: Any) -> Any:
        gc.set_threshold(MANY_OBJECTS)
        streams.write_all_signs()
        words = sys.argv[1:] if args is None else list(args)
        asked, of_system = _asked_for(words), language_of_system()
        speak(asked or of_system)
        if {asked, of_system} <= {"", ENGLISH}:
            return super().main(words, *others, **kwargs)
        from autograder.cli.shared.usage.in_language import command_in_language, translate_click

        translate_click()
        group = command_in_language(self)
        group.is_in_language = True
        return super(_LazyGroup, group).main(words, *others, **kwargs)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        try:
            module = importlib.import_module(f"autograder.cli.{cmd_name}")
        except KeyboardInterrupt:  # nothing has begun
            sys.exit(INTERRUPTED)
        except ModuleNotFoundError as error:
            missing = (error.name or "").partition(".")[0]
            if missing == "autograder":
                raise
            problem = shared_messages.cannot_run(cmd_name, missing, distribution.install_name(missing))
            click.echo(shared_messages.error_line(problem), err=True)
            sys.exit(NOTHING_DONE)
        command: click.Command = getattr(module, cmd_name)
        if not self.is_in_language:
            return command
        from autograder.cli.shared.usage.in_language import command_in_language

        return command_in_language(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(looked_up("Commands")):
            formatter.write_dl([(name, looked_up(text)) for name, text in COMMANDS.items()])


def _asked_for(words: Sequence[str]) -> str:
    """The language that `--language` names among the words of a command line, if it is known."""
    pairs = [*pairwise(words), *(word.split("=", 1) for word in words if "=" in word)]
    named = [language for option, language in pairs if option == "--language"]
    return spelt_as_known(named[-1], known_languages()) if named else ""


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=distribution.NAME)
def main() -> None:
    """Grade a course in NumPy: students' code runs confined, wrong answers are named."""
