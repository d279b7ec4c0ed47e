"""What it takes to open a gradebook: nbgrader's settings, and a database whose errors are one line."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_core.application import JupyterApp
from nbgrader import api
from nbgrader.apps import NbGrader
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool
from traitlets.config import Application

from autograder.errors import UserError
from autograder.nbgrader import messages

SQLITE_IN_MEMORY = (None, "", ":memory:")
_SECRET = re.compile(r"([?&][^=&]*(?:pass|pwd|secret|token)[^=&]*=)[^&]*", re.IGNORECASE)  # as drivers call them


def nbgrader_settings(root: Path) -> JupyterApp:
    """nbgrader's settings: the user's own, and those in the nbgrader_config.py of a folder, if it has one."""
    app: JupyterApp = NbGrader(log_level=logging.WARNING)
    JupyterApp.load_config_file(app)
    Application.load_config_file(app, "nbgrader_config", str(root))
    app.config.CourseDirectory.setdefault("root", str(root))
    return app


def database(url: str) -> Engine:
    """The database at a URL, of which nothing stays open between uses. Raises UserError where it is no URL of one."""
    with database_errors(url):
        try:
            return create_engine(url, poolclass=NullPool)
        except ValueError:  # it takes a part of a password for a port, and would quote it
            raise UserError(messages.gradebook_unusable(shown(url), messages.NO_URL)) from None


def require_file(engine: Engine) -> None:
    """SQLite makes an empty database where there is none. Raises UserError where this one would be new."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or name in SQLITE_IN_MEMORY or name.startswith("file:"):
        return
    if not Path(name).is_file():
        raise UserError(messages.no_gradebook(Path(name)))


def shown(url: str) -> str:
    """A database's URL without its password, for people: also where it is not written as a URL should be."""
    return _SECRET.sub(r"\1***", re.sub(r"(//[^:/@]*):.*@", r"\1:***@", url))


@contextmanager
def database_errors(url: str) -> Iterator[None]:
    """Makes an error of the database a UserError of one line, without its password, which nbgrader does not log too."""
    log = logging.getLogger("tornado.application")
    before, log.disabled = log.disabled, True
    try:
        yield
    except (SQLAlchemyError, api.InvalidEntry, ModuleNotFoundError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise UserError(messages.gradebook_unusable(shown(url), reason)) from error
    finally:
        log.disabled = before
