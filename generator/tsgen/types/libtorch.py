"""A LibTorch: as it is published, as it is wanted, as it lies on this machine."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path  # noqa: TC003 - the JSON schema is generated from these annotations

from tsgen.types.literals import BuildType  # noqa: TC001 - the JSON schema is generated from these annotations


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file that a stored LibTorch was made from."""

    file: str
    """Its name, `libtorch-shared-with-deps-2.13.0+cpu.zip` or a wheel's."""
    sha256: str
    url: str = ""
    """Of an archive; empty for a wheel, which pip fetches by its requirement."""
    requirement: str = ""
    """Of a wheel: `torch==2.14.1`, `nvidia-cudnn-cu13==9.24.0.43`."""


@dataclass(frozen=True, kw_only=True)
class Pin:
    """A LibTorch as tsgen.lock names it: nothing of this machine."""

    platform: str
    build_type: BuildType
    version: str
    accelerator: str
    cxx11_abi: bool
    origin: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Floors:
    """The oldest that will do; None where there is no such floor."""

    glibc: str | None
    cmake: str
    cuda_toolkit: str | None
    """For projects with CUDA sources of their own; a program that only calls LibTorch needs no toolkit."""
    macos: str | None


@dataclass(frozen=True, kw_only=True)
class ArchiveFile:
    """A zip that PyTorch publishes."""

    file: str
    url: str
    sha256: str | None
    """None where nobody has published one that we trust."""


@dataclass(frozen=True, kw_only=True)
class WheelFile:
    """The wheel of torch that holds a LibTorch; to C++ any of its `python_tags` is as good as another."""

    requirement: str
    """`torch==2.14.1`, `torch==2.14.1+cu126`."""
    platform_tag: str
    python_tags: tuple[str, ...]
    """`cp311`; the newest first."""
    accelerator: str
    """What the wheel is built for; CPU libraries can be cut from a CUDA wheel."""
    index: str | None
    """PyTorch's own index for this accelerator, None when it is on the one that pip knows."""


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """What the catalog knows of a LibTorch that is published, without having seen it."""

    version: str
    """Public: `2.14.1`."""
    platform: str
    accelerator: str
    build_type: BuildType
    cxx11_abi: bool
    cxx_standard: int
    floors: Floors
    archive: ArchiveFile | None
    wheel: WheelFile | None
    origin: str
    """The provider that `auto` would ask: `wheel`, or `archive` where there is no wheel."""
    source: str
    """Where the facts come from."""
    remarks: tuple[str, ...] = ()
    """What a user of the archive should know."""


@dataclass(frozen=True, kw_only=True)
class Fetched(Distribution):
    """A distribution that is on this machine now."""

    root: Path
    """The folder that holds `lib` and `include`."""
    sources: tuple[Source, ...]


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A LibTorch in the store."""

    name: str
    """Of its folder in the store."""
    version: str
    platform: str
    accelerator: str
    build_type: BuildType
    cxx11_abi: bool
    origin: str
    root: Path
    bytes: int
    sources: tuple[Source, ...]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What `tsgen libtorch list` reports."""

    store: Path
    stored: tuple[Stored, ...]
    distributions: tuple[Distribution, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What `tsgen libtorch verify` reports."""

    store: Path
    problems: dict[str, tuple[str, ...]]
    """By the name of each stored LibTorch; none for a whole one."""


@dataclass(frozen=True, kw_only=True)
class Pruned:
    """What `tsgen libtorch prune` removed, or would remove."""

    store: Path
    removed: tuple[Stored, ...]
    bytes: int
    dry_run: bool


@dataclass(frozen=True, kw_only=True)
class LibTorchRequest:
    """The LibTorch that is wanted."""

    libtorch: str
    """`auto`, a provider's name, or a folder."""
    platform: str
    build_type: BuildType
    torch: Path | None
    """The torch package of the model's interpreter."""
    version: str | None = None
    """None: any, for `installed` and `path`; the version that exported the model, for the rest."""
    accelerator: str | None = None
    """`cpu`, `cu130`, `rocm7.2`; `cuda` means any CUDA; None means any."""
    cxx11_abi: bool | None = None
    offline: bool = False
    """Take what is on this machine, ask no index and no server."""
    locked: tuple[Source, ...] = ()
    """The files that tsgen.lock names: others are refused."""


@dataclass(frozen=True, kw_only=True)
class LibTorch:
    """One concrete LibTorch distribution on this machine."""

    version: str
    """As torch.__version__ gives it, local part included: `2.14.1+cu130`."""
    platform: str
    accelerator: str
    """`cpu`, `cu130`, `rocm6.4`."""
    build_type: BuildType
    cxx11_abi: bool
    cxx_standard: int
    origin: str
    """The provider that found it: `installed`, `path`, `wheel`, `archive`, `conan`."""
    root: Path
    """The folder that holds `lib` and `include`."""
    sources: tuple[Source, ...] = ()
    """The files it was made from; empty for `installed` and `path`."""

    @property
    def pin(self) -> Pin:
        return Pin(**{item.name: getattr(self, item.name) for item in fields(Pin)})
