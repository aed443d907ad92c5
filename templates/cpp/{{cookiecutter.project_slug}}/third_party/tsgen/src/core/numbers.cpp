// SPDX-License-Identifier: 0BSD
#include "core/numbers.hpp"

#include <cmath>
#include <limits>
#include <locale>
#include <sstream>

#include "core/widen.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

// Beyond this, fixed notation is a wall of digits.
constexpr double largest_fixed = 1e9;

std::ostringstream classic_stream(int digits) {
  std::ostringstream stream;
  stream.imbue(std::locale::classic());
  stream.precision(digits);
  return stream;
}

std::string non_finite(double value) {
  if (std::isnan(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}

/// Decimal digits that tell any two numbers of the dtype apart.
int digits_of(DType dtype) {
  if (dtype == DType::float16 || dtype == DType::bfloat16) return 5;
  const bool wide = dtype == DType::float64 || dtype == DType::complex128;
  return wide ? std::numeric_limits<double>::max_digits10
              : std::numeric_limits<float>::max_digits10;
}

template <typename Real>
std::string number_text(std::int64_t value, const Real&) {
  return std::to_string(value);
}

template <typename Real>
std::string number_text(std::uint64_t value, const Real&) {
  return std::to_string(value);
}

template <typename Real>
std::string number_text(double value, const Real& real) {
  return real(value);
}

template <typename Real>
std::string number_text(std::complex<double> value, const Real& real) {
  const auto imaginary = real(value.imag());
  return real(value.real()) + (imaginary[0] == '-' ? "" : "+") + imaginary + "j";
}

template <typename Real>
std::string element_text(const Tensor& tensor, std::size_t index, const Real& real) {
  return with_elements(tensor, [&](const auto* values) {
    if (tensor.dtype() == DType::boolean)
      return std::string(widen(values[index]) == decltype(widen(values[index]))(0) ? "false"
                                                                                   : "true");
    return number_text(widen(values[index]), real);
  });
}

}  // namespace

std::string fixed(double value, int decimals) {
  if (!std::isfinite(value)) return non_finite(value);
  auto stream = classic_stream(decimals);
  stream << (std::abs(value) < largest_fixed ? std::fixed : std::scientific) << value;
  return stream.str();
}

std::string exact(double value, int digits) {
  if (!std::isfinite(value)) return non_finite(value);
  auto stream = classic_stream(digits);
  stream << value;
  return stream.str();
}

std::string short_text(const Tensor& tensor, std::size_t index) {
  return element_text(tensor, index, [](double value) { return fixed(value, 4); });
}

std::string exact_text(const Tensor& tensor, std::size_t index) {
  const auto digits = digits_of(tensor.dtype());
  return element_text(tensor, index, [&](double value) { return exact(value, digits); });
}

std::string text_of(const Tensor& tensor) {
  return {static_cast<const char*>(tensor.data()), tensor.size()};
}

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + ' ' + noun + (count == 1 ? "" : "s");
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
