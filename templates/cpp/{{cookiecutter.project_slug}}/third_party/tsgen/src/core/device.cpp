// SPDX-License-Identifier: 0BSD
#include "tsgen/device.hpp"

#include <optional>

#include "tsgen/error.hpp"

#include "core/text.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

Device Device::parse(std::string_view text) {
  if (text == "cpu") return {};
  if (text == "cuda") return {Kind::cuda, 0};
  const auto index = text.substr(0, 5) == "cuda:" ? parse_integer(text.substr(5)) : std::nullopt;
  if (index && *index >= 0 && *index < 128) return {Kind::cuda, static_cast<int>(*index)};
  throw Error("there is no device \"" + std::string(text) + "\"",
              "the devices are cpu, cuda and cuda:N");
}

std::string to_string(Device device) {
  return device.kind == Device::Kind::cpu ? "cpu" : "cuda:" + std::to_string(device.index);
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
