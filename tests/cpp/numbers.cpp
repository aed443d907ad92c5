#include "core/numbers.hpp"

#include <doctest/doctest.h>

#include <complex>
#include <limits>

#include "stand_in/files.hpp"
#include "tsgen/complex.hpp"

TEST_SUITE("numbers") {

using stand_in::tensor;

TEST_CASE("a number for people") {
  CHECK(tsgen::fixed(1.0 / 3, 4) == "0.3333");
  CHECK(tsgen::fixed(-0.0, 1) == "-0.0");
  CHECK(tsgen::fixed(999999999.4, 1) == "999999999.4");
  CHECK(tsgen::fixed(1e9, 2) == "1.00e+09");
  CHECK(tsgen::fixed(-1e300, 2) == "-1.00e+300");
  CHECK(tsgen::fixed(std::numeric_limits<double>::quiet_NaN(), 2) == "nan");
  CHECK(tsgen::exact(std::numeric_limits<double>::infinity(), 2) == "inf");
  CHECK(tsgen::exact(-std::numeric_limits<double>::infinity(), 2) == "-inf");
  CHECK(tsgen::exact(1e-300, 3) == "1e-300");
}

TEST_CASE("an element, told apart from any other of its dtype") {
  CHECK(tsgen::exact_text(tensor<double>({}, {0.1}), 0) == "0.10000000000000001");
  CHECK(tsgen::exact_text(tensor<float>({2}, {0, 0.1F}), 1) == "0.100000001");
  CHECK(tsgen::exact_text(tensor<std::int64_t>({}, {INT64_MIN}), 0) == "-9223372036854775808");
  CHECK(tsgen::exact_text(tensor<std::uint8_t>({}, {255}), 0) == "255");
  CHECK(tsgen::exact_text(tensor<std::int8_t>({}, {-128}), 0) == "-128");
  CHECK(tsgen::exact_text(tensor<std::complex<float>>({}, {{1, -2}}), 0) == "1-2j");
  CHECK(tsgen::exact_text(tensor<tsgen::Half>({}, {{0x2E66}}), 0) == "0.099976");
  CHECK(tsgen::exact_text(tensor<tsgen::BFloat16>({}, {{0x3DCD}}), 0) == "0.1001");
  CHECK(tsgen::short_text(tensor<float>({}, {0.1F}), 0) == "0.1000");
  CHECK(tsgen::short_text(tensor<std::complex<double>>({}, {{0, 1}}), 0) == "0.0000+1.0000j");
}

TEST_CASE("true and false") {
  const unsigned char bytes[] = {0, 1};
  const auto bools = tsgen::Tensor::view(tsgen::DType::boolean, {2}, bytes);
  CHECK(tsgen::exact_text(bools, 0) == "false");
  CHECK(tsgen::short_text(bools, 1) == "true");
}

TEST_CASE("so many of a thing") {
  CHECK(tsgen::counted(0, "case") == "0 cases");
  CHECK(tsgen::counted(1, "case") == "1 case");
  CHECK(tsgen::counted(2, "case") == "2 cases");
}

}  // TEST_SUITE("numbers")
