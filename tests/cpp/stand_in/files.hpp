#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tsgen/error.hpp"
#include "tsgen/tensor.hpp"

namespace stand_in {

/// A folder that is gone with the test.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// Writes a file, with the folders that it lies in, and gives its path.
  std::filesystem::path write(const std::string& name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

std::string content_of(const std::filesystem::path& file);

/// A tensor of its own memory.
template <typename T>
tsgen::Tensor tensor(const tsgen::Shape& shape, const std::vector<T>& values) {
  const auto owner = std::make_shared<const std::vector<T>>(values);
  return tsgen::Tensor(tsgen::dtype_of<T>, shape,
                       std::shared_ptr<const void>(owner, owner->data()));
}

/// What the action's Error says, hint included; "nothing was thrown" otherwise.
template <typename Action>
std::string refusal(const Action& action) {
  try {
    action();
  } catch (const tsgen::Error& error) {
    return error.what() + std::string(" | ") + error.hint();
  }
  return "nothing was thrown";
}

bool contains(std::string_view text, std::string_view part);

}  // namespace stand_in
