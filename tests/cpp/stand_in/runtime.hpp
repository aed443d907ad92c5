#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "tsgen/signature.hpp"

#include "core/runtime.hpp"

// A runtime without LibTorch, behind core/runtime.hpp. Its model file is text: "stand-in", a tab and
// what the model does, then the lines of its signature. What a model can do:
//   echo      answers its leaves under the names of the outputs, one after another
//   scratch   answers 2x, computed in memory that all calls share, and that nothing protects
//   view      answers 2x as a view of that memory, unless the signature has state: then a copy
//   write     doubles its input in place
//   together  answers 1 if another call was inside at the same time, else 0; waits a while for it
//   count     answers how often it was called
//   slow      answers 2x, after more than a twentieth of a second
//   raise     throws
namespace stand_in {

/// A model file's text; the line of the format of signatures comes by itself.
std::string model_text(std::string_view behaviour, std::string_view signature_lines);

/// What the runtime says of its machine, for the time of a test.
struct Machine {
  tsgen::RuntimeFacts runtime{"stand-in", "model.pt", ""};
  std::string version = "2.14.1+cpu";
  std::string capability = "STANDIN";
  int devices = 0;
  bool tf32 = true;
};
Machine& machine();

/// How many calls it takes to warm a model up.
constexpr int calls_until_steady = 3;

/// The calls of any model so far, and whether the last one was given the caller's own memory.
extern std::atomic<int> calls;
extern std::atomic<bool> was_lent;

}  // namespace stand_in
