// SPDX-License-Identifier: 0BSD
#include "runner/cases.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>

#include "tsgen/error.hpp"

#include "core/text.hpp"
#include "core/utf8.hpp"
#include "runner/npy.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

namespace fs = std::filesystem;
using Fields = std::vector<std::string_view>;

constexpr auto export_hint = "export the model again: tsgen build writes the cases";

[[noreturn]] void fail(const std::string& problem) {
  throw Error("the index of the cases cannot be read: " + problem, export_hint);
}

std::string_view field(const Fields& fields, std::size_t index) {
  if (index >= fields.size()) fail("a line \"" + std::string(fields.front()) + "\" is too short");
  return fields[index];
}

/// Names become folders: nothing may lead out of the cases' own.
std::string parse_name(std::string_view name) {
  constexpr auto allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  if (name.empty() || name[0] == '.' || name.find_first_not_of(allowed) != std::string_view::npos)
    fail("\"" + std::string(name) + "\" is no name of a case");
  return std::string(name);
}

void read_tolerance(const Fields& fields, CaseIndex& index) {
  const auto dtype = dtype_from(field(fields, 1));
  const auto relative = parse_real(field(fields, 2));
  const auto absolute = parse_real(field(fields, 3));
  // Written so that a NaN is refused: it would let everything pass or nothing.
  if (!dtype || !relative || !absolute || !(*relative >= 0) || !(*absolute >= 0))
    fail("a tolerance is not a dtype and two numbers");
  index.tolerances[*dtype] = {*relative, *absolute};
}

void read_floor(const Fields& fields, CaseIndex& index) {
  const auto floor = parse_real(field(fields, 3));
  if (!floor || !(*floor >= 0)) fail("a noise floor is not a method, an output and a number");
  index.floors[{std::string(field(fields, 1)), decode_name(field(fields, 2))}] = *floor;
}

int parse_threads(std::string_view text) {
  const auto threads = parse_integer(text);
  if (!threads || *threads < 1 || *threads > 1'000'000) fail("the number of threads is wrong");
  return static_cast<int>(*threads);
}

CaseName parse_case(const Fields& fields) {
  CaseName one{parse_name(field(fields, 1)), "forward"};
  if (fields.size() > 2 && !fields[2].empty()) one.method = fields[2];
  return one;
}

void read_line(const Fields& fields, CaseIndex& index) {
  const auto kind = fields.front();
  if (kind == "torch") index.torch_version = field(fields, 1);
  if (kind == "cpu") index.cpu = field(fields, 1);
  if (kind == "threads") index.threads = parse_threads(field(fields, 1));
  if (kind == "exact") index.exact = field(fields, 1) == "true";
  if (kind == "tolerance") read_tolerance(fields, index);
  if (kind == "floor") read_floor(fields, index);
  if (kind == "sequence") index.sequence = field(fields, 1) == "true";
  if (kind == "case") index.cases.push_back(parse_case(fields));
}

void require_format(std::string_view line) {
  const auto fields = split(line, '\t');
  if (fields.front() != "tsgen-cases") fail("it does not begin with \"tsgen-cases\"");
  const auto format = field(fields, 1);
  if (format != "1") fail("it has format " + std::string(format) + ", this program reads format 1");
}

/// The files KIND.NAME.npy of a case say which leaves it has.
std::vector<NamedTensor> read_leaves(const fs::path& folder, const std::string& kind) {
  std::vector<NamedTensor> leaves;
  for (const auto& file : fs::directory_iterator(folder)) {
    const auto stem = to_utf8(file.path().stem());
    if (file.path().extension() != ".npy" || stem.substr(0, kind.size() + 1) != kind + '.')
      continue;
    leaves.push_back({decode_name(stem.substr(kind.size() + 1)), read_npy(file.path())});
  }
  // A folder has no order; the same one makes the same report everywhere.
  std::sort(leaves.begin(), leaves.end(),
            [](const NamedTensor& a, const NamedTensor& b) { return a.name < b.name; });
  return leaves;
}

/// Python must have saved every output that each call has.
void require_leaves(const Node& node, const std::vector<NamedTensor>& outputs) {
  if (node.optional || node.kind == Kind::list) return;
  const auto found = std::any_of(outputs.begin(), outputs.end(), [&](const NamedTensor& output) {
    return output.name == node.name;
  });
  if (node.is_leaf() && !found)
    throw Error("the file output." + encode_name(node.name) + ".npy does not exist", export_hint);
  for (const auto& child : node.children) require_leaves(child, outputs);
}

}  // namespace

CaseIndex parse_case_index(std::string_view text) {
  const auto lines = split_lines(text);
  require_format(lines.front());
  CaseIndex index;
  for (const auto line : lines) read_line(split(line, '\t'), index);
  if (index.cases.empty()) fail("it lists no case");
  return index;
}

CaseIndex read_case_index(const fs::path& folder) {
  const auto path = folder / "index.tsv";
  std::error_code failed;
  if (!fs::is_regular_file(path, failed))
    throw Error("there are no cases: " + to_utf8(path) + " does not exist",
                "give their folder with --cases DIR, or run tsgen build to export them");
  std::ifstream file(path, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file) throw Error(to_utf8(path) + " cannot be read", "check the file's permissions");
  return parse_case_index(text);
}

Case read_case(const fs::path& folder, const CaseName& name, const Signature& signature) {
  try {
    const auto own = folder / name.name;
    std::error_code failed;
    if (!fs::is_directory(own, failed))
      throw Error("the folder " + to_utf8(own) + " does not exist", export_hint);
    Case saved{name, read_leaves(own, "input"), read_leaves(own, "output"),
               read_leaves(own, "float64")};
    require_leaves(signature.entry(name.method).output, saved.outputs);
    return saved;
  } catch (const Error& error) {
    throw Error("case " + name.name + ": " + error.what(), error.hint());
  }
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
