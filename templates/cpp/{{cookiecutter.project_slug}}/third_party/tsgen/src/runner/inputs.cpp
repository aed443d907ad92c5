// SPDX-License-Identifier: 0BSD
#include "runner/inputs.hpp"

#include <algorithm>
#include <string>

#include "core/example.hpp"
#include "runner/npy.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

/// Whether the input at the path, or a part of it, is there.
bool is_given(const std::vector<NamedTensor>& inputs, const std::string& path) {
  return std::any_of(inputs.begin(), inputs.end(), [&](const NamedTensor& input) {
    return input.name == path || input.name.compare(0, path.size() + 1, path + '.') == 0;
  });
}

/// What is not given of the node, as far as Python has a default for it.
void append_defaults(const Node& node, const std::string& path, std::vector<NamedTensor>& inputs) {
  const bool given = is_given(inputs, path);
  if (node.default_value && !given) inputs.push_back({path, default_of(node)});
  if (node.optional && !given) return;
  for (const auto& child : node.children) {
    if (node.kind != Kind::list) {
      append_defaults(child, path + '.' + std::string(child.key()), inputs);
      continue;
    }
    for (int i = 0; is_given(inputs, path + '.' + std::to_string(i)); ++i)
      append_defaults(child, path + '.' + std::to_string(i), inputs);
  }
}

Tensor read_input(const std::string& name, const std::filesystem::path& file) {
  try {
    return read_npy(file);
  } catch (const Error& error) {
    throw Error("input " + name + ": " + error.what(), error.hint());
  }
}

}  // namespace

std::vector<NamedTensor> make_inputs(const Options& options, const Entry& entry) {
  std::vector<NamedTensor> inputs;
  for (const auto& [name, file] : options.inputs) inputs.push_back({name, read_input(name, file)});
  if (inputs.empty()) return ones(entry);
  for (const auto& root : entry.inputs) append_defaults(root, root.name, inputs);
  return inputs;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
