// SPDX-License-Identifier: 0BSD
#include "runtimes/aotinductor/cpu.hpp"

#include <algorithm>

#include "core/text.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(_M_X64)
#include <intrin.h>
#endif

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

enum Word : std::uint8_t { leaf_1_c, leaf_7_b, leaf_7_c, leaf_7_d, leaf_7_1_a, leaf_extended_c };

// The registers that the system must keep besides those that every program has.
constexpr std::uint64_t avx = 0x6;
constexpr std::uint64_t avx_512 = 0xe6;
constexpr std::uint64_t amx = 0x60000;

struct Feature {
  std::string_view name;
  Word word;
  int bit;
  std::uint64_t kept = 0;
};

// Intel's Software Developer's Manual, volume 2A, CPUID; the last two: AMD's, volume 3, appendix E.
constexpr std::array features = {Feature{"sse3", leaf_1_c, 0},
                                 Feature{"ssse3", leaf_1_c, 9},
                                 Feature{"fma", leaf_1_c, 12, avx},
                                 Feature{"cx16", leaf_1_c, 13},
                                 Feature{"sse4.1", leaf_1_c, 19},
                                 Feature{"sse4.2", leaf_1_c, 20},
                                 Feature{"movbe", leaf_1_c, 22},
                                 Feature{"popcnt", leaf_1_c, 23},
                                 Feature{"avx", leaf_1_c, 28, avx},
                                 Feature{"f16c", leaf_1_c, 29, avx},
                                 Feature{"bmi", leaf_7_b, 3},
                                 Feature{"avx2", leaf_7_b, 5, avx},
                                 Feature{"bmi2", leaf_7_b, 8},
                                 Feature{"avx512f", leaf_7_b, 16, avx_512},
                                 Feature{"avx512dq", leaf_7_b, 17, avx_512},
                                 Feature{"avx512ifma", leaf_7_b, 21, avx_512},
                                 Feature{"avx512cd", leaf_7_b, 28, avx_512},
                                 Feature{"avx512bw", leaf_7_b, 30, avx_512},
                                 Feature{"avx512vl", leaf_7_b, 31, avx_512},
                                 Feature{"avx512vbmi", leaf_7_c, 1, avx_512},
                                 Feature{"avx512vbmi2", leaf_7_c, 6, avx_512},
                                 Feature{"avx512vnni", leaf_7_c, 11, avx_512},
                                 Feature{"avx512bitalg", leaf_7_c, 12, avx_512},
                                 Feature{"avx512fp16", leaf_7_d, 23, avx_512},
                                 Feature{"amx-bf16", leaf_7_d, 22, amx},
                                 Feature{"amx-tile", leaf_7_d, 24, amx},
                                 Feature{"amx-int8", leaf_7_d, 25, amx},
                                 Feature{"avxvnni", leaf_7_1_a, 4, avx},
                                 Feature{"avx512bf16", leaf_7_1_a, 5, avx_512},
                                 Feature{"amx-fp16", leaf_7_1_a, 21, amx},
                                 Feature{"lahf_lm", leaf_extended_c, 0},
                                 Feature{"lzcnt", leaf_extended_c, 5}};

[[maybe_unused]] constexpr std::uint32_t system_keeps_more = 1U << 27;  // OSXSAVE, leaf 1 ECX

#if defined(__x86_64__)
std::array<std::uint32_t, 4> cpuid(std::uint32_t leaf, std::uint32_t part) {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::uint32_t c = 0;
  std::uint32_t d = 0;
  __get_cpuid_count(leaf, part, &a, &b, &c, &d);
  return {a, b, c, d};
}

std::uint64_t kept_registers() {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  // The intrinsic wants a compiler's option, with which this file would need what it asks for.
  // NOLINTNEXTLINE(portability-no-assembler)
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return std::uint64_t(high) << 32 | low;
}
#elif defined(_M_X64)
std::array<std::uint32_t, 4> cpuid(std::uint32_t leaf, std::uint32_t part) {
  std::array<int, 4> found{};
  __cpuidex(found.data(), static_cast<int>(leaf), static_cast<int>(part));
  std::array<std::uint32_t, 4> words{};
  std::copy(found.begin(), found.end(), words.begin());
  return words;
}

std::uint64_t kept_registers() { return _xgetbv(0); }
#endif

#if defined(__x86_64__) || defined(_M_X64)
Cpu asked() {
  constexpr std::uint32_t extended = 0x80000001;
  const auto basic = cpuid(1, 0);
  const auto seven = cpuid(7, 0);
  Cpu cpu;
  cpu.words = {basic[2],
               seven[1],
               seven[2],
               seven[3],
               seven[0] > 0 ? cpuid(7, 1)[0] : 0,
               cpuid(extended, 0)[2]};
  cpu.kept = (basic[2] & system_keeps_more) != 0 ? kept_registers() : 0;
  return cpu;
}
#else
Cpu asked() { return {}; }
#endif

bool has(const Cpu& cpu, const Feature& feature) {
  return (cpu.words[feature.word] >> feature.bit & 1U) != 0 &&
         (cpu.kept & feature.kept) == feature.kept;
}

}  // namespace

const Cpu& this_cpu() {
  static const Cpu cpu = asked();
  return cpu;
}

std::string_view this_machine() {
#if defined(__x86_64__) || defined(_M_X64)
  return "x86_64";
#elif defined(__aarch64__) || defined(_M_ARM64)
  return "aarch64";
#else
  return "another machine";
#endif
}

std::string missing(std::string_view wanted, const Cpu& cpu) {
  std::string names;
  for (const auto name : split(wanted, ',')) {
    if (name.empty() || std::any_of(features.begin(), features.end(), [&](const Feature& one) {
          return one.name == name && has(cpu, one);
        }))
      continue;
    names.append(names.empty() ? "" : ", ").append(name);
  }
  return names;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
