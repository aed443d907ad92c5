// SPDX-License-Identifier: 0BSD
#include "runtimes/torchscript/archive.hpp"

#include <algorithm>
#include <array>
#include <istream>
#include <utility>

#include "tsgen/error.hpp"

#include "runtimes/torchscript/model_file.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

/// What is wrong; whose archive it is, is added where that is known.
struct Damage {
  std::string why;
};

[[noreturn]] void fail(std::string why) { throw Damage{std::move(why)}; }

// ---- Bytes ----

class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

  std::size_t size() const { return bytes_.size(); }
  std::string_view text(std::size_t at, std::size_t count) const {
    if (at > bytes_.size() || count > bytes_.size() - at) fail("its directory is cut off");
    return bytes_.substr(at, count);
  }
  /// Little-endian.
  std::uint64_t number(std::size_t at, std::size_t width) const {
    std::uint64_t value = 0;
    const auto part = text(at, width);
    for (auto byte = part.rbegin(); byte != part.rend(); ++byte)
      value = (value << 8U) | static_cast<unsigned char>(*byte);
    return value;
  }

 private:
  std::string_view bytes_;
};

/// A part of a file that is `size` bytes long.
std::string read(std::istream& file, std::uint64_t size, std::uint64_t at, std::uint64_t count) {
  if (at > size || count > size - at) fail("a part of it lies beyond its end");
  std::string bytes(static_cast<std::size_t>(count), '\0');
  file.clear();
  file.seekg(static_cast<std::streamoff>(at));
  if (!file.read(bytes.data(), static_cast<std::streamsize>(count)))
    fail("it cannot be read to its end");
  return bytes;
}

std::uint64_t size_of(std::istream& file) {
  file.seekg(0, std::ios::end);
  const auto end = file.tellg();
  if (end < 0) fail("it cannot be read to its end");
  return static_cast<std::uint64_t>(end);
}

constexpr std::array<std::uint32_t, 256> make_checksums() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit)
      value = (value & 1U) != 0 ? 0xEDB88320U ^ (value >> 1U) : value >> 1U;
    table[i] = value;
  }
  return table;
}

std::uint32_t checksum(std::string_view bytes) {
  static constexpr auto table = make_checksums();
  std::uint32_t value = 0xFFFFFFFFU;
  for (const char byte : bytes)
    value = table[(value ^ static_cast<unsigned char>(byte)) & 0xFFU] ^ (value >> 8U);
  return ~value;
}

// ---- The directory, at the archive's end ----

struct Directory {
  std::uint64_t begin = 0;
  std::uint64_t bytes = 0;
  std::uint64_t records = 0;
};

constexpr std::size_t end_size = 22;
constexpr std::size_t locator_size = 20;
constexpr std::size_t wide_end_size = 56;

/// Where the directory lies, by the wide (zip64) end that the locator before the end leads to.
Directory wide_directory(std::istream& file, std::uint64_t size, const Bytes& locator) {
  const auto text = read(file, size, locator.number(8, 8), wide_end_size);
  const Bytes end(text);
  if (end.text(0, 4) != "PK\x06\x06") fail("its directory is not where it says");
  return {end.number(48, 8), end.number(40, 8), end.number(32, 8)};
}

Directory find_directory(std::istream& file, std::uint64_t size) {
  constexpr std::uint64_t comment = 0xFFFF;
  const auto count = std::min<std::uint64_t>(size, comment + end_size + locator_size);
  const auto tail = read(file, size, size - count, count);
  const auto at =
      tail.size() < end_size ? std::string::npos : tail.rfind("PK\x05\x06", tail.size() - end_size);
  if (at == std::string::npos) fail("it has no directory at its end");
  if (at >= locator_size && tail.compare(at - locator_size, 4, "PK\x06\x07") == 0)
    return wide_directory(file, size,
                          Bytes(std::string_view(tail).substr(at - locator_size, locator_size)));
  const Bytes end(std::string_view(tail).substr(at));
  return {end.number(16, 4), end.number(12, 4), end.number(10, 2)};
}

