// SPDX-License-Identifier: 0BSD
#include "runner/output.hpp"

#include <system_error>

#include "tsgen/error.hpp"
#include "tsgen/signature.hpp"

#include "core/utf8.hpp"
#include "runner/npy.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

void write_outputs(const std::filesystem::path& folder, const std::vector<NamedTensor>& outputs) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (!std::filesystem::is_directory(folder))
    throw Error("the output folder " + to_utf8(folder) + " cannot be made: " + failed.message(),
                "give a folder that can be written to with --output");
  for (const auto& output : outputs)
    write_npy(folder / ("output." + encode_name(output.name) + ".npy"), output.tensor);
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
