// SPDX-License-Identifier: 0BSD
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "tsgen/model.hpp"

#include "core/bind.hpp"
#include "core/source.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// What a runtime makes of a model file. The rest of the library knows a runtime by this interface
/// alone; src/runtimes/ has one folder for each, and a build links one of them.
class LoadedModel {
 public:
  LoadedModel() = default;
  LoadedModel(const LoadedModel&) = delete;
  LoadedModel& operator=(const LoadedModel&) = delete;
  virtual ~LoadedModel() = default;

  virtual const Signature& signature() const noexcept = 0;

  /// Calls the method `signature().entries[entry]` with inputs that fit its signature, and answers
  /// its leaves in preorder, in CPU memory. Memory of a slot that may not be lent is copied before
  /// the model sees it; when the signature has state, every answer is a copy. Then calls come one
  /// after another, else from several threads at once. Throws Error.
  virtual std::vector<NamedTensor> call(std::size_t entry,
                                        const std::vector<Slot>& slots) const = 0;

  /// Calls it until its calls are as fast as they will be, and leaves the model's state as it is.
  virtual void warm_up(std::size_t entry, const std::vector<Slot>& slots) const = 0;
};

/// What the rest of the library must know of the runtime that is linked.
struct RuntimeFacts {
  std::string_view name;        ///< As --runtime has it: "torchscript".
  std::string_view model_file;  ///< Of a project's model: "model.pt".
  std::string_view inexact;     ///< Why its last bits are not Python's; "" when they are.
};

/// The runtime's own.
const RuntimeFacts& runtime_facts() noexcept;

/// The runtime's own: throws Error when it is no model of this runtime, or cannot be loaded.
std::unique_ptr<const LoadedModel> load_model(const Source& source, const LoadOptions& options);

}  // namespace TSGEN_ABI
}  // namespace tsgen
