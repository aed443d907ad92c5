// SPDX-License-Identifier: 0BSD
#pragma once

// What is used of two C interfaces of PyTorch, spelt here so that no header of it is needed, and so
// any compiler will do: what LibTorch has for compiled models
// (torch/csrc/inductor/aoti_torch/c/shim.h) and what each compiled model has
// (torch/csrc/inductor/aoti_runtime/interface.h). As in torch 2.14.
#include <cstddef>
#include <cstdint>

extern "C" {
struct AtenTensorOpaque;
using AtenTensorHandle = AtenTensorOpaque*;

// Each returns 0 when all is well.
std::int32_t aoti_torch_create_tensor_from_blob(void* data, std::int64_t rank,
                                                const std::int64_t* sizes,
                                                const std::int64_t* strides, std::int64_t offset,
                                                std::int32_t dtype, std::int32_t device_type,
                                                std::int32_t device_index,
                                                AtenTensorHandle* result);
std::int32_t aoti_torch_delete_tensor_object(AtenTensorHandle tensor);
/// Another handle of the same tensor.
std::int32_t aoti_torch_new_tensor_handle(AtenTensorHandle tensor, AtenTensorHandle* result);
std::int32_t aoti_torch_get_data_ptr(AtenTensorHandle tensor, void** result);
std::int32_t aoti_torch_get_dim(AtenTensorHandle tensor, std::int64_t* result);
std::int32_t aoti_torch_get_sizes(AtenTensorHandle tensor, std::int64_t** result);
std::int32_t aoti_torch_get_strides(AtenTensorHandle tensor, std::int64_t** result);
std::int32_t aoti_torch_get_dtype(AtenTensorHandle tensor, std::int32_t* result);
std::int32_t aoti_torch_device_type_cpu();
}

namespace tsgen {
inline namespace TSGEN_ABI {

struct ContainerOpaque;
using ContainerHandle = ContainerOpaque*;

// Of a compiled model, found in its library by name.
using CreateContainer = std::int32_t(ContainerHandle* result, std::size_t instances,
                                     const char* device, const char* folder);
using DeleteContainer = std::int32_t(ContainerHandle container);
using CountOf = std::int32_t(ContainerHandle container, std::size_t* result);
/// Takes the inputs over, except when it fails before it has begun: their places are then not null.
using RunContainer = std::int32_t(ContainerHandle container, AtenTensorHandle* inputs,
                                  std::size_t input_count, AtenTensorHandle* outputs,
                                  std::size_t output_count, void* stream, void* executor);
/// Of the calling thread's last call.
using LastError = std::int32_t(const char** result);
/// Ours: cmake/compiled_model.cpp.in.
using SetThreads = void(int threads);

}  // namespace TSGEN_ABI
}  // namespace tsgen
