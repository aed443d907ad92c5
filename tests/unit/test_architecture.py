"""The direction of the imports: cli, commands, pipeline, stages, services, values; and the floors of the worker."""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from importlib.metadata import requires
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tsgen import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(errors.__file__).parent
LAYERS = (
    {"types", "errors", "__init__"},
    {"system", "console"},
    {"project", "toolchain", "config", "operators", "runtimes"},
    {"libtorch", "model", "render", "build", "verify", "doctor", "drawing", "matrix"},
    {"workspace"},
    {"stages"},
    {"pipeline"},
    {"commands"},
    {"cli"},
    {"__main__"},
)
SERVICES = (1, 2)
"""Whose parts may import one another, but not in a circle."""
FLOORS = 10
"""Of the worker: its rooms, each above those that it imports."""
STANDARD_JSON = {
    "system.codec",  # the digits of what it writes
    "system.files",  # a digest of bytes that have to stay as they were
    "model.inputs",  # a word of the command line, whose NaN is one
    "model.spec",  # the same, whose numbers are looked at as they are read
}
"""The modules that may use Python's own reader and writer of JSON, and why."""
DISTRIBUTIONS = {"yaml": "pyyaml"}
"""Of packages that are imported by another name."""
WORKER = "worker"
PROTOCOL = {
    "tsgen.worker.messages",
    "tsgen.worker.messages.bisection",
    "tsgen.worker.messages.floors",
    "tsgen.worker.messages.inspection",
    "tsgen.worker.messages.noise",
    "tsgen.worker.signature_text",
}


def unit(module: str) -> str:
    """The part of tsgen that a module belongs to: `model.spec` is of `model`."""
    return module.partition(".")[0]


@cache
def imports(name: str) -> set[tuple[str, int]]:
    """Every module that a module imports with the level of the import, wherever it stands, even if only for types."""
    names: set[tuple[str, int]] = set()
    for node in ast.walk(MODULES[name]):
        if isinstance(node, ast.Import):
            names |= {(alias.name, 0) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {(f"{node.module or ''}.{alias.name}", node.level) for alias in node.names}
    return names


def packages_used(name: str) -> set[str]:
    """The packages besides tsgen and the standard library that a module imports."""
    return {unit(module) for module, level in imports(name) if not level} - set(sys.stdlib_module_names) - {"tsgen"}


def parts_used(name: str) -> set[str]:
    """The other parts of tsgen that a module imports, besides the worker's states."""
    below = {module.removeprefix("tsgen.") for module, _ in imports(name) if module.startswith("tsgen.")}
    return {unit(module) for module in below} & UNITS - {unit(name), "__init__", WORKER}


def layer(part: str) -> int:
    return next(number for number, parts in enumerate(LAYERS) if part in parts)


MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): ast.parse(path.read_text(encoding="utf-8"))
    for path in PACKAGE.rglob("*.py")
    if "_templates" not in path.parts
}
UNITS = {unit(name) for name in MODULES}
OURS = sorted(name for name in MODULES if unit(name) != WORKER)
THE_WORKERS = sorted(set(MODULES) - set(OURS))


def test_every_part_has_its_layer() -> None:
    assert set().union(*LAYERS) == UNITS - {WORKER}


@pytest.mark.parametrize("name", OURS)
def test_a_module_imports_only_what_lies_below_it(name: str) -> None:
    own = layer(unit(name))
    for part in parts_used(name):
        fellows = own == layer(part) and own in SERVICES
        assert layer(part) < own or fellows, f"{name} imports {part}"


def test_services_do_not_import_one_another_in_a_circle() -> None:
    services = set().union(*(LAYERS[number] for number in SERVICES))
    modules = {part: [name for name in MODULES if unit(name) == part] for part in services}
    assert floors({part: set().union(*map(parts_used, names)) & services for part, names in modules.items()})


def test_the_workers_rooms_lie_on_few_floors_and_in_no_circle() -> None:
    rooms: dict[str, set[str]] = {room(name): set() for name in THE_WORKERS}
    for name in THE_WORKERS:
        rooms[room(name)] |= {room(used) for used in modules_used(name)} - {room(name)}
    assert len(floors(rooms)) <= FLOORS


def room(module: str) -> str:
    """`values` of worker.values.npy; a module beside the rooms is one by itself."""
    return ".".join(module.split(".")[1:2])


