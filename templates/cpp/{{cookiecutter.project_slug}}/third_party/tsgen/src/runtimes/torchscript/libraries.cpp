// SPDX-License-Identifier: 0BSD
#include "runtimes/torchscript/libraries.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <mutex>
#include <system_error>

#include "tsgen/error.hpp"

#include "core/shared_library.hpp"
#include "core/utf8.hpp"
#include "runtimes/torchscript/registered.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

namespace fs = std::filesystem;

// An empty library in the place of the one that ties LibTorch to Python: torchvision's operators
// were linked with it, and use nothing of it.
constexpr auto stand_in = "libtorch_python.so";

/// What a file holds, to tell whether another is a copy of it.
struct Content {
  std::uintmax_t bytes = 0;
  std::uint64_t hash = 0;

  bool operator==(const Content& other) const { return bytes == other.bytes && hash == other.hash; }
};

struct Opened {
  fs::path file;
  Content content;  // the file itself may be gone by now
  OperatorLibrary library;
};

/// FNV-1a, which is quick and tells copies from other builds. Of what cannot be read, of nothing.
Content content_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::vector<char> block(std::size_t{1} << 16);
  Content content{0, 14695981039346656037U};
  while (stream.read(block.data(), static_cast<std::streamsize>(block.size())),
         stream.gcount() > 0) {
    const auto count = stream.gcount();
    content.bytes += static_cast<std::uintmax_t>(count);
    for (std::streamsize index = 0; index < count; ++index)
      content.hash =
          (content.hash ^ static_cast<unsigned char>(block[static_cast<std::size_t>(index)])) *
          1099511628211U;
  }
  return content;
}

/// Also one that another part of the process has opened, with a copy of this library of its own.
bool is_copy_of_loaded(const fs::path& file, const Content& content) {
  const auto files = loaded_libraries();
  return std::any_of(files.begin(), files.end(), [&](const fs::path& loaded) {
    std::error_code failed;
    if (fs::equivalent(loaded, file, failed)) return true;
    return fs::file_size(loaded, failed) == content.bytes && content_of(loaded) == content;
  });
}

std::string subject_of(const fs::path& file) {
  return "the model's operators are in " + to_utf8(file);
}

void open(const fs::path& file) {
  std::error_code failed;
  if (!fs::exists(file, failed))
    throw Error(subject_of(file) + ", which does not exist",
                "keep the folder ops/ beside the model, as tsgen build makes it");
  if (const auto reason = open_library_file(file); !reason.empty())
    throw Error(subject_of(file) + ", which cannot be loaded: " + reason,
                "build it for this LibTorch and this machine: tsgen build does");
}

std::vector<std::string> operators_of(const OperatorLibrary& library) {
  auto names = library.calls;
  names.insert(names.end(), library.registers.begin(), library.registers.end());
  return names;
}

bool share_operators(const OperatorLibrary& one, const OperatorLibrary& other) {
  const auto names = operators_of(other);
  const auto mine = operators_of(one);
  return std::any_of(mine.begin(), mine.end(), [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  });
}

/// Another model was proven with another build of it, and only one can be in the process.
[[noreturn]] void refuse_second(const fs::path& file, const fs::path& first) {
  throw Error(subject_of(file) +
                  ", and another model has loaded the same operators of another build, " +
                  to_utf8(first),
              "export both models with the same library, or load them in two processes");
}

[[noreturn]] void refuse_part(const fs::path& file, const std::string& here,
                              const std::string& lacking) {
  throw Error(
      subject_of(file) + "; this program has " + here + " from elsewhere, but not " + lacking +
          ", and they cannot be loaded beside one another",
      "link the program with the version of the library that the model was exported with, or with none");
}

/// Whether what the program itself has, linked or loaded, makes the library superfluous.
bool is_provided(const fs::path& file, const OperatorLibrary& library) {
  const auto names = operators_of(library);
  const auto here = std::find_if(names.begin(), names.end(), is_registered);
  if (here == names.end()) return false;
  const auto lacking = std::find_if_not(library.calls.begin(), library.calls.end(), is_registered);
  if (lacking != library.calls.end()) refuse_part(file, *here, *lacking);
  return true;
}

class Libraries {
 public:
  void open_once(const fs::path& file, const OperatorLibrary& library) {
    const auto content = content_of(file);
    if (is_here(file, content, library) || is_provided(file, library)) return;
    open(file);
    opened_.push_back({file, content, library});
  }

 private:
  bool is_here(const fs::path& file, const Content& content, const OperatorLibrary& library) const {
    for (const auto& opened : opened_)
      if (opened.content == content) return true;
    if (is_copy_of_loaded(file, content)) return true;
    for (const auto& opened : opened_)
      if (share_operators(opened.library, library)) refuse_second(file, opened.file);
    // Of what registers no operator that is known, the name has to do.
    return operators_of(library).empty() && is_loaded(to_utf8(file.filename()));
  }

  std::vector<Opened> opened_;
};

}  // namespace

void open_operator_libraries(const fs::path& folder,
                             const std::vector<OperatorLibrary>& libraries) {
  static std::mutex one_at_a_time;
  static Libraries of_the_process;
  const std::lock_guard<std::mutex> turn(one_at_a_time);
  std::error_code failed;
  const auto place = fs::absolute(folder, failed);  // the loader must find it from any folder
  if (!libraries.empty() && fs::exists(place / stand_in, failed) && !is_loaded(stand_in))
    open(place / stand_in);
  for (const auto& library : libraries) of_the_process.open_once(place / library.file, library);
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
