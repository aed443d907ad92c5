// The model is a part of the program: no file is read.
#include <cstdio>

#include "embedded/embedded_model.hpp"
#include "plain/model.hpp"

int main() {
  const plain::Model model(embedded::embedded_model());
  const float numbers[] = {1, 2, 3, 4};
  plain::Inputs inputs;
  inputs.x = {numbers, {1, 4}};
  std::printf("%.6f\n", static_cast<double>(model(inputs)[0]));
}
