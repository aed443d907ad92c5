#include "program/run.hpp"

#include "program/inputs.hpp"
#include "program/output.hpp"
#include "runtime/utf8.hpp"

namespace {{ cookiecutter.__identifier }} {

RunReport run(const Runtime& runtime, const std::filesystem::path& model, const Options& options) {
  const auto& entry = runtime.signature().forward();
  auto outputs = runtime.run(make_inputs(options, entry));
  if (options.output) write_outputs(*options.output, outputs);
  return {to_utf8(model), options.device, thread_count(), std::move(outputs), entry.output};
}

bool is_text(const Node& output, const std::string& name) {
  if (output.is_leaf()) return output.kind == Kind::string;
  const std::vector<Node> roots = {output};
  const auto* const node = find_node(roots, '.' + name);  // the root's own name is empty
  return node != nullptr && node->kind == Kind::string;
}

}  // namespace {{ cookiecutter.__identifier }}
