// SPDX-License-Identifier: 0BSD
#include "runner/compare.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <type_traits>

#include "tsgen/error.hpp"

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
bool is_near(T expected, T actual, T exact, double limit) {
  if (agrees(expected, actual, std::nullopt)) return true;
  return is_finite(expected) && is_finite(actual) && distance(actual, exact) <= limit;
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

/// Python's number in float64, as wide as what `widen` makes of the other two.
double exact_at(const Tensor& reference, std::size_t at, double) {
  return reference.data_as<double>()[at];
}
Complex exact_at(const Tensor& reference, std::size_t at, Complex) {
  return reference.data_as<Complex>()[at];
}

template <typename T>
void measure_errors(T expected, T actual, T exact, Errors& errors) {
  if (!is_finite(expected) || !is_finite(actual) || !is_finite(exact)) return;
  errors.ours = std::max(errors.ours, distance(actual, exact));
  errors.python = std::max(errors.python, distance(expected, exact));
}

void require_same_form(const Tensor& expected, const Tensor& reference) {
  const bool complex = expected.dtype() == DType::complex64;
  const auto wanted = complex ? DType::complex128 : DType::float64;
  if (reference.dtype() == wanted && reference.shape() == expected.shape()) return;
  throw Error("the answer in float64 is " + describe(reference.dtype(), reference.shape()) +
                  ", expected " + describe(wanted, expected.shape()),
              "export the model again: tsgen build writes the cases");
}

/// With the judgement of each element: judge(T expected, T actual, index).
template <typename Judge>
Comparison compare_each(const Tensor& expected, const Tensor& actual, const Judge& judge) {
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
      if (!judge(widen(wanted[i]), widen(found[i]), i)) count_mismatch(expected, actual, i, result);
    }
  });
  return result;
}

}  // namespace

Comparison compare(const Tensor& expected, const Tensor& actual,
                   const std::optional<Tolerance>& tolerance) {
  return compare_each(expected, actual, [&](auto wanted, auto found, std::size_t) {
    return agrees(wanted, found, tolerance);
  });
}

Comparison compare(const Tensor& expected, const Tensor& actual, const Reference& reference) {
  require_same_form(expected, reference.tensor);
  Errors errors{0, 0, reference.limit};
  auto result = compare_each(expected, actual, [&](auto wanted, auto found, std::size_t at) {
    if constexpr (std::is_integral_v<decltype(wanted)>) {
      return wanted == found;
    } else {
      const auto exact = exact_at(reference.tensor, at, wanted);
      measure_errors(wanted, found, exact, errors);
      return is_near(wanted, found, exact, reference.limit);
    }
  });
  if (result.problem.empty()) result.errors = errors;
  return result;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
