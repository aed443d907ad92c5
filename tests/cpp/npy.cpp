#include "runner/npy.hpp"

#include <doctest/doctest.h>

#include <complex>
#include <cstring>
#include <sstream>

#include "stand_in/files.hpp"

#include "runner/npy_header.hpp"

TEST_SUITE("npy") {

namespace {

using tsgen::DType;
using tsgen::Shape;
using tsgen::Tensor;

Tensor read(const std::string& bytes) {
  std::istringstream stream(bytes);
  return tsgen::read_npy(stream, bytes.size());
}

/// A file as NumPy writes it, of any version.
std::string npy(const std::string& literal, const std::string& data, char major = 1) {
  auto text = "\x93NUMPY" + std::string{major, '\0'};
  text += static_cast<char>(literal.size() & 0xFFU);
  text += static_cast<char>(literal.size() >> 8U);
  if (major > 1) text += std::string(2, '\0');
  return text + literal + data;
}

std::string literal(const std::string& descr, const std::string& shape) {
  return "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
}

std::string bytes_of(const Tensor& tensor) {
  return std::string(static_cast<const char*>(tensor.data()), tensor.bytes());
}

}  // namespace

TEST_CASE("every dtype goes there and back, whatever its shape") {
  const stand_in::Folder folder;
  const std::vector<unsigned char> bytes(16 * 6, 1);
  for (int number = 0; number <= static_cast<int>(DType::uint64); ++number) {
    for (const auto& shape : std::vector<Shape>{{}, {6}, {2, 3}, {1, 2, 3, 1}, {0}, {3, 0, 2}}) {
      const auto dtype = static_cast<DType>(number);
      CAPTURE(tsgen::describe(dtype, shape));
      const auto tensor = Tensor::view(dtype, shape, bytes.data());
      const auto file = folder.path() / "größe.npy";
      tsgen::write_npy(file, tensor);
      const auto back = tsgen::read_npy(file);
      CHECK(back.dtype() == dtype);
      CHECK(back.shape() == shape);
      CHECK(bytes_of(back) == bytes_of(tensor));
      CHECK((stand_in::content_of(file).size() - tensor.bytes()) % 64 == 0);
    }
  }
}

TEST_CASE("the three versions of the format, and what NumPy and others write") {
  const std::string data = {1, 2};
  CHECK(bytes_of(read(npy(literal("|u1", "(2,)"), data, 1))) == data);
  CHECK(bytes_of(read(npy(literal("|u1", "(2,)"), data, 2))) == data);
  CHECK(bytes_of(read(npy(literal("|u1", "(2,)"), data, 3))) == data);
  CHECK(read(npy("{\"shape\":(1,2),\"descr\":\"|i1\",\"fortran_order\":False}", data)).shape() ==
        Shape{1, 2});
  CHECK(read(npy("{ 'descr' : '|u1' , 'fortran_order' : False , 'shape' : ( 2 , ) } \n", data))
            .shape() == Shape{2});
}

TEST_CASE("bfloat16 as ml_dtypes stores it") {
  CHECK(read(npy(literal("<V2", "(1,)"), "\x80\x3F")).dtype() == DType::bfloat16);
  CHECK(read(npy(literal("|V2", "(1,)"), "\x80\x3F")).dtype() == DType::bfloat16);
}

TEST_CASE("any byte but zero is true") {
  CHECK(bytes_of(read(npy(literal("|b1", "(4,)"), std::string("\x00\x01\x02\xFF", 4)))) ==
        std::string("\0\1\1\1", 4));
}

TEST_CASE("Fortran order of one dimension is C order for NumPy, which then says False") {
  const auto said = stand_in::refusal(
      [] { read(npy("{'descr': '|u1', 'fortran_order': True, 'shape': (1, 2)}", "ab")); });
  CHECK(said ==
        "it is in Fortran order, expected C order | "
        "save it with numpy.save(file, numpy.ascontiguousarray(array))");
}

TEST_CASE("a str is read as UTF-8, without the NULs at its end") {
  const std::string sz("s\0\0\0\xDF\0\0\0\x21\x6A\0\0\x42\xF6\1\0\0\0\0\0", 20);
  const auto tensor = read(npy(literal("<U5", "()"), sz));
  CHECK(tensor.dtype() == DType::uint8);
  CHECK(bytes_of(tensor) == "sß模🙂");
  CHECK(tensor.shape() == Shape{10});
  CHECK(read(npy(literal("<U0", "()"), "")).size() == 0);
  CHECK(bytes_of(read(npy(literal("<U2", "()"), std::string("\0\0\0\0a\0\0\0", 8)))) ==
        std::string("\0a", 2));
}

TEST_CASE("memory is aligned as LibTorch's is") {
  for (const auto* const shape : {"(0,)", "(1,)", "(65,)"}) {
    const auto count = std::string(shape) == "(0,)" ? 0U : std::string(shape) == "(1,)" ? 1U : 65U;
    const auto tensor = read(npy(literal("|u1", shape), std::string(count, 'x')));
    REQUIRE(tensor.data() != nullptr);
    CHECK(reinterpret_cast<std::uintptr_t>(tensor.data()) % 64 == 0);
  }
}

TEST_CASE("a shape of more dimensions than a header can say is not written wrongly") {
  CHECK(stand_in::contains(
      stand_in::refusal([] { tsgen::npy_preamble(DType::int8, Shape(30000, 1)); }),
      "does not fit"));
}

}  // TEST_SUITE("npy")
