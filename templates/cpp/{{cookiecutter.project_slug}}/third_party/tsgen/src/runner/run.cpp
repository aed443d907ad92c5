// SPDX-License-Identifier: 0BSD
#include "runner/run.hpp"

#include "core/utf8.hpp"
#include "runner/inputs.hpp"
#include "runner/output.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

RunReport run(const Model& model, const std::filesystem::path& file, const Options& options) {
  const auto& entry = model.signature().forward();
  auto outputs = model.run(make_inputs(options, entry));
  if (options.output) write_outputs(*options.output, outputs);
  return {to_utf8(file), options.device, thread_count(), std::move(outputs), entry.output};
}

bool is_text(const Node& output, const std::string& name) {
  if (output.is_leaf()) return output.kind == Kind::string;
  const std::vector<Node> roots = {output};
  const auto* const node = find_node(roots, '.' + name);  // the root's own name is empty
  return node != nullptr && node->kind == Kind::string;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
