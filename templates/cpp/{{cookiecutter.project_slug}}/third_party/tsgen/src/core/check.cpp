// SPDX-License-Identifier: 0BSD
#include "core/check.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "core/utf8.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

using Lines = std::vector<std::string_view>;

[[noreturn]] void reject(const Node& leaf, const NamedTensor& input, const std::string& why) {
  const auto& tensor = input.tensor;
  throw Error("input " + input.name + ": expected " + describe(leaf) + ", got " +
                  describe(tensor.dtype(), tensor.shape()) + ": " + why,
              "give input " + input.name + " as " + describe(leaf) + ", in row-major order");
}

void check_named(const Node& leaf, const NamedTensor& input, std::size_t index, Bounds& bounds) {
  const auto& name = leaf.shape[index].name;
  const auto size = input.tensor.shape()[index];
  const auto bound = std::find_if(bounds.begin(), bounds.end(),
                                  [&](const Bound& one) { return one.dimension == name; });
  if (bound == bounds.end()) return bounds.push_back({name, size, input.name});
  if (bound->size == size) return;
  reject(leaf, input,
         "dimension " + std::to_string(index) + " (" + name + ") must be " +
             std::to_string(bound->size) + ", as in input " + std::string(bound->input));
}

void check_shape(const Node& leaf, const NamedTensor& input, Bounds* bounds) {
  const auto& shape = input.tensor.shape();
  if (shape.size() != leaf.shape.size())
    reject(leaf, input, "the rank must be " + std::to_string(leaf.shape.size()));
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const auto& dim = leaf.shape[i];
    if (dim.is_fixed() && shape[i] != dim.size)
      reject(leaf, input,
             "dimension " + std::to_string(i) + " must be " + std::to_string(dim.size));
    if (!dim.is_fixed() && bounds != nullptr) check_named(leaf, input, i, *bounds);
  }
}

bool has_all(const Node& leaf, const std::vector<NamedSize>& dims) {
  return std::all_of(dims.begin(), dims.end(), [&](const NamedSize& wanted) {
    return std::any_of(leaf.shape.begin(), leaf.shape.end(),
                       [&](const Dimension& one) { return one.name == wanted.name; });
  });
}

bool has_sizes_of(const Node& leaf, const std::vector<std::int64_t>& shape, bool fixed) {
  return std::equal(leaf.shape.begin(), leaf.shape.end(), shape.begin(), shape.end(),
                    [&](const Dimension& dimension, std::int64_t size) {
                      return !fixed || !dimension.is_fixed() || dimension.size == size;
                    });
}

std::string words_of(const SizeRange& range) {
  auto least = "at least " + std::to_string(range.least);
  if (range.largest == SizeRange().largest) return least;
  const auto largest = "at most " + std::to_string(range.largest);
  return range.least == 0 ? largest : least + " and " + largest;
}

/// A line of a signature, for a message.
std::string words_of(const Lines& lines, Lines::const_iterator line) {
  if (line == lines.end() || line->empty()) return "nothing more";
  std::string words(*line);
  std::replace(words.begin(), words.end(), '\t', ' ');
  return words;
}

}  // namespace

void check_leaf(const Node& leaf, const NamedTensor& input, Bounds* bounds) {
  const auto& tensor = input.tensor;
  if (tensor.dtype() != leaf.dtype)
    reject(leaf, input, "the dtype must be " + std::string(to_string(leaf.dtype)));
  const bool text = leaf.kind == Kind::string;
  if (!leaf.any_shape) check_shape(leaf, input, text ? nullptr : bounds);
  if (text && !is_utf8({static_cast<const char*>(tensor.data()), tensor.size()}))
    reject(leaf, input, "the bytes of a str must be UTF-8");
}

void check_ranges(const Entry& entry, const Bounds& bounds) {
  for (const auto& range : entry.ranges) {
    const auto bound = std::find_if(bounds.begin(), bounds.end(),
                                    [&](const Bound& one) { return one.dimension == range.name; });
    if (bound == bounds.end()) continue;
    if (bound->size >= range.least && bound->size <= range.largest) continue;
    throw Error("input " + std::string(bound->input) + ": dimension " + range.name + " must be " +
                    words_of(range) + ", it is " + std::to_string(bound->size),
                "give it another size: the exported model takes no other");
  }
}

Error answer_differs(const std::string& what) {
  return Error("the model's answer is not what its signature says: " + what,
               "export the model again; its outputs may depend on the input's values");
}

void check_output(const Node& leaf, const NamedTensor& output, const std::vector<NamedSize>& dims) {
  const auto& tensor = output.tensor;
  const bool fits = leaf.any_shape || has_sizes_of(leaf, tensor.shape(), has_all(leaf, dims));
  if (tensor.dtype() == leaf.dtype && fits) return;
  throw answer_differs("output " + output.name + ": expected " + describe(leaf) + ", got " +
                       describe(tensor.dtype(), tensor.shape()));
}

void check_same_lines(std::string_view wanted, std::string_view found) {
  if (wanted == found) return;
  const auto expected = split_lines(wanted);
  const auto given = split_lines(found);
  const auto differ = std::mismatch(expected.begin(), expected.end(), given.begin(), given.end());
  throw Error("the model is another one than the typed API was generated for: expected " +
                  words_of(expected, differ.first) + ", got " + words_of(given, differ.second),
              "run tsgen build to bring model.hpp up to date, or load the model it was made for");
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
