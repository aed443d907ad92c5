// SPDX-License-Identifier: 0BSD
#include "runner/compare.hpp"

#include <algorithm>
#include <cmath>
#include <complex>

#include "core/numbers.hpp"
#include "core/widen.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

using Complex = std::complex<double>;

bool is_finite(std::int64_t) { return true; }
bool is_finite(std::uint64_t) { return true; }
bool is_finite(double value) { return std::isfinite(value); }
bool is_finite(Complex value) { return is_finite(value.real()) && is_finite(value.imag()); }

bool is_nan(std::int64_t) { return false; }
bool is_nan(std::uint64_t) { return false; }
bool is_nan(double value) { return std::isnan(value); }
bool is_nan(Complex value) { return is_nan(value.real()) || is_nan(value.imag()); }

/// The distance of two whole numbers does not fit their type, and loses digits as doubles.
double distance(std::uint64_t a, std::uint64_t b) {
  return static_cast<double>(std::max(a, b) - std::min(a, b));
}
double distance(std::int64_t a, std::int64_t b) {
  const auto [less, more] = std::minmax(a, b);
  return static_cast<double>(static_cast<std::uint64_t>(more) - static_cast<std::uint64_t>(less));
}
double distance(double a, double b) { return std::abs(a - b); }
double distance(Complex a, Complex b) { return std::abs(a - b); }

double magnitude(std::int64_t value) { return std::abs(static_cast<double>(value)); }
double magnitude(std::uint64_t value) { return static_cast<double>(value); }
double magnitude(double value) { return std::abs(value); }
double magnitude(Complex value) { return std::abs(value); }

bool within(std::uint64_t, std::uint64_t, const Tolerance&) { return false; }
bool within(std::int64_t, std::int64_t, const Tolerance&) { return false; }
template <typename T>
bool within(T expected, T actual, const Tolerance& tolerance) {
  if (!is_finite(expected) || !is_finite(actual)) return false;
  return distance(actual, expected) <=
         tolerance.absolute + tolerance.relative * magnitude(expected);
}

template <typename T>
bool agrees(T expected, T actual, const std::optional<Tolerance>& tolerance) {
  if (expected == actual || (is_nan(expected) && is_nan(actual))) return true;
  return tolerance && within(expected, actual, *tolerance);
}

template <typename T>
void measure(T expected, T actual, Comparison& result) {
  if (!is_finite(expected) || !is_finite(actual)) return;
  const auto difference = distance(actual, expected);
  result.max_abs = std::max(result.max_abs, difference);
  if (const auto size = magnitude(expected); size > 0)
    result.max_rel = std::max(result.max_rel, difference / size);
}

Shape multi_index(std::size_t flat, const Shape& shape) {
  Shape index(shape.size());
  for (auto axis = shape.size(); axis-- > 0;) {
    const auto size = static_cast<std::size_t>(shape[axis]);
    index[axis] = static_cast<std::int64_t>(flat % size);
    flat /= size;
  }
  return index;
}

void count_mismatch(const Tensor& expected, const Tensor& actual, std::size_t at,
                    Comparison& result) {
  result.passed = false;
  if (result.mismatches++ > 0) return;
  result.index = multi_index(at, expected.shape());
  result.expected = exact_text(expected, at);
  result.actual = exact_text(actual, at);
}

}  // namespace

Comparison compare(const Tensor& expected, const Tensor& actual,
                   const std::optional<Tolerance>& tolerance) {
  Comparison result;
  if (expected.dtype() != actual.dtype() || expected.shape() != actual.shape()) {
    result.passed = false;
    result.problem = "expected " + describe(expected.dtype(), expected.shape()) + ", got " +
                     describe(actual.dtype(), actual.shape());
    return result;
  }
  with_elements(expected, [&](const auto* wanted) {
    const auto* const found = static_cast<decltype(wanted)>(actual.data());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      measure(widen(wanted[i]), widen(found[i]), result);
      if (!agrees(widen(wanted[i]), widen(found[i]), tolerance))
        count_mismatch(expected, actual, i, result);
    }
  });
  return result;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