/// The numbers that do not fit an entry's 32 bits stand in an extra field, in this order.
void widen(const Bytes& extra, std::array<std::uint64_t*, 3> values) {
  constexpr std::uint64_t elsewhere = 0xFFFFFFFF;
  std::size_t at = 0;
  while (at + 4 <= extra.size() && extra.number(at, 2) != 1) at += 4 + extra.number(at + 2, 2);
  at += 4;
  for (auto* const value : values) {
    if (*value != elsewhere) continue;
    *value = extra.number(at, 8);
    at += 8;
  }
}

constexpr std::size_t entry_size = 46;

/// The entry at `at`, which moves to the next one. Its record begins at its local header yet.
Record read_entry(const Bytes& directory, std::size_t& at) {
  const Bytes entry(directory.text(at, entry_size));
  if (entry.text(0, 4) != "PK\x01\x02") fail("its directory has an entry that is none");
  const auto name = static_cast<std::size_t>(entry.number(28, 2));
  const auto extra = static_cast<std::size_t>(entry.number(30, 2));
  const auto method = entry.number(10, 2);
  Record record{std::string(directory.text(at + entry_size, name)),
                static_cast<std::uint32_t>(entry.number(16, 4)),
                method == 8,
                entry.number(42, 4),
                entry.number(20, 4),
                entry.number(24, 4)};
  if (method != 0 && method != 8)
    fail("its record " + record.name + " is compressed in an unknown way");
  widen(Bytes(directory.text(at + entry_size + name, extra)),
        {&record.size, &record.bytes, &record.begin});
  at += entry_size + name + extra + static_cast<std::size_t>(entry.number(32, 2));
  return record;
}

/// From the local header to the bytes behind it.
void enter(std::istream& file, const Directory& directory, Record& record) {
  constexpr std::uint64_t header_size = 30;
  const auto text = read(file, directory.begin, record.begin, header_size);
  const Bytes header(text);
  if (header.text(0, 4) != "PK\x03\x04")
    fail("its record " + record.name + " is not where it says");
  record.begin += header_size + header.number(26, 2) + header.number(28, 2);
  if (record.begin > directory.begin || record.bytes > directory.begin - record.begin)
    fail("its record " + record.name + " is cut off");
}

/// What a record holds must have room in it: no compression of zip's makes more out of less.
void check_size(const Record& record) {
  constexpr std::uint64_t most = 1032;
  const bool fits =
      record.compressed ? record.size / most <= record.bytes : record.size == record.bytes;
  if (!fits) fail("its record " + record.name + " lies about its size");
}

std::vector<Record> read_records(std::istream& file, std::uint64_t size) {
  const auto directory = find_directory(file, size);
  const auto text = read(file, size, directory.begin, directory.bytes);
  std::vector<Record> records;
  for (std::size_t at = 0; at < text.size();) {
    auto record = read_entry(Bytes(text), at);
    enter(file, directory, record);
    check_size(record);
    records.push_back(std::move(record));
  }
  if (records.size() != directory.records) fail("its directory has another number of entries");
  return records;
}

/// ".../data/0" or ".../constants/0"
bool is_numbers_of_a_tensor(std::string_view name) {
  const auto slash = name.rfind('/');
  if (slash == std::string_view::npos || slash + 1 == name.size()) return false;
  const auto folder = name.substr(0, slash);
  const auto kind = folder.substr(folder.find('/') + 1);
  return (kind == "data" || kind == "constants") &&
         name.find_first_not_of("0123456789", slash + 1) == std::string_view::npos;
}

void check_checksum(const Record& record, std::string_view content) {
  if (content.size() != record.size || checksum(content) != record.checksum)
    fail("its record " + record.name + " is not what was written");
}

std::vector<Record> check(std::istream& file) {
  const auto size = size_of(file);
  auto records = read_records(file, size);
  for (const auto& record : records)
    if (!record.compressed && !is_numbers_of_a_tensor(record.name))
      check_checksum(record, read(file, size, record.begin, record.bytes));
  records.erase(std::remove_if(records.begin(), records.end(),
                               [](const Record& record) { return !record.compressed; }),
                records.end());
  return records;
}

}  // namespace

std::vector<Record> check_archive(const Source& source) {
  try {
    return check(*source.open());
  } catch (const Damage& damage) {
    throw damaged(source, damage.why);
  }
}

void check_record(const Source& source, const Record& record, std::string_view content) {
  try {
    check_checksum(record, content);
  } catch (const Damage& damage) {
    throw damaged(source, damage.why);
  }
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
