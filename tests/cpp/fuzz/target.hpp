#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "tsgen/error.hpp"

namespace fuzz {

/// The bytes may be refused, in a sentence. Any other exception ends the program, as a crash does.
template <typename Read>
int feed(const std::uint8_t* data, std::size_t size, const Read& read) {
  try {
    read(std::string_view(reinterpret_cast<const char*>(data), size));
  } catch (const tsgen::Error& error) {
    if (*error.what() == '\0' || error.hint().empty()) std::abort();
  }
  return 0;
}

/// What must hold of all bytes that were taken.
inline void require(bool holds, std::string_view what) {
  if (holds) return;
  std::cerr << "does not hold: " << what << std::endl;
  std::abort();
}

}  // namespace fuzz
