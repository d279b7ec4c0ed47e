"""Where an export is written: over what has the form of one, a template or an earlier export, and over nothing else."""

from __future__ import annotations

from pathlib import Path

from autograder.classroom.csv_file import CsvFile, read_csv_file
from autograder.errors import UserError
from autograder.grading.files import write_atomically
from autograder.publish.lms.canvas import is_gradebook
from autograder.publish.lms.long_csv import is_long_csv
from autograder.publish.lms.moodle import is_for_moodle
from autograder.publish.lms.overwriting import messages


def require_own_output(out: Path, header: tuple[str, ...] = ()) -> None:
    """Raises UserError where something else lies there, such as a roster. `header` is that of the template."""
    if not out.is_file() or not out.stat().st_size:
        return
    try:
        file = read_csv_file(out)
    except UserError:
        raise UserError(messages.not_written_over(out)) from None
    if not (file.header == header or _is_of_ours(file)):
        raise UserError(messages.not_written_over(out))


def _is_of_ours(file: CsvFile) -> bool:
    return is_gradebook(file) or is_for_moodle(file) or is_long_csv(file)


def write_output(out: Path, text: str) -> None:
    """A file whole or not at all, behind a link as well; a device or a pipe as it comes. Raises UserError."""
    if out.exists() and not out.is_file():
        try:
            out.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise UserError(messages.cannot_write(out, error.strerror or str(error))) from None
        return
    file = out.resolve() if out.is_symlink() else out
    if not file.parent.is_dir():  # one that was misspelt is not to be made
        raise UserError(messages.no_folder(file.parent))
    write_atomically(file, text)
