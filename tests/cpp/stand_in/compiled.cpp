// What a project's build makes of a model of AOTInductor's, with the model left out. Its C functions
// are LibTorch's, so it is no better than they are: it looks at no size and at no dtype.
#include <cstring>
#include <string>

#include "stand_in/shim.hpp"

#define TSGEN_EXPORT __attribute__((visibility("default")))

namespace {

constexpr char signature[] =
    "tsgen-signature\t2\ncall\tflat\nrange\tn\t1\t4\ndim\tn\t2\n"
    "input\tx\ttensor\tfloat32\tn,2\noutput\toutput\ttensor\tfloat32\tn,2\n";
std::string error;

AtenTensorOpaque* answer(AtenTensorOpaque* input) {
  ++tsgen_stand_in_tensors;
  if (tsgen_stand_in_behaviour == 'v' || tsgen_stand_in_behaviour == 's')
    return new AtenTensorOpaque(*input);
  auto* const made = new AtenTensorOpaque(*input);
  const auto rows = static_cast<std::size_t>(input->sizes[0]);
  const bool by_columns = tsgen_stand_in_behaviour == 't';
  if (by_columns) made->strides = {1, input->sizes[0]};
  made->owned.resize(rows * 2);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < 2; ++column)
      made->owned[by_columns ? column * rows + row : row * 2 + column] =
          2 * static_cast<float*>(input->data)[row * 2 + column];
  made->data = made->owned.data();
  return made;
}

void take(AtenTensorOpaque** inputs) {
  --tsgen_stand_in_tensors;
  delete inputs[0];
  inputs[0] = nullptr;
}

}  // namespace

extern "C" {
TSGEN_EXPORT void tsgen_set_threads(int threads) { tsgen_stand_in_threads = threads; }
TSGEN_EXPORT const char* tsgen_signature() { return signature; }
TSGEN_EXPORT const char* tsgen_signature_end() { return signature + std::strlen(signature); }
TSGEN_EXPORT int AOTInductorModelContainerCreateWithDevice(void** result, std::size_t, const char*,
                                                           const char*) {
  *result = &error;
  return 0;
}
TSGEN_EXPORT int AOTInductorModelContainerDelete(void*) { return 0; }
TSGEN_EXPORT int AOTInductorModelContainerGetNumInputs(void*, std::size_t* result) {
  *result = 1;
  return 0;
}
TSGEN_EXPORT int AOTInductorModelContainerGetNumOutputs(void*, std::size_t* result) {
  *result = tsgen_stand_in_behaviour == 's' ? 2 : 1;
  return 0;
}
TSGEN_EXPORT int AOTInductorGetLastError(const char** result) {
  *result = error.c_str();
  return 0;
}
TSGEN_EXPORT int AOTInductorModelContainerRun(void*, AtenTensorOpaque** inputs, std::size_t,
                                              AtenTensorOpaque** outputs, std::size_t count, void*,
                                              void*) {
  if (tsgen_stand_in_behaviour == 'r') {
    error = "input_handles[0]: it does not please\nand more";
    return 1;
  }
  if (tsgen_stand_in_behaviour == 'f') {
    take(inputs);
    error = "aoti_torch_cpu_addmm_out(buf0, x) API call failed at /a/folder/model.cpp, line 9";
    return 1;
  }
  outputs[0] = answer(inputs[0]);
  if (count == 2) outputs[1] = outputs[0];
  take(inputs);
  return 0;
}
}
