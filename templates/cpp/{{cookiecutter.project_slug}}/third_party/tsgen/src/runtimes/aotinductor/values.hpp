// SPDX-License-Identifier: 0BSD
#pragma once

#include <memory>
#include <vector>

#include "tsgen/signature.hpp"
#include "tsgen/tensor.hpp"

#include "core/bind.hpp"
#include "runtimes/aotinductor/container.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// A call's tensors, and the memory that they view.
struct CallTensors {
  std::vector<Tensor> memory;
  std::vector<OwnedTensor> tensors;
};

/// What the model keeps, and then the leaves that are given, in preorder.
CallTensors arguments_of(const std::vector<NamedTensor>& held, const std::vector<Slot>& slots);

/// What it keeps from now on, in memory of its own, taken from the end of what it answered. Throws
/// Error when one is not as it was: the program is compiled for one size.
std::vector<NamedTensor> taken(const std::vector<NamedTensor>& held,
                               std::vector<OwnedTensor>& answered);

/// The leaves of the tree in preorder: as many as the model answers.
std::vector<const Node*> leaves_of(const Node& root);
std::vector<const Node*> leaves_of(const std::vector<Node>& roots);

/// The answers by their names, dense and in row-major order. Memory of the inputs is copied; other
/// memory is LibTorch's, or `container`'s, and kept as long as the answer.
std::vector<NamedTensor> answers(const Entry& entry, std::vector<OwnedTensor> tensors,
                                 const std::vector<Tensor>& inputs,
                                 const std::shared_ptr<const Container>& container);

}  // namespace TSGEN_ABI
}  // namespace tsgen
