// SPDX-License-Identifier: 0BSD
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tsgen/signature.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// The kind of a word of the text form.
std::optional<Kind> kind_from(std::string_view word);

/// Where a concrete name is in the tree: an index among the roots, then one for each part of the
/// name. Names in the order of their positions are in preorder. Empty when it names no leaf.
using Position = std::vector<std::size_t>;
Position position_of(const std::vector<Node>& roots, std::string_view name);

/// The index that a part of a name spells: "0", "17", not "00"; nothing for other words.
std::optional<std::size_t> index_from(std::string_view part);

/// "x, mask, images.0, images.1, ...", for a hint.
std::string leaf_names(const std::vector<Node>& roots);

/// Dimensions joined by commas; "?" for any shape, and for each that is open.
std::string join_dims(const Node& node);

}  // namespace TSGEN_ABI
}  // namespace tsgen
