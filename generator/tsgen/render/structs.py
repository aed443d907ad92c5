"""A signature as C++ structs with the user's field names."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tsgen.render.literals import default_words, initial, made
from tsgen.render.names import Scope, camel
from tsgen.system.names import encode
from tsgen.types import FIXED, GROUPS, grown
from tsgen.types.tree import EACH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tsgen.types import Node, Tree

_CPP_TYPES: Mapping[str, str] = {
    "uint8": "std::uint8_t",
    "int8": "std::int8_t",
    "int16": "std::int16_t",
    "int32": "std::int32_t",
    "int64": "std::int64_t",
    "float16": "Half",
    "bfloat16": "BFloat16",
    "float32": "float",
    "float64": "double",
    "bool": "bool",
    "complex64": "std::complex<float>",
    "complex128": "std::complex<double>",
    "uint16": "std::uint16_t",
    "uint32": "std::uint32_t",
    "uint64": "std::uint64_t",
}
_SCALARS: Mapping[str, str] = {"int": "std::int64_t", "float": "double", "bool": "bool", "str": "std::string"}


@dataclass(frozen=True, kw_only=True)
class Side:
    """What differs between what goes in and what comes out."""

    prefix: str
    tensor: str
    absent: str

    def of(self, dtype: str) -> str:
        return f"{self.tensor}<{element(dtype)}>"


def element(dtype: str) -> str:
    return _CPP_TYPES[dtype]


INPUTS = Side(prefix="input", tensor="TensorView", absent="may be left out")
OUTPUTS = Side(prefix="output", tensor="TypedTensor", absent="may be missing")


@dataclass(frozen=True, kw_only=True)
class Field:
    """A member of a struct; one with a `constant` does not travel, one without a type is only a comment."""

    tree: Tree
    identifier: str
    type: str
    words: str
    initial: str = ""
    constant: str = ""
    struct: Struct | None = None
    """That of the value, or of its elements."""


@dataclass(frozen=True, kw_only=True)
class Struct:
    name: str
    words: str
    structs: tuple[Struct, ...]
    fields: tuple[Field, ...]

    @property
    def travelling(self) -> list[Field]:
        return [field for field in self.fields if field.type and not field.constant]


@dataclass(frozen=True, kw_only=True)
class Values:
    """All that goes in, or comes out, of one call."""

    structs: tuple[Struct, ...]
    """Those that stand before it in the namespace."""
    root: Struct | None
    type: str
    """Of an alias, when there is no struct of all values: a single value, a list, an array."""
    words: str
    trees: tuple[Tree, ...]

    @property
    def key(self) -> str:
        """The key under which a single value stands in the answer; empty for a group, which is the whole of it."""
        return "" if self.root or self.trees[0].node.kind in GROUPS else self.trees[0].key


def arguments(nodes: Sequence[Node], name: str, method: str = "") -> Values:
    """The struct `name` with a member for each parameter of forward, or of another method."""
    trees = grown(nodes)
    words = f"What goes in{f'to {method}' if method else ''}: views of the caller's numbers, in row-major order."
    root = _struct(trees, name, words, INPUTS)
    return Values(structs=(), root=root, type="", words="", trees=trees)


def answer(nodes: Sequence[Node], name: str, scope: Scope, method: str = "") -> Values:
    """The struct or alias `name`; what it is made of gets its names from `scope`, the namespace's."""
    trees = grown(nodes)
    root, comes = trees[0], f"What comes out{f' of {method}' if method else ''}"
    if root.node.kind in {"record", "tuple"} and not root.node.optional and not is_array(root):
        words = f"{comes}: {root.node.type}" if root.node.type else f"{comes}."
        struct = _struct(root.children, name, words, OUTPUTS)
        return Values(structs=(), root=struct, type="", words="", trees=trees)
    if root.node.kind in FIXED:
        struct = _struct(trees, name, f"{comes}.", OUTPUTS)
        return Values(structs=(), root=struct, type="", words="", trees=trees)
    maker = _Maker(side=OUTPUTS, scope=scope, structs=[])
    kind, words = maker.value(root, name, "what comes out")
    return Values(structs=tuple(maker.structs), root=None, type=kind, words=f"{comes}: {words}", trees=trees)


def _struct(trees: Sequence[Tree], name: str, words: str, side: Side) -> Struct:
    """The names of the members are given first: those of nested structs keep out of their way."""
    scope = Scope(name)
    identifiers = [scope.value(tree.key, side.prefix) for tree in trees]
    maker = _Maker(side=side, scope=scope, structs=[])
    fields = tuple(maker.field(tree, word) for tree, word in zip(trees, identifiers, strict=True))
    return Struct(name=name, words=words, structs=tuple(maker.structs), fields=fields)


