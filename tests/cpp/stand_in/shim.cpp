#include "stand_in/shim.hpp"

#include "tsgen/version.hpp"

#include "runtimes/aotinductor/c_api.hpp"

char tsgen_stand_in_behaviour = 'd';
int tsgen_stand_in_tensors = 0;
int tsgen_stand_in_threads = 0;

extern "C" {

std::int32_t aoti_torch_create_tensor_from_blob(void* data, std::int64_t rank,
                                                const std::int64_t* sizes,
                                                const std::int64_t* strides, std::int64_t,
                                                std::int32_t dtype, std::int32_t, std::int32_t,
                                                AtenTensorHandle* result) {
  ++tsgen_stand_in_tensors;
  *result = new AtenTensorOpaque{data, {sizes, sizes + rank}, {strides, strides + rank}, dtype, {}};
  return 0;
}

std::int32_t aoti_torch_delete_tensor_object(AtenTensorHandle tensor) {
  --tsgen_stand_in_tensors;
  delete tensor;
  return 0;
}

std::int32_t aoti_torch_new_tensor_handle(AtenTensorHandle tensor, AtenTensorHandle* result) {
  ++tsgen_stand_in_tensors;
  *result = new AtenTensorOpaque(*tensor);
  return 0;
}

std::int32_t aoti_torch_get_data_ptr(AtenTensorHandle tensor, void** result) {
  *result = tensor->data;
  return 0;
}

std::int32_t aoti_torch_get_dim(AtenTensorHandle tensor, std::int64_t* result) {
  *result = static_cast<std::int64_t>(tensor->sizes.size());
  return 0;
}

std::int32_t aoti_torch_get_sizes(AtenTensorHandle tensor, std::int64_t** result) {
  *result = tensor->sizes.data();
  return 0;
}

std::int32_t aoti_torch_get_strides(AtenTensorHandle tensor, std::int64_t** result) {
  *result = tensor->strides.data();
  return 0;
}

std::int32_t aoti_torch_get_dtype(AtenTensorHandle tensor, std::int32_t* result) {
  *result = tensor->dtype;
  return 0;
}

std::int32_t aoti_torch_device_type_cpu() { return 0; }
}
