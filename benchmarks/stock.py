"""A LibTorch for the CPU that `find_package(Torch)` finds by LibTorch's own TorchConfig.cmake."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.measure import Failed, environment, run

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Stock:
    root: Path | None
    """None where none configures."""
    words: str
    """What it is; or why there is none."""


def configures(cmake: str, root: Path, project: Path, build: Path) -> bool:
    try:
        run(cmake, f"-DCMAKE_PREFIX_PATH={root}", "-S", project, "-B", build, cwd=project, env=environment())
    except Failed:
        return False
    return True


def of_cpu(cmake: str, root: Path, given: Path | None, project: Path, folder: Path) -> Stock:
    """The one that was given, else the installed one if it is for the CPU, else what the CPU's wheel would be."""
    folder.mkdir()
    if given:
        found = Stock(given, "of the LibTorch that was given")
    elif not list((root / "lib").glob("*torch_cuda*")):
        found = Stock(root, "of the installed torch, which is for the CPU")
    else:
        words = (
            "of the installed torch, its own CMake files with CUDA switched off, as they are in the wheel for the CPU"
        )
        found = Stock(cut(root, folder / "torch"), words)
    if found.root and configures(cmake, found.root, project, folder / "build"):
        return found
    return Stock(
        None, f"stock find_package(Torch) {found.words}, does not configure here; name another: --cpu-libtorch"
    )


def cut(root: Path, folder: Path) -> Path:
    """LibTorch as it is, by links, with the CMake files that the same build without CUDA would have had."""
    folder.mkdir()
    for name in ("include", "lib"):
        (folder / name).symlink_to(root / name)
    shutil.copytree(root / "share" / "cmake", folder / "share" / "cmake")
    for path in folder.glob("share/cmake/*/*.cmake"):
        path.write_text(without_cuda(path.read_text(encoding="utf-8")), encoding="utf-8")
    return folder


def without_cuda(text: str) -> str:
    """PyTorch's build writes 1 for its option USE_CUDA and ON for the others, and links torch to torch_cuda_library."""
    return text.replace("if(1)", "if(0)").replace("if(1 ", "if(0 ").replace(";torch_cuda_library", "")
