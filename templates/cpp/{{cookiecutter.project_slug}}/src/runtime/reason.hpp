#pragma once

#include <string>
#include <string_view>

namespace {{ cookiecutter.__identifier }} {

/// The one line of a LibTorch message that a user can act on. TorchScript's own messages are an
/// interpreter trace that ends in "RuntimeError: the reason".
std::string first_reason(std::string_view message);

}  // namespace {{ cookiecutter.__identifier }}
