// SPDX-License-Identifier: 0BSD
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/source.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// The content of the section of that name in an ELF file of 64 bits, read as data: nothing of the
/// library runs. Nothing where there is no such section, in another kind of file and in a broken one.
std::optional<std::string> section(const Source& source, std::string_view name);

}  // namespace TSGEN_ABI
}  // namespace tsgen
