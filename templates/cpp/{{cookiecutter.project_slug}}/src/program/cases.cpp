#include "program/cases.hpp"

#include <fstream>
#include <iterator>
#include <system_error>

#include "{{ cookiecutter.project_slug }}/error.hpp"

#include "program/npy.hpp"
#include "runtime/text.hpp"
#include "runtime/utf8.hpp"

namespace {{ cookiecutter.__identifier }} {
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

int parse_threads(std::string_view text) {
  const auto threads = parse_integer(text);
  if (!threads || *threads < 1 || *threads > 1'000'000) fail("the number of threads is wrong");
  return static_cast<int>(*threads);
}

void read_line(const Fields& fields, CaseIndex& index) {
  const auto kind = fields.front();
  if (kind == "torch") index.torch_version = field(fields, 1);
  if (kind == "cpu") index.cpu = field(fields, 1);
  if (kind == "threads") index.threads = parse_threads(field(fields, 1));
  if (kind == "exact") index.exact = field(fields, 1) == "true";
  if (kind == "tolerance") read_tolerance(fields, index);
  if (kind == "case") index.names.push_back(parse_name(field(fields, 1)));
}

void require_format(std::string_view line) {
  const auto fields = split(line, '\t');
  if (fields.front() != "tsgen-cases") fail("it does not begin with \"tsgen-cases\"");
  const auto format = field(fields, 1);
  if (format != "1") fail("it has format " + std::string(format) + ", this program reads format 1");
}

std::vector<Tensor> read_leaves(const fs::path& folder, const std::string& kind,
                                const std::vector<Leaf>& leaves) {
  std::vector<Tensor> tensors;
  for (const auto& leaf : leaves)
    tensors.push_back(read_npy(folder / (kind + '.' + encode_name(leaf.name) + ".npy")));
  return tensors;
}

}  // namespace

CaseIndex parse_case_index(std::string_view text) {
  const auto lines = split_lines(text);
  require_format(lines.front());
  CaseIndex index;
  for (const auto line : lines) read_line(split(line, '\t'), index);
  if (index.names.empty()) fail("it lists no case");
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

Case read_case(const fs::path& folder, const std::string& name, const Signature& signature) {
  try {
    return {name, read_leaves(folder / name, "input", signature.inputs),
            read_leaves(folder / name, "output", signature.outputs)};
  } catch (const Error& error) {
    throw Error("case " + name + ": " + error.what(), export_hint);
  }
}

}  // namespace {{ cookiecutter.__identifier }}
