// SPDX-License-Identifier: 0BSD
#pragma once

#include <string>
#include <string_view>

#include "tsgen/error.hpp"

#include "core/source.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// The library that a model was compiled to. It stays loaded: what it answered may be in use.
class Library {
 public:
  /// Throws Error when the file is none, or was made by something else than a project's build or an
  /// export, or for another CPU or LibTorch.
  explicit Library(const Source& source);

  /// The signature's text, which is a part of the library; as long as this lives.
  std::string_view signature() const;

  /// Throws Error when there is no such function.
  template <typename Function>
  Function* function(const char* name) const {
    return reinterpret_cast<Function*>(symbol(name));
  }

 private:
  void* symbol(const char* name) const;

  std::string subject_;
  std::string signature_;  ///< As it lies in the section .tsgen; "" where there is none.
  void* handle_ = nullptr;
};

}  // namespace TSGEN_ABI
}  // namespace tsgen
