"""An inspection in words: what fits on a screen, unless all of it is asked for."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from tsgen.console import line, table
from tsgen.console.meter import size

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tsgen.worker.messages.inspection import Inspection, MethodSeen, OperatorSeen, Submodule, Value

ROWS, NAMES, WIDTH = 12, 10, 100
"""At first: submodules, operators of a namespace, and characters of a signature in one line."""
_LABEL = 12


def tell(found: Inspection, *, whole: bool) -> None:
    """Print it; `whole`: every submodule, tensor and operator."""
    for label, text in _head(found):
        _said(label, text)
    for method in found.methods:
        _tell_method(method)
    _tell_operators(found.operators, whole=whole)
    if found.submodules[1:]:
        line("")
        _tell_submodules(found.submodules, whole=whole)
    if whole and found.tensors:
        line("")
        _tell_tensors(found)
    _tell_long(found)
    for path in found.drawings:
        _said("Drawn", str(path))


def _said(label: str, text: str) -> None:
    line(f"  {label:<{_LABEL}}{text}")


def _head(found: Inspection) -> Iterator[tuple[str, str]]:
    made = found.produced_by
    yield "File", f"{found.file} · {size(found.bytes)}"
    yield "Made by", _made_by(found)
    if made.model:
        yield "Model", " · ".join(word for word in (made.model, found.class_name, made.method) if word)
    elif found.class_name:
        yield "Model", found.class_name
    if made.remarks:
        yield "To know", " · ".join(made.remarks)
    if found.missing_operators:
        yield "Not loaded", f"{', '.join(found.missing_operators)}: no such operator in the torch {found.read_by} here"
        yield "", "what follows is told from the archive; give the library of the operator with --op-library FILE"
    yield "Tensors", _tensors(found)


def _made_by(found: Inspection) -> str:
    made = found.produced_by
    version = f"file version {made.file_version}" if made.file_version else "a file without a version"
    if found.file.suffix == ".cpp":
        return f"torch {made.torch_version} · C++ of AOTInductor's"
    if made.torch_version:
        return f"torch {made.torch_version} · {version}"
    return f"{version}, which does not tell the torch that wrote it"


def _tensors(found: Inspection) -> str:
    """The line of the tensors; of a file that is not loaded only the bytes are known."""
    if not found.loaded:
        return size(found.archive["data"] + found.archive["constants"])
    root = found.submodules[0]
    dtypes = ", ".join(f"{name} {size(number)}" for name, number in root.dtypes.items())
    parts = [f"{root.parameters:,} parameters", f"{root.buffers:,} in buffers" if root.buffers else "", dtypes]
    other = found.archive["data"] - root.bytes
    if other > _PADDING and other > root.bytes * _ROUNDING:
        parts.append(f"{size(other)} elsewhere (packed weights, plain attributes)")
    if found.archive["constants"]:
        parts.append(f"{size(found.archive['constants'])} of constants in the code")
    return " · ".join(part for part in parts if part)


_PADDING, _ROUNDING = 16, 0.001


def _tell_method(method: MethodSeen) -> None:
    _tell_signature(method)
    for dim, (least, most) in method.ranges.items():
        _said("", f"  {dim}: at least {least}" + ("" if most is None else f", at most {most}"))
    for word, names in (("the model's own", method.writes.state), ("inputs", method.writes.inputs)):
        if names:
            _said("", f"  writes {word}: {', '.join(names)}")


def _tell_signature(method: MethodSeen) -> None:
    label = "Signature" if method.name == "forward" else "Method"
    short = _short(method)
    if len(short) <= WIDTH and not any("." in value.name for value in (*method.inputs, *method.outputs)):
        _said(label, short)
        return
    _said(label, method.name)
    rows = [[f"{word} {value.name}".rstrip(), _type(value)] for word, value in _values(method)]
    for name, text in rows:
        line(f"  {'':<{_LABEL}}  {name:<{max(len(row[0]) for row in rows)}}  {text}")


def _short(method: MethodSeen) -> str:
    takes = ", ".join(map(_named, method.inputs))
    gives = ", ".join(map(_named, method.outputs))
    return f"{method.name}({takes}) -> {gives or 'nothing'}"


def _named(value: Value) -> str:
    return f"{value.name}: {_type(value)}" if value.name else _type(value)


def _type(value: Value) -> str:
    if value.kind == "tensor":
        shape = "?" if value.shape is None else ",".join(map(str, value.shape))
        return f"{value.dtype}[{shape}]{'?' if value.optional else ''}"
    if value.kind == "constant":
        return f"{value.type} = {value.constant!r}"
    word = " ".join(part for part in (value.kind, value.type) if part)
    default = f" = {value.default}" if value.default is not None else ""
    return f"{word}{'?' if value.optional else ''}{default}"


def _values(method: MethodSeen) -> list[tuple[str, Value]]:
    return [("in ", each) for each in method.inputs] + [("out", each) for each in method.outputs]


def _tell_operators(operators: Sequence[OperatorSeen], *, whole: bool) -> None:
    label = "Operators"
    named = sorted(operators, key=lambda each: (each.in_libtorch, each.name.partition("::")[0]))
    for namespace, group in groupby(named, key=lambda each: each.name.partition("::")[0]):
        _said(label, _namespace(namespace, sorted(group, key=lambda each: -each.count), whole=whole))
        label = ""


def _namespace(name: str, operators: Sequence[OperatorSeen], *, whole: bool) -> str:
    shown = operators if whole else operators[:NAMES]
    words = ", ".join(f"{each.name.partition('::')[2]} {each.count}" for each in shown)
    more = f" and {len(operators) - len(shown)} more" if len(shown) < len(operators) else ""
    foreign = "" if operators[0].in_libtorch else " (not in LibTorch)"
    return f"{name}{foreign}: {words}{more}"


def _tell_submodules(submodules: Sequence[Submodule], *, whole: bool) -> None:
    """The model's own, or all of them; the model's total is said above."""
    below = [each for each in submodules if each.name and (whole or "." not in each.name)]
    rows = [
        [each.name, each.class_name, f"{each.parameters:,}", f"{each.buffers:,}", size(each.bytes), _dtypes(each)]
        for each in (below if whole else below[:ROWS])
    ]
    if rows:
        table(["submodule", "class", "parameters", "in buffers", "size", "dtypes"], rows)
    left = len(below) - len(rows)
    deeper = sum("." in each.name for each in submodules) if not whole else 0
    if left or deeper:
        more = [f"{left} more" if left else "", f"{deeper} inside them" if deeper else ""]
        line(f"  {' and '.join(part for part in more if part)}: --all shows every one")


def _dtypes(each: Submodule) -> str:
    return ", ".join(each.dtypes)


def _tell_tensors(found: Inspection) -> None:
    seen: set[int] = set()
    rows = []
    for each in found.tensors:
        shared = " (shared)" if each.storage in seen else ""
        seen.add(each.storage)
        shape = ",".join(map(str, each.shape))
        rows.append([each.name, each.kind, f"{each.dtype}[{shape}]", size(each.bytes) + shared])
    table(["tensor", "kind", "what", "size"], rows)


def _tell_long(found: Inspection) -> None:
    _tell_code(found)
    for graph in found.graph or ():
        _block(f"graph of {graph.method}", graph.text)


def _tell_code(found: Inspection) -> None:
    """Code that an earlier submodule has already shown is only named."""
    known: dict[str, str] = {}
    for source in found.code or ():
        name = ".".join(part for part in (source.module, source.method) if part)
        head = f"{name} ({source.class_name})" if source.class_name else name
        same = known.setdefault(source.text, name)
        _block(head, source.text if same == name else f"# the same as {same}")


def _block(head: str, text: str) -> None:
    lines: Iterable[str] = text.splitlines()
    line("")
    line(f"  {head}:")
    for each in lines:
        line(f"    {each}")
