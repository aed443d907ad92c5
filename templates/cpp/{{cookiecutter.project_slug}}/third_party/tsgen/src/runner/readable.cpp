// SPDX-License-Identifier: 0BSD
#include "runner/readable.hpp"

#include <algorithm>
#include <cstddef>

#include "core/text.hpp"
#include "core/utf8.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

constexpr std::size_t longest = 400, begin_kept = 160, end_kept = 80;

/// U+0080 to U+009F are control characters too; as UTF-8 the first byte of each is C2.
bool is_obeyed(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1)
    return (first < 0x20 && first != '\t' && first != '\n') || first == 0x7F;
  return first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
}

std::string escape_of(std::string_view character) {
  constexpr std::string_view hex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(character.back());
  return std::string("\\x") + hex[byte >> 4U] + hex[byte & 15U];
}

/// At a whole character.
std::size_t whole_from(std::string_view text, std::size_t at) {
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) --at;
  return at;
}

std::string shortened(std::string_view word) {
  if (word.size() <= longest) return std::string(word);
  const auto begin = word.substr(0, whole_from(word, begin_kept));
  return std::string(begin) + "..." +
         std::string(word.substr(whole_from(word, word.size() - end_kept)));
}

}  // namespace

std::string harmless(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const auto character = text.substr(0, std::max<std::size_t>(character_size(text), 1));
    shown += is_obeyed(character) ? escape_of(character) : std::string(character);
    text.remove_prefix(character.size());
  }
  return shown;
}

std::string readable(std::string_view text) {
  auto line = harmless(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  std::string shown;
  for (const auto word : split(line, ' ')) shown += (shown.empty() ? "" : " ") + shortened(word);
  return shown;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
