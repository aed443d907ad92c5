"""What the typed API calls a model's values, and what it says of them; tests/integration compiles it."""

from __future__ import annotations

import re
from struct import pack
from typing import TYPE_CHECKING

import pytest

from tsgen import render
from tsgen.render.literals import literal, text_literal
from tsgen.types import Node, Signature

from .make import artifact, leaf, node
from .signatures import DEFAULTS, ECHO, SIGNATURES, X, Y

if TYPE_CHECKING:
    from collections.abc import Iterable


def api(signature: Signature) -> str:
    return render.api(artifact(signature=signature), "my-app")


def of_outputs(*outputs: Node) -> str:
    return api(Signature(inputs=(X,), outputs=outputs))


def members(text: str, struct: str) -> dict[str, str]:
    """The C++ types by the members of a struct, without those of structs inside it."""
    body = re.search(rf"^( *)struct {struct} {{\n(.*?)^\1}};", text, re.DOTALL | re.MULTILINE)
    assert body, text
    own = re.compile(rf"^{body[1]}  (\S.*?)\s+(\w+)( = [^;]+)?;$", re.MULTILINE)
    return {match[2]: match[1] for match in own.finditer(body[2])}


@pytest.mark.parametrize(
    ("dtype", "cpp"),
    [
        *(("uint8", "std::uint8_t"), ("int8", "std::int8_t"), ("int16", "std::int16_t"), ("int32", "std::int32_t")),
        *(("int64", "std::int64_t"), ("float16", "Half"), ("bfloat16", "BFloat16"), ("float32", "float")),
        *(("float64", "double"), ("bool", "bool"), ("complex64", "std::complex<float>")),
        ("complex128", "std::complex<double>"),
        *(("uint16", "std::uint16_t"), ("uint32", "std::uint32_t"), ("uint64", "std::uint64_t")),
    ],
)
def test_a_tensor_has_the_type_of_its_numbers(dtype: str, cpp: str) -> None:
    text = api(Signature(inputs=(leaf("x", dtype, 2),), outputs=(leaf("output", dtype, 2),)))
    assert members(text, "Inputs") == {"x": f"TensorView<{cpp}>"}
    assert f"using Outputs = TypedTensor<{cpp}>;" in text
    assert f"const {cpp} first = outputs[0];" in text


def test_each_kind_of_value_has_its_type() -> None:
    text = api(ECHO)
    assert members(text, "Inputs") == {
        "x": "TensorView<float>",
        "k": "Required<std::int64_t>",
        "scale": "Required<double>",
        "flag": "Required<bool>",
        "mode": "Required<std::string>",
        "mask": "std::optional<TensorView<bool>>",
        "crop": "std::optional<Crop>",
        "boxes": "std::vector<BoxesItem>",
        "ragged": "std::vector<std::vector<TensorView<std::int64_t>>>",
        "states": "std::array<TensorView<float>, 2>",
        "pair": "Pair",
        "flags": "std::vector<bool>",
        "words": "std::vector<std::string>",
    }
    assert 'arguments.add("boxes", boxes);' in text.partition("struct Outputs")[2], "answers are read by name, too"
    assert members(text, "BoxesItem") == {"corners": "TensorView<float>", "label": "std::optional<std::int64_t>"}
    assert members(text, "Outputs") == {
        name: re.sub(r"Required<(.*)>", r"\1", kind).replace("View", "Tensor").replace("TensorTensor", "TypedTensor")
        for name, kind in members(text, "Inputs").items()
    }


def test_what_comes_out_of_a_detector_is_a_list_of_structs() -> None:
    text = api(SIGNATURES["detection"])
    assert "using Outputs = std::vector<OutputsItem>;" in text
    assert members(text, "OutputsItem") == {
        "boxes": "TypedTensor<float>",
        "labels": "TypedTensor<std::int64_t>",
        "scores": "TypedTensor<float>",
    }
    assert "/// list[float32[3, H, W]]" in text
    assert "///     inputs.images.push_back({images_numbers, {3, 200, 300}});" in text
    assert "///     const float first = outputs[0].boxes[0];" in text


