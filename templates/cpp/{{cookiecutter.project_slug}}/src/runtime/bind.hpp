#pragma once

#include <cstddef>
#include <vector>

#include "{{ cookiecutter.project_slug }}/signature.hpp"
#include "{{ cookiecutter.project_slug }}/tensor.hpp"

namespace {{ cookiecutter.__identifier }} {

/// A node with what a call gives for it.
struct Slot {
  const Node* node = nullptr;
  const Tensor* tensor = nullptr;  ///< A leaf's.
  std::size_t children = 0;        ///< How many of a group's follow, each with its own children.
  bool present = true;  ///< Whether an optional value is there; it has no children if not.
};

/// The call's values in preorder, an element's node once for each element. Throws Error unless the
/// inputs are what the signature says: TorchScript itself answers a wrong shape with forty lines of
/// interpreter trace, or with wrong numbers. Inputs may be in any order; the signature's is fastest.
std::vector<Slot> bind(const Entry& entry, const std::vector<NamedTensor>& inputs);

}  // namespace {{ cookiecutter.__identifier }}
