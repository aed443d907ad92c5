// SPDX-License-Identifier: 0BSD
#pragma once

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "tsgen/device.hpp"
#include "tsgen/signature.hpp"
#include "tsgen/tensor.hpp"
#include "tsgen/version.hpp"

/// A typed API may be written by a newer tsgen than the one this library came with: it asks first.
#define TSGEN_HAS_WARM_UP 1

namespace tsgen {
inline namespace TSGEN_ABI {

/// A model file's bytes, in the caller's memory: decrypted, unpacked, or a part of the program
/// (tsgen_embed_model in CMake). They are read while the model is loaded, and not needed later.
struct ModelBytes {
  const void* data = nullptr;
  std::size_t size = 0;
};

struct LoadOptions {
  LoadOptions(Device on = {}) : device(on) {}
  LoadOptions(Device on, std::filesystem::path folder) : device(on), operators(std::move(folder)) {}

  /// The weights move there when the model is loaded, each call's inputs when it is called.
  Device device;
  /// The folder of the libraries with the model's own operators; when it is empty, the folder ops/
  /// beside the model's file.
  std::filesystem::path operators;
};

/// Any exported model, called by the names of its signature. Copies share the loaded model.
class Model {
 public:
  /// All throw Error when the model cannot be loaded or the device is not there.
  explicit Model(const std::filesystem::path& file, const LoadOptions& options = {});
  explicit Model(ModelBytes bytes, const LoadOptions& options = {});
  /// Reads the stream to its end.
  explicit Model(std::istream& file, const LoadOptions& options = {});

  const Signature& signature() const noexcept;

  /// Calls forward. Inputs are checked against the signature before the model sees them, and may be
  /// in any order; an optional value is left out, and a list is as long as its elements are many:
  /// "images.0", "images.1". They are never changed: one that forward writes into is copied first.
  /// Outputs are in the signature's order, in CPU memory, and belong to the caller: no later call
  /// changes them, and they stay valid after the Model is gone.
  /// Safe to call from several threads. Where the signature says that a call writes the model's
  /// state, calls take turns.
  std::vector<NamedTensor> run(const std::vector<NamedTensor>& inputs) const;

  /// Calls another method that the signature has.
  std::vector<NamedTensor> run(std::string_view method,
                               const std::vector<NamedTensor>& inputs) const;

  /// Makes the first request a steady one. LibTorch watches a model's first calls and then optimises
  /// its graph, which makes them slow. This is those calls, on ones or on the inputs given: once for
  /// each kind of inputs that will come (on a GPU for each size). Answers are thrown away, and the
  /// model's state stays as it is: a model that has some is called on a copy of it, which for that
  /// time takes as much memory as the model.
  /// Throws Error as run() does, and when ones are not enough: an input may have any shape.
  void warm_up() const;
  void warm_up(const std::vector<NamedTensor>& inputs) const;
  void warm_up(std::string_view method, const std::vector<NamedTensor>& inputs) const;

  /// Throws Error unless these are the signature's `lines`: a typed API is made for one signature.
  void require(std::string_view expected) const;

 private:
  struct Implementation;
  std::shared_ptr<const Implementation> implementation_;
};

/// The model that was installed or built with this program: model/NAME beside the program, in
/// ../share/PROGRAM/model, or in the model/ folder of the project that the program was built in.
/// NAME is the one that the runtime has for a model unless `file` is another: model.pt.
/// Throws Error that names the places looked at.
std::filesystem::path default_model(std::string_view program, std::string_view file = {});

}  // namespace TSGEN_ABI
}  // namespace tsgen
