"""An environment of its own for each of the other graders, from the package index, with pinned versions."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CACHE = ROOT / "build" / "peers"  # `make clean` removes it


def environment(package: str, version: str, *more: str) -> Path:
    """Its Python, installed when there is none yet. What it needs besides has the versions of requirements.txt."""
    folder = CACHE / f"{package.partition('[')[0]}-{version}"
    python = folder / "bin" / "python"
    if (folder / "ready").exists():
        return python
    print(f"setting up {package} {version} in {folder.relative_to(ROOT)} …", file=sys.stderr, flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    (folder / "constraints.txt").write_text("\n".join(line for line in lines if line[:1] not in "-#") + "\n")
    wanted = [f"{package}=={version}", *more]
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-c", folder / "constraints.txt"]
    done = subprocess.run([*pip, *wanted], capture_output=True, text=True, check=False)
    if done.returncode:
        reasons = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or [done.stderr.strip()]
        raise SystemExit(
            f"{package} {version} cannot be installed in {folder}: the first run needs the network and a package "
            f"index. pip says: {reasons[-1]}"
        )
    (folder / "ready").touch()
    return python
