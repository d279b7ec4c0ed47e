"""Makes this folder an nbgrader course: nbgrader's own commands and buttons, with our grader behind them.

Nothing here knows an assignment, and nothing may fail: a settings file that fails is passed over by nbgrader, and
then it would run students' code as it pleases. So the steps are named, not imported.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent
SOURCE = Path("build", "source")

c = get_config()  # noqa: F821  (nbgrader puts it here)
c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.course_id = "default_course"  # nbgrader's name for the only one; PostgreSQL takes no course without
c.CourseDirectory.db_url = f"sqlite:///{ROOT / 'gradebook.db'}"
# nbgrader releases every file of its source folder: it holds what students may have, and solutions/ is elsewhere.
c.CourseDirectory.source_directory = str(SOURCE)
c.CourseDirectory.release_directory = "assignments"
c.GenerateAssignment.post_convert_hook = "autograder.nbgrader.preprocessors.write_settings"
# Any file in; and nbgrader's own steps, with ours where it would run the student's code.
c.Autograde.exporter_class = "autograder.nbgrader.preprocessors.AnyNotebook"
c.Autograde.autograde_preprocessors = [
    "autograder.nbgrader.preprocessors.Grade",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# nbgrader runs `alembic` when it makes a database; a command given as .venv/bin/nbgrader does not know where that is.
os.environ["PATH"] = os.pathsep.join((sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)))


def keep_source_fresh():
    """Build the source notebooks from the lessons if one has changed; what cannot be built is not there, and told."""
    files = sorted(path for folder in ("solutions", "autograder") for path in (ROOT / folder).rglob("*.*"))
    seen = [(str(path.relative_to(ROOT)), path.stat().st_mtime_ns) for path in files if path.suffix != ".pyc"]
    state = hashlib.sha256(repr(seen).encode()).hexdigest()
    stamp = ROOT / SOURCE.with_suffix(".state")
    stamp.parent.mkdir(exist_ok=True)
    with open(stamp.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known, _, problem = stamp.read_text(encoding="utf-8").partition("\n") if stamp.is_file() else ("", "", "")
        if known != state:
            shutil.rmtree(ROOT / SOURCE, ignore_errors=True)
            build = [sys.executable, "-m", "autograder", "release", "--source", str(SOURCE)]
            utf8 = {**os.environ, "PYTHONIOENCODING": "utf-8"}
            done = subprocess.run(build, cwd=ROOT, env=utf8, capture_output=True, encoding="utf-8")
            problem = done.stderr.strip()
            stamp.write_text(f"{state}\n{problem}", encoding="utf-8")
    if problem:
        sys.stderr.write(f"{problem}\n")


try:
    keep_source_fresh()
except Exception as error:  # whatever it is: the settings above must stand
    sys.stderr.write(f"The source notebooks cannot be built: {error!r}\n")
