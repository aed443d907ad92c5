// SPDX-License-Identifier: 0BSD
#include "runtimes/torchscript/model_file.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <istream>
#include <memory>
#include <string>

#include "core/utf8.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

constexpr auto export_hint =
    "export it from Python with tsgen, or with torch.jit.trace or torch.jit.script and .save()";

constexpr auto again_hint = "copy the model again, or export it again with tsgen";

std::string first_bytes(const Source& source) {
  const auto stream = source.open();
  std::array<char, 4> bytes{};
  stream->read(bytes.data(), bytes.size());
  return std::string(bytes.data(), static_cast<std::size_t>(stream->gcount()));
}

bool contains_any(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
    return text.find(part) != std::string_view::npos;
  });
}

}  // namespace

void check_model_file(const Source& source) {
  check_readable(source);
  if (first_bytes(source) != "PK\x03\x04")
    throw Error(source.subject() + " is not a TorchScript file: it is not a zip archive",
                export_hint);
}

Error damaged(const Source& source, const std::string& why) {
  return Error(source.subject() + " is truncated or damaged: " + why, again_hint);
}

Error load_error(const Source& source, std::string_view reason) {
  const auto subject = source.subject();
  if (contains_any(reason, {"central directory", "not a ZIP archive", "reader failed: "}))
    return damaged(source, "its zip archive cannot be read");
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

Error no_signature(const Source& source) {
  const auto file = source.in_memory() ? "MODEL" : to_utf8(source.file().filename());
  return Error(source.subject() + " is TorchScript without a signature: tsgen did not export it",
               "run: tsgen export " + file + " -o DIR, and use that model.pt");
}

Signature signature_of(const Source& source, std::string_view text) {
  try {
    return parse_signature(text);
  } catch (const Error& error) {
    throw Error(source.subject() + ": " + error.what(), error.hint());
  }
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
