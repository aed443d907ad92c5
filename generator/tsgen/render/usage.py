"""The example in the typed API's comment: how its structs are filled and read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen.render.literals import literal
from tsgen.render.structs import element, is_array, shown
from tsgen.types import GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tsgen.render.structs import Struct, Values
    from tsgen.types import Artifact, Node, Tree

_LINES = 8
_SCALARS: Mapping[str, str] = {"int": "1", "float": "0.5", "bool": "true", "str": '"text"'}
_LONG = 40
_ANY_SHAPE = (2, 3)
_OUTLIVES = "; it must outlive the call"


def filled(values: Values, dims: Mapping[str, int]) -> list[str]:
    """Assignments to the members of `inputs`, as many as a comment can hold."""
    fields = values.root.travelling if values.root else []
    places = [(field, f"inputs.{field.identifier}") for field in fields]
    lines = [line for field, place in places for line in _member(field.tree, field.struct, place, dims)]
    return lines if len(lines) <= _LINES else [*lines[:_LINES], "// and so on"]


def writes(artifact: Artifact) -> list[str]:
    """What the header says of a model whose calls write its own memory, or what they are given."""
    entries = {"The call": artifact.signature, **artifact.signature.methods}
    lines = [
        f"{who} writes {_names(one.writes.state)}: calls take turns."
        for who, one in entries.items()
        if one.writes.state
    ]
    lines += [
        f"{who} writes into {_names(one.writes.inputs)}: it is copied first."
        for who, one in entries.items()
        if one.writes.inputs
    ]
    if artifact.sequence:
        lines.append("The model keeps state from call to call: what it answers depends on the calls before.")
    return lines


def _names(names: Sequence[str]) -> str:
    return ", ".join(map(shown, names))


def first(values: Values) -> str:
    """The declaration of a variable with the first value of `outputs`."""
    tree, struct, place = values.trees[0], values.structs[-1] if values.structs else None, "outputs"
    if values.root:
        tree, struct, place = _first_member(values.root, place)
    while tree.node.kind in GROUPS:
        place += ".value()" * tree.node.optional
        if tree.node.kind == "list" or is_array(tree):
            tree, place = tree.children[0], f"{place}[0]"
        elif struct:
            tree, struct, place = _first_member(struct, place)
    place += ".value()" * tree.node.optional
    return _declared(tree.node, place)


def _first_member(struct: Struct, place: str) -> tuple[Tree, Struct | None, str]:
    field = next(iter(struct.travelling), struct.fields[0])
    return field.tree, field.struct, f"{place}.{field.identifier}"


def _declared(node: Node, place: str) -> str:
    if node.kind == "tensor":
        return f"const {element(node.dtype)} first = {place}[0];"
    return f"const auto first = {place};"


def _member(tree: Tree, struct: Struct | None, place: str, dims: Mapping[str, int]) -> Iterator[str]:
    """Groups that may be left out are."""
    node = tree.node
    if node.kind not in GROUPS:
        yield f"{place} = {_value(node, place, dims)}"
    elif node.optional:
        yield f"// {place} may be left out"
    elif node.kind == "list":
        yield from _list(tree, struct, place, dims)
    elif is_array(tree):
        yield from _member(tree.children[0], struct, f"{place}[0]", dims)
    elif struct:
        for field in struct.travelling:
            yield from _member(field.tree, field.struct, f"{place}.{field.identifier}", dims)


def _list(tree: Tree, struct: Struct | None, place: str, dims: Mapping[str, int]) -> Iterator[str]:
    each = tree.children[0]
    if each.node.kind not in GROUPS:
        head, _, rest = _value(each.node, place, dims).partition(";")
        yield f"{place}.push_back({head});{rest}"
        return
    yield f"{place}.emplace_back();"
    yield from _member(each, struct, f"{place}.back()", dims)


def _plain(node: Node) -> str:
    """Python's default, else what the model was exported with."""
    value = node.default if node.default is not None else node.example
    text = _SCALARS[node.kind] if value is None else literal(value, node.kind)
    words = "  // Python's default" if node.default is not None else ""
    return f"{text if len(text) <= _LONG else _SCALARS[node.kind]};{words}"


def _value(node: Node, place: str, dims: Mapping[str, int]) -> str:
    if node.kind != "tensor":
        return _plain(node)
    kind = element(node.dtype)
    shape = _ANY_SHAPE if node.shape is None else node.shape
    sizes = (dims.get(dim, 2) if isinstance(dim, str) else dim for dim in shape)
    words = [word.partition("[")[0] for word in place.split(".")]
    numbers = next(word for word in reversed(words) if word != "back()")
    holders = "std::array or a pointer" if kind == "bool" else "std::vector, std::array or a pointer"
    return f"{{{numbers}_numbers, {{{', '.join(map(str, sizes))}}}}};  // of {kind}: {holders}{_OUTLIVES}"
