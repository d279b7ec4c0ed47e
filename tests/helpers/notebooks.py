"""A student's notebook, written and run."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
from nbclient import NotebookClient

WITH_SETUP = "import numpy as np\nfrom autograder import check, previous"


def write_notebook(path: Path, *sources: str) -> Path:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    path.write_text(nbformat.writes(made))
    return path


def run_notebook(path: Path) -> list[str]:
    """Run a notebook in a real kernel, in its own folder; returns the text of each code cell's outputs."""
    made = nbformat.read(path, as_version=4)
    NotebookClient(
        made, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    ).execute()
    return [json.dumps(cell.get("outputs", ""), ensure_ascii=False) for cell in made.cells if cell.cell_type == "code"]
