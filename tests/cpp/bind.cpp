#include "core/bind.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "stand_in/files.hpp"

#include "core/check.hpp"

TEST_SUITE("bind") {

namespace {

using stand_in::tensor;
using tsgen::NamedTensor;

tsgen::Signature signature(const std::string& lines) {
  return tsgen::parse_signature("tsgen-signature\t2\n" + lines);
}

/// Each slot as its name, "-" when it is absent, and a group's number of children.
std::string bound(const tsgen::Signature& read, const std::vector<NamedTensor>& inputs,
                  bool has_state = false) {
  std::string text;
  for (const auto& slot : tsgen::bind(read.forward(), inputs, has_state)) {
    text += (text.empty() ? "" : " ") + slot.node->name;
    if (!slot.present) text += '-';
    if (slot.tensor != nullptr) text += slot.lend ? "" : "!";
    if (slot.present && !slot.node->is_leaf()) text += '(' + std::to_string(slot.children) + ')';
  }
  return text;
}

std::string refused(const std::string& lines, const std::vector<NamedTensor>& inputs) {
  return stand_in::refusal([&] { bound(signature(lines), inputs); });
}

NamedTensor number(const std::string& name) { return {name, tensor<std::int64_t>({}, {1})}; }
NamedTensor row(const std::string& name, std::int64_t size) {
  return {name, tensor<float>({size}, std::vector<float>(static_cast<std::size_t>(size)))};
}

const std::string nested =
    "input\ta\tint\ninput\tb\tlist\ninput\tb.*\trecord\ninput\tb.*.k\tint\ninput\tb.*.o\tint?\n"
    "input\tc\trecord?\ninput\tc.x\tint\ninput\tn\tnone\n";

}  // namespace

TEST_CASE("inputs in any order become the signature's") {
  std::vector<NamedTensor> inputs = {number("a"), number("b.0.k"), number("b.1.k"), number("b.1.o"),
                                     number("c.x")};
  const std::string wanted = "a b(2) b.*(2) b.*.k b.*.o- b.*(2) b.*.k b.*.o c(1) c.x n-";
  CHECK(bound(signature(nested), inputs) == wanted);
  std::reverse(inputs.begin(), inputs.end());
  CHECK(bound(signature(nested), inputs) == wanted);
}

TEST_CASE("a dimension has a size that the model takes") {
  const std::string lines =
      "range\tn\t2\t4\nrange\tm\t1\t\ndim\tn\t2\ndim\tm\t2\n"
      "input\tx\ttensor\tfloat32\tn\ninput\ty\ttensor\tfloat32\tm\n";
  CHECK(bound(signature(lines), {row("x", 4), row("y", 900)}) == "x y");
  CHECK(stand_in::contains(refused(lines, {row("y", 1), row("x", 1)}),
                           "input x: dimension n must be at least 2 and at most 4, it is 1"));
  CHECK(stand_in::contains(refused(lines, {row("x", 2), row("y", 0)}),
                           "dimension m must be at least 1, it is 0"));
  CHECK(stand_in::contains(stand_in::refusal([] { signature("range\tn\ttwo\t4\n"); }),
                           "the range of dimension n is no two numbers"));
}

TEST_CASE("lists may be empty or long, and what is optional left out") {
  CHECK(bound(signature(nested), {number("a")}) == "a b(0) c- n-");
  std::vector<NamedTensor> inputs;
  for (int i = 11; i-- > 0;) inputs.push_back(number("x." + std::to_string(i)));
  CHECK(bound(signature("input\tx\tlist\ninput\tx.*\tint\n"), inputs).substr(0, 10) ==
        "x(11) x.* ");
}

TEST_CASE("an element may be None, where elements are optional") {
  CHECK(bound(signature("input\tx\tlist\ninput\tx.*\tint?\n"), {number("x.2")}) ==
        "x(3) x.*- x.*- x.*");
}

TEST_CASE("a flat call takes even what is optional") {
  CHECK(stand_in::contains(refused("call\tflat\ninput\tx\tint?\n", {}),
                           "input x is missing: expected int, optional"));
  CHECK(bound(signature("input\tx\tint?\n"), {}) == "x-");
}

TEST_CASE("what a call may change is not lent, and nothing is to a model with state") {
  const auto read = signature("input\tx\tint\ninput\ty\tint\nwrites\tinput\ty\n");
  CHECK(bound(read, {number("x"), number("y")}) == "x y!");
  CHECK(bound(read, {number("y"), number("x")}) == "x y!");
  CHECK(bound(read, {number("x"), number("y")}, true) == "x! y!");
}

TEST_CASE("names that are wrong, missing or repeated") {
  CHECK(refused(nested, {}) ==
        "input a is missing: expected int | give every input that is not optional: "
        "a, b.0.k, b.1.k, ..., b.0.o, b.1.o, ..., c.x");
  CHECK(stand_in::contains(refused(nested, {number("a"), number("z")}),
                           "the model has no input z | its inputs are: a, b.0.k"));
  CHECK(stand_in::contains(refused(nested, {number("a"), number("b.*.k")}), "no input b.*.k"));
  CHECK(stand_in::contains(refused(nested, {number("a"), number("b.00.k")}), "no input b.00.k"));
  CHECK(stand_in::contains(refused(nested, {number("a"), number("b")}), "no input b"));
  CHECK(stand_in::contains(refused(nested, {number("a"), number("")}), "no input "));
  CHECK(stand_in::contains(refused(nested, {number("a"), number("a")}), "input a is given twice"));
  CHECK(stand_in::contains(refused(nested, {number("a"), number("b.0.o")}),
                           "input b.0.k is missing"));
  CHECK(stand_in::contains(refused(nested, {number("a"), number("b.1.k")}),
                           "input b.0.k is missing"));
  CHECK(stand_in::contains(refused("", {number("a")}), "its inputs are: none"));
}

TEST_CASE("dtype, rank and sizes") {
  const std::string lines =
      "dim\tN\t2\ninput\tx\ttensor\tfloat32\tN\ninput\ty\ttensor\tfloat32\tN\ninput\tz\ttensor\tfloat32\t3\n";
  CHECK(bound(signature(lines), {row("x", 5), row("y", 5), row("z", 3)}) == "x y z");
  CHECK(stand_in::contains(
      refused(lines, {row("x", 5), row("y", 4), row("z", 3)}),
      "input y: expected float32[N], got float32[4]: dimension 0 (N) must be 5, as in input x"));
  CHECK(stand_in::contains(refused(lines, {row("x", 5), row("y", 5), row("z", 4)}),
                           "dimension 0 must be 3"));
  CHECK(stand_in::contains(refused(lines, {number("x")}), "the dtype must be float32"));
  CHECK(stand_in::contains(refused(lines, {{"x", tensor<float>({}, {1})}}), "the rank must be 1"));
  CHECK(stand_in::contains(refused("input\tk\tint\n", {row("k", 1)}),
                           "input k: expected int, got float32[1]"));
}

TEST_CASE("dimensions in a list are free, and of any shape is any") {
  const std::string lines =
      "dim\tN\t2\ninput\tx\tlist\ninput\tx.*\ttensor\tfloat32\tN\ninput\ty\ttensor\tfloat32\t?\n";
  CHECK(bound(signature(lines),
              {row("x.0", 1), row("x.1", 2), {"y", tensor<float>({1, 1, 1}, {0})}}) ==
        "x(2) x.* x.* y");
}

TEST_CASE("a str is UTF-8 of any length") {
  const std::string lines = "input\ts\tstr\n";
  CHECK(bound(signature(lines), {{"s", tensor<std::uint8_t>({2}, {0xC3, 0x9F})}}) == "s");
  CHECK(bound(signature(lines), {{"s", tensor<std::uint8_t>({0}, {})}}) == "s");
  CHECK(stand_in::contains(refused(lines, {{"s", tensor<std::uint8_t>({1}, {0xC3})}}),
                           "the bytes of a str must be UTF-8"));
}

TEST_CASE("an answer is checked by dtype, rank and fixed sizes") {
  const auto read = signature("output\ty\ttensor\tfloat32\t2\n");
  const auto& node = read.forward().output;
  CHECK_NOTHROW(tsgen::check_output(node, row("y", 2), {}));
  CHECK(stand_in::contains(stand_in::refusal([&] { tsgen::check_output(node, row("y", 9), {}); }),
                           "output y: expected float32[2], got float32[9]"));
  CHECK_NOTHROW(tsgen::check_output(node, row("y", 9), {{"H", 64}}));
  CHECK(stand_in::contains(
      stand_in::refusal([&] { tsgen::check_output(node, number("y"), {}); }),
      "not what its signature says: output y: expected float32[2], got int64[]"));
}

TEST_CASE("an open dimension has any size, and is one dimension") {
  const auto read = signature("output\ty\ttensor\tfloat32\t_\n");
  const auto& node = read.forward().output;
  CHECK_NOTHROW(tsgen::check_output(node, row("y", 0), {}));
  CHECK_NOTHROW(tsgen::check_output(node, row("y", 9), {}));
  CHECK(stand_in::contains(
      stand_in::refusal([&] { tsgen::check_output(node, {"y", tensor<float>({1, 1}, {0})}, {}); }),
      "output y: expected float32[?], got float32[1,1]"));
}

TEST_CASE("a typed API is made for one signature") {
  CHECK_NOTHROW(tsgen::check_same_lines("a\tb\n", "a\tb\n"));
  const auto said =
      stand_in::refusal([] { tsgen::check_same_lines("input\tx\ninput\ty\n", "input\tx\n"); });
  CHECK(stand_in::contains(said, "expected input y, got nothing more | run tsgen build"));
}

}  // TEST_SUITE("bind")
