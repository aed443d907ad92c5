#include "tsgen/dtype.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "tsgen/complex.hpp"

TEST_SUITE("dtype") {

using tsgen::DType;
using tsgen::to_float;

TEST_CASE("names lead to dtypes and back") {
  for (int number = 0; number <= static_cast<int>(DType::uint64); ++number) {
    const auto dtype = static_cast<DType>(number);
    CHECK(tsgen::dtype_from(tsgen::to_string(dtype)) == dtype);
  }
  CHECK(tsgen::to_string(DType::boolean) == "bool");
  for (const auto* const name : {"", "float", "Float32", "float32 ", "uint128"})
    CHECK_FALSE(tsgen::dtype_from(name));
}

TEST_CASE("sizes of an element are those of its C++ type") {
  CHECK(tsgen::item_size(tsgen::dtype_of<bool>) == 1);
  CHECK(tsgen::item_size(tsgen::dtype_of<tsgen::Half>) == sizeof(tsgen::Half));
  CHECK(tsgen::item_size(tsgen::dtype_of<tsgen::BFloat16>) == sizeof(tsgen::BFloat16));
  CHECK(tsgen::item_size(tsgen::dtype_of<std::int16_t>) == 2);
  CHECK(tsgen::item_size(tsgen::dtype_of<std::uint16_t>) == sizeof(std::uint16_t));
  CHECK(tsgen::item_size(tsgen::dtype_of<std::uint32_t>) == sizeof(std::uint32_t));
  CHECK(tsgen::item_size(tsgen::dtype_of<std::uint64_t>) == sizeof(std::uint64_t));
  CHECK(tsgen::item_size(tsgen::dtype_of<std::complex<float>>) == sizeof(std::complex<float>));
  CHECK(tsgen::item_size(tsgen::dtype_of<std::complex<double>>) == sizeof(std::complex<double>));
}

TEST_CASE("IEEE 754 binary16") {
  CHECK(to_float(tsgen::Half{0x3C00}) == 1.0F);
  CHECK(to_float(tsgen::Half{0xC000}) == -2.0F);
  CHECK(to_float(tsgen::Half{0x7BFF}) == 65504.0F);
  CHECK(to_float(tsgen::Half{0x0001}) == std::ldexp(1.0F, -24));
  CHECK(to_float(tsgen::Half{0x03FF}) == std::ldexp(1023.0F, -24));
  CHECK(to_float(tsgen::Half{0x0400}) == std::ldexp(1.0F, -14));
  CHECK(std::signbit(to_float(tsgen::Half{0x8000})));
  CHECK(to_float(tsgen::Half{0xFC00}) == -std::numeric_limits<float>::infinity());
  CHECK(std::isnan(to_float(tsgen::Half{0x7C01})));
}

TEST_CASE("the upper half of a binary32") {
  CHECK(to_float(tsgen::BFloat16{0x3F80}) == 1.0F);
  CHECK(to_float(tsgen::BFloat16{0xC2F7}) == -123.5F);
  CHECK(to_float(tsgen::BFloat16{0x7F80}) == std::numeric_limits<float>::infinity());
  CHECK(std::isnan(to_float(tsgen::BFloat16{0x7FC0})));
}

}  // TEST_SUITE("dtype")
