"""Names in C++: of the project, and of a model's values."""

from __future__ import annotations

import re
from functools import cache

from tsgen.errors import ConfigError
from tsgen.render import templates
from tsgen.system.names import identifier

_SLUG = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}", re.ASCII)
# Two capitals and more may be a macro of a system header: NULL, EOF, INT_MAX.
_MACRO = re.compile(r"[A-Z][A-Z0-9_]+")
# What the typed header itself calls its things; a field or a type of that name would hide it.
_API_NAMES = frozenset(
    [
        *(
            "Inputs",
            "Outputs",
            "Model",
            "tsgen",
            "Device",
            "Error",
            "Arguments",
            "Answer",
            "arguments",
            "answer",
            "Required",
        ),
        *("Tensor", "TensorView", "TypedTensor", "NamedTensor", "Shape", "DType", "Half", "BFloat16", "Signature"),
    ]
)


def check_name(name: str) -> None:
    """Raises ConfigError for a name that cannot be a folder, a CMake target and a C++ namespace at once."""
    if not _SLUG.fullmatch(name):
        raise ConfigError(
            f"`{name}` cannot be a project's name: up to 64 ASCII letters, digits, - and _ can, a letter first",
            hint="name the project alone, and its place with --output DIR",
        )
    reserved = {word.lower() for word in _reserved()}
    if {name.lower(), identifier(name).lower()} & reserved:
        raise ConfigError(
            f"`{name}` cannot be a project's name: C++, CMake, LibTorch or Windows uses it",
            hint=f"choose another, for example {name}-app",
        )


class Scope:
    """The names that are taken in one struct, or in the namespace."""

    def __init__(self, *taken: str) -> None:
        self._taken = set(taken)

    def value(self, name: str, prefix: str) -> str:
        """A C++ identifier for a value's name, unlike all others here."""
        word = re.sub("__+", "_", re.sub(r"\W", "_", name, flags=re.ASCII)).strip("_")
        if word.isdecimal():
            prefix = "item"
        plain = word and not word[0].isdigit() and not _is_taken(word)
        return self._unique(word if plain else f"{prefix}_{word}".rstrip("_"))

    def type(self, python: str, value: str) -> str:
        """A name for a struct: that of the Python class, else one made of the identifier of the value that holds it."""
        if re.fullmatch(r"[A-Z]\w*", python, re.ASCII) and "__" not in python and not _is_taken(python):
            return self._unique(python.rstrip("_"))
        word = camel(value)
        return self._unique(f"{word}Value" if _is_taken(word) else word)

    def _unique(self, base: str) -> str:
        unique, number = base, 2
        while unique in self._taken:
            unique, number = f"{base}_{number}", number + 1
        self._taken.add(unique)
        return unique


def camel(name: str) -> str:
    """`past_key_values` as `PastKeyValues`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def _is_taken(word: str) -> bool:
    return word in _API_NAMES or word in _reserved() or bool(_MACRO.fullmatch(word))


@cache
def _reserved() -> frozenset[str]:
    return frozenset(templates.defaults()["_reserved_names"])
