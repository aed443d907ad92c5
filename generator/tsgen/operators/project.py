"""A project's own operators, in its ops/ folder."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tsgen import config as toml
from tsgen.system.names import identifier

if TYPE_CHECKING:
    from pathlib import Path


def namespace(project: str) -> str:
    """The namespace of a project's operators, torch.ops.NAMESPACE.NAME. None of LibTorch's own ends so."""
    return f"{identifier(project)}_ops"


def sources(root: Path) -> list[Path]:
    """What the project's operator library is built from."""
    return sorted(path for path in (root / "ops").glob("*") if path.suffix in {".cpp", ".cu", ".h", ".hpp", ".cuh"})


def library_name(project: str) -> str:
    """The file name of the library that CMake makes of them."""
    prefix, suffix = {"win32": ("", ".dll"), "darwin": ("lib", ".dylib")}.get(sys.platform, ("lib", ".so"))
    return f"{prefix}{project}-ops{suffix}"


def owner(file: Path) -> Path | None:
    """The project that a model's file lies in: in its folder or one below, as `model/model.pt` does."""
    return next((root for root in file.parents[:2] if (root / toml.FILE_NAME).is_file()), None)


def built(root: Path) -> list[Path]:
    """The library of the project's own operators, as a build left it; of two, the one that its tsgen.toml asks for.

    Nothing where it has no operators, or they are not compiled. Raises ConfigError for a bad tsgen.toml.
    """
    if not sources(root):
        return []
    config = toml.load(root)
    build_types = dict.fromkeys((config.build_type, "release", "debug"))
    libraries = (root / "build" / build_type / library_name(config.name) for build_type in build_types)
    return [library for library in libraries if library.is_file()][:1]
