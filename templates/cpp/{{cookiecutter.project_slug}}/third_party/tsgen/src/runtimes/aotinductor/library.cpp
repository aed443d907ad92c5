// SPDX-License-Identifier: 0BSD
#include "runtimes/aotinductor/library.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

#include "runtimes/aotinductor/needs.hpp"
#include "runtimes/aotinductor/section.hpp"

#if defined(_WIN32)
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

constexpr auto build_hint = "give the library that the project's build makes of model/: model.so";

#if defined(_WIN32)

// Without a box that waits for a click, and with the libraries beside it.
void* open(const std::filesystem::path& file, std::string& why) {
  const auto handle = LoadLibraryExW(file.c_str(), nullptr, LOAD_WITH_ALTERED_SEARCH_PATH);
  if (handle == nullptr) why = "Windows error " + std::to_string(GetLastError());
  return reinterpret_cast<void*>(handle);
}

void* find(void* handle, const char* name) {
  return reinterpret_cast<void*>(GetProcAddress(static_cast<HMODULE>(handle), name));
}

#else

void* open(const std::filesystem::path& file, std::string& why) {
  // Local: each compiled model has functions of the same names.
  void* const handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  // NOLINTNEXTLINE(concurrency-mt-unsafe): each thread has its own in every C library of today
  if (handle == nullptr) why = dlerror();
  return handle;
}

void* find(void* handle, const char* name) { return dlsym(handle, name); }

#endif

using Bytes = std::array<unsigned char, 64>;

Bytes first_bytes(const Source& source) {
  Bytes bytes{};
  source.open()->read(reinterpret_cast<char*>(bytes.data()), bytes.size());
  return bytes;
}

/// Opening a library runs code in it.
bool is_library(const Bytes& bytes) {
  const auto a = bytes[0];
  const auto b = bytes[1];
  const auto c = bytes[2];
  const auto d = bytes[3];
  const bool elf = a == 0x7f && b == 'E' && c == 'L' && d == 'F';
  const bool mach_o = (a == 0xcf || a == 0xca) && b == 0xfa && c == 0xed && d == 0xfe;
  return elf || mach_o || (a == 'M' && b == 'Z');
}

std::uint64_t number(const Bytes& bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (auto i = size; i-- > 0;) value = value << 8 | bytes[at + i];
  return value;
}

/// A library of which the end is missing ends the process that opens it. What comes last in ELF of
/// 64 bits is the table that its header names.
bool is_cut_off(const Bytes& bytes, std::uint64_t size) {
  constexpr unsigned char bits_64 = 2;
  constexpr unsigned char little_endian = 1;
  if (bytes[0] != 0x7f || bytes[4] != bits_64 || bytes[5] != little_endian) return size < 64;
  return number(bytes, 0x28, 8) + number(bytes, 0x3a, 2) * number(bytes, 0x3c, 2) > size;
}

}  // namespace

Library::Library(const Source& source) : subject_(source.subject()) {
  if (source.in_memory())
    throw Error(subject_ + " cannot be loaded: a compiled model is a library, which is a file",
                "give its path; --runtime torchscript loads models from memory");
  check_readable(source);
  const auto bytes = first_bytes(source);
  if (!is_library(bytes)) throw Error(subject_ + " is not a compiled model", build_hint);
  std::error_code failed;
  if (is_cut_off(bytes, std::filesystem::file_size(source.file(), failed)))
    throw Error(subject_ + " is truncated: its end is missing", "build the project again");
  // Of a library that was compiled elsewhere: opening it would run code for another CPU.
  if (auto text = section(source, ".tsgen")) {
    require_fit(subject_, *text, this_cpu());
    signature_ = std::move(*text);
  }
  std::string why;
  handle_ = open(std::filesystem::absolute(source.file(), failed), why);
  if (handle_ == nullptr)
    throw Error(subject_ + " cannot be loaded: " + why,
                "build it with this program, on this machine: tsgen build does");
}

std::string_view Library::signature() const {
  if (!signature_.empty()) return signature_;
  const auto* const begin = function<const char*()>("tsgen_signature")();
  const auto* const end = function<const char*()>("tsgen_signature_end")();
  return {begin, static_cast<std::size_t>(end - begin)};
}

void* Library::symbol(const char* name) const {
  void* const found = find(handle_, name);
  if (found == nullptr)
    throw Error(subject_ + " is a library, and no compiled model of tsgen's: it has no " + name,
                build_hint);
  return found;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
