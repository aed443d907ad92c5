"""Look at a LibTorch folder and say what it is; nothing of it is run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version

from tsgen.errors import LibTorchError
from tsgen.types import LibTorch
from tsgen.versions import declared_version

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.types import LibTorchRequest

_LIBRARIES = ("libtorch_cpu.so", "libtorch_cpu.dylib", "torch_cpu.dll")
# The first version whose headers need it: 2.12 sets CXX_STANDARD 20, and 2.14 refuses less with #error.
_CXX20_SINCE = Version("2.12.dev0")
_OLD_ABI = re.compile(r"_GLIBCXX_USE_CXX11_ABI=0")


def has_libraries(root: Path) -> bool:
    return (root / "include").is_dir() and any((root / "lib" / name).is_file() for name in _LIBRARIES)


def inspect(root: Path, request: LibTorchRequest, *, origin: str) -> LibTorch:
    """Raises LibTorchError when `root` lacks its libraries or does not say its version."""
    if not has_libraries(root):
        raise LibTorchError(
            f"{root} is not a whole LibTorch: lib/{_LIBRARIES[0]} or include/ is missing",
            hint="install torch again, or name another folder with --libtorch",
        )
    version = _version_of(root)
    return LibTorch(
        version=version,
        platform=request.platform,
        accelerator=_accelerator(root, version),
        build_type=request.build_type,
        cxx11_abi=_has_cxx11_abi(root),
        cxx_standard=20 if Version(version) >= _CXX20_SINCE else 17,
        origin=origin,
        root=root,
    )


def _version_of(root: Path) -> str:
    text = declared_version(root) or ""
    try:
        Version(text)
    except InvalidVersion:
        raise LibTorchError(
            f"{root} does not say its version: it has neither version.py nor build-version",
            hint="name a LibTorch folder as PyTorch publishes it",
        ) from None
    return text


def _accelerator(root: Path, version: str) -> str:
    local = Version(version).local or ""
    if re.fullmatch(r"cu\d+|rocm[\d.]+|cpu", local):
        return local
    # The wheels on the index carry no local part, and CUDA is told by the library alone.
    return "cuda" if any((root / "lib").glob("*torch_cuda*")) else "cpu"


def _has_cxx11_abi(root: Path) -> bool:
    config = root / "share" / "cmake" / "Torch" / "TorchConfig.cmake"
    return not (config.is_file() and _OLD_ABI.search(config.read_text(encoding="utf-8", errors="replace")))
