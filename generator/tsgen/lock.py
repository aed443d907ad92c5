"""tsgen.lock: what was resolved and exported, committed with the project."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from tsgen import __version__, files
from tsgen.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.types import LibTorch

FILE_NAME = "tsgen.lock"
_HEADER = "Written by `tsgen build`, to be committed: what this project was resolved to and exported from."


def read(root: Path) -> dict[str, Any]:
    """An empty table when there is no lock yet. Raises ConfigError for one that is not ours."""
    path = root / FILE_NAME
    if not path.is_file():
        return {}
    try:
        document = dict(tomlkit.parse(path.read_text(encoding="utf-8")).unwrap())
        sorted("".join(_key(row)) for row in document.get("libtorch", []))
        dict(document.get("artifact", {}))
    except (TOMLKitError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise ConfigError(
            f"{path} is not a lock of tsgen: {error}", hint="delete it: `tsgen build` writes it"
        ) from error
    return document


def write(root: Path, artifact: dict[str, Any], libtorch: LibTorch) -> bool:
    """Lock `artifact` and `libtorch` beside what is locked for other platforms; return whether the file changed."""
    others = [row for row in read(root).get("libtorch", []) if _key(row) != _key(asdict(libtorch))]
    document = tomlkit.document()
    document.add(tomlkit.comment(_HEADER))
    document["template"] = __version__
    document["artifact"] = artifact
    document["libtorch"] = sorted([*others, _row(libtorch)], key=_key)
    return files.write_if_changed(root / FILE_NAME, tomlkit.dumps(document))


def _row(libtorch: LibTorch) -> dict[str, Any]:
    """Without the root: nothing committed names a folder of this machine."""
    keys = ("platform", "build_type", "version", "accelerator", "cxx11_abi", "origin")
    return {key: value for key, value in asdict(libtorch).items() if key in keys}


def _key(row: dict[str, Any]) -> tuple[str, str]:
    return row["platform"], row["build_type"]
