#include "runtimes/torchscript/archive.hpp"

#include "fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::feed(data, size, [&](std::string_view bytes) {
    for (const auto& record :
         tsgen::check_archive(tsgen::Source(tsgen::ModelBytes{bytes.data(), bytes.size()}))) {
      fuzz::require(record.compressed, "only what is compressed is left to others");
      fuzz::require(record.begin + record.bytes <= size, "a record lies inside the archive");
      fuzz::require(record.size / 1032 <= record.bytes, "a record is as large as it can be");
    }
  });
}
