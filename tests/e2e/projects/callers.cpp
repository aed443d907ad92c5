// How many threads the process has after two threads of the program have each called the model: "before after".
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <thread>

#include "tsgen/example.hpp"
#include "tsgen/model.hpp"

namespace {

auto count_threads() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

}  // namespace

int main(int, char** argv) {
  const tsgen::Model model(argv[1]);
  tsgen::set_thread_count(std::atoi(argv[2]));
  const auto inputs = tsgen::ones(model.signature());
  const auto before = count_threads();
  std::ptrdiff_t after = 0;
  std::thread other([&] {
    model.run(inputs);
    after = count_threads();
  });
  other.join();
  std::cout << before << ' ' << after << '\n';
}
