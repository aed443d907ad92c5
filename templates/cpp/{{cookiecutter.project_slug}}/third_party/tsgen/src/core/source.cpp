// SPDX-License-Identifier: 0BSD
#include "core/source.hpp"

#include <fstream>
#include <streambuf>
#include <system_error>

#include "tsgen/error.hpp"

#include "core/utf8.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

/// Reads memory that it does not own, without a copy.
class MemoryBuffer : public std::streambuf {
 public:
  explicit MemoryBuffer(ModelBytes bytes) {
    // std::streambuf has no reading area of const memory; nothing here writes to it.
    auto* const begin = static_cast<char*>(const_cast<void*>(bytes.data));
    setg(begin, begin, begin + bytes.size);
  }

 protected:
  pos_type seekoff(off_type offset, std::ios::seekdir from, std::ios::openmode) override {
    const auto base = from == std::ios::beg   ? off_type(0)
                      : from == std::ios::cur ? off_type(gptr() - eback())
                                              : off_type(egptr() - eback());
    return seekpos(pos_type(base + offset), std::ios::in);
  }
  pos_type seekpos(pos_type position, std::ios::openmode) override {
    const off_type offset = position;
    if (offset < 0 || offset > egptr() - eback()) return pos_type(off_type(-1));
    setg(eback(), eback() + offset, egptr());
    return position;
  }
};

class MemoryStream : private MemoryBuffer, public std::istream {
 public:
  explicit MemoryStream(ModelBytes bytes)
      : MemoryBuffer(bytes), std::istream(static_cast<MemoryBuffer*>(this)) {}
};

constexpr auto path_hint = "give the path of an exported model: model.pt";

void check_file(const Source& source) {
  if (source.file().empty()) throw Error("the model's path is empty", path_hint);
  std::error_code failed;
  const auto status = std::filesystem::status(source.file(), failed);
  if (!std::filesystem::exists(status))
    throw Error(source.subject() + " does not exist", path_hint);
  if (!std::filesystem::is_regular_file(status))
    throw Error(source.subject() + " is not a file", path_hint);
}

}  // namespace

std::string Source::subject() const {
  if (!in_memory_) return "model " + to_utf8(file_);
  return "model in memory (" + std::to_string(bytes_.size) + " bytes)";
}

std::unique_ptr<std::istream> Source::open() const {
  if (in_memory_) return std::make_unique<MemoryStream>(bytes_);
  return std::make_unique<std::ifstream>(file_, std::ios::binary);
}

void check_readable(const Source& source) {
  if (!source.in_memory()) check_file(source);
  const auto stream = source.open();
  if (!*stream) throw Error(source.subject() + " cannot be read", "check the file's permissions");
  if (stream->peek() == std::istream::traits_type::eof())
    throw Error(source.subject() + " is empty", "export or copy the model again");
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
