"""Write the files of the docs that repeat the code; with --check write nothing and name those that are stale.

    python docs/generate.py [--check]

A whole file (the JSON schema), or the part of a page between `<!-- generated: NAME -->` and `<!-- end -->`.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import itertools
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from pydantic import TypeAdapter

from tsgen import cli, errors, types
from tsgen.config import DEFAULT_TOLERANCES
from tsgen.doctor import findings
from tsgen.types import bisection, libtorch, matrix, model, outcome, update
from tsgen.worker import messages
from tsgen.worker.messages import bisection as bisected
from tsgen.worker.messages import inspection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
RUNNER = ROOT / "templates/cpp/{{cookiecutter.project_slug}}/third_party/tsgen/src/runner/options.cpp"
VALUES = (messages, bisected, libtorch, model, outcome, findings, inspection, bisection, matrix, update)
SCHEMAS: Mapping[str, tuple[str, Any]] = {
    "outcome.schema.json": ("What tsgen new, build, test and export print with --json", types.Outcome | types.Failure),
    "libtorch.schema.json": (
        "What tsgen libtorch prints with --json",
        types.Distribution | types.Fetched | types.Listing | types.Verified | types.Pruned | types.Failure,
    ),
    "doctor.schema.json": (
        "What tsgen doctor prints with --json",
        findings.Diagnosis | findings.Explanation | types.Failure,
    ),
    "inspect.schema.json": ("What tsgen inspect prints with --json", inspection.Inspection | types.Failure),
    "update.schema.json": ("What tsgen update prints with --json", update.Update | types.Failure),
    "bisect.schema.json": ("What tsgen test --bisect prints with --json", bisection.Bisection | types.Failure),
    "matrix.schema.json": (
        "What tsgen matrix prints with --json, and matrix.json",
        matrix.MatrixPlan | matrix.MatrixReport | types.Failure,
    ),
}
SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the generated files of the docs.")
    parser.add_argument("--check", action="store_true", help="write nothing; end with status 1 when a file is stale")
    check = parser.parse_args().check
    stale = [path for path, text in wanted().items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        print(f"{'stale' if check else 'wrote'} {path.relative_to(ROOT)}")
        if not check:
            path.write_text(text_of(path), encoding="utf-8", newline="\n")
    if check and stale:
        print("write them with: python docs/generate.py", file=sys.stderr)
    return int(check and bool(stale))


def wanted() -> dict[Path, str]:
    """Every generated file with the text it should have."""
    pages = (path for path in sorted(REFERENCE.glob("*.md")) if "<!-- generated:" in path.read_text(encoding="utf-8"))
    return {path: text_of(path) for path in (*(REFERENCE / name for name in SCHEMAS), *pages)}


def text_of(path: Path) -> str:
    if path.suffix == ".json":
        return json.dumps(schema(path.name), indent=2) + "\n"
    return re.sub(
        r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", _part, path.read_text(encoding="utf-8"), flags=re.DOTALL
    )


def _part(match: re.Match[str]) -> str:
    return f"{match[1]}\n{PARTS[match[2]]()}\n\n{match[3]}"


def schema(file: str) -> dict[str, Any]:
    """The JSON schema of what commands print with --json, from the dataclasses of tsgen.types."""
    title, values = SCHEMAS[file]
    document = _as_text("Verdict", "Reason", TypeAdapter[Any](values).json_schema(mode="serialization"))
    words: dict[str, dict[str, str]] = {}
    for module in VALUES:
        words |= attribute_words(module, words)
    for name, definition in document["$defs"].items():
        _finish(definition, words.get(name, {}))
    return {"$schema": SCHEMA_DIALECT, "title": title, **document}


def _as_text(name: str, part: str, document: dict[str, Any]) -> dict[str, Any]:
    """With a string wherever the value `name` stands, as `tsgen.system.documents` writes it."""
    definitions = {key: each for key, each in document["$defs"].items() if key not in {name, part}}
    text = json.dumps({**document, "$defs": definitions})
    replaced: dict[str, Any] = json.loads(text.replace(f'{{"$ref": "#/$defs/{name}"}}', '{"type": "string"}'))
    return replaced


def _finish(definition: dict[str, Any], words: Mapping[str, str]) -> None:
    """Close the object, so that an undocumented key fails; take the descriptions from the attributes' docstrings."""
    del definition["title"]
    definition["additionalProperties"] = False
    for name, item in definition["properties"].items():
        item.pop("title", None)
        if name in words:
            item["description"] = words[name]


def attribute_words(module: Any, known: Mapping[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """The docstring below each attribute, by class: Python itself drops them. `known`: those of possible bases."""
    found: dict[str, dict[str, str]] = {}
    for item in ast.parse(inspect.getsource(module)).body:
        if isinstance(item, ast.ClassDef):
            bases = [{**known, **found}.get(ast.unparse(base), {}) for base in item.bases]
            found[item.name] = dict(itertools.chain(*(base.items() for base in bases), _documented(item.body)))
    return found


def _documented(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for attribute, below in itertools.pairwise(body):
        if isinstance(attribute, ast.AnnAssign) and isinstance(below, ast.Expr):
            yield ast.unparse(attribute.target), inspect.cleandoc(ast.literal_eval(below.value))


def exit_codes() -> str:
    """A row per error that a command can end with; an error without a code of its own never reaches the user."""
    kinds = [kind for kind in errors.TsgenError.__subclasses__() if "exit_code" in vars(kind)]
    rows = [
        (0, "It worked."),
        (errors.TsgenError.exit_code, "A bug in tsgen. `-v` shows where."),
        *((kind.exit_code, (kind.__doc__ or "").partition("\n")[0]) for kind in kinds),
        (cli.INTERRUPTED, "Interrupted: Ctrl-C, or a polite kill (SIGTERM), a closed terminal (SIGHUP)."),
    ]
    return _table(("code", "meaning"), sorted(rows))


def tolerances() -> str:
    rows = [(f"`{dtype}`", f"{limits.rtol:g}", f"{limits.atol:g}") for dtype, limits in DEFAULT_TOLERANCES.items()]
    return _table(("dtype", "rtol", "atol"), rows)


def runner_usage() -> str:
    """What `myapp-runner --help` prints, taken from its C++ source."""
    match = re.search(r'usage = R"\((.*?)\)";', RUNNER.read_text(encoding="utf-8"), re.DOTALL)
    if not match:
        raise RuntimeError(f"{RUNNER} has no raw string called `usage`")
    return f"```text\nmyapp-runner{match[1]}\n```"


def _table(head: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def command_help() -> str:
    """What each command prints with --help."""
    return "\n\n".join(_helps(cli.cli, "tsgen"))


def _helps(group: click.Group, path: str) -> Iterator[str]:
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        if not command:
            raise RuntimeError(f"{path} has no command {name}")
        context = click.Context(command, info_name=f"{path} {name}", terminal_width=110, max_content_width=110)
        yield f"## {path} {name}\n\n```text\n{command.get_help(context)}\n```"
        if isinstance(command, click.Group):
            yield from _helps(command, f"{path} {name}")


PARTS: Mapping[str, Callable[[], str]] = {
    "command_help": command_help,
    "exit_codes": exit_codes,
    "runner_usage": runner_usage,
    "tolerances": tolerances,
}

if __name__ == "__main__":
    sys.exit(main())
