#include "tsgen/example.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "stand_in/files.hpp"

TEST_SUITE("example") {

namespace {

std::string names_of(const std::string& lines) {
  std::string names;
  for (const auto& input : tsgen::ones(tsgen::parse_signature("tsgen-signature\t2\n" + lines)))
    names += input.name + ' ' + tsgen::describe(input.tensor.dtype(), input.tensor.shape()) + ';';
  return names;
}

std::string printed(const tsgen::NamedTensor& output, std::size_t values = 5) {
  std::ostringstream stream;
  tsgen::print(stream, output, values);
  return stream.str();
}

}  // namespace

TEST_CASE("ones of the example's sizes, with what Python has a default for") {
  CHECK(
      names_of(
          "dim\tN\t2\ninput\tx\ttensor\tfloat16\tN,3\ninput\tt\tstr\ninput\tk\tint?\ninput\td\tint\t7\n") ==
      "x float16[2,3];t uint8[0];d int64[];");
  CHECK(
      names_of(
          "input\ti\tlist\ninput\ti.*\trecord\ninput\ti.*.x\tbool\ninput\tr\trecord?\ninput\tr.x\tint\n") ==
      "i.0.x bool[];i.1.x bool[];");
  CHECK(names_of("call\tflat\ninput\tx\ttensor?\tint8\t\n") == "x int8[];");
  CHECK(names_of("") == "");
}

TEST_CASE("ones are ones, in every dtype") {
  for (int number = 0; number <= static_cast<int>(tsgen::DType::uint64); ++number) {
    const auto dtype = std::string(tsgen::to_string(static_cast<tsgen::DType>(number)));
    CAPTURE(dtype);
    const auto inputs = tsgen::ones(
        tsgen::parse_signature("tsgen-signature\t2\ninput\tx\ttensor\t" + dtype + "\t2\n"));
    const auto real = dtype.find("float") != std::string::npos;
    const auto one = dtype == "bool"   ? "true"
                     : real            ? "1.0000"
                     : dtype[0] == 'c' ? "1.0000+0.0000j"
                                       : "1";
    CHECK(printed(inputs.at(0)) == "x " + dtype + "[2]: " + one + ' ' + one + '\n');
  }
}

TEST_CASE("defaults are Python's") {
  const auto inputs = tsgen::ones(tsgen::parse_signature(
      "tsgen-signature\t2\ninput\ta\tfloat\t-inf\ninput\tb\tbool\tfalse\ninput\tc\tstr\t%C3%9F\n"));
  CHECK(printed(inputs[0]) == "a float64[]: -inf\n");
  CHECK(printed(inputs[1]) == "b bool[]: false\n");
  CHECK(printed(inputs[2]) == "c uint8[2]: 195 159\n");
}

TEST_CASE("at most so many values are printed") {
  const tsgen::NamedTensor output{"y", stand_in::tensor<std::int64_t>({3}, {1, 2, 3})};
  CHECK(printed(output, 2) == "y int64[3]: 1 2\n");
  CHECK(printed(output, 0) == "y int64[3]:\n");
}

}  // TEST_SUITE("example")
