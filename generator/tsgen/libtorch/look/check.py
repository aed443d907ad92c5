"""Whether a LibTorch is the one that is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from packaging.version import Version

from tsgen.errors import LibTorchError
from tsgen.libtorch.look.accelerator import answers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tsgen.types import BuildType, LibTorch

_ABIS = {True: "cxx11", False: "pre-cxx11"}


class Wanted(Protocol):
    """What a LibTorchRequest and a Distribution have in common; None stands for any."""

    @property
    def version(self) -> str | None: ...
    @property
    def platform(self) -> str: ...
    @property
    def accelerator(self) -> str | None: ...
    @property
    def build_type(self) -> BuildType: ...
    @property
    def cxx11_abi(self) -> bool | None: ...


class _Difference(NamedTuple):
    what: str
    expected: str
    came: str
    hint: str


def check(found: LibTorch, wanted: Wanted) -> None:
    """Raises LibTorchError that names every difference, and the way out of the first."""
    differences = list(_differences(found, wanted))
    if not differences:
        return
    name = found.sources[0].file if found.sources else str(found.root)
    parts = "; ".join(f"{part.what}: expected {part.expected}, came {part.came}" for part in differences)
    raise LibTorchError(
        f"{name} is not the LibTorch that is wanted: {parts}", hint=_fetched_hint(found) or differences[0].hint
    )


def _differences(found: LibTorch, wanted: Wanted) -> Iterator[_Difference]:
    if found.platform != wanted.platform:
        yield _Difference("machine", wanted.platform, found.platform, _another(f"for {wanted.platform}"))
    if wanted.version and Version(found.version).public != Version(wanted.version).public:
        yield _Difference("version", wanted.version, found.version, _another(f"of version {wanted.version}"))
    if wanted.accelerator and not answers(found.accelerator, wanted.accelerator):
        yield _Difference("accelerator", wanted.accelerator, found.accelerator, _another(f"for {wanted.accelerator}"))
    if wanted.cxx11_abi not in {None, found.cxx11_abi}:
        came, expected = _ABIS[found.cxx11_abi], _ABIS[not found.cxx11_abi]
        hint = f"leave out --abi to take what is there, or {_another(f'with the {expected} ABI')}"
        yield _Difference("C++ ABI", expected, came, hint)
    if found.build_type != wanted.build_type:
        yield _Difference("build type", wanted.build_type, found.build_type, _of_build_type(wanted.build_type))


def _another(which: str) -> str:
    return f"name a LibTorch {which} with --libtorch, or let tsgen fetch one with --libtorch wheel"


def _of_build_type(wanted: BuildType) -> str:
    if wanted == "debug":
        return "build RelWithDebInfo (--build-type release), or name a Debug LibTorch with --libtorch"
    return "name a Release LibTorch with --libtorch, or let tsgen fetch one with --libtorch wheel"


def _fetched_hint(found: LibTorch) -> str:
    """The hint for what tsgen fetched by a name that promised something else, as happened in pytorch/pytorch#187812."""
    ways = {
        "archive": "what was published under this name is something else; take the wheel: --libtorch wheel",
        "wheel": "what was published under this name is something else; take another --torch-version",
    }
    return ways.get(found.origin, "")
