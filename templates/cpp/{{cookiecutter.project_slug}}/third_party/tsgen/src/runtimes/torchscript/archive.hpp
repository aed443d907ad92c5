// SPDX-License-Identifier: 0BSD
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/source.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// A file inside a zip archive, as the archive's directory has it.
struct Record {
  std::string name;
  std::uint32_t checksum = 0;  ///< CRC-32 of what it holds.
  bool compressed = false;
  std::uint64_t begin = 0;  ///< Of its bytes in the archive.
  std::uint64_t bytes = 0;
  std::uint64_t size = 0;  ///< Of what it holds: more than its bytes when it is compressed.
};

/// Throws Error unless the archive is whole: LibTorch itself believes every size in it, and compares
/// no checksum, so that a damaged file costs it gigabytes, loads as another model, or ends the
/// program. Not compared are the numbers of tensors, which are large and can do no such thing.
/// Gives back the compressed records, whose checksums are left to whoever can expand them.
std::vector<Record> check_archive(const Source& source);

/// Throws Error unless these bytes are what the record holds.
void check_record(const Source& source, const Record& record, std::string_view content);

}  // namespace TSGEN_ABI
}  // namespace tsgen
