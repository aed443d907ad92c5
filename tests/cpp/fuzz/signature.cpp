#include "tsgen/signature.hpp"

#include "fuzz/target.hpp"
#include "tsgen/example.hpp"

#include "core/bind.hpp"
#include "runner/report/json.hpp"
#include "runner/report/text.hpp"

namespace {

bool can_be_made(const tsgen::Node& node, const tsgen::Entry& entry) {
  const bool small =
      node.kind != tsgen::Kind::tensor ||
      (!node.any_shape && tsgen::element_count(tsgen::example_shape(node, entry)) < 1000);
  for (const auto& child : node.children)
    if (!can_be_made(child, entry)) return false;
  return small;
}

void call_with_ones(const tsgen::Entry& entry) {
  for (const auto& input : entry.inputs)
    if (!can_be_made(input, entry)) return;
  tsgen::bind(entry, tsgen::ones(entry), false);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::feed(data, size, [](std::string_view text) {
    const auto signature = tsgen::parse_signature(text);
    fuzz::require(tsgen::decode_name(tsgen::encode_name(signature.model)) == signature.model,
                  "a name is encoded and decoded");
    const tsgen::InfoReport report{"", signature, "", {}};
    fuzz::require(!tsgen::to_text(report).empty() && !tsgen::to_json(report).empty(), "a report");
    for (const auto& entry : signature.entries) call_with_ones(entry);
  });
}
