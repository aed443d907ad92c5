#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace stand_in {

/// A file of a zip archive, and what its directory says about it.
struct Zipped {
  std::string name;
  std::string content;
  std::uint32_t checksum = 0;
  std::uint16_t method = 0;
  std::uint64_t size = 0;  ///< 0: that of the content.
};

/// An archive as PyTorch lays it out; `wide` has a zip64 directory, and all sizes in extra fields.
std::string zip(const std::vector<Zipped>& files, bool wide = false,
                const std::string& comment = "");

}  // namespace stand_in
