"""Write data/0.1.0.json of commands/update/, by which `tsgen update` knows the files that tsgen 0.1.0 wrote.

    python docs/first_format.py TREE

TREE is a checkout of tsgen 0.1.0: of commit 542f055, the last one whose template had no third_party/tsgen. A project of
that version is rendered under a name that occurs nowhere else, so that each place of the name can be found.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tsgen.commands.update import first_format

NAME, MODEL = "Tsgen-Slot", "timm:tsgen_slot_model"
STAYS = "tsgen.toml"


def main() -> None:
    tree = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "tsgen", "new", NAME, "--model", MODEL, "--no-build"]
        environment = {**os.environ, "PYTHONPATH": str(tree / "generator")}
        subprocess.run(words, cwd=folder, env=environment, check=True)
        rows = rows_of(Path(folder) / NAME)
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in sorted(rows.items()))
    first_format.DATA.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8", newline="\n")


def rows_of(root: Path) -> dict[str, dict[str, Any]]:
    paths = [path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    names = {path.relative_to(root).as_posix().replace(NAME, "NAME"): path for path in paths if path.name != STAYS}
    return {name: row_of(path.read_bytes()) for name, path in names.items()}


def row_of(text: bytes) -> dict[str, Any]:
    words = first_format.words_of(NAME, MODEL)
    keys = {word: key for key, word in words.items()}
    holes: list[list[Any]] = []
    taken = 0
    for match in re.finditer(b"|".join(map(re.escape, words.values())), text):
        holes.append([match.start() - taken, keys[match[0]]])
        taken += len(match[0])
    rest = first_format.without_words(text, holes, words)
    if rest is None or re.search(rb"tsgen.slot", rest, re.IGNORECASE):
        raise RuntimeError("a word of the project was not found")
    return {"sha256": hashlib.sha256(rest).hexdigest(), "holes": holes}


if __name__ == "__main__":
    main()
