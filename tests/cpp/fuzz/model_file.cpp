#include <sstream>
#include <string>

#include "fuzz/target.hpp"
#include "tsgen/example.hpp"
#include "tsgen/model.hpp"

// All of a model's way but LibTorch: bytes, their stream, the signature inside, and a call.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::feed(data, size, [](std::string_view bytes) {
    const tsgen::Model model(tsgen::ModelBytes{bytes.data(), bytes.size()});
    std::istringstream stream{std::string(bytes)};
    fuzz::require(tsgen::Model(stream).signature().lines == model.signature().lines,
                  "memory and a stream hold the same model");
    model.require(model.signature().lines);
  });
}
