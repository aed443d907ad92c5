#include <torch/version.h>

#include "answer.hpp"

Answer answer() {
  const Answer values = {torch_answer(), STAND_IN_VERSION, __cplusplus};
  return values;
}
