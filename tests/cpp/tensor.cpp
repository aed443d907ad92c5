#include "tsgen/tensor.hpp"

#include <doctest/doctest.h>

#include <array>

#include "stand_in/files.hpp"

#include "core/buffer.hpp"

TEST_SUITE("tensor") {

using stand_in::contains;
using stand_in::refusal;
using tsgen::DType;
using tsgen::element_count;
using tsgen::Shape;
using tsgen::Tensor;

TEST_CASE("elements are counted, and their bytes fit") {
  CHECK(element_count({}) == 1);
  CHECK(element_count({2, 3}) == 6);
  CHECK(element_count({1 << 30, 0, 1 << 30}) == 0);
  CHECK(element_count({INT64_MAX / 16}) == INT64_MAX / 16);
  CHECK(contains(refusal([] { element_count({INT64_MAX / 16 + 1}); }), "too large for memory"));
  CHECK(contains(refusal([] { element_count({INT64_MAX, INT64_MAX}); }), "too large for memory"));
  CHECK(contains(refusal([] { element_count({2, -1}); }), "a tensor's dimension is negative"));
}

TEST_CASE("a tensor says what it is and is not") {
  const auto tensor = stand_in::tensor<float>({2, 1}, {1, 2});
  CHECK(tsgen::describe(tensor.dtype(), tensor.shape()) == "float32[2,1]");
  CHECK(tensor.bytes() == 8);
  CHECK(tensor.data_as<float>()[1] == 2);
  CHECK(
      refusal([&] { tensor.data_as<double>(); }) ==
      "expected a tensor of float64, got float32[2,1] | ask for the element type that the tensor has");
  CHECK(contains(refusal([] { Tensor::view(DType::int8, {1}, nullptr); }), "int8[1] has no data"));
  CHECK(Tensor::view(DType::int8, {0}, nullptr).bytes() == 0);
}

TEST_CASE("copies share the memory, a copy of the numbers does not") {
  const std::array<float, 2> numbers = {1, 2};
  const auto view = Tensor::view(DType::float32, {2}, numbers.data());
  const auto shared = view;
  CHECK(shared.data() == numbers.data());
  const auto own = tsgen::copy_of(view);
  CHECK(own.data() != view.data());
  CHECK(own.data_as<float>()[1] == 2);
  CHECK(tsgen::copy_of(Tensor::view(DType::int8, {0}, nullptr)).size() == 0);
}

TEST_CASE("the caller's numbers fill their shape") {
  const std::vector<float> numbers = {1, 2, 3};
  const Tensor whole = tsgen::TensorView<float>(numbers, {3, 1});
  CHECK(whole.data() == numbers.data());
  CHECK(
      refusal([&] { tsgen::TensorView<float>(numbers, {2, 2}); }) ==
      "a shape of 4 elements cannot view 3 numbers | make the shape's product and the number of elements equal");
  CHECK(Tensor(tsgen::TensorView<float>()).size() == 0);
}

TEST_CASE("an answer is a range of its numbers") {
  const tsgen::TypedTensor<float> answer(stand_in::tensor<float>({3}, {1, 2, 4}));
  float sum = 0;
  for (const auto value : answer) sum += value;
  CHECK(sum == 7);
  CHECK(answer[2] == 4);
  CHECK(contains(refusal([] { tsgen::TypedTensor<double>(stand_in::tensor<float>({1}, {1})); }),
                 "expected a tensor of float64"));
}

}  // TEST_SUITE("tensor")
