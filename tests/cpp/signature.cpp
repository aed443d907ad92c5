#include "tsgen/signature.hpp"

#include <doctest/doctest.h>

#include <string>

#include "stand_in/files.hpp"

TEST_SUITE("signature") {

namespace {

using tsgen::DType;
using tsgen::Kind;

tsgen::Signature parse(const std::string& lines) {
  return tsgen::parse_signature("tsgen-signature\t2\n" + lines);
}

}  // namespace

TEST_CASE("what the model is") {
  const auto read = parse(
      "model\ta.b:C\nmethod\ttrace\ntorch\t2.14.1+cpu\nengine\tfbgemm\ntune\toptimize\nlibrary\tmine\tlibmine.so\n"
      "library\tyours\tyours.dll\tyours::a,yours::b\tyours::c\nsequence\ttrue\ncpu_only\tm.py:1: x\ngradients\ttrue\n"
      "setting\tmkldnn\tfalse\n"
      "requires_grad\tpos.*\ninput\tpos\tlist\ninput\tpos.*\ttensor\tfloat32\t3\ninput\tcell\ttensor\tfloat32\t3\n");
  CHECK(read.cpu_only == "m.py:1: x");
  CHECK(read.gradients);
  REQUIRE(read.settings.size() == 1);
  CHECK(read.settings[0].name == "mkldnn");
  CHECK(read.settings[0].value == "false");
  CHECK(read.forward().inputs[0].children[0].requires_grad);
  CHECK_FALSE(read.forward().inputs[1].requires_grad);
  CHECK(read.model == "a.b:C");
  CHECK(read.method == "trace");
  CHECK(read.torch_version == "2.14.1+cpu");
  CHECK(read.engine == "fbgemm");
  CHECK(read.tune == "optimize");
  REQUIRE(read.libraries.size() == 2);
  CHECK(read.libraries[0].file == "libmine.so");
  CHECK(read.libraries[0].calls.empty());
  CHECK(read.libraries[1].file == "yours.dll");
  CHECK(read.libraries[1].calls == std::vector<std::string>{"yours::a", "yours::b"});
  CHECK(read.libraries[1].registers == std::vector<std::string>{"yours::c"});
  CHECK(read.sequence);
  CHECK(read.has_state());
}

TEST_CASE("with nothing said, everything has its default") {
  const auto read = parse("");
  REQUIRE(read.entries.size() == 1);
  CHECK(read.forward().name == "forward");
  CHECK_FALSE(read.forward().flat);
  CHECK(read.forward().output.kind == Kind::none);
  CHECK(read.forward().output.name == "output");
  CHECK_FALSE(read.has_state());
}

TEST_CASE("tensors") {
  const auto read = parse(
      "dim\tN\t2\ninput\tx\ttensor\tfloat32\tN,3,0\ninput\tany\ttensor?\tbool\t?\n"
      "input\tscalar\ttensor\tcomplex128\t\noutput\toutput\ttensor\tbfloat16\tN\n");
  const auto& inputs = read.forward().inputs;
  REQUIRE(inputs.size() == 3);
  CHECK(tsgen::describe(inputs[0]) == "float32[N,3,0]");
  CHECK(inputs[0].shape[0].name == "N");
  CHECK(inputs[0].shape[2].is_fixed());
  CHECK(tsgen::describe(inputs[1]) == "bool[?], optional");
  CHECK(inputs[1].any_shape);
  CHECK(tsgen::describe(inputs[2]) == "complex128[]");
  CHECK(read.forward().output.dtype == DType::bfloat16);
  CHECK(read.forward().dims.front().size == 2);
}

TEST_CASE("a dimension of an output may be open") {
  const auto read = parse(
      "dim\t_\t2\ninput\tx\ttensor\tfloat32\t_,3\noutput\t\ttuple\noutput\t0\ttensor\tfloat32\t_,4\n"
      "output\t1\ttensor\tint64\t_\noutput\t2\ttensor\tint64\t?\n");
  const auto& outputs = read.forward().output.children;
  CHECK(describe(outputs[0]) == "float32[?,4]");
  CHECK(outputs[0].shape[0].is_open());
  CHECK_FALSE(outputs[0].shape[1].is_open());
  CHECK(outputs[1].shape.size() == 1);
  CHECK_FALSE(outputs[1].any_shape);
  CHECK(outputs[2].any_shape);
  // Of an input it is a name like others.
  CHECK(describe(read.forward().inputs[0]) == "float32[_,3]");
  CHECK(tsgen::example_shape(read.forward().inputs[0], read.forward()) == tsgen::Shape{2, 3});
}

TEST_CASE("numbers and texts travel as tensors and may have a default") {
  const auto read = parse(
      "input\tk\tint\t-3\ninput\ts\tfloat\t1e-05\ninput\tb\tbool\ttrue\ninput\tt\tstr\ta%20%C3%9F\n"
      "input\tinf\tfloat\t-inf\ninput\tplain\tint\ninput\tempty\tstr\t\n");
  const auto& inputs = read.forward().inputs;
  CHECK(inputs[0].dtype == DType::int64);
  CHECK(inputs[0].default_value == "-3");
  CHECK(inputs[1].dtype == DType::float64);
  CHECK(inputs[2].dtype == DType::boolean);
  CHECK(inputs[3].dtype == DType::uint8);
  CHECK(inputs[3].default_value == "a ß");
  CHECK(inputs[3].shape.front().name == "length");
  CHECK(inputs[4].default_value == "-inf");
  CHECK_FALSE(inputs[5].default_value);
  CHECK(inputs[6].default_value == "");
}

TEST_CASE("groups hold what comes after them") {
  const auto read = parse(
      "input\tb\trecord\tmy.Batch\ninput\tb.x\tlist\ninput\tb.x.*\ttensor\tint8\t2\n"
      "input\tb.y\ttuple?\ninput\tb.y.0\tint\ninput\tb.y.1\tfloat\ninput\tc\tint\n"
      "output\t\ttuple\noutput\t0\tconstant\tfloat\t1.5\noutput\t1\tnone\n");
  const auto& inputs = read.forward().inputs;
  REQUIRE(inputs.size() == 2);
  CHECK(tsgen::describe(inputs[0]) == "record my.Batch");
  REQUIRE(inputs[0].children.size() == 2);
  CHECK(inputs[0].children[0].children.front().name == "b.x.*");
  CHECK(inputs[0].children[0].children.front().key() == "*");
  CHECK(inputs[0].children[1].optional);
  CHECK(inputs[0].children[1].children.size() == 2);
  CHECK(tsgen::describe(read.forward().output.children[0]) == "float 1.5, always");
  CHECK(tsgen::describe(read.forward().output.children[1]) == "None");
}

TEST_CASE("methods have inputs and sizes of their own") {
  const auto read = parse(
      "input\tx\tint\nentry\tencode\ndim\tN\t7\ninput\tx\ttensor\tint8\tN\nselect\t1.0\ncall\tflat\n");
  REQUIRE(read.entries.size() == 2);
  CHECK(read.entry("encode").dims.front().size == 7);
  CHECK(read.entry("encode").select == std::vector<std::size_t>{1, 0});
  CHECK(read.entry("encode").flat);
  CHECK_FALSE(read.forward().flat);
  CHECK(read.forward().dims.empty());
  CHECK(stand_in::contains(stand_in::refusal([&] { read.entry("decode"); }),
                           "no method decode | its methods are: forward, encode"));
}

TEST_CASE("what a call writes") {
  const auto read = parse(
      "writes\tinput\tcache.*.k\nwrites\tinput\tx%20y\ninput\tx y\ttensor\tfloat32\t\n"
      "input\tcache\tlist\ninput\tcache.*\trecord\ninput\tcache.*.k\ttensor\tint8\t\n"
      "input\tcache.*.v\ttensor\tint8\t\nwrites\tstate\thead.grid\nwrites\tstate\ta%09b\n"
      "entry\tpeek\ninput\tx y\ttensor\tfloat32\t\n");
  const auto& entry = read.forward();
  CHECK(entry.writes == std::vector<std::string>{"head.grid", "a\tb"});
  CHECK(entry.inputs[0].written);
  CHECK_FALSE(entry.inputs[1].written);
  CHECK(entry.inputs[1].children[0].children[0].written);
  CHECK_FALSE(entry.inputs[1].children[0].children[1].written);
  CHECK_FALSE(read.entry("peek").inputs[0].written);
  CHECK(read.has_state());
}

TEST_CASE("one method that writes is enough for a state") {
  CHECK(parse("entry\tpush\nwrites\tstate\tstack\n").has_state());
  CHECK_FALSE(parse("input\tx\tint\nwrites\tinput\tx\n").has_state());
}

TEST_CASE("equal lines are interchangeable") {
  const std::string lines = "input\tx\tint\nentry\tpeek\noutput\toutput\tint\n";
  CHECK(parse("model\ta\n" + lines).lines == lines);
  CHECK(parse("writes\tstate\tb\ndim\tN\t3\n" + lines).lines == lines);
  CHECK(tsgen::parse_signature("tsgen-signature\t2\r\ninput\tx\tint\r\n").lines ==
        "input\tx\tint\n");
}

TEST_CASE("lines of kinds to come are passed over") {
  CHECK(parse("colour\tblue\n\n\t\nwrites\tthe future\tx\n").entries.size() == 1);
}

TEST_CASE("nodes by their concrete names") {
  const auto read = parse(
      "input\ti\tlist\ninput\ti.*\trecord\ninput\ti.*.x\tint\ninput\tt\ttuple\ninput\tt.0\tint\n");
  const auto& inputs = read.forward().inputs;
  const auto kind_of = [&](const char* name) {
    const auto* const node = tsgen::find_node(inputs, name);
    return node == nullptr ? std::string("none such") : std::string(tsgen::to_string(node->kind));
  };
  CHECK(kind_of("i.17.x") == "int");
  CHECK(kind_of("i.17") == "record");
  CHECK(kind_of("t.0") == "int");
  for (const auto* const name : {"", "i.", "i.*", "i.-1", "i.01", "i.x", "t.1", "t.0.0", "j",
                                 "i.1048576", "i.99999999999999999999"}) {
    CAPTURE(name);
    CHECK(kind_of(name) == "none such");
  }
}

TEST_CASE("example shapes") {
  const auto read =
      parse("dim\tN\t2\ninput\tx\ttensor\tint8\tN,3\ninput\tt\tstr\ninput\ty\ttensor\tint8\t?\n");
  const auto& entry = read.forward();
  CHECK(tsgen::example_shape(entry.inputs[0], entry) == tsgen::Shape{2, 3});
  CHECK(tsgen::example_shape(entry.inputs[1], entry) == tsgen::Shape{0});
  CHECK(stand_in::contains(
      stand_in::refusal([&] { tsgen::example_shape(entry.inputs[2], entry); }),
      "input y may have any shape, so there is no example of it | give one with --input y="));
}

}  // TEST_SUITE("signature")
