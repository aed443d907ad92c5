#include "runtime/check.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "{{ cookiecutter.project_slug }}/error.hpp"

#include "runtime/text.hpp"

namespace {{ cookiecutter.__identifier }} {
namespace {

/// A named dimension's size and the input that set it.
struct Bound {
  std::int64_t size;
  const Leaf* input;
};
using Lines = std::vector<std::string_view>;
using Bounds = std::map<std::string, Bound>;

[[noreturn]] void reject(const Leaf& leaf, const Tensor& tensor, const std::string& why) {
  throw Error("input " + leaf.name + ": expected " + describe(leaf) + ", got " +
                  describe(tensor.dtype(), tensor.shape()) + ": " + why,
              "give input " + leaf.name + " as " + describe(leaf) + ", in row-major order");
}

void check_dimension(const Leaf& leaf, const Tensor& tensor, std::size_t index, Bounds& bounds) {
  const auto& dim = leaf.shape[index];
  const auto size = tensor.shape()[index];
  const auto where = "dimension " + std::to_string(index);
  if (dim.is_fixed()) {
    if (size != dim.size) reject(leaf, tensor, where + " must be " + std::to_string(dim.size));
    return;
  }
  const auto& bound = bounds.try_emplace(dim.name, Bound{size, &leaf}).first->second;
  if (bound.size == size) return;
  reject(leaf, tensor,
         where + " (" + dim.name + ") must be " + std::to_string(bound.size) + ", as in input " +
             bound.input->name);
}

void check_input(const Leaf& leaf, const Tensor& tensor, Bounds& bounds) {
  if (tensor.dtype() != leaf.dtype)
    reject(leaf, tensor, "the dtype must be " + std::string(to_string(leaf.dtype)));
  if (!leaf.any_shape && tensor.shape().size() != leaf.shape.size())
    reject(leaf, tensor, "the rank must be " + std::to_string(leaf.shape.size()));
  for (std::size_t i = 0; i < leaf.shape.size(); ++i) check_dimension(leaf, tensor, i, bounds);
}

/// A line of a signature, for a message.
std::string words_of(const Lines& lines, Lines::const_iterator line) {
  if (line == lines.end() || line->empty()) return "nothing more";
  std::string words(*line);
  std::replace(words.begin(), words.end(), '\t', ' ');
  return words;
}

Error answer_differs(const std::string& what) {
  return Error("the model's answer is not what its signature says: " + what,
               "export the model again; its outputs may depend on the input's values");
}

}  // namespace

void check_inputs(const Signature& signature, const std::vector<Tensor>& inputs) {
  const auto wanted = signature.inputs.size();
  if (inputs.size() != wanted)
    throw Error(
        "expected " + std::to_string(wanted) + " inputs, got " + std::to_string(inputs.size()),
        "give one tensor for each input of the signature, in its order");
  Bounds bounds;
  for (std::size_t i = 0; i < wanted; ++i) check_input(signature.inputs[i], inputs[i], bounds);
}

void check_output_count(std::size_t wanted, std::size_t found) {
  if (wanted == found) return;
  throw answer_differs("expected " + std::to_string(wanted) + " outputs, got " +
                       std::to_string(found));
}

void check_output(const Leaf& leaf, const Tensor& output) {
  const bool same_rank = leaf.any_shape || output.shape().size() == leaf.shape.size();
  if (output.dtype() == leaf.dtype && same_rank) return;
  throw answer_differs("output " + leaf.name + ": expected " + describe(leaf) + ", got " +
                       describe(output.dtype(), output.shape()));
}

void check_same_leaves(std::string_view wanted, std::string_view found) {
  if (wanted == found) return;
  const auto expected = split_lines(wanted);
  const auto given = split_lines(found);
  const auto differ = std::mismatch(expected.begin(), expected.end(), given.begin(), given.end());
  throw Error("the model is another one than the typed API was generated for: expected " +
                  words_of(expected, differ.first) + ", got " + words_of(given, differ.second),
              "run tsgen build to bring model.hpp up to date, or load the model it was made for");
}

}  // namespace {{ cookiecutter.__identifier }}
