// @NAMESPACE@::@NAME@: a * x + b for each value of x. Edit schema, kernels and test to what your operator is to compute.

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty_like.h>
#include <torch/library.h>

namespace {

at::Tensor @NAME@_cpu(const at::Tensor& x, double a, double b) {
  const auto in = x.contiguous();
  auto out = at::empty_like(in);
  AT_DISPATCH_FLOATING_TYPES(in.scalar_type(), "@NAME@", [&] {
    const auto* const from = in.data_ptr<scalar_t>();
    auto* const to = out.data_ptr<scalar_t>();
    const auto scale = static_cast<scalar_t>(a);
    const auto offset = static_cast<scalar_t>(b);
    at::parallel_for(0, in.numel(), 4096, [&](int64_t begin, int64_t end) {
      for (auto i = begin; i < end; ++i) to[i] = scale * from[i] + offset;
    });
  });
  return out;
}

// Shapes and dtypes alone, without values: for torch.export, and for PyTorch's meta device.
at::Tensor @NAME@_meta(const at::Tensor& x, double, double) {
  return at::empty_like(x, at::MemoryFormat::Contiguous);
}

}  // namespace

// A fragment: each file in ops/ adds its own operators to the namespace.
TORCH_LIBRARY_FRAGMENT(@NAMESPACE@, library) {
  library.def("@NAME@(Tensor x, float a, float b) -> Tensor");
}

TORCH_LIBRARY_IMPL(@NAMESPACE@, CPU, library) { library.impl("@NAME@", @NAME@_cpu); }
TORCH_LIBRARY_IMPL(@NAMESPACE@, Meta, library) { library.impl("@NAME@", @NAME@_meta); }
