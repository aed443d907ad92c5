// Registered through LibTorch's C interface, whose header compiles in a moment. It is linked with libtorch_python and holds an
// address of CPython's, as libraries made for Python do.
#include <torch/csrc/inductor/aoti_torch/c/shim.h>

extern "C" {
extern void* PyExc_TypeError;
void** tsgen_python_data = &PyExc_TypeError;
}

namespace {

void negate(StableIValue* stack, uint64_t, uint64_t) { aoti_torch_call_dispatcher("aten::neg", "", stack); }

const bool registered = [] {
  TorchLibraryHandle library = nullptr;
  aoti_torch_library_init_fragment("tsgen_corpus", __FILE__, __LINE__, &library);
  aoti_torch_library_def(library, "negate(Tensor x) -> Tensor");
  aoti_torch_library_impl(library, "negate", negate);
  TorchLibraryHandle kernels = nullptr;
  aoti_torch_library_init_impl("tsgen_corpus", "CPU", __FILE__, __LINE__, &kernels);
  return true;
}();

}  // namespace
