#include "runner/cases.hpp"

#include "fuzz/target.hpp"

#include "runner/demand.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::feed(data, size, [](std::string_view text) {
    const auto index = tsgen::parse_case_index(text);
    for (const auto& one : index.cases)
      fuzz::require(one.name.find('/') == std::string::npos && one.name != "..",
                    "a case's folder is its own");
    for (const auto& [dtype, tolerance] : index.tolerances)
      fuzz::require(tolerance.relative >= 0 && tolerance.absolute >= 0,
                    "a tolerance is none below zero");
    const auto demand = tsgen::demand_for(index, {});
    fuzz::require(demand.exact == demand.reason.empty(), "what is not exact has a reason");
  });
}
