"""Programs for a CI runner that is none: pip, apt-get and sudo only write down what they were asked for."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# A tsgen with the files and exit codes of `tsgen matrix`; the texts for GitHub and GitLab are the real ones.
_TSGEN = """
import json, os, sys
from pathlib import Path

def planned(compiler):
    from tsgen.types.matrix import Leg, Planned

    leg = Leg(
        platform="linux-x86_64", torch_version="2.14.1", accelerator="cpu", build_type="release", compiler=compiler
    )
    return Planned(leg=leg, name=leg.name, strategy="native", target_state="proven")

command, *words = sys.argv[1:]
assert command == "matrix"
matrix, ends = Path("build/matrix"), json.loads(os.environ.get("LEGS_END", "{}"))
if words in (["--github"], ["--gitlab"]):
    if os.environ.get("NO_LEGS"):
        sys.exit("error: no leg")
    from tsgen.matrix import systems

    print(systems.jobs(words[0][2:], [planned(each) for each in os.environ["COMPILERS"].split()], {}).text)
elif words[:2] == ["--run", "--leg"]:
    state = ends.get(words[2], "proven")
    Path(os.environ["TSGEN_STORE"]).mkdir(parents=True, exist_ok=True)
    if state == "dead":
        sys.exit(137)
    folder = matrix / words[2]
    folder.mkdir(parents=True)
    (folder / "leg.log").write_text(os.environ["TSGEN_COMPILE_CACHE"])
    (folder / "result.json").write_text(json.dumps({"name": words[2], "state": state, "reason": f"a | b\\n{state}"}))
    sys.exit(0 if state == "proven" else 7)
elif words[0] == "--merge":
    legs = [json.loads(path.read_text()) for path in sorted(Path(words[1]).rglob("result.json"))]
    matrix.mkdir(parents=True, exist_ok=True)
    (matrix / "matrix.json").write_text(json.dumps({"legs": legs}))
    (matrix / "matrix.html").write_text("<!doctype html>")
    sys.exit(7 if any(leg["state"] == "failed" for leg in legs) else 0)
else:
    sys.exit(2)
"""
_PYTHON = """#!/bin/sh
case "$*" in
  "-m pip install "*) shift 3; echo "pip $*" >> "{log}"; exit "${{PIP_STATUS:-0}}" ;;
  "-m tsgen "*) shift 2; exec "{folder}/tsgen" "$@" ;;
esac
exec "{python}" "$@"
"""


def write(folder: Path, log: Path, *, tsgen: str = "") -> dict[str, str]:
    """The environment in which these come first; `tsgen` is the command that is run instead of the stand-in."""
    folder.mkdir()
    (folder / "stand_in.py").write_text(_TSGEN, encoding="utf-8")
    python = _PYTHON.format(log=log, folder=folder, python=sys.executable)
    _program(folder / "python3", python)
    _program(folder / "python", python)
    _program(folder / "tsgen", f'#!/bin/sh\nexec {tsgen or f"{sys.executable} {folder}/stand_in.py"} "$@"\n')
    for name in ("sudo", "apt-get", "brew", *(() if tsgen else ("cmake",))):
        _program(folder / name, f'#!/bin/sh\necho "{name} $*" >> "{log}"\n')
    log.touch()
    return {"PATH": f"{folder}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def _program(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
