#include "runner/options.hpp"

#include "fuzz/target.hpp"

#include "core/text.hpp"

// The words of a command line, one to a line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::feed(data, size, [](std::string_view text) {
    const auto lines = tsgen::split(text, '\n');
    const auto options = tsgen::parse_options({lines.begin(), lines.end()});
    fuzz::require(!options.threads || *options.threads > 0, "threads are at least one");
    for (const auto& input : options.inputs)
      fuzz::require(!input.first.empty() && !input.second.empty(),
                    "an input has a name and a file");
  });
}
