// The CUDA kernel of @NAMESPACE@::@NAME@; its schema is in @NAME@.cpp.

#include <ATen/Dispatch.h>
#include <ATen/core/Tensor.h>
#include <ATen/cuda/CUDAContext.h>
#include <ATen/ops/empty_like.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <torch/library.h>

namespace {

constexpr int threads = 256;

template <typename Value>
__global__ void kernel(const Value* in, Value* out, Value scale, Value offset, int64_t count) {
  const int64_t i = blockIdx.x * static_cast<int64_t>(blockDim.x) + threadIdx.x;
  if (i < count) out[i] = scale * in[i] + offset;
}

at::Tensor @NAME@_cuda(const at::Tensor& x, double a, double b) {
  const c10::cuda::CUDAGuard guard(x.device());
  const auto in = x.contiguous();
  auto out = at::empty_like(in);
  const int64_t count = in.numel();
  if (count == 0) return out;
  AT_DISPATCH_FLOATING_TYPES(in.scalar_type(), "@NAME@", [&] {
    kernel<scalar_t><<<(count + threads - 1) / threads, threads, 0, at::cuda::getCurrentCUDAStream()>>>(
        in.data_ptr<scalar_t>(), out.data_ptr<scalar_t>(), static_cast<scalar_t>(a),
        static_cast<scalar_t>(b), count);
  });
  C10_CUDA_KERNEL_LAUNCH_CHECK();
  return out;
}

}  // namespace

TORCH_LIBRARY_IMPL(@NAMESPACE@, CUDA, library) { library.impl("@NAME@", @NAME@_cuda); }
