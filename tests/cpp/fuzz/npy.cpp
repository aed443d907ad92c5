#include "runner/npy.hpp"

#include <cstring>
#include <sstream>

#include "fuzz/target.hpp"

#include "runner/npy_header.hpp"

namespace {

tsgen::Tensor read(const std::string& bytes) {
  std::istringstream stream(bytes);
  return tsgen::read_npy(stream, bytes.size());
}

bool same(const tsgen::Tensor& one, const tsgen::Tensor& other) {
  return one.dtype() == other.dtype() && one.shape() == other.shape() &&
         (one.bytes() == 0 || std::memcmp(one.data(), other.data(), one.bytes()) == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::feed(data, size, [](std::string_view bytes) {
    const auto tensor = read(std::string(bytes));
    auto written = tsgen::npy_preamble(tensor.dtype(), tensor.shape());
    written.append(static_cast<const char*>(tensor.data()), tensor.bytes());
    fuzz::require(same(tensor, read(written)), "what was read is written and read again");
  });
}
