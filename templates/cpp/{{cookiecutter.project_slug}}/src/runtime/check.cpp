#include "runtime/check.hpp"

#include <algorithm>

#include "runtime/text.hpp"
#include "runtime/utf8.hpp"

namespace {{ cookiecutter.__identifier }} {
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

Error answer_differs(const std::string& what) {
  return Error("the model's answer is not what its signature says: " + what,
               "export the model again; its outputs may depend on the input's values");
}

void check_output(const Node& leaf, const NamedTensor& output) {
  const auto& tensor = output.tensor;
  const bool same_rank = leaf.any_shape || tensor.shape().size() == leaf.shape.size();
  if (tensor.dtype() == leaf.dtype && same_rank) return;
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

}  // namespace {{ cookiecutter.__identifier }}
