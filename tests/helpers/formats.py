"""The JSON Schemas of formats, and commands run as the containers of those who read them do."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from tests.helpers.paths import ROOT

SCHEMAS = ROOT / "tests/publish/schemas"
# pip finds what it needs among the packages that are there. (Of the two ways to say "no isolation", 0 is pip's.)
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def validate(schema: str, text: str) -> Any:
    """The JSON document, which keeps to the schema. Raises jsonschema.ValidationError."""
    rules = json.loads((SCHEMAS / f"{schema}.schema.json").read_text())
    Draft202012Validator.check_schema(rules)
    document = json.loads(text)
    Draft202012Validator(rules).validate(document)
    return document


def run_isolated(command: list[str | Path], cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a container would: with nothing of ours in its environment but what is named."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    return subprocess.run(
        command, cwd=cwd, env={**kept, **environment}, capture_output=True, text=True, timeout=300, check=False
    )