def test_a_struct_is_called_as_the_class_in_python_is() -> None:
    text = api(SIGNATURES["a NamedTuple in a dict"])
    assert members(text, "Outputs")["head"] == "HeadOutput"
    assert members(text, "Batch")["meta"] == "Meta"
    assert "/// What comes out: BaseModelOutputWithPooling" in api(SIGNATURES["a ModelOutput"])


def test_the_layers_of_a_cache_are_an_array() -> None:
    text = api(SIGNATURES["a cache"])
    assert members(text, "Outputs")["past_key_values"] == "std::array<std::array<TypedTensor<float>, 2>, 3>"
    assert "/// DynamicCache: 3 x 2 x float32[N, 12, L, 64]" in text


@pytest.mark.parametrize(
    "outputs",
    [
        (leaf("0", "float32", 2), leaf("1", "float32", 3)),
        (leaf("0", "float32", 2), leaf("1", "float64", 2)),
        (leaf("0", "float32", 2), leaf("1", "float32", 2, 1)),
        (leaf("0", "float32", 2), Node(name="1", dtype="float32", shape=(2,), optional=True)),
        (leaf("0", "float32", 2),),
    ],
    ids=["size", "dtype", "rank", "optional", "alone"],
)
def test_a_tuple_of_different_values_is_a_struct(outputs: tuple[Node, ...]) -> None:
    text = of_outputs(node("", "tuple"), *outputs)
    assert list(members(text, "Outputs")) == [f"item_{number}" for number in range(len(outputs))]


def test_what_never_changes_is_in_the_type() -> None:
    text = api(SIGNATURES["numbers and words"])
    assert "static constexpr std::int64_t item_6 = -9223372036854775807 - 1;" in text
    assert r'static constexpr std::string_view item_7 = "a\"?\\\303\237\012";' in text
    assert "static constexpr bool item_8 = true;" in text
    assert "static constexpr double item_9 = 1e-300;" in text
    assert "// 5 is always None." in text


def test_an_exported_method_is_a_method_of_the_model() -> None:
    text = api(SIGNATURES["methods"])
    assert "EncodeOutputs encode(const EncodeInputs& inputs) const {" in text
    assert 'model_.run("encode", arguments.leaves())' in text
    assert "MethodExportOutputs method_export(const MethodExportInputs& inputs) const {" in text
    assert 'model_.run("export", arguments.leaves())' in text
    assert r'"entry\tencode\n"' in text


@pytest.mark.parametrize("name", ["run", "signature", "untyped", "Model", "read", "class"])
def test_a_method_hides_nothing_of_the_model(name: str) -> None:
    text = api(Signature(inputs=(X,), outputs=(Y,), methods={name: Signature(inputs=(X,), outputs=(Y,))}))
    found = re.search(r"(\w+)\(const \w+& inputs\) const {\n.*\n.*\n.*" + name, text)
    assert found
    assert found[1] != name


def test_the_model_is_asked_for_the_signature_that_it_was_made_from() -> None:
    wanted = api(SIGNATURES["numbers and words"]).partition("model_.require(")[2].partition(");")[0]
    lines = [line.strip() for line in wanted.strip().splitlines()]
    assert lines[:3] == [r'"input\tx\ttensor\tfloat32\tN,4\n"', r'"input\tk\tint\n"', r'"input\tscale\tfloat\n"']
    assert lines[5:7] == [r'"output\t\ttuple\n"', r'"output\t0\ttensor\tfloat32\tN\n"']
    assert lines[-5:] == [
        r'"output\t5\tnone\n"',
        r'"output\t6\tconstant\tint\t-9223372036854775808\n"',
        r'"output\t7\tconstant\tstr\ta%22%3F%5C%C3%9F%0A\n"',
        r'"output\t8\tconstant\tbool\ttrue\n"',
        r'"output\t9\tconstant\tfloat\t1e-300\n"',
    ]
    optional = api(SIGNATURES["an optional mask"])
    assert r'"input\tmask\ttensor?\tbool\tN\n"' in optional
    assert r'"output\toutput\ttensor?\tfloat32\t?\n"' in optional
    assert r'"output\t*.boxes\ttensor\tfloat32\td0,4\n"' in api(SIGNATURES["detection"])
    assert r'"output\thead\trecord\tHeadOutput\n"' in api(SIGNATURES["a NamedTuple in a dict"])


