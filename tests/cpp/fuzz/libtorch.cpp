#include <string>

#include "fuzz/target.hpp"
#include "tsgen/model.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::feed(data, size, [](std::string_view bytes) {
    const tsgen::Model model(tsgen::ModelBytes{bytes.data(), bytes.size()});
    fuzz::require(!model.signature().entries.empty(), "a model can be called");
  });
}
