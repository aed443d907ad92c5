"""The second opinion: inputs that tsgen did not choose, in eager Python and in the program."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from tsgen import model
from tsgen.cli import options
from tsgen.cli.export import command
from tsgen.config import from_table
from tsgen.system import codec
from tsgen.worker.messages import FORMAT

from . import arrays
from .entries import REPOSITORY
from .steps import Broken, Step

if TYPE_CHECKING:
    from pathlib import Path


def differences(words: tuple[str, ...], folder: Path, program: Path, notes: list[str]) -> list[str]:
    """Where the program's answer is not eager's. Adds to `notes`; raises Broken when nothing could be compared."""
    report = _reference(words, folder)
    compared = [_compare(folder, program, name, notes) for name in report["checks"]]
    again = [path.name for path in (folder / "checks").glob("again *")]
    for name in again:
        _require_same(folder, name)
    if report["rebuilt"]:
        raise Broken(report["rebuilt"])
    if not compared:
        raise Broken("the model took none of the inputs that were drawn")
    return [problem for problem in compared if problem]


def _reference(words: tuple[str, ...], folder: Path) -> dict[str, Any]:
    request = folder / "request.json"
    request.write_text(json.dumps(_request(words, folder)), encoding="utf-8")
    step = Step(folder, "reference")
    module = [sys.executable, "-m", "tests.zoo.reference"]
    ended = step.run([*module, request, folder / "artifact", folder / "checks"])
    if ended:
        raise Broken(f"the reference ended with status {ended}: {step.last_words()}")
    report: dict[str, Any] = json.loads((folder / "checks" / "report.json").read_text(encoding="utf-8"))
    return report


def _request(words: tuple[str, ...], folder: Path) -> dict[str, Any]:
    """What `tsgen export` asked its worker."""
    given = command.make_context("export", [*words, "-o", str(folder / "artifact")]).params
    plain = {key: value for key, value in given.items() if key not in ("folder", "force", "as_json", "verbose")}
    config = from_table({"name": "export", **options.given(plain, REPOSITORY)}, where="the zoo")
    request = codec.plain(model.request_of(config, REPOSITORY))
    return {"format": FORMAT, **request, "search_path": [str(REPOSITORY)], "output": str(folder / "rebuilt")}


def _compare(folder: Path, program: Path, name: str, notes: list[str]) -> str:
    check = folder / "checks" / name
    step = Step(check, "program")
    inputs = [f"--input={leaf}={path}" for leaf, path in arrays.leaves(check, "input").items()]
    answers = check / "program"
    ended = step.run(
        [program, folder / "artifact" / "model.pt", *inputs, "--output", answers, "--threads", "1", "--json"]
    )
    if ended == 2 and (error := step.document().get("error")):
        notes.append(f"restricted: {name}: {error['message']}")
        return ""
    if ended:
        raise Broken(f"the program ended with status {ended} on {name}: {step.last_words()}")
    found = arrays.compare(_travelling(check, folder), arrays.leaves(answers, "output"))
    if found.most and not found.problem:
        notes.append(f"{name}: within tolerance, {found.most:.2g}")
    return f"{name}: {found.problem}" if found.problem else ""


def _travelling(check: Path, folder: Path) -> dict[str, Path]:
    """Eager's outputs without the constants of the signature, whose values are compared here. Raises Broken."""
    manifest = json.loads((folder / "artifact" / "manifest.json").read_text(encoding="utf-8"))
    constants = {
        node["name"]: node["value"] for node in manifest["signature"]["outputs"] if node.get("kind") == "constant"
    }
    found = arrays.leaves(check, "output")
    for name, value in constants.items():
        if (said := arrays.python_value(found.pop(name), value)) != value:
            raise Broken(f"{check.name}: {name} is said to be always {value!r}, and is {said!r}")
    return found


def _require_same(folder: Path, name: str) -> None:
    """The rebuilt model must be the exported one, else the comparison says nothing."""
    case = folder / "artifact" / "cases" / name.removeprefix("again ")
    found = arrays.compare(_travelling(folder / "checks" / name, folder), arrays.leaves(case, "output"))
    if found.problem:
        raise Broken(f"the model built again does not answer as the exported one: {found.problem}")
