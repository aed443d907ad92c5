"""Signatures as real models have them, and as nobody should."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen.types import Node, Signature

from .make import leaf, node

if TYPE_CHECKING:
    from collections.abc import Mapping


def signature(inputs: list[Node], outputs: list[Node], methods: Mapping[str, Signature] | None = None) -> Signature:
    sizes = {"N": 2, "L": 8, "H": 200, "W": 300}
    used = {dim for item in inputs for dim in item.shape or () if isinstance(dim, str)}
    dims = {name: size for name, size in sizes.items() if name in used}
    return Signature(inputs=tuple(inputs), outputs=tuple(outputs), dims=dims, methods=dict(methods or {}))


X = leaf("x", "float32", "N", 4)
IDS = leaf("input_ids", "int64", "N", "L")
Y = leaf("output", "float32", "N", 3)
MASK = Node(name="mask", dtype="bool", shape=("N",), optional=True)
DETECTIONS = [
    node("", "list"),
    node("*", "record"),
    leaf("*.boxes", "float32", "d0", 4),
    leaf("*.labels", "int64", "d0"),
    leaf("*.scores", "float32", "d0"),
]
CACHE = [
    node("past_key_values", "record", type="DynamicCache"),
    *(
        item
        for layer in ("past_key_values.0", "past_key_values.1", "past_key_values.2")
        for item in (
            node(layer, "tuple"),
            leaf(f"{layer}.0", "float32", "N", 12, "L", 64),
            leaf(f"{layer}.1", "float32", "N", 12, "L", 64),
        )
    ),
]
LONG = "a_rather_long_name_that_somebody_chose_for_a_key_of_a_dictionary"

SIGNATURES: Mapping[str, Signature] = {
    "one tensor": signature([leaf("x", "float32", "N", 3, 224, 224)], [leaf("output", "float32", "N", 1000)]),
    "detection": signature([node("images", "list"), leaf("images.*", "float32", 3, "H", "W")], DETECTIONS),
    "a ModelOutput": signature(
        [IDS, leaf("attention_mask", "int64", "N", "L")],
        [
            node("", "record", type="BaseModelOutputWithPooling"),
            leaf("last_hidden_state", "float32", "N", "L", 32),
            leaf("pooler_output", "float32", "N", 32),
        ],
    ),
    "a cache": signature(
        [IDS], [node("", "record", type="CausalLMOutput"), leaf("logits", "float32", "N", "L", 100), *CACHE]
    ),
    "an optional mask": signature([X, MASK], [Node(name="output", dtype="float32", shape=None, optional=True)]),
    "numbers and words": signature(
        [X, node("k", "int"), node("scale", "float"), node("flag", "bool"), node("mode", "str")],
        [
            node("", "tuple"),
            leaf("0", "float32", "N"),
            *(node("1", "int"), node("2", "float"), node("3", "bool"), node("4", "str"), node("5", "none")),
            node("6", "constant", type="int", value=-(2**63)),
            node("7", "constant", type="str", value='a"?\\ß\n'),
            node("8", "constant", type="bool", value=True),
            node("9", "constant", type="float", value=1e-300),
        ],
    ),
    "a number alone": signature([X], [node("output", "int")]),
    "a NamedTuple in a dict": signature(
        [
            *(node("batch", "record"), leaf("batch.x", "float32", "N"), node("batch.meta", "record", type="Meta")),
            leaf("batch.meta.lengths", "int64", "N"),
            Node(name="batch.meta.mask", dtype="bool", shape=None, optional=True),
        ],
        [
            *(node("", "record"), node("head", "record", type="HeadOutput"), leaf("head.logits", "float32", "N", 3)),
            *(node("head.version", "constant", type="float", value=1.5), leaf("logits", "float16")),
        ],
    ),
    "methods": signature(
        [X],
        [Y],
        {
            "encode": signature([X], [node("", "tuple"), leaf("0", "float32", "N"), leaf("1", "float32", "N", 3)]),
            "decode": signature([leaf("codes", "int64", "N")], DETECTIONS),
            "export": signature([], [leaf("output", "int64")]),
            LONG: signature([X], [Y]),
        },
    ),
    "an LSTM": signature(
        [leaf("x", "float32", "L", "N", 8)],
        [
            *(node("", "tuple"), leaf("0", "float32", "L", "N", 16), node("1", "tuple")),
            *(leaf("1.0", "float32", 2, "N", 16), leaf("1.1", "float32", 2, "N", 16)),
        ],
    ),
    "an array": signature([X], [node("", "tuple"), leaf("0", "float32", "N"), leaf("1", "float32", "N")]),
    "lists of lists": signature(
        [
            *(node("a", "list", optional=True), node("a.*", "list"), leaf("a.*.*", "complex64", "N")),
            *(node("b", "list"), node("b.*", "record"), leaf("b.*.x", "float16")),
            *(node("b.*.names", "list"), node("b.*.names.*", "str")),
            *(node("c", "tuple"), leaf("c.0", "bfloat16", "N"), leaf("c.1", "bfloat16", "N")),
            *(node("flags", "list"), node("flags.*", "bool")),
        ],
        [
            node("", "record", optional=True),
            *(node("q", "list"), Node(name="q.*", dtype="float32", shape=None, optional=True)),
            *(node("r", "record", optional=True), node("r.s", "list"), node("r.s.*", "list"), leaf("r.s.*.*", "bool")),
            node("empty", "tuple"),
        ],
    ),
    "no input": signature([], [leaf("output", "float64")]),
    "nothing but constants": signature([X], [node("", "record"), node("v", "constant", type="int", value=3)]),
    "evil names": signature(
        [*map(leaf, ("class", "a b", "a_b", "größe", "NULL", "write", "arguments", 'q"\\', LONG))],
        [
            node("", "record"),
            *(leaf("0", "float32"), leaf("1", "int64"), leaf("answer"), leaf("Tensor")),
            *(node("Outputs", "record"), leaf("Outputs.Outputs"), node("io", "record"), leaf("io.io", "int8")),
            *(node("Io", "record"), leaf("Io.x", "uint8"), node("é", "record", type="Tensor"), leaf("é.é")),
            *(
                node(LONG, "record", type="ARatherLongNameOfAClassThatSomebodyChose"),
                leaf(f"{LONG}.{LONG}", "complex128"),
            ),
        ],
    ),
}

_EVERYTHING = [
    *(leaf("x", "float32", "N"), node("k", "int"), node("scale", "float"), node("flag", "bool"), node("mode", "str")),
    *(MASK, node("crop", "record", optional=True), node("crop.top", "int")),
    *(node("boxes", "list"), node("boxes.*", "record"), leaf("boxes.*.corners", "float32", 4)),
    Node(name="boxes.*.label", kind="int", optional=True),
    *(node("ragged", "list"), node("ragged.*", "list"), leaf("ragged.*.*", "int64")),
    *(node("states", "tuple"), leaf("states.0", "float32", 2), leaf("states.1", "float32", 2)),
    *(node("pair", "tuple"), leaf("pair.0", "float32"), leaf("pair.1", "uint8")),
    *(node("flags", "list"), node("flags.*", "bool"), node("words", "list"), node("words.*", "str")),
]
DEFAULTS = [
    *(
        node("k", "int", default=3, example=2),
        node("low", "int", default=-(2**63)),
        node("eps", "float", default=1e-05),
    ),
    *(node("far", "float", default="inf"), node("deep", "float", default="-inf"), node("no", "float", default="nan")),
    *(node("flip", "bool", default=True), node("mode", "str", default='a"?\\\0ß\n'), node("empty", "str", default="")),
    *(node("bias", "int", default=7, optional=True), node("size", "tuple"), node("size.0", "int", default=2)),
    *(node("size.1", "int", default=5), node("how", "record", type="How"), node("how.scale", "float", default=0.1)),
    *(
        node("how.name", "str", example="plain"),
        node("both", "tuple"),
        node("both.0", "float"),
        node("both.1", "float"),
    ),
]
ECHO = signature(
    _EVERYTHING,
    [node("", "record"), *_EVERYTHING],
    {
        "again": signature([X], [leaf("output", "float32", "N", 4)]),
        "defaults": signature(DEFAULTS, [node("output", "int")]),
    },
)
"""A model that gives back what it gets."""
