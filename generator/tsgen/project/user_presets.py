"""CMakeUserPresets.json: this machine's paths, and the choices of this machine that a later `tsgen build` repeats."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tsgen.system import codec, files
from tsgen.toolchain import compile_cache

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.config import Config
    from tsgen.toolchain import Toolchain
    from tsgen.toolchain.compile_cache import Launcher
    from tsgen.toolchain.interpreter import Interpreter
    from tsgen.types import BuildType, LibTorch

FILE_NAME = "CMakeUserPresets.json"
_VENDOR = "tsgen/1"
# Conan adds its presets only to a file that has this; without it `conan install` leaves ours alone and has none.
_CONAN = "conan"
# Said in every case: what CMake's cache once had would otherwise stay. This is where CMake itself looks first.
_LAUNCHER_OF_THE_ENVIRONMENT = {"CMAKE_CXX_COMPILER_LAUNCHER": "$penv{CMAKE_CXX_COMPILER_LAUNCHER}"}
_BUILD_TYPES: tuple[BuildType, ...] = ("release", "debug")


def local_name(build_type: BuildType) -> str:
    """The preset that adds this machine's paths to the project's own one."""
    return f"local-{build_type}"


def write(
    root: Path,
    libtorch: LibTorch,
    toolchain: Toolchain,
    choices: Mapping[str, str],
    cache: Launcher = compile_cache.NONE,
) -> None:
    """Write the file when it says something new, so that CMake configures again only then.

    What it includes stays: `conan install` puts its presets there.
    """
    there = _read(root)
    document = {
        "version": 6,
        "vendor": {_VENDOR: dict(choices), _CONAN: {}},
        "include": _included(root, there),
        "configurePresets": [_configure(build_type, libtorch, toolchain, cache) for build_type in _BUILD_TYPES],
        "buildPresets": [
            {"name": local_name(build_type), "configurePreset": local_name(build_type)} for build_type in _BUILD_TYPES
        ],
    }
    if there != document:
        files.write_text(root / FILE_NAME, codec.text_of(document))


def choices(config: Config, python: Interpreter) -> dict[str, str]:
    """What only this machine knows; a folder given with --libtorch is kept here, not in a committed file."""
    folder = {"libtorch": config.libtorch} if Path(config.libtorch).is_absolute() else {}
    return {"python": str(python.executable), **folder}


def read_choices(root: Path) -> dict[str, str]:
    """What an earlier run on this machine chose; nothing when there is no such file or it is someone else's."""
    try:
        return dict(_read(root)["vendor"][_VENDOR])
    except (KeyError, TypeError, ValueError):
        return {}


def read_launcher(root: Path) -> tuple[dict[str, str], dict[str, str]]:
    """What CMake was told of the compile cache: the preset's cache variables, and its environment."""
    try:
        preset = _read(root)["configurePresets"][0]
        return dict(preset["cacheVariables"]), dict(preset["environment"])
    except (KeyError, IndexError, TypeError, ValueError):
        return {}, {}


def _read(root: Path) -> dict[str, Any]:
    """An empty table when there is no such file, or nothing that CMake would read either."""
    return codec.read_own(root / FILE_NAME, dict[str, Any]) or {}


def _included(root: Path, there: dict[str, Any]) -> list[str]:
    """Without the files that are gone, such as those of a removed build folder: CMake would refuse every preset."""
    names = there.get("include", [])
    return [name for name in names if isinstance(name, str) and (root / name).is_file()] if names else []


def _configure(build_type: BuildType, libtorch: LibTorch, toolchain: Toolchain, cache: Launcher) -> dict[str, Any]:
    return {
        "name": local_name(build_type),
        "inherits": build_type,
        # The inherited one ends in ${presetName}, which here would be this preset's own.
        "binaryDir": f"${{sourceDir}}/build/{build_type}",
        "displayName": f"{build_type} with LibTorch {libtorch.version} of this machine",
        "cacheVariables": {
            "Torch_ROOT": {"type": "PATH", "value": libtorch.root.as_posix()},
            "CMAKE_MAKE_PROGRAM": {"type": "FILEPATH", "value": toolchain.ninja.path.as_posix()},
            **_compiler(),
            **_LAUNCHER_OF_THE_ENVIRONMENT,
            **cache.variables,
        },
        # Build presets take it over, so that a plain `cmake --build --preset` has the same compile cache.
        "environment": dict(cache.environment),
    }


def _compiler() -> dict[str, str]:
    """CXX belongs to the cache: another value must configure anew, which an environment variable alone does not do."""
    named = os.environ.get("CXX", "").strip()
    return {"CMAKE_CXX_COMPILER": named} if named and " " not in named else {}
