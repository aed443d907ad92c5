#include "runner/compare.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <complex>
#include <limits>

#include "stand_in/files.hpp"
#include "tsgen/complex.hpp"

TEST_SUITE("compare") {

namespace {

using stand_in::tensor;
using tsgen::compare;
using tsgen::Shape;
using tsgen::Tolerance;

constexpr auto infinity = std::numeric_limits<double>::infinity();
constexpr auto not_a_number = std::numeric_limits<double>::quiet_NaN();

tsgen::Comparison one(double expected, double actual, std::optional<Tolerance> tolerance = {}) {
  return compare(tensor<double>({}, {expected}), tensor<double>({}, {actual}), tolerance);
}

}  // namespace

TEST_CASE("without a tolerance numbers are equal or not") {
  CHECK(one(1, 1).passed);
  CHECK(one(0.0, -0.0).passed);
  CHECK_FALSE(one(1, std::nextafter(1, 2)).passed);
  CHECK(one(1, std::nextafter(1, 2)).max_abs == std::numeric_limits<double>::epsilon());
}

TEST_CASE("a tolerance is absolute plus relative to Python's number") {
  CHECK(one(100, 101, Tolerance{0.01, 0}).passed);
  CHECK_FALSE(one(100, 101.01, Tolerance{0.01, 0}).passed);
  CHECK(one(100, 101.5, Tolerance{0.01, 0.5}).passed);
  CHECK_FALSE(one(0, 1e-9, Tolerance{1, 0}).passed);
  CHECK(one(0, 1e-9, Tolerance{0, 1e-9}).passed);
}

TEST_CASE("NaN and infinities must be at the same places, whatever the tolerance") {
  const Tolerance wide{1e9, 1e9};
  CHECK(one(not_a_number, not_a_number, wide).passed);
  CHECK(one(infinity, infinity, wide).passed);
  CHECK_FALSE(one(infinity, -infinity, wide).passed);
  CHECK_FALSE(one(not_a_number, 1, wide).passed);
  CHECK_FALSE(one(1, not_a_number, wide).passed);
  CHECK_FALSE(one(1, infinity, wide).passed);
  CHECK_FALSE(one(infinity, 1e300, wide).passed);
  CHECK(one(infinity, 1, wide).max_abs == 0);
}

TEST_CASE("a reference in float64 has a limit, which Python's own number does not count for") {
  const auto judged = [](float expected, float actual, double exact) {
    return compare(tensor<float>({}, {expected}), tensor<float>({}, {actual}),
                   tsgen::Reference{tensor<double>({}, {exact}), 0.5});
  };
  CHECK(judged(1.25F, 0.5F, 1).passed);  // 0.75 from Python's, 0.5 from the reference
  CHECK_FALSE(judged(1.25F, 1.75F, 1).passed);
  CHECK(judged(not_a_number, not_a_number, 1).passed);
  CHECK_FALSE(judged(1, not_a_number, 1).passed);
  CHECK_FALSE(judged(not_a_number, 1, 1).passed);
  CHECK_FALSE(judged(infinity, 1, 1).passed);
  CHECK_FALSE(judged(1, 1.25F, not_a_number).passed);
  const auto errors = judged(1.25F, 1.75F, 1).errors;
  REQUIRE(errors.has_value());
  CHECK(errors->ours == 0.75);
  CHECK(errors->python == 0.25);
  CHECK(errors->limit == 0.5);
}

TEST_CASE("a reference of another form is refused") {
  const auto exact = tensor<double>({2}, {1, 2});
  CHECK(stand_in::contains(stand_in::refusal([&] {
                             compare(tensor<float>({}, {1}), tensor<float>({}, {1}),
                                     tsgen::Reference{exact, 1});
                           }),
                           "the answer in float64 is float64[2], expected float64[]"));
  const auto narrow = tensor<float>({}, {1});
  CHECK_FALSE(stand_in::refusal([&] {
                compare(tensor<float>({}, {1}), tensor<float>({}, {1}),
                        tsgen::Reference{narrow, 1});
              }).empty());
  using Wide = std::complex<double>;
  const auto wave =
      compare(tensor<std::complex<float>>({}, {{1, 1}}), tensor<std::complex<float>>({}, {{1, 2}}),
              tsgen::Reference{tensor<Wide>({}, {Wide(1, 1.5)}), 0.5});
  CHECK(wave.passed);
  CHECK(wave.errors->python == 0.5);
}

TEST_CASE("whole numbers and bools have no tolerance, and the largest no overflow") {
  const auto whole = [](std::int64_t expected, std::int64_t actual) {
    return compare(tensor<std::int64_t>({}, {expected}), tensor<std::int64_t>({}, {actual}),
                   Tolerance{1, 1});
  };
  CHECK(whole(INT64_MIN, INT64_MIN).passed);
  CHECK_FALSE(whole(3, 4).passed);
  CHECK(whole(INT64_MIN, INT64_MAX).max_abs == 18446744073709551615.0);
  CHECK_FALSE(compare(tensor<std::uint8_t>({}, {1}), tensor<std::uint8_t>({}, {2}), Tolerance{9, 9})
                  .passed);
}

TEST_CASE("complex numbers differ by their distance") {
  using Complex = std::complex<double>;
  const auto result = compare(tensor<Complex>({}, {{3, 4}}), tensor<Complex>({}, {{0, 0}}), {});
  CHECK(result.max_abs == 5);
  CHECK(result.max_rel == 1);
  CHECK(result.expected == "3+4j");
  CHECK(compare(tensor<Complex>({}, {{not_a_number, 0}}), tensor<Complex>({}, {{0, not_a_number}}),
                {})
            .passed);
  CHECK_FALSE(
      compare(tensor<Complex>({}, {{infinity, 0}}), tensor<Complex>({}, {{0, 0}}), Tolerance{1, 1})
          .passed);
}

TEST_CASE("halves are compared as the numbers that they are") {
  const tsgen::Half one_half{0x3800};
  const tsgen::Half next{0x3801};
  const auto result =
      compare(tensor<tsgen::Half>({}, {one_half}), tensor<tsgen::Half>({}, {next}), {});
  CHECK(result.expected == "0.5");
  CHECK(result.max_abs == std::ldexp(1, -11));
}

TEST_CASE("the first place that fails is named") {
  const auto result = compare(tensor<float>({2, 3}, {1, 2, 3, 4, 5, 6}),
                              tensor<float>({2, 3}, {1, 2, 3, 4, 7, 9}), {});
  CHECK_FALSE(result.passed);
  CHECK(result.mismatches == 2);
  CHECK(result.index == Shape{1, 1});
  CHECK(result.expected == "5");
  CHECK(result.actual == "7");
  CHECK(result.max_abs == 3);
  CHECK(result.max_rel == 0.5);
}

TEST_CASE("another shape or dtype is said in words") {
  CHECK(compare(tensor<float>({1}, {1}), tensor<float>({}, {1}), Tolerance{1, 1}).problem ==
        "expected float32[1], got float32[]");
  const auto result = compare(tensor<float>({1}, {1}), tensor<double>({1}, {1}), {});
  CHECK(result.problem == "expected float32[1], got float64[1]");
  CHECK_FALSE(result.passed);
  CHECK_FALSE(result.index);
}

TEST_CASE("nothing equals nothing") {
  CHECK(compare(tensor<float>({0, 3}, {}), tensor<float>({0, 3}, {}), {}).passed);
}

TEST_CASE("the largest numbers without a sign are not taken for negative ones") {
  const auto largest = std::numeric_limits<std::uint64_t>::max();
  const auto result =
      compare(tensor<std::uint64_t>({2}, {1, largest}), tensor<std::uint64_t>({2}, {1, 3}), {});
  CHECK(result.mismatches == 1);
  CHECK(result.expected == "18446744073709551615");
  CHECK(result.actual == "3");
  CHECK(result.max_abs == static_cast<double>(largest - 3));
}

TEST_CASE("every dtype can be compared") {
  const std::vector<unsigned char> zeros(16, 0);
  const std::vector<unsigned char> others(16, 1);
  for (int number = 0; number <= static_cast<int>(tsgen::DType::uint64); ++number) {
    const auto dtype = static_cast<tsgen::DType>(number);
    CAPTURE(tsgen::to_string(dtype));
    const auto zero = tsgen::Tensor::view(dtype, {1}, zeros.data());
    CHECK(compare(zero, zero, {}).passed);
    CHECK_FALSE(compare(zero, tsgen::Tensor::view(dtype, {1}, others.data()), {}).passed);
  }
}

}  // TEST_SUITE("compare")
