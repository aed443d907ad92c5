// SPDX-License-Identifier: 0BSD
#include "runner/npy.hpp"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <system_error>

#include "tsgen/error.hpp"

#include "core/buffer.hpp"
#include "core/utf8.hpp"
#include "runner/npy_header.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

namespace fs = std::filesystem;

constexpr auto save_hint = "write the file with numpy.save()";

std::ifstream open(const fs::path& path) {
  std::error_code failed;
  const auto status = fs::status(path, failed);
  if (!fs::exists(status)) throw Error("the file does not exist", "check the path");
  if (!fs::is_regular_file(status)) throw Error("it is not a file", "give the path of a .npy file");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error("the file cannot be read", "check its permissions");
  return file;
}

std::string read_bytes(std::istream& file, std::uintmax_t size, std::uintmax_t left) {
  if (size > left) throw Error("the file is truncated inside its header", save_hint);
  std::string bytes(static_cast<std::size_t>(size), '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(size));
  return bytes;
}

std::uint32_t little_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte)
    value = (value << 8U) | static_cast<unsigned char>(*byte);
  return value;
}

/// Leaves the file at its first number; `left` becomes the number of bytes from there on.
NpyHeader read_header(std::istream& file, std::uintmax_t& left) {
  const auto magic = read_bytes(file, std::min<std::uintmax_t>(left, 8), left);
  if (magic.substr(0, 6) != "\x93NUMPY") throw Error("it is not a .npy file", save_hint);
  left -= magic.size();
  const auto major = magic.size() == 8 ? static_cast<int>(magic[6]) : 0;
  if (major < 1 || major > 3)
    throw Error("it has .npy version " + std::to_string(major) + ", expected 1, 2 or 3", save_hint);
  const std::size_t width = major == 1 ? 2 : 4;
  const auto length = little_endian(read_bytes(file, width, left));
  left -= width;
  const auto text = read_bytes(file, length, left);
  left -= length;
  return parse_npy_header(text);
}

/// Before anything is allocated: a lying header must not cost memory.
void check_size(std::uintmax_t wanted, std::uintmax_t found, const std::string& what) {
  if (wanted == found) return;
  throw Error("its header promises " + what + ", " + std::to_string(wanted) + " bytes, but " +
                  std::to_string(found) + " follow",
              "the file is truncated or damaged: " + std::string(save_hint));
}

/// Any other byte in a bool is undefined behaviour in C++.
void normalize_bools(const std::shared_ptr<std::byte>& data, std::size_t count) {
  std::transform(data.get(), data.get() + count, data.get(),
                 [](std::byte byte) { return byte == std::byte{0} ? std::byte{0} : std::byte{1}; });
}

Tensor text_tensor(const std::string& text) {
  auto buffer = make_buffer(text.size());
  std::copy(text.begin(), text.end(), reinterpret_cast<char*>(buffer.get()));
  return Tensor(DType::uint8, {static_cast<std::int64_t>(text.size())}, std::move(buffer));
}

/// What is none, half of a surrogate pair or beyond Unicode, has no UTF-8 either.
char32_t character_of(std::string_view bytes) {
  const auto number = little_endian(bytes);
  if (number > 0x10FFFF || (number >= 0xD800 && number <= 0xDFFF))
    throw Error("its str has a number that is no character: " + std::to_string(number), save_hint);
  return static_cast<char32_t>(number);
}

/// A str as NumPy saves it, numpy.save(file, "text"): four bytes a character, NULs at the end.
Tensor read_text(std::istream& file, std::size_t characters, std::uintmax_t left) {
  check_size(characters * 4, left, "a str of " + std::to_string(characters) + " characters");
  const auto bytes = read_bytes(file, left, left);
  std::string text;
  for (std::size_t i = 0; i < characters; ++i)
    text += utf8_of(character_of(std::string_view(bytes).substr(i * 4, 4)));
  text.resize(text.find_last_not_of('\0') + 1);
  return text_tensor(text);
}

}  // namespace

Tensor read_npy(std::istream& file, std::uintmax_t left) {
  const auto header = read_header(file, left);
  const auto characters = characters_of_descr(header.descr);
  if (characters && header.shape.empty()) return read_text(file, *characters, left);
  const auto dtype = dtype_of_descr(header.descr);
  if (header.fortran_order)
    throw Error("it is in Fortran order, expected C order",
                "save it with numpy.save(file, numpy.ascontiguousarray(array))");
  const auto bytes = element_count(header.shape) * item_size(dtype);
  check_size(bytes, left, describe(dtype, header.shape));
  auto buffer = make_buffer(bytes);
  file.read(reinterpret_cast<char*>(buffer.get()), static_cast<std::streamsize>(bytes));
  if (!file) throw Error("the file cannot be read to its end", "check the disk");
  if (dtype == DType::boolean) normalize_bools(buffer, bytes);
  return Tensor(dtype, header.shape, std::move(buffer));
}

Tensor read_npy(const fs::path& path) {
  try {
    auto file = open(path);
    return read_npy(file, fs::file_size(path));
  } catch (const Error& error) {
    throw Error(to_utf8(path) + ": " + error.what(), error.hint());
  }
}

void write_npy(const fs::path& path, const Tensor& tensor) {
  const auto preamble = npy_preamble(tensor.dtype(), tensor.shape());
  std::ofstream file(path, std::ios::binary);
  file.write(preamble.data(), static_cast<std::streamsize>(preamble.size()));
  file.write(static_cast<const char*>(tensor.data()), static_cast<std::streamsize>(tensor.bytes()));
  file.close();
  if (!file)
    throw Error(to_utf8(path) + ": the file cannot be written",
                "check the folder's permissions and the free space");
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
