"""The names in a file as the model calls them: without the wrappers that a training loop put around it or its parts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..aliases import Model

_WRAPPERS = ("_orig_mod", "module", "_fsdp_wrapped_module", "_checkpoint_wrapped_module")
"""torch.compile, DataParallel and AveragedModel, FSDP, checkpoint_wrapper: the name each gives to what it wraps."""
_BESIDE = ("n_averaged",)
"""What a wrapper keeps beside the module: AveragedModel counts."""
_MOST = 4
"""Prefixes to try, those under which most names are known first."""


@dataclass(frozen=True)
class Form:
    """A state_dict renamed: what was taken off the names, and which of the file's entries are not in it."""

    state: dict[str, Any]
    removed: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    prefix: str = ""
    """The part of `removed` that stood before all of them."""


def forms(state: dict[str, Any], model: Model) -> Iterator[Form]:
    """As it is; then without wrappers; then without a prefix such as Lightning's `model.`."""
    yield Form(state)
    bare = {_bare(key): key for key in state}
    if len(bare) != len(state):  # two names would become one
        return
    paths = {_bare(path): path for path, _ in model.named_modules(remove_duplicate=False)}
    own = set(model.state_dict())
    for prefix in _prefixes(bare, {_bare(key) for key in own}):
        begin = f"{prefix}." if prefix else ""
        renamed = {key: _placed(name[len(begin) :], paths) for name, key in bare.items() if name.startswith(begin)}
        kept = {key: name for key, name in renamed.items() if name in own or name not in _BESIDE}
        taken = {name: state[key] for key, name in kept.items()}
        left_out = tuple(key for key in state if key not in kept)
        yield Form(taken, tuple(_removed(kept, paths, begin)), left_out, prefix)


def _bare(name: str) -> str:
    return ".".join(part for part in name.split(".") if part not in _WRAPPERS)


def _prefixes(names: Iterable[str], own: set[str]) -> list[str]:
    known: Counter[str] = Counter()
    for name in names:
        parts = name.split(".")
        known.update(".".join(parts[:cut]) for cut in range(len(parts)) if ".".join(parts[cut:]) in own)
    return ["", *(prefix for prefix, _ in known.most_common() if prefix)][: _MOST + 1]


def _placed(name: str, paths: dict[str, str]) -> str:
    """With the wrappers that the model itself has around its parts."""
    parts = name.split(".")
    for cut in range(len(parts), -1, -1):
        path = paths.get(".".join(parts[:cut]))
        if path is not None:
            return ".".join([*([path] if path else []), *parts[cut:]])
    return name


def _removed(kept: dict[str, str], paths: dict[str, str], begin: str) -> list[str]:
    own = {part for path in paths.values() for part in path.split(".")}
    wrappers = {part for key in kept for part in key.split(".") if part in _WRAPPERS and part not in own}
    return [*([begin] if begin else []), *(f"{part}." for part in _WRAPPERS if part in wrappers)]
