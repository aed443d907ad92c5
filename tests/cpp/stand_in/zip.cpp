#include "stand_in/zip.hpp"

namespace stand_in {
namespace {

std::string number(std::uint64_t value, int width) {
  std::string bytes;
  for (int i = 0; i < width; ++i, value >>= 8U) bytes += static_cast<char>(value & 0xFFU);
  return bytes;
}

std::string local_header(const Zipped& file) {
  // As PyTorch writes it, checksum and sizes stand behind the bytes and not in the header.
  return "PK\x03\x04" + number(20, 2) + number(8, 2) + number(file.method, 2) + number(0, 16) +
         number(file.name.size(), 2) + number(5, 2) + file.name + "FB" + number(1, 2) + "Z";
}

std::string entry(const Zipped& file, std::uint64_t at, bool wide) {
  constexpr std::uint64_t elsewhere = 0xFFFFFFFF;
  const auto size = file.size == 0 ? file.content.size() : file.size;
  const auto extra = wide ? number(7, 2) + number(2, 2) + "xx" + number(1, 2) + number(24, 2) +
                                number(size, 8) + number(file.content.size(), 8) + number(at, 8)
                          : "";
  return "PK\x01\x02" + number(0, 6) + number(file.method, 2) + number(0, 4) +
         number(file.checksum, 4) + number(wide ? elsewhere : file.content.size(), 4) +
         number(wide ? elsewhere : size, 4) + number(file.name.size(), 2) +
         number(extra.size(), 2) + number(0, 10) + number(wide ? elsewhere : at, 4) + file.name +
         extra;
}

}  // namespace

std::string zip(const std::vector<Zipped>& files, bool wide, const std::string& comment) {
  std::string archive;
  std::string directory;
  for (const auto& file : files) {
    directory += entry(file, archive.size(), wide);
    archive += local_header(file) + file.content;
  }
  const auto begin = archive.size();
  const auto count = files.size();
  archive += directory;
  if (wide) {
    const auto end = archive.size();
    archive += "PK\x06\x06" + number(44, 8) + number(0, 12) + number(count, 8) + number(count, 8) +
               number(directory.size(), 8) + number(begin, 8);
    archive += "PK\x06\x07" + number(0, 4) + number(end, 8) + number(1, 4);
  }
  return archive + "PK\x05\x06" + number(0, 4) + number(count, 2) + number(count, 2) +
         number(directory.size(), 4) + number(begin, 4) + number(comment.size(), 2) + comment;
}

}  // namespace stand_in
