// SPDX-License-Identifier: 0BSD
#include "runtimes/aotinductor/held.hpp"

#include <cstring>
#include <string>
#include <utility>

#include "tsgen/error.hpp"
#include "tsgen/signature.hpp"

#include "core/buffer.hpp"
#include "core/text.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

Error unreadable(std::string_view name, const std::string& why) {
  return Error("the signature inside the model cannot be read: what it holds as \"" +
                   std::string(name) + "\" " + why,
               "export the model again with tsgen");
}

Shape shape_of(std::string_view name, std::string_view text) {
  Shape shape;
  if (text.empty()) return shape;
  for (const auto part : split(text, ',')) {
    const auto size = parse_integer(part);
    if (!size || *size < 0) throw unreadable(name, "has a size that is no number");
    shape.push_back(*size);
  }
  return shape;
}

/// Of a hexadecimal digit; 16 for what is none.
unsigned digit(char letter) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto found = digits.find(letter);
  return found == std::string_view::npos ? 16U : static_cast<unsigned>(found);
}

std::string bytes_of(std::string_view name, std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const auto high = digit(text[i]);
    const auto low = digit(text[i + 1]);
    if (high > 15 || low > 15) throw unreadable(name, "has bytes that are no hexadecimal numbers");
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return bytes;
}

/// `bytes` are those of all elements, or of one that all are like.
Tensor filled(std::string_view name, DType dtype, Shape shape, const std::string& bytes) {
  const auto item = item_size(dtype);
  const auto count = element_count(shape);
  if (bytes.size() != count * item && bytes.size() != item)
    throw unreadable(name, "has " + std::to_string(bytes.size()) + " bytes, where " +
                               std::to_string(count * item) + " or " + std::to_string(item) +
                               " were expected");
  auto buffer = make_buffer(count * item);
  const bool alike = bytes.size() == item;
  for (std::size_t i = 0; i < count; ++i)
    std::memcpy(buffer.get() + i * item, bytes.data() + (alike ? 0 : i * item), item);
  return Tensor(dtype, std::move(shape), std::move(buffer));
}

NamedTensor parse_held(const std::vector<std::string_view>& fields) {
  if (fields.size() < 5)
    throw unreadable(fields.size() > 1 ? fields[1] : "", "is told too shortly");
  const auto dtype = dtype_from(fields[2]);
  if (!dtype) throw unreadable(fields[1], "has an unknown dtype");
  return {decode_name(fields[1]), filled(fields[1], *dtype, shape_of(fields[1], fields[3]),
                                         bytes_of(fields[1], fields[4]))};
}

}  // namespace

std::vector<NamedTensor> held_of(std::string_view signature) {
  std::vector<NamedTensor> held;
  for (const auto line : split_lines(signature)) {
    const auto fields = split(line, '\t');
    if (fields.front() == "held") held.push_back(parse_held(fields));
  }
  return held;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
