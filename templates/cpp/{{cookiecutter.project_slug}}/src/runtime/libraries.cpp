#include "runtime/libraries.hpp"

#include <system_error>

#include "{{ cookiecutter.project_slug }}/error.hpp"

#include "runtime/shared_library.hpp"
#include "runtime/utf8.hpp"

namespace {{ cookiecutter.__identifier }} {
namespace {

namespace fs = std::filesystem;

// An empty library in the place of the one that ties LibTorch to Python: torchvision's operators
// were linked with it, and use nothing of it.
constexpr auto stand_in = "libtorch_python.so";

void open(const fs::path& file) {
  std::error_code failed;
  const std::string subject = "the model's operators are in " + to_utf8(file);
  if (!fs::exists(file, failed))
    throw Error(subject + ", which does not exist",
                "keep the folder ops/ beside the model, as tsgen build makes it");
  if (const auto reason = open_library_file(file); !reason.empty())
    throw Error(subject + ", which cannot be loaded: " + reason,
                "build it for this LibTorch and this machine: tsgen build does");
}

}  // namespace

void open_operator_libraries(const fs::path& folder, const std::vector<std::string>& files) {
  std::error_code failed;
  if (!files.empty() && fs::exists(folder / stand_in, failed)) open(folder / stand_in);
  for (const auto& file : files) open(folder / file);
}

}  // namespace {{ cookiecutter.__identifier }}
