// SPDX-License-Identifier: 0BSD
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/source.hpp"
#include "runtimes/aotinductor/c_api.hpp"
#include "runtimes/aotinductor/library.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// Frees a tensor of LibTorch's.
struct DeleteTensor {
  void operator()(AtenTensorHandle tensor) const { aoti_torch_delete_tensor_object(tensor); }
};
using OwnedTensor = std::unique_ptr<AtenTensorOpaque, DeleteTensor>;

/// A compiled model with its weights, and as many instances of it as there can be calls at once:
/// an instance takes one call at a time, and the weights belong to all.
class Container {
 public:
  /// Throws Error when the library has another number of inputs or outputs than its signature.
  Container(const Source& source, const Library& library, std::size_t inputs, std::size_t outputs);
  Container(const Container&) = delete;
  Container& operator=(const Container&) = delete;
  ~Container();

  /// How many threads the model's own loops take in the calls of this thread.
  void use_threads(int threads) const { set_threads_(threads); }

  /// Throws Error when the model fails.
  std::vector<OwnedTensor> run(std::vector<OwnedTensor> inputs) const;

 private:
  std::string last_error() const;
  std::size_t count(const Library& library, const char* function) const;

  RunContainer* run_;
  DeleteContainer* delete_;
  LastError* last_error_;
  SetThreads* set_threads_;
  ContainerHandle handle_ = nullptr;
  std::size_t outputs_;
};

}  // namespace TSGEN_ABI
}  // namespace tsgen
