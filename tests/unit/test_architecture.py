"""The direction of the imports: cli -> pipeline -> stages -> services -> values. Only the pipeline knows the order."""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from importlib.metadata import requires
from pathlib import Path

import pytest

from tsgen import errors

PACKAGE = Path(errors.__file__).parent
LAYERS = (
    {"types", "errors", "naming", "versions", "__init__"},
    {
        "config",
        "process",
        "console",
        "disk",
        "fetch",
        "files",
        "interpreter",
        "toolchain",
        "presets",
        "lock",
        "meter",
        "proof",
        "compare",
        "say",
        "place",
        "ops",
        "launcher",
        "sccache",
    },
    {"libtorch", "model", "render", "build", "verify", "doctor", "drawing", "matrix"},
    {"pipeline", "legs", "checkup", "inspection", "bisection", "reporting"},
    {"cli"},
    {"__main__"},
)
SERVICES = 1
DISTRIBUTIONS = {"yaml": "pyyaml"}
"""Of packages that are imported by another name."""
WORKER = "worker"


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
    """The other parts of tsgen that a module imports."""
    below = {module.removeprefix("tsgen.") for module, _ in imports(name) if module.startswith("tsgen.")}
    return {unit(module) for module in below} & UNITS - {unit(name), "__init__"}


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
        fellows = own == layer(part) == SERVICES
        assert layer(part) < own or fellows, f"{name} imports {part}"


def test_services_do_not_import_one_another_in_a_circle() -> None:
    modules = {part: [name for name in MODULES if unit(name) == part] for part in LAYERS[SERVICES]}
    uses = {part: set().union(*map(parts_used, names)) & LAYERS[SERVICES] for part, names in modules.items()}
    while ready := {name for name, used in uses.items() if not used & set(uses)}:
        uses = {name: used for name, used in uses.items() if name not in ready}
    assert uses == {}


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
        ("lief", {"libtorch", "matrix", "ops"}),
        ("platformdirs", {"libtorch"}),
        ("requests", {"fetch"}),
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
    assert not starters or name == "process"


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