def modules_used(name: str) -> set[str]:
    """The worker's own modules that one of them imports."""
    here = name.split(".")
    found = set()
    for module, level in imports(name):
        parts = [*here[: len(here) - level], *module.strip(".").split(".")] if level else []
        known = (".".join(parts[:length]) for length in range(len(parts), 1, -1))
        found |= {next((each for each in known if each in MODULES or f"{each}.__init__" in MODULES), name)}
    return found


def floors(uses: dict[str, set[str]]) -> list[set[str]]:
    """What can be built upon what; fails for a circle."""
    found: list[set[str]] = []
    while ready := {name for name, used in uses.items() if not used & set(uses)}:
        uses = {name: used for name, used in uses.items() if name not in ready}
        found.append(ready)
    assert uses == {}, "they import one another in a circle"
    return found


@pytest.mark.parametrize("name", OURS)
def test_one_codec_reads_and_writes_all_json(name: str) -> None:
    if name not in STANDARD_JSON:
        assert "json" not in {unit(module) for module, level in imports(name) if not level}


@pytest.mark.parametrize("name", OURS)
def test_only_the_protocol_is_imported_of_the_worker(name: str) -> None:
    """Which needs no torch, and no Python newer than the worker's."""
    assert {module.rpartition(".")[0] for module, _ in imports(name) if module.startswith("tsgen.worker")} <= PROTOCOL


@pytest.mark.parametrize("name", THE_WORKERS)
def test_the_worker_stands_alone(name: str) -> None:
    """It runs by path in an interpreter that has torch and not tsgen."""
    depth = name.count(".")
    for module, level in imports(name):
        assert unit(module) != "tsgen"
        assert level <= depth, f"{name} reaches beyond its folder for {module}"


@pytest.mark.parametrize("name", THE_WORKERS)
def test_the_worker_needs_only_torch_besides_the_standard_library(name: str) -> None:
    assert packages_used(name) <= {"safetensors", "torch", "torchvision", WORKER}


@pytest.mark.parametrize(
    ("package", "allowed"),
    [
        ("torch", {WORKER}),
        ("torchvision", {WORKER}),
        ("cookiecutter", {"render"}),
        ("jinja2", {"render", "drawing"}),
        ("click", {"cli"}),
        ("rich", {"console"}),
        ("msgspec", {"system"}),
        ("lief", {"system", "libtorch", "matrix", "operators"}),
        ("platformdirs", {"libtorch", "system"}),
        ("requests", {"system"}),
        ("yaml", {"matrix"}),
    ],
)
def test_a_package_of_others_is_used_in_one_place(package: str, allowed: set[str]) -> None:
    assert {unit(name) for name in MODULES if package in packages_used(name)} <= allowed


def test_every_package_of_others_is_declared() -> None:
    declared = {re.split("[<>=]", line)[0] for line in requires("tsgen-cpp") or () if "extra ==" not in line}
    named = {DISTRIBUTIONS.get(package, package) for name in OURS for package in packages_used(name)}
    assert named <= declared


@pytest.mark.parametrize("name", OURS)
def test_only_one_module_starts_programs(name: str) -> None:
    starters = {module for module, _ in imports(name)} & {"subprocess", "multiprocessing", "asyncio"}
    assert not starters or name == "system.process"


def test_every_kind_of_error_has_its_own_exit_code() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.TsgenError)]
    codes = {kind.__name__: kind.exit_code for kind in kinds if kind.__name__ not in {"TsgenError", "ToolFailedError"}}
    assert codes == {
        "ConfigError": 2,
        "LibTorchError": 3,
        "ExportError": 4,
        "RenderError": 5,
        "ToolMissingError": 6,
        "BuildError": 7,
        "ParityError": 8,
        "UnsafeError": 9,
    }
    assert errors.TsgenError.exit_code == 1


def test_lief_is_imported_where_no_interrupt_can_break_it() -> None:
    importers = {
        name
        for name, tree in MODULES.items()
        for node in _at_run_time(tree)
        if isinstance(node, ast.Import) and "lief" in {alias.name for alias in node.names}
    }
    assert importers == {"system.object_files"}


def _at_run_time(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)):
            yield node
            yield from _at_run_time(node)
