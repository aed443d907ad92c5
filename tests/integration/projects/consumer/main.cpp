#include <cstdio>

#include "answer.hpp"

int main() {
  const Answer values = answer();
  std::printf("%d %s %ld\n", values.number, values.version, values.standard);
}
