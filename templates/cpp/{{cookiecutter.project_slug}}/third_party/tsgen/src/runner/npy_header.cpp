// SPDX-License-Identifier: 0BSD
#include "runner/npy_header.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "tsgen/error.hpp"

#include "core/text.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

// In the order of DType. NumPy has no bfloat16: ml_dtypes stores it as two bytes of no type.
constexpr std::array<std::string_view, 15> descrs = {
    "|u1", "|i1", "<i2", "<i4",  "<i8", "<f2", "<V2", "<f4",
    "<f8", "|b1", "<c8", "<c16", "<u2", "<u4", "<u8",
};

[[noreturn]] void reject_header(const std::string& problem) {
  throw Error("the .npy header cannot be read: " + problem, "write the file with numpy.save()");
}

/// Walks over the literal, skipping blanks between its parts.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool skip(std::string_view token) {
    rest_ = trim(rest_);
    if (rest_.substr(0, token.size()) != token) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  void expect(std::string_view token) {
    if (!skip(token)) reject_header("expected \"" + std::string(token) + "\"");
  }

  std::string_view until(std::string_view stops) {
    rest_ = trim(rest_);
    const auto end = rest_.find_first_of(stops);
    if (end == std::string_view::npos) reject_header("it ends too early");
    const auto part = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return part;
  }

  std::string quoted() {
    const std::string_view quote = skip("'") ? "'" : "\"";
    if (quote == "\"" && !skip(quote)) reject_header("expected a word in quotes");
    std::string text(until(quote));
    expect(quote);
    return text;
  }

 private:
  std::string_view rest_;
};

bool read_bool(Cursor& cursor) {
  if (cursor.skip("True")) return true;
  cursor.expect("False");
  return false;
}

Shape read_shape(Cursor& cursor) {
  Shape shape;
  cursor.expect("(");
  while (!cursor.skip(")")) {
    const auto size = parse_integer(trim(cursor.until(",)")));
    if (!size || *size < 0) reject_header("a dimension is no size");
    shape.push_back(*size);
    cursor.skip(",");
  }
  return shape;
}

std::string read_field(Cursor& cursor, NpyHeader& header) {
  auto key = cursor.quoted();
  cursor.expect(":");
  if (key == "descr")
    header.descr = cursor.quoted();
  else if (key == "fortran_order")
    header.fortran_order = read_bool(cursor);
  else if (key == "shape")
    header.shape = read_shape(cursor);
  else
    reject_header("unknown key \"" + key + "\"");
  cursor.skip(",");
  return key;
}

}  // namespace

NpyHeader parse_npy_header(std::string_view text) {
  NpyHeader header;
  Cursor cursor(text);
  cursor.expect("{");
  std::vector<std::string> keys;
  while (!cursor.skip("}")) keys.push_back(read_field(cursor, header));
  std::sort(keys.begin(), keys.end());
  if (keys != std::vector<std::string>{"descr", "fortran_order", "shape"})
    reject_header("it does not have the keys descr, fortran_order and shape, each once");
  return header;
}

std::optional<std::size_t> characters_of_descr(const std::string& descr) {
  if (descr.substr(0, 2) != "<U") return std::nullopt;
  const auto characters = parse_integer(std::string_view(descr).substr(2));
  constexpr std::int64_t limit = 1 << 28;
  if (!characters || *characters < 0 || *characters > limit) return std::nullopt;
  return static_cast<std::size_t>(*characters);
}

DType dtype_of_descr(const std::string& descr) {
  if (!descr.empty() && descr[0] == '>')
    throw Error("its numbers are big-endian (" + descr + "), expected little-endian",
                "save it with numpy.save(file, array.astype(array.dtype.newbyteorder('<')))");
  const auto wanted = descr == "|V2" ? "<V2" : descr;
  const auto* const found = std::find(descrs.data(), descrs.data() + descrs.size(), wanted);
  if (found == descrs.data() + descrs.size())
    throw Error("its element type " + descr + " is none of a tensor's",
                "convert the array with .astype() before numpy.save()");
  return static_cast<DType>(std::distance(descrs.data(), found));
}

std::string npy_preamble(DType dtype, const Shape& shape) {
  std::string dims;
  for (const auto size : shape) dims += std::to_string(size) + (shape.size() == 1 ? "," : ", ");
  if (shape.size() > 1) dims.resize(dims.size() - 2);
  std::string text = "{'descr': '" + std::string(descrs[static_cast<std::size_t>(dtype)]) +
                     "', 'fortran_order': False, 'shape': (" + dims + "), }";
  text.append(64 - (10 + text.size() + 1) % 64, ' ');
  text += '\n';
  if (text.size() > 0xFFFF) reject_header("a shape of so many dimensions does not fit");
  const std::string length = {static_cast<char>(text.size() & 0xFF),
                              static_cast<char>(text.size() >> 8)};
  return std::string("\x93NUMPY\x01\x00", 8) + length + text;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
