#include "program/run.hpp"

#include "program/inputs.hpp"
#include "program/output.hpp"
#include "runtime/utf8.hpp"

namespace {{ cookiecutter.__identifier }} {

RunReport run(const Runtime& runtime, const std::filesystem::path& model, const Options& options) {
  const auto& signature = runtime.signature();
  const auto outputs = runtime.run(make_inputs(options, signature));
  if (options.output) write_outputs(*options.output, signature, outputs);
  RunReport report{to_utf8(model), options.device, thread_count(), {}};
  for (std::size_t i = 0; i < outputs.size(); ++i)
    report.outputs.push_back({signature.outputs[i].name, outputs[i]});
  return report;
}

}  // namespace {{ cookiecutter.__identifier }}
