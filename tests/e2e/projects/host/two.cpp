// Two models in one program, and answers of a model that overwrites its own memory: kept, and from several threads.
#include <atomic>
#include <cstdio>
#include <thread>
#include <vector>

#include "plain/model.hpp"
#include "scratch/model.hpp"

namespace {

scratch::Outputs call(const scratch::Model& model, float value) {
  const std::vector<float> numbers(8, value);
  scratch::Inputs inputs;
  inputs.x = {numbers, {2, 4}};
  return model(inputs);
}

std::vector<float> values(const scratch::Outputs& outputs) {
  return {outputs.begin(), outputs.end()};
}

}  // namespace

int main(int, char** argv) {
  const plain::Model plain_model(argv[1]);
  const scratch::Model model(argv[2]);
  const auto first = call(model, 1.0F);
  const auto before = values(first);
  const auto other = values(call(model, -3.0F));
  std::atomic<int> wrong{values(first) == before ? 0 : 1};
  const auto work = [&](float value, const std::vector<float>& wanted) {
    for (int i = 0; i < 5000; ++i)
      if (values(call(model, value)) != wanted) ++wrong;
  };
  std::thread one(work, 1.0F, before), two(work, -3.0F, other);
  one.join();
  two.join();
  std::printf("%d wrong\n", wrong.load());
}