def test_an_input_begins_with_its_default_in_python() -> None:
    text = api(Signature(inputs=tuple(DEFAULTS), outputs=(Y,)))
    for line in (
        "std::int64_t k = 3;",
        "std::int64_t low = -9223372036854775807 - 1;",
        "double eps = 1e-05;",
        "double far = std::numeric_limits<double>::infinity();",
        "double deep = -std::numeric_limits<double>::infinity();",
        "double no = std::numeric_limits<double>::quiet_NaN();",
        "bool flip = true;",
        r'std::string mode = std::string("a\"?\\\000\303\237\012", 8);',
        'std::string empty = "";',
        "std::optional<std::int64_t> bias = 7;",
        "std::array<Required<std::int64_t>, 2> size = {2, 5};",
        "double scale = 0.1;",
        "Required<std::string> name;",
        "std::array<Required<double>, 2> both;",
    ):
        assert line in [each.strip() for each in text.splitlines()]
    assert "/// int; default in Python: 3\n" in text
    assert "/// 2 x int; default in Python: (2, 5)\n" in text
    assert "/// int; may be left out; default in Python: 7\n" in text
    assert r'"input\tk\tint\t3\n"' in text
    assert r'"input\tfar\tfloat\tinf\n"' in text
    assert r'"input\tempty\tstr\t\n"' in text


def test_the_example_has_the_numbers_of_python() -> None:
    text = api(Signature(inputs=(X, *DEFAULTS[:1], node("turns", "int", example=4), node("n", "int")), outputs=(Y,)))
    assert "///     inputs.k = 3;  // Python's default\n" in text
    assert "///     inputs.turns = 4;\n" in text
    assert "///     inputs.n = 1;\n" in text


@pytest.mark.parametrize("value", [0.1, -0.0, 1e300, 5e-324, 1 / 3, 16777217.0, 1e16])
def test_a_number_is_the_same_in_cpp(value: float) -> None:
    text = literal(value, "float")
    assert re.fullmatch(r"-?\d+(\.\d+)?(e[+-]\d+)?", text)
    assert not text.lstrip("-").isdecimal()
    assert pack("d", float(text)) == pack("d", value)


@pytest.mark.parametrize("text", ["plain", 'a"b\\c', "größe\n\t\0001", "??/", "日本"])
def test_a_text_survives_being_a_literal(text: str) -> None:
    inside = text_literal(text)[1:-1]
    bytes_of = re.sub(r"\\(\d{3}|.)", lambda m: chr(int(m[1], 8)) if m[1].isdigit() else m[1], inside)
    assert bytes_of.encode("latin1").decode() == text
    assert inside.isascii()
    assert inside.isprintable()


def all_structs(text: str) -> Iterable[str]:
    return re.findall(r"struct (\w+) {", text)


@pytest.mark.parametrize("name", SIGNATURES)
def test_no_name_is_taken_twice_in_its_place(name: str) -> None:
    text = api(SIGNATURES[name])
    assert "{{" not in text
    assert "{%" not in text
    for struct in all_structs(text):
        assert re.fullmatch(r"[A-Z]\w*", struct, re.ASCII)
        assert "__" not in struct
        assert struct not in members(text, struct)


def test_a_nested_struct_does_not_hide_what_is_used_beside_it() -> None:
    text = api(SIGNATURES["evil names"])
    assert "struct Tensor {" not in text
    assert members(text, "Outputs")["output_answer"] == "TypedTensor<float>"
    assert members(text, "Inputs").keys() >= {"input_class", "a_b", "a_b_2", "gr_e", "input_write", "input_arguments"}
    assert {"io", "Io"} <= members(text, "Outputs").keys()
    assert members(text, "Outputs")["io"] == "Io_2"
