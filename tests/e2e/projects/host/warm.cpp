// A model that counts its calls, warmed up before the first request. What stands on the error stream is in the order of events.
#include <cstdio>
#include <vector>

#include "counter/model.hpp"

int main(int, char** argv) {
  try {
    const counter::Model model(argv[1]);
    const std::vector<float> numbers(8, 1.0F);
    counter::Inputs inputs;
    inputs.x = {numbers, {2, 4}};
    if (argv[2] != nullptr) model.warm_up();
    if (argv[2] != nullptr) model.warm_up(inputs);
    std::fputs("requests\n", stderr);
    for (int i = 0; i < 3; ++i) std::printf("%.0f ", static_cast<double>(model(inputs)[0]));
    return 0;
  } catch (const tsgen::Error& error) {
    std::printf("%s | %s\n", error.what(), error.hint());
    return 1;
  }
}
