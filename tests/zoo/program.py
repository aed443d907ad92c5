"""The one compiled runner that runs every model of the zoo."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

from .entries import REPOSITORY

TEMPLATE = REPOSITORY / "templates" / "cpp"
ANY_MODEL = ("squeezenet1_1", "--input", "Nx3x64x64")


def compiled(place: Path) -> Path:
    """The runner, made anew when the template changed. Raises RuntimeError with what tsgen said."""
    note = place / "program.json"
    wanted = _digest(TEMPLATE)
    if note.is_file():
        made = json.loads(note.read_text(encoding="utf-8"))
        if made["template"] == wanted and Path(made.get("runner", "")).is_file():
            return Path(made["runner"])
    runner = _make(place)
    note.write_text(json.dumps({"template": wanted, "runner": str(runner)}), encoding="utf-8")
    return runner


def _make(place: Path) -> Path:
    model, *options = ANY_MODEL
    words = ["new", "zoo", "--model", model, *options, "--output", str(place), "--force", "--json"]
    ended = subprocess.run(
        [sys.executable, "-m", "tsgen", *words], stdout=subprocess.PIPE, encoding="utf-8", check=False
    )
    if ended.returncode:
        raise RuntimeError(f"tsgen new ended with status {ended.returncode}: {ended.stdout}")
    return Path(json.loads(ended.stdout)["build"]["runner"])


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
