// SPDX-License-Identifier: 0BSD
#pragma once

#include <string>
#include <string_view>

#include "tsgen/version.hpp"

#include "runtimes/aotinductor/cpu.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// Throws Error when a library with this text in its section .tsgen cannot run on `cpu`, or is for
/// another LibTorch than this program's: opened, it would end the process or answer anything.
/// `subject` begins the sentence.
void require_fit(const std::string& subject, std::string_view text, const Cpu& cpu);

}  // namespace TSGEN_ABI
}  // namespace tsgen
