"""What is in an archive, also in the archives inside it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path


def zip_members(archive: Path | bytes) -> dict[str, bytes]:
    """Every file of a zip, by its path; those of a wheel in it are below the wheel's own."""
    source = io.BytesIO(archive) if isinstance(archive, bytes) else archive
    with zipfile.ZipFile(source) as opened:
        members = {entry.filename: opened.read(entry) for entry in opened.infolist() if not entry.is_dir()}
    return members | {
        f"{name}/{inner}": content
        for name, wheel in members.items()
        if name.endswith(".whl")
        for inner, content in zip_members(wheel).items()
    }
