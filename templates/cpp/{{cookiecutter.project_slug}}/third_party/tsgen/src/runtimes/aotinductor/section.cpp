// SPDX-License-Identifier: 0BSD
#include "runtimes/aotinductor/section.hpp"

#include <cstdint>
#include <istream>

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

// Of the ELF specification: the sizes of its header and of a section's, and the largest section
// that is read: a text of this size has no signature.
constexpr std::size_t file_header = 64;
constexpr std::size_t section_header = 64;
constexpr std::uint64_t largest = 1 << 24;

std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (auto i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

std::optional<std::string> read(std::istream& stream, std::uint64_t at, std::uint64_t size) {
  if (size > largest) return std::nullopt;
  std::string bytes(size, '\0');
  stream.clear();
  stream.seekg(static_cast<std::streamoff>(at));
  stream.read(bytes.data(), static_cast<std::streamsize>(size));
  if (!stream) return std::nullopt;
  return bytes;
}

struct Section {
  std::uint64_t name = 0;
  std::uint64_t at = 0;
  std::uint64_t size = 0;
};

Section section_at(std::string_view table, std::size_t index) {
  const auto header = table.substr(index * section_header, section_header);
  return {number(header, 0, 4), number(header, 0x18, 8), number(header, 0x20, 8)};
}

bool is_called(std::string_view names, std::uint64_t at, std::string_view name) {
  if (at >= names.size()) return false;
  const auto rest = names.substr(at);
  return rest.substr(0, rest.find('\0')) == name;
}

}  // namespace

std::optional<std::string> section(const Source& source, std::string_view name) {
  using namespace std::string_view_literals;
  const auto stream = source.open();
  const auto header = read(*stream, 0, file_header);
  if (!header || header->substr(0, 6) !=
                     "\x7f"
                     "ELF\x02\x01"sv)
    return std::nullopt;
  const auto count = number(*header, 0x3c, 2);
  const auto names_of = number(*header, 0x3e, 2);
  if (number(*header, 0x3a, 2) != section_header || names_of >= count) return std::nullopt;
  const auto table = read(*stream, number(*header, 0x28, 8), count * section_header);
  if (!table) return std::nullopt;
  const auto strings = section_at(*table, names_of);
  const auto names = read(*stream, strings.at, strings.size);
  for (std::size_t i = 0; names && i < count; ++i) {
    const auto found = section_at(*table, i);
    if (is_called(*names, found.name, name)) return read(*stream, found.at, found.size);
  }
  return std::nullopt;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
