// SPDX-License-Identifier: 0BSD
#pragma once

#include <string>
#include <string_view>

#include "tsgen/error.hpp"
#include "tsgen/signature.hpp"

#include "core/source.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

/// Throws Error unless it can be read and begins as TorchScript does: a zip archive.
void check_model_file(const Source& source);

/// What to throw for an archive that is not whole.
Error damaged(const Source& source, const std::string& why);

/// LibTorch's reason for not loading it, in the user's terms.
Error load_error(const Source& source, std::string_view reason);

/// What to throw for TorchScript that tsgen did not export.
Error no_signature(const Source& source);

/// Reads the signature found inside the model.
Signature signature_of(const Source& source, std::string_view text);

}  // namespace TSGEN_ABI
}  // namespace tsgen
