"""A LibTorch that PyTorch publishes: by the catalog's rules, through the store, inspected before it is believed."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from tsgen.console import note
from tsgen.errors import LibTorchError, TsgenError, UnsafeError
from tsgen.libtorch import catalog
from tsgen.libtorch.look.inspect import inspect
from tsgen.libtorch.providers import archive, wheel
from tsgen.libtorch.store import Facts, open_store
from tsgen.libtorch.wheels import pip
from tsgen.types import Distribution, Fetched, Pin, Source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tsgen.libtorch.store import Entry, Store
    from tsgen.types import LibTorch, LibTorchRequest

Origin: TypeAlias = Literal["wheel", "archive"]
CPU = "cpu"


def describe(request: LibTorchRequest) -> Distribution:
    """What the catalog says of it; asks no network. Raises LibTorchError for what does not exist."""
    found = catalog.find(
        request.version or catalog.newest(),
        request.platform,
        request.accelerator or CPU,
        request.build_type,
        cxx11_abi=request.cxx11_abi,
    )
    _origins(request, found)
    return found


def resolve(request: LibTorchRequest) -> LibTorch:
    """The published LibTorch that is asked for: from the store, else over the network and through the store.

    Raises LibTorchError for what does not exist, cannot be had, or is not what it says it is; UnsafeError for other
    bytes than those that are pinned.
    """
    distribution = describe(request)
    store, origins = open_store(), _origins(request, distribution)
    for origin in origins:
        if entry := _stored(store, distribution, origin, request.locked):
            return _of_entry(entry, distribution)
    if request.offline:
        raise _not_here(distribution, store, request)
    return _of_entry(_brought(store, distribution, origins, request.locked), distribution)


def fetch(request: LibTorchRequest) -> Fetched:
    """`resolve`, with all that the catalog knows of it."""
    distribution, found = describe(request), resolve(request)
    known = {field.name: getattr(distribution, field.name) for field in fields(Distribution)}
    return Fetched(**{**known, "origin": found.origin}, root=found.root, sources=found.sources)


def pin(request: LibTorchRequest) -> Pin:
    """What `resolve` would take, without fetching it. Raises LibTorchError when nobody tells its hash beforehand."""
    distribution = describe(request)
    origin = _origins(request, distribution)[0]
    entry = _stored(open_store(), distribution, origin, request.locked)
    sources = entry.sources if entry else _told_sources(distribution, origin, offline=request.offline)
    return Pin(**_words(distribution), origin=origin, sources=sources)


def use(found: LibTorch, project: Path) -> None:
    """Keep what `prune` would otherwise remove: this project needs it."""
    store = open_store()
    for entry in store.entries():
        if entry.root == found.root:
            store.use(entry, project)


def _origins(request: LibTorchRequest, distribution: Distribution) -> tuple[Origin, ...]:
    """Where it may come from, in order. Raises LibTorchError when the one that was named has it not."""
    files: Mapping[Origin, object] = {"wheel": distribution.wheel, "archive": distribution.archive}
    there = tuple(origin for origin, file in files.items() if file)
    if request.libtorch == "wheel" or request.libtorch == "archive":  # noqa: PLR1714 - mypy narrows it this way
        if request.libtorch not in there:
            what = f"LibTorch {distribution.version} {distribution.accelerator} for {distribution.platform}"
            kind = "archive of" if request.libtorch == "archive" else "wheel holds"
            raise LibTorchError(f"no {kind} {what}", hint=f"--libtorch {there[0]} has it")
        return (request.libtorch,)
    return there


def _words(distribution: Distribution) -> dict[str, Any]:
    """What a pin, an entry of the store and a question to it have in common."""
    names = ("version", "platform", "accelerator", "build_type", "cxx11_abi")
    return {name: getattr(distribution, name) for name in names}


def _stored(store: Store, distribution: Distribution, origin: Origin, locked: tuple[Source, ...]) -> Entry | None:
    return store.find(**_words(distribution), origin=origin, sources=locked)


def _of_entry(entry: Entry, distribution: Distribution) -> LibTorch:
    return inspect(entry.root, distribution, origin=entry.origin, sources=entry.sources)


def _brought(
    store: Store, distribution: Distribution, origins: tuple[Origin, ...], locked: tuple[Source, ...]
) -> Entry:
    """The entry from the first place that has it; a lock names one place only."""
    first, last = origins[0], origins[-1]
    try:
        return _made(store, distribution, first, locked)
    except (pip.NoSuchWheelError, pip.UnreachableError) as refused:
        if locked or first == last:
            raise
        note(f"the {first} cannot be had ({refused.message}); taking the {last}")
        before = f"{first}: {refused.message}"
    try:
        return _made(store, distribution, last, locked)
    except LibTorchError as error:
        error.details = "\n".join(filter(None, (before, error.details)))
        raise


def _made(store: Store, distribution: Distribution, origin: Origin, locked: tuple[Source, ...]) -> Entry:
    cut = CPU if origin == "wheel" and distribution.accelerator == CPU else "full"
    facts = Facts(**_words(distribution), origin=origin, cut=cut)
    return store.add(facts, lambda target: _make(store, distribution, origin, target, locked), sources=locked)


def _make(
    store: Store, distribution: Distribution, origin: Origin, target: Path, locked: tuple[Source, ...]
) -> tuple[Source, ...]:
    """Fill the empty `target` and look at what arrived, before the store keeps it."""
    if origin == "wheel":
        accelerator, root = distribution.accelerator, target / wheel.ROOT
        sources = wheel.make_tree(
            distribution, target, downloads=store.downloads, accelerator=accelerator, locked=locked
        )
    else:
        root = target / archive.ROOT
        sources = archive.make_tree(distribution, target, downloads=store.downloads, locked=locked)
    inspect(root, distribution, origin=origin, sources=sources)
    return sources


def _told_sources(distribution: Distribution, origin: Origin, *, offline: bool) -> tuple[Source, ...]:
    """The sources as the index tells them for a wheel, the catalog for an archive."""
    if origin == "wheel" and not offline:
        return wheel.pins(distribution, distribution.accelerator)
    published = distribution.archive
    if origin == "archive" and published and published.sha256:
        return (Source(file=published.file, sha256=published.sha256, url=published.url),)
    what = f"LibTorch {distribution.version} {distribution.accelerator} for {distribution.platform}"
    reason = "the package index tells it" if origin == "wheel" else "nobody has published it"
    raise LibTorchError(
        f"the sha256 of {what} is not known here: {reason}",
        hint="leave --offline out"
        if origin == "wheel"
        else f"`{_command(distribution)}` fetches it and tells its hash",
    )


def _not_here(distribution: Distribution, store: Store, request: LibTorchRequest) -> TsgenError:
    if request.locked and store.find(**_words(distribution)):
        return UnsafeError(
            f"the store {store.root} has this LibTorch, but made of other files than tsgen.lock names: sha256 differs",
            hint="leave --offline out to fetch the locked files, or take tsgen.lock back from git",
        )
    have = ", ".join(entry.name for entry in store.entries()) or "nothing"
    what = f"LibTorch {distribution.version} {distribution.accelerator} for {distribution.platform}"
    return LibTorchError(
        f"{what} is not on this machine; the store {store.root} has {have}",
        hint=f"leave --offline out, or `{_command(distribution, request.libtorch)}` where there is a network",
    )


def _command(distribution: Distribution, word: str = "auto") -> str:
    words = {
        **({"--libtorch": word} if word in {"wheel", "archive"} else {}),
        "--platform": distribution.platform,
        "--torch-version": distribution.version,
        "--accelerator": distribution.accelerator,
        "--build-type": distribution.build_type,
    }
    return f"tsgen libtorch fetch {' '.join(f'{option} {value}' for option, value in words.items())}"
