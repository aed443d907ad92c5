// Two models of two projects that bring the same operators.
#include <cstdio>

#include "first/model.hpp"
#include "second/model.hpp"

int main(int, char** arguments) {
  const first::Model first(arguments[1]);
  const second::Model second(arguments[2]);
  std::puts("both are loaded");
}
