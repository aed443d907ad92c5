#include "runtime/model_file.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <initializer_list>
#include <system_error>

#include "runtime/utf8.hpp"

namespace {{ cookiecutter.__identifier }} {
namespace {

namespace fs = std::filesystem;

constexpr auto export_hint =
    "export it from Python with tsgen, or with torch.jit.trace or torch.jit.script and .save()";

constexpr auto again_hint = "copy the model again, or export it again with tsgen";

std::string begin_of_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, 4> bytes{};
  file.read(bytes.data(), bytes.size());
  if (!file && file.gcount() == 0)
    throw Error("model " + to_utf8(path) + " cannot be read", "check the file's permissions");
  return std::string(bytes.data(), static_cast<std::size_t>(file.gcount()));
}

bool contains_any(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
    return text.find(part) != std::string_view::npos;
  });
}

}  // namespace

void check_model_file(const fs::path& path) {
  const std::string subject = "model " + to_utf8(path);
  std::error_code failed;
  const auto status = fs::status(path, failed);
  if (!fs::exists(status))
    throw Error(subject + " does not exist", "give the path of an exported model: model.pt");
  if (!fs::is_regular_file(status))
    throw Error(subject + " is not a file", "give the path of an exported model: model.pt");
  if (fs::file_size(path, failed) == 0)
    throw Error(subject + " is empty", "export or copy the model again");
  if (begin_of_file(path) != "PK\x03\x04")
    throw Error(subject + " is not a TorchScript file: it is not a zip archive", export_hint);
}

Error load_error(const fs::path& path, std::string_view reason) {
  const std::string subject = "model " + to_utf8(path);
  if (contains_any(reason, {"central directory", "not a ZIP archive", "reader failed: "}))
    return Error(subject + " is truncated or damaged: its zip archive cannot be read", again_hint);
  if (contains_any(reason, {"maximum supported version"}))
    return Error(subject + " was written by a newer PyTorch than this program's LibTorch",
                 "build with a newer LibTorch, or export the model with an older PyTorch");
  if (contains_any(reason, {"constants.pkl", "not in a subdirectory"}))
    return Error(subject +
                     " holds no TorchScript program: weights or a module written by "
                     "torch.save() are not enough",
                 export_hint);
  return Error(subject + " cannot be loaded: " + std::string(reason), again_hint);
}

Error no_signature(const fs::path& path) {
  return Error(
      "model " + to_utf8(path) + " is TorchScript without a signature: tsgen did not export it",
      "run: tsgen export " + to_utf8(path.filename()) + " -o DIR, and use that model.pt");
}

Signature signature_of(const fs::path& path, std::string_view text) {
  try {
    return parse_signature(text);
  } catch (const Error& error) {
    throw Error("model " + to_utf8(path) + ": " + error.what(), error.hint());
  }
}

}  // namespace {{ cookiecutter.__identifier }}
