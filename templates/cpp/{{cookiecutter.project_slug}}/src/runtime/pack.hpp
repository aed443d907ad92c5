#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/function_schema.h>
#include <ATen/core/ivalue.h>

#include <vector>

#include "{{ cookiecutter.project_slug }}/signature.hpp"
#include "{{ cookiecutter.project_slug }}/tensor.hpp"

#include "runtime/bind.hpp"

namespace {{ cookiecutter.__identifier }} {

/// Tensors that view the caller's memory: an answer must not.
using Lent = std::vector<at::Tensor>;

/// A method's arguments, without self: nested as its schema's types want them.
std::vector<c10::IValue> pack(const Entry& entry, const std::vector<Slot>& slots,
                              const c10::FunctionSchema& schema, c10::Device device, Lent& lent);

/// The leaves of a method's answer, in preorder, in CPU memory. Throws Error unless the answer is
/// what the signature says.
std::vector<NamedTensor> unpack(const Entry& entry, const c10::IValue& answer, const Lent& lent);

}  // namespace {{ cookiecutter.__identifier }}
