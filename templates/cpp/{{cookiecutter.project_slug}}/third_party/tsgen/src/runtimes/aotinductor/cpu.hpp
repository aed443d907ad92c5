// SPDX-License-Identifier: 0BSD
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "tsgen/version.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// What an x86_64 CPU says of itself, and what of its registers the system keeps for programs.
struct Cpu {
  /// Of CPUID: leaf 1 ECX; leaf 7 EBX, ECX and EDX; leaf 7.1 EAX; leaf 0x80000001 ECX.
  std::array<std::uint32_t, 6> words{};
  /// XCR0: bits 1 and 2 for AVX, 5 to 7 for AVX-512, 17 and 18 for AMX.
  std::uint64_t kept = 0;
};

/// This one; all zero where it is no x86_64.
const Cpu& this_cpu();

/// "x86_64", "aarch64", or "another machine".
std::string_view this_machine();

/// Those of the features, "avx2,fma", that it has not, in words: "avx2, fma". One that this program
/// does not know is missing. The names are those of GCC's -m options.
std::string missing(std::string_view wanted, const Cpu& cpu);

}  // namespace TSGEN_ABI
}  // namespace tsgen
