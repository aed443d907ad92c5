#include "stand_in/files.hpp"

#include <fstream>
#include <iterator>
#include <random>

namespace stand_in {

namespace fs = std::filesystem;

Folder::Folder() {
  std::random_device random;
  do {
    path_ = fs::temp_directory_path() / ("tsgen-tests-" + std::to_string(random()));
  } while (!fs::create_directories(path_));
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

fs::path Folder::write(const std::string& name, std::string_view content) const {
  const auto file = path_ / name;
  fs::create_directories(file.parent_path());
  std::ofstream stream(file, std::ios::binary);
  stream.write(content.data(), static_cast<std::streamsize>(content.size()));
  return file;
}

std::string content_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace stand_in
