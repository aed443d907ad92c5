#include <doctest/doctest.h>

#include <sstream>
#include <utility>

#include "stand_in/files.hpp"

#include "runner/npy.hpp"

TEST_SUITE("npy_refusals") {

namespace {

std::string refused(const std::string& bytes) {
  std::istringstream stream(bytes);
  return stand_in::refusal([&] { tsgen::read_npy(stream, bytes.size()); });
}

/// The head of version 1.0 and so many bytes of data.
std::string with_header(const std::string& literal, std::size_t data = 0) {
  const std::string length = {static_cast<char>(literal.size() & 0xFFU),
                              static_cast<char>(literal.size() >> 8U)};
  return std::string("\x93NUMPY\x01\x00", 8) + length + literal + std::string(data, '\0');
}

std::string of(const std::string& descr, const std::string& shape, std::size_t data = 0) {
  return with_header("{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + "}",
                     data);
}

}  // namespace

TEST_CASE("what is no file of numbers") {
  CHECK(stand_in::contains(refused(""), "it is not a .npy file"));
  CHECK(stand_in::contains(refused("PK\x03\x04 and so on"), "it is not a .npy file"));
  CHECK(stand_in::contains(refused("\x93NUMPY"), "it has .npy version 0"));
  CHECK(stand_in::contains(refused("\x93NUMPY\x04."), "it has .npy version 4"));
  CHECK(stand_in::contains(refused("\x93NUMPY\xFF."), "it has .npy version -1"));
}

TEST_CASE("wherever it is cut, it is refused") {
  const auto whole = of("<f4", "(2, 1)", 8);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK(refused(whole.substr(0, size)) != "nothing was thrown");
  }
  CHECK(refused(whole) == "nothing was thrown");
}

TEST_CASE("a header that lies costs no memory") {
  CHECK(
      stand_in::contains(refused(of("<f8", "(1152921504606846975,)", 8)), "too large for memory"));
  CHECK(stand_in::contains(refused(of("<f8", "(4611686018427387904, 4)", 8)),
                           "too large for memory"));
  CHECK(stand_in::contains(
      refused(of("<f8", "(500000000000000000,)", 8)),
      "promises float64[500000000000000000], 4000000000000000000 bytes, but 8 follow"));
  CHECK(stand_in::contains(refused(of("<f4", "(2,)", 9)),
                           "promises float32[2], 8 bytes, but 9 follow"));
  CHECK(stand_in::contains(refused(of("<U268435456", "()", 4)), "a str of 268435456 characters"));
  CHECK(stand_in::contains(refused(std::string("\x93NUMPY\x02\x00\xFF\xFF\xFF\xFF{", 13)),
                           "truncated inside its header"));
}

TEST_CASE("numbers that no tensor has") {
  CHECK(stand_in::contains(refused(of(">f4", "()", 4)), "its numbers are big-endian (>f4)"));
  CHECK(stand_in::contains(refused(of(">U1", "()", 4)), "big-endian"));
  for (const auto* const descr :
       {"<u3", "|O", "<M8[ns]", "<f16", "|S3", "", "f4", "<U5", "<U-1", "<U", "<U268435457"}) {
    CAPTURE(descr);
    CHECK(stand_in::contains(refused(of(descr, "(1,)", 4)), "is none of a tensor's"));
  }
}

TEST_CASE("a str of numbers that are no characters") {
  for (const auto* const character : {"\x01\xD8", "\xFF\xDF"})
    CHECK(stand_in::contains(refused(of("<U1", "()") + character + std::string(2, '\0')),
                             "no character"));
  CHECK(
      stand_in::contains(refused(of("<U1", "()") + std::string("\0\0\x11\0", 4)), "no character"));
  CHECK(stand_in::contains(refused(of("<U1", "()") + "\xFF\xFF\xFF\xFF"), "no character"));
}

TEST_CASE("headers that are not NumPy's") {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"", "expected \"{\""},
      {"{", "expected a word in quotes"},
      {"{}", "does not have the keys"},
      {"{'descr", "it ends too early"},
      {"{'descr'}", "expected \":\""},
      {"{'descr': }", "expected a word in quotes"},
      {"{'descr': '<f4', }", "does not have the keys"},
      {"{'colour': 'blue'}", "unknown key \"colour\""},
      {"{'fortran_order': Maybe}", "expected \"False\""},
      {"{'shape': 3}", "expected \"(\""},
      {"{'shape': (3}", "it ends too early"},
      {"{'shape': (-3,)}", "a dimension is no size"},
      {"{'shape': (3,,)}", "a dimension is no size"},
      {"{'shape': (3 4)}", "a dimension is no size"},
      {"{'shape': (99999999999999999999,)}", "a dimension is no size"},
      {"{'shape': (), 'shape': (), 'shape': ()}", "does not have the keys"},
      {"{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': ()}",
       "does not have the keys"},
  };
  for (const auto& [literal, why] : wrong) {
    CAPTURE(literal);
    const auto said = refused(with_header(literal));
    CHECK_MESSAGE(stand_in::contains(said, why), said);
    CHECK(stand_in::contains(said, " | write the file with numpy.save()"));
  }
}

TEST_CASE("paths that are no file") {
  const stand_in::Folder folder;
  const auto refused_path = [&](const std::string& name) {
    return stand_in::refusal([&] { tsgen::read_npy(folder.path() / name); });
  };
  CHECK(stand_in::contains(refused_path("nothing.npy"), "nothing.npy: the file does not exist"));
  CHECK(stand_in::contains(refused_path("."), "it is not a file"));
  const auto tensor = stand_in::tensor<float>({1}, {1});
  CHECK(stand_in::contains(
      stand_in::refusal([&] { tsgen::write_npy(folder.path() / "no" / "such.npy", tensor); }),
      "such.npy: the file cannot be written"));
}

}  // TEST_SUITE("npy_refusals")
