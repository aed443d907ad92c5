// SPDX-License-Identifier: 0BSD
#include "runtimes/aotinductor/needs.hpp"

#include "tsgen/device.hpp"
#include "tsgen/error.hpp"

#include "core/text.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

constexpr auto elsewhere_hint =
    "export the model on a machine of this kind, or without --packaged: its C++ is then compiled "
    "for any";

std::string_view public_version(std::string_view version) {
  return version.substr(0, version.find('+'));
}

// needs <machine> <instruction set, in PyTorch's words> <features of the CPU>
void require_cpu(const std::string& subject, const std::vector<std::string_view>& fields,
                 const Cpu& cpu) {
  if (fields.size() < 4) throw Error(subject + " does not say what CPU it needs", elsewhere_hint);
  if (fields[1] != this_machine())
    throw Error(subject + " was compiled for " + std::string(fields[1]) + ", and this is " +
                    std::string(this_machine()),
                elsewhere_hint);
  const auto lacks = missing(fields[3], cpu);
  if (!lacks.empty())
    throw Error(subject + " was compiled for CPUs with " + std::string(fields[2]) +
                    ", and this CPU has no " + lacks,
                elsewhere_hint);
}

void require_libtorch(const std::string& subject, std::string_view version) {
  const auto here = libtorch_version();
  if (public_version(version) != public_version(here))
    throw Error(subject + " was compiled for LibTorch " + std::string(public_version(version)) +
                    ", and this program has " + here,
                "build the program with that LibTorch, or export the model again with torch " +
                    std::string(public_version(here)));
}

}  // namespace

void require_fit(const std::string& subject, std::string_view text, const Cpu& cpu) {
  for (const auto line : split_lines(text)) {
    const auto fields = split(line, '\t');
    if (fields[0] == "needs") require_cpu(subject, fields, cpu);
    if (fields[0] == "torch" && fields.size() > 1) require_libtorch(subject, fields[1]);
  }
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
