#include "{{ cookiecutter.project_slug }}/signature.hpp"

#include <algorithm>
#include <optional>

#include "{{ cookiecutter.project_slug }}/error.hpp"

#include "runtime/text.hpp"

namespace {{ cookiecutter.__identifier }} {
namespace {

using Fields = std::vector<std::string_view>;

constexpr std::string_view unreserved =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
constexpr std::string_view hex_digits = "0123456789ABCDEF";

[[noreturn]] void fail(const std::string& problem) {
  throw Error("the signature inside the model cannot be read: " + problem,
              "export the model again with tsgen");
}

const std::string_view& field(const Fields& fields, std::size_t index) {
  if (index >= fields.size()) fail("a line \"" + std::string(fields.front()) + "\" is too short");
  return fields[index];
}

/// [A-Za-z_][A-Za-z0-9_]*
bool is_identifier(std::string_view text) {
  constexpr auto allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

Dimension parse_dimension(std::string_view text) {
  const auto size = parse_integer(text);
  if (size && *size >= 0) return {"", *size};
  if (!is_identifier(text)) fail("\"" + std::string(text) + "\" is neither a size nor a name");
  return {std::string(text), 0};
}

Leaf parse_leaf(const Fields& fields) {
  const auto dtype = dtype_from(field(fields, 2));
  if (!dtype) fail("unknown dtype \"" + std::string(fields[2]) + "\"");
  const auto dims = field(fields, 3);
  Leaf leaf{decode_name(field(fields, 1)), *dtype, {}, dims == "?"};
  if (dims.empty() || leaf.any_shape) return leaf;
  for (const auto part : split(dims, ',')) leaf.shape.push_back(parse_dimension(part));
  return leaf;
}

NamedSize parse_named_size(const Fields& fields) {
  const auto size = parse_integer(field(fields, 2));
  if (!size || *size < 0) fail("the size of dimension " + std::string(fields[1]) + " is no number");
  return {std::string(fields[1]), *size};
}

void read_line(const Fields& fields, Signature& signature) {
  const auto kind = fields.front();
  if (kind == "model") signature.model = field(fields, 1);
  if (kind == "method") signature.method = field(fields, 1);
  if (kind == "torch") signature.torch_version = field(fields, 1);
  if (kind == "dim") signature.dims.push_back(parse_named_size(fields));
  if (kind == "input") signature.inputs.push_back(parse_leaf(fields));
  if (kind == "output") signature.outputs.push_back(parse_leaf(fields));
}

void require_format(std::string_view line) {
  const auto fields = split(line, '\t');
  if (fields.front() != "tsgen-signature") fail("it does not begin with \"tsgen-signature\"");
  const auto format = field(fields, 1);
  if (format != "1") fail("it has format " + std::string(format) + ", this program reads format 1");
}

void require_known_sizes(const Signature& signature) {
  for (const auto& input : signature.inputs)
    if (!input.any_shape) example_shape(input, signature);
}

std::string join_dims(const Leaf& leaf) {
  std::string text = leaf.any_shape ? "?" : "";
  for (const auto& dim : leaf.shape) {
    if (!text.empty()) text += ',';
    text += dim.is_fixed() ? std::to_string(dim.size) : dim.name;
  }
  return text;
}

std::string leaf_line(std::string_view kind, const Leaf& leaf) {
  return std::string(kind) + '\t' + encode_name(leaf.name) + '\t' +
         std::string(to_string(leaf.dtype)) + '\t' + join_dims(leaf) + '\n';
}

}  // namespace

Signature parse_signature(std::string_view text) {
  const auto lines = split_lines(text);
  require_format(lines.front());
  Signature signature;
  for (const auto line : lines) read_line(split(line, '\t'), signature);
  require_known_sizes(signature);
  return signature;
}

std::string describe(const Leaf& leaf) {
  return std::string(to_string(leaf.dtype)) + '[' + join_dims(leaf) + ']';
}

std::string leaf_lines(const Signature& signature) {
  std::string lines;
  for (const auto& leaf : signature.inputs) lines += leaf_line("input", leaf);
  for (const auto& leaf : signature.outputs) lines += leaf_line("output", leaf);
  return lines;
}

Shape example_shape(const Leaf& input, const Signature& signature) {
  if (input.any_shape)
    throw Error("input " + input.name + " may have any shape, so there is no example of it",
                "give one with --input " + input.name + "=FILE.npy");
  Shape shape;
  for (const auto& dim : input.shape) {
    const auto named = std::find_if(signature.dims.begin(), signature.dims.end(),
                                    [&](const NamedSize& size) { return size.name == dim.name; });
    if (!dim.is_fixed() && named == signature.dims.end())
      fail("dimension " + dim.name + " of input " + input.name + " has no example size");
    shape.push_back(dim.is_fixed() ? dim.size : named->size);
  }
  return shape;
}

std::string encode_name(std::string_view name) {
  std::string encoded;
  for (const char c : name) {
    if (unreserved.find(c) != std::string_view::npos) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += {'%', hex_digits[byte >> 4U], hex_digits[byte & 15U]};
  }
  return encoded;
}

std::string decode_name(std::string_view encoded) {
  std::string name;
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] != '%') {
      name += encoded[i];
      continue;
    }
    const auto high = hex_digits.find(i + 2 < encoded.size() ? encoded[i + 1] : '%');
    const auto low = hex_digits.find(i + 2 < encoded.size() ? encoded[i + 2] : '%');
    if (high == std::string_view::npos || low == std::string_view::npos)
      fail("\"" + std::string(encoded) + "\" is not an encoded name");
    name += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return name;
}

}  // namespace {{ cookiecutter.__identifier }}
