#include "program/output.hpp"

#include <system_error>

#include "{{ cookiecutter.project_slug }}/error.hpp"
#include "{{ cookiecutter.project_slug }}/signature.hpp"

#include "program/npy.hpp"
#include "runtime/utf8.hpp"

namespace {{ cookiecutter.__identifier }} {

void write_outputs(const std::filesystem::path& folder, const std::vector<NamedTensor>& outputs) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (!std::filesystem::is_directory(folder))
    throw Error("the output folder " + to_utf8(folder) + " cannot be made: " + failed.message(),
                "give a folder that can be written to with --output");
  for (const auto& output : outputs)
    write_npy(folder / ("output." + encode_name(output.name) + ".npy"), output.tensor);
}

}  // namespace {{ cookiecutter.__identifier }}
