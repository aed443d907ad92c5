"""A LibTorch that Conan's cache has, or an editable package of it: what `tsgen libtorch conan` registered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.version import Version

from tsgen.errors import LibTorchError
from tsgen.libtorch.conan import FACTS, NAME, run
from tsgen.libtorch.look.accelerator import answers
from tsgen.libtorch.look.inspect import inspect
from tsgen.system import codec
from tsgen.types import Source, system_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tsgen.types import LibTorch, LibTorchRequest


def resolve(request: LibTorchRequest) -> LibTorch:
    """The newest that fits; an editable one first, as Conan itself has it.

    Raises ToolMissingError without Conan, LibTorchError when its cache has none that fits, naming what it has.
    """
    there = [*_editables(), *_packages()]
    fitting = [facts for facts in there if _fits(facts, request)]
    if not fitting:
        raise LibTorchError(
            f"Conan has no {NAME} {_wanted(request)}; it has {', '.join(map(_named, there)) or 'none at all'}",
            hint="`tsgen libtorch conan` registers the LibTorch of a project",
        )
    best = max(fitting, key=lambda facts: Version(facts["version"]))
    sources = codec.value_of(tuple[Source, ...], best["sources"])
    return inspect(Path(best["root"]), request, origin="conan", sources=sources)


def _editables() -> Iterator[dict[str, Any]]:
    for reference, entry in codec.parsed(run(["editable", "list", "--format", "json"])).items():
        folder = Path(entry["path"]).parent
        if reference.startswith(f"{NAME}/") and (folder / FACTS).is_file():
            yield _facts(folder / FACTS)


def _packages() -> Iterator[dict[str, Any]]:
    """The newest revision of each: an older one is what `conan install` would not take either."""
    cache = codec.parsed(run(["list", f"{NAME}/*:*", "--cache", "--format", "json"]))["Local Cache"]
    for reference, recipe in cache.items():
        for revision, listed in recipe.get("revisions", {}).items():
            for package in listed.get("packages", {}):
                folder = Path(run(["cache", "path", f"{reference}#{revision}:{package}"]).strip())
                if (folder / FACTS).is_file():
                    yield {**_facts(folder / FACTS), "root": str(folder / "torch")}


def _facts(path: Path) -> dict[str, Any]:
    return codec.read_or_refuse(
        path,
        dict[str, Any],
        LibTorchError,
        "does not describe a LibTorch",
        hint="`tsgen libtorch conan` writes it anew",
    )


def _fits(facts: dict[str, Any], request: LibTorchRequest) -> bool:
    kind, wanted = str(facts["accelerator"]), request.accelerator
    return (
        facts["platform"] == request.platform
        # A Debug LibTorch is another one on Windows only.
        and (facts["build_type"] == request.build_type or system_of(request.platform) != "windows")
        and (request.version is None or Version(facts["version"]).public == Version(request.version).public)
        and (wanted is None or answers(kind, wanted))
        and (request.cxx11_abi is None or facts["cxx11_abi"] == request.cxx11_abi)
    )


def _wanted(request: LibTorchRequest) -> str:
    return " ".join(word for word in (request.version, request.accelerator, f"for {request.platform}") if word)


def _named(facts: dict[str, Any]) -> str:
    return f"{facts['version']} {facts['accelerator']} for {facts['platform']}"
