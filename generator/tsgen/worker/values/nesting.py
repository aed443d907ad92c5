"""From paths to nested values: `images.0`, `images.1` make a list, `batch.mask` a dict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..messages import Problem

if TYPE_CHECKING:
    from ..aliases import Value


def nested(name: str, leaves: dict[str, Any]) -> Value:
    """`leaves`: paths that begin with `name`. Raises Problem for paths that do not fit together."""
    if name in leaves:
        if len(leaves) == 1:
            return leaves[name]
        other = next(path for path in leaves if path != name)
        raise Problem(
            "bad_input", f"the input {name!r} is given whole, and in part as {other!r}", "give one of the two"
        )
    keys = list(dict.fromkeys(path[len(name) + 1 :].partition(".")[0] for path in leaves))
    parts = {key: nested(f"{name}.{key}", _below(f"{name}.{key}", leaves)) for key in keys}
    if not all(key.isdigit() for key in keys):
        return parts
    wanted = [str(number) for number in range(len(keys))]
    if sorted(keys, key=int) != wanted:
        raise Problem(
            "bad_input",
            f"the elements of {name!r} are numbered {', '.join(keys)}",
            f"number them {', '.join(wanted)}: --input {name}.0=... --input {name}.1=...",
        )
    return [parts[key] for key in wanted]


def _below(name: str, leaves: dict[str, Any]) -> dict[str, Any]:
    return {path: leaf for path, leaf in leaves.items() if path == name or path.startswith(f"{name}.")}
