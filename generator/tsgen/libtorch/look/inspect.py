"""Look at a LibTorch folder and say what it is; nothing of it is run."""

from __future__ import annotations

import re
from platform import libc_ver
from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version

from tsgen.errors import LibTorchError
from tsgen.libtorch.look import binary
from tsgen.libtorch.look.accelerator import accelerator
from tsgen.libtorch.look.check import check
from tsgen.libtorch.look.libraries import library
from tsgen.system.versions import declared_version
from tsgen.types import LibTorch, system_of

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.libtorch.look.check import Wanted
    from tsgen.types import BuildType, Source

_SPLIT_SINCE = Version("1.5")
"""Before, libtorch held what is in libtorch_cpu now."""
_CXX20_SINCE = Version("2.12.dev0")
"""The first version whose headers need it: 2.12 sets CXX_STANDARD 20, and 2.14 refuses less with #error."""
_OLD_ABI = re.compile(r"_GLIBCXX_USE_CXX11_ABI=0")


def has_libraries(root: Path) -> bool:
    """Shared ones or static ones, with torch's headers."""
    return (root / "include" / "torch").is_dir() and (_has_shared(root) or _has_static(root))


def inspect(root: Path, wanted: Wanted, *, origin: str, sources: tuple[Source, ...] = ()) -> LibTorch:
    """What is in `root`, which is what is wanted.

    Raises LibTorchError when `root` is no whole LibTorch, does not say its version or is another than the wanted one.
    """
    found = look(root, origin=origin, build_type=wanted.build_type, sources=sources)
    check(found, wanted)
    return found


def look(root: Path, *, origin: str, build_type: BuildType = "release", sources: tuple[Source, ...] = ()) -> LibTorch:
    """What is in `root`, whatever that is; `build_type` is believed where libraries do not tell it, outside Windows.

    Raises LibTorchError when `root` is no whole LibTorch or does not say its version.
    """
    _require_shared(root)
    version = _version_of(root)
    seen = binary.read(_require(root, "c10"))
    _require(root, "torch_cpu" if Version(version) >= _SPLIT_SINCE else "torch")
    return LibTorch(
        version=version,
        platform=_platform(seen),
        accelerator=accelerator(root, version),
        build_type=_build_type(seen, build_type),
        cxx11_abi=_says_cxx11_abi(root) if seen.cxx11_abi is None else seen.cxx11_abi,
        cxx_standard=20 if Version(version) >= _CXX20_SINCE else 17,
        origin=origin,
        root=root,
        sources=sources,
    )


def _require_shared(root: Path) -> None:
    if not has_libraries(root):
        raise _not_whole(root, "libtorch_cpu in lib/, or include/torch,")
    if not _has_shared(root):
        raise LibTorchError(
            f"{root} has static libraries; expected shared ones, which are all that a generated project can link",
            hint="take the archive that says `shared-with-deps`",
        )


def _has_shared(root: Path) -> bool:
    return any(library(root, name) for name in ("torch_cpu", "torch"))


def _has_static(root: Path) -> bool:
    return (root / "lib" / "libtorch_cpu.a").is_file()


def _require(root: Path, name: str) -> Path:
    found = library(root, name)
    if not found:
        raise _not_whole(root, f"lib{name} in lib/")
    return found


def _not_whole(root: Path, missing: str) -> LibTorchError:
    return LibTorchError(
        f"{root} is not a whole LibTorch: {missing} is missing",
        hint="install torch again, or name another folder with --libtorch",
    )


def _version_of(root: Path) -> str:
    text = declared_version(root) or ""
    try:
        Version(text)
    except InvalidVersion:
        raise LibTorchError(
            f"{root} does not say its version: neither version.py nor build-version nor a header version.h tells",
            hint="name a LibTorch folder as PyTorch publishes it",
        ) from None
    return text


def _platform(seen: binary.Binary) -> str:
    """The platform, with `-musl` for what needs musl where glibc is: there it is as good as another machine's."""
    return f"{seen.platform}-musl" if seen.musl and libc_ver()[0] == "glibc" else seen.platform


def _build_type(seen: binary.Binary, build_type: BuildType) -> BuildType:
    if system_of(seen.platform) != "windows":
        return build_type
    return "debug" if seen.debug_runtime else "release"


def _says_cxx11_abi(root: Path) -> bool:
    config = root / "share" / "cmake" / "Torch" / "TorchConfig.cmake"
    return not (config.is_file() and _OLD_ABI.search(config.read_text(encoding="utf-8", errors="replace")))