@dataclass(frozen=True, kw_only=True)
class _Maker:
    side: Side
    scope: Scope
    structs: list[Struct]
    """The structs that were needed so far."""

    def field(self, tree: Tree, identifier: str) -> Field:
        if not travels(tree):
            return _fixed(tree, identifier)
        known = len(self.structs)
        kind, words = self.value(tree, camel(identifier), f"`{shown(tree.key)}`")
        renamed = f", {shown(tree.key)} in Python" if identifier != tree.key and not tree.key.isdecimal() else ""
        default = initial(tree, _SCALARS, is_array=is_array(tree)) if self.side is INPUTS else ""
        default_is = f"; default in Python: {default_words(tree)}" if default else ""
        return Field(
            tree=tree,
            identifier=identifier,
            type=kind,
            words=words + default_is + renamed,
            initial=default,
            struct=self.structs[-1] if len(self.structs) > known else None,
        )

    def value(self, tree: Tree, name: str, place: str) -> tuple[str, str]:
        """The C++ type of a value and what it is in Python. `name`: of a struct, if one is made for it."""
        kind, words = self._whole(tree, name, place)
        if not tree.node.optional:
            return kind, words
        return f"std::optional<{kind}>", f"{words}; {self.side.absent}"

    def _whole(self, tree: Tree, name: str, place: str) -> tuple[str, str]:
        node = tree.node
        if node.kind == "tensor":
            return self.side.of(node.dtype), f"{node.dtype}{shape_words(node)}"
        if node.kind in _SCALARS:
            return self._scalar(tree), node.kind
        if node.kind == "list" or is_array(tree):
            return self._list(tree, name, place)
        return self._record(tree, name, place)

    def _scalar(self, tree: Tree) -> str:
        """An input is never a number that nobody chose: the call refuses one that was not set."""
        node = tree.node
        chosen = node.optional or node.default is not None or tree.key == EACH
        return _SCALARS[node.kind] if self.side is OUTPUTS or chosen else f"Required<{_SCALARS[node.kind]}>"

    def _list(self, tree: Tree, name: str, place: str) -> tuple[str, str]:
        each = _without_default(tree.children[0])
        kind, words = self.value(each, f"{name}Item", f"an element of {place}")
        if tree.node.kind == "list":
            return f"std::vector<{kind}>", f"list[{words}]"
        count, python = len(tree.children), f"{tree.node.type}: " if tree.node.type else ""
        return f"std::array<{kind}, {count}>", f"{python}{count} x {words}"

    def _record(self, tree: Tree, name: str, place: str) -> tuple[str, str]:
        words = tree.node.type or ("tuple" if tree.node.kind == "tuple" else "dict")
        unique = self.scope.type(tree.node.type, name)
        about = f"{place[:1].upper()}{place[1:]}: {words}"
        self.structs.append(_struct(tree.children, unique, about, self.side))
        return unique, words


def _fixed(tree: Tree, identifier: str) -> Field:
    node = tree.node
    if node.kind != "constant":
        empty = "None" if node.kind == "none" else "empty"
        return Field(tree=tree, identifier=identifier, type="", words=f"{shown(tree.key)} is always {empty}.")
    types = {**_SCALARS, "str": "std::string_view"}
    return Field(
        tree=tree,
        identifier=identifier,
        type=types[node.type],
        words=f"always {shown(str(node.value))}",
        constant="" if node.value is None else made(node.value, node.type, types[node.type]),
    )


def travels(tree: Tree) -> bool:
    """Whether anything of it is a value of a call, or at least a constant of a struct."""
    if tree.node.kind in GROUPS:
        return bool(tree.children)
    return tree.node.kind not in FIXED


def is_array(tree: Tree) -> bool:
    """Whether a group of fixed length is so many times the same: the layers of a cache, an LSTM's two states."""
    keys = [child.key for child in tree.children]
    counted = len(keys) > 1 and keys == [str(number) for number in range(len(keys))]
    same = {_likeness(_without_default(child)) for child in tree.children}
    return tree.node.kind != "list" and counted and len(same) == 1 and travels(tree.children[0])


def _likeness(tree: Tree) -> tuple[object, ...]:
    """Equal for two values that C++ would describe alike; the names of dimensions do not count."""
    shape = None if tree.node.shape is None else tuple(dim if isinstance(dim, int) else "" for dim in tree.node.shape)
    children = tuple((child.key, _likeness(child)) for child in tree.children)
    return (replace(tree.node, name="", shape=shape, example=None), children)


def _without_default(tree: Tree) -> Tree:
    """An array's numbers have their defaults together, where the array stands."""
    return replace(tree, node=replace(tree.node, default=None))


def shape_words(node: Node) -> str:
    return " of any shape" if node.shape is None else f"[{', '.join(map(str, node.shape))}]"


def shown(text: str) -> str:
    """Python's word in a comment, which it must not end."""
    return text if re.fullmatch(r"[\w .:/-]+", text) else encode(text)
