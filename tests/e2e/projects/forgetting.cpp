// A stream that is begun anew by the model's own method.
#include <cstdio>
#include <vector>

#include "stream/model.hpp"

int main(int, char** arguments) {
  const stream::Model model(arguments[1]);
  const std::vector<float> numbers(4, 1.0F);
  stream::Inputs inputs;
  inputs.x = {numbers, {1, 4}};
  const auto call = [&] { return model(inputs)[0]; };

  stream::ResetInputs half;
  model.reset(half);
  const float first = call();
  const float second = call();
  model.reset(half);
  const float again = call();
  stream::ResetInputs zeros;
  zeros.value = 0;
  model.reset(zeros);
  const float other = call();
  std::printf("second %d again %d other %d\n", first != second, first == again, first != other);
}
