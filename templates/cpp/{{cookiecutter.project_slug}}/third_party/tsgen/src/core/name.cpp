// SPDX-License-Identifier: 0BSD
#include "tsgen/error.hpp"
#include "tsgen/signature.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

constexpr std::string_view unreserved =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
constexpr std::string_view hex_digits = "0123456789ABCDEF";

}  // namespace

std::string encode_name(std::string_view name) {
  std::string encoded;
  for (const char c : name) {
    if (unreserved.find(c) != std::string_view::npos) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += {'%', hex_digits[byte >> 4U], hex_digits[byte & 15U]};
  }
  return encoded;
}

std::string decode_name(std::string_view encoded) {
  std::string name;
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] != '%') {
      name += encoded[i];
      continue;
    }
    const auto high = hex_digits.find(i + 2 < encoded.size() ? encoded[i + 1] : '%');
    const auto low = hex_digits.find(i + 2 < encoded.size() ? encoded[i + 2] : '%');
    if (high == std::string_view::npos || low == std::string_view::npos)
      throw Error("\"" + std::string(encoded) + "\" is not an encoded name",
                  "export the model again with tsgen");
    name += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return name;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
