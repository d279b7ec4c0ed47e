"""An environment to install into that needs no network, and the JSON Schemas."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

SCHEMAS = Path(__file__).parent / "schemas"
# pip finds what it needs among the packages that are there. (Of the two ways to say "no isolation", 0 is pip's.)
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def validate(schema: str, text: str) -> Any:
    """The JSON document, which keeps to the schema. Raises jsonschema.ValidationError."""
    rules = json.loads((SCHEMAS / f"{schema}.schema.json").read_text())
    Draft202012Validator.check_schema(rules)
    document = json.loads(text)
    Draft202012Validator(rules).validate(document)
    return document


@pytest.fixture(scope="module")
def new_environment(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Makes a virtual environment that has the packages of this one, but not this project; returns its Python."""

    def make() -> Path:
        folder = tmp_path_factory.mktemp("environment")
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        paths = {"base": str(folder), "platbase": str(folder)}
        packages = Path(sysconfig.get_path("purelib", vars=paths)) / "packages.pth"
        ours = [path for path in sys.path if path.endswith("-packages")]
        packages.write_text("".join(f"{path}\n" for path in ours))  # no .pth file in them counts, so not our own
        return folder / "bin" / "python"

    return make


def run(command: list[str | Path], cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a container would: with nothing of ours in its environment but what is named."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    return subprocess.run(
        command, cwd=cwd, env={**kept, **environment}, capture_output=True, text=True, timeout=300, check=False
    )
