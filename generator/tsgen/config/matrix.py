"""[matrix] of tsgen.toml: the axes, and what is taken out and added as GitHub's matrices do it."""

from __future__ import annotations

import re
from typing import Any, cast

from tsgen.config.values import expect, strings, suggestion, word
from tsgen.errors import ConfigError
from tsgen.types.axes import AXES, Axes

_KEYS = (*AXES, "exclude", "include", "runners")
_COMPILER = re.compile(r"(g\+\+|clang\+\+)(-\d+)?|msvc|clang-cl", re.ASCII)
_RUNNER = re.compile(r"[a-z]+-\w+(:cuda|:rocm)?", re.ASCII)


def axes(table: Any, where: str) -> Axes:
    """Raises ConfigError for an unknown key, an empty axis, and a value that its axis does not take."""
    given = _table("matrix", table, where)
    _known(given, _KEYS, "matrix", where)
    return Axes(
        **{key: _axis(key, given[key], where) for key in AXES if key in given},
        exclude=_combinations("exclude", given.get("exclude", []), where),
        include=_combinations("include", given.get("include", []), where),
        runners={
            key: _runner(key, value, where) for key, value in _table("runners", given.get("runners", {}), where).items()
        },
    )


def _axis(key: str, value: Any, where: str) -> tuple[str, ...]:
    items = strings(f"matrix.{key}", value, where)
    if not items:
        raise ConfigError(
            f"{where}: `matrix.{key}` is empty, so there would be no leg",
            hint="leave it out: then it has the project's own value",
        )
    return tuple(_word(key, item, where) for item in items)


def _combinations(key: str, value: Any, where: str) -> tuple[dict[str, str], ...]:
    return tuple(_combination(key, item, where) for item in expect(value, list, f"matrix.{key}", where))


def _combination(key: str, value: Any, where: str) -> dict[str, str]:
    table = _table(key, value, where)
    _known(table, AXES, f"matrix.{key}", where)
    if not table:
        raise ConfigError(f"{where}: an entry of `matrix.{key}` is empty", hint=f"name one of {', '.join(AXES)}")
    return {axis: _word(axis, expect(item, str, f"matrix.{key}.{axis}", where), where) for axis, item in table.items()}


def _word(key: str, value: str, where: str) -> str:
    if key == "compiler" and not _COMPILER.fullmatch(value):
        raise ConfigError(
            f"{where}: `compiler` must be g++, clang++, msvc or clang-cl, not `{value}`",
            hint="g++ and clang++ may name a version: `clang++-19`",
        )
    if not value:
        raise ConfigError(f"{where}: `{key}` in [matrix] is empty", hint="leave it out: then it has the project's own")
    return word(key, value, where)


def _runner(key: str, value: Any, where: str) -> tuple[str, ...]:
    """A label, or several that a runner must have all."""
    if not _RUNNER.fullmatch(key):
        raise ConfigError(
            f"{where}: `matrix.runners` has the key `{key}`",
            hint='write a platform, or "linux-x86_64:cuda" for its GPU',
        )
    word("platform", key.partition(":")[0], where)
    return strings(f"matrix.runners.{key}", [value] if isinstance(value, str) else value, where)


def _table(key: str, value: Any, where: str) -> dict[str, Any]:
    return cast("dict[str, Any]", expect(value, dict, key, where))


def _known(table: dict[str, Any], keys: tuple[str, ...], name: str, where: str) -> None:
    for key in table:
        if key not in keys:
            raise ConfigError(
                f"{where}: `{name}` has no key `{key}`", hint=suggestion(key, keys) or f"the keys are {', '.join(keys)}"
            )
