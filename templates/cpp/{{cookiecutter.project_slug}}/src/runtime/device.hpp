#pragma once

#include <string>

namespace {{ cookiecutter.__identifier }} {

/// Why this machine has no GPU of a kind, by its driver's own word; "" when there is one, or a
/// driver that fails: then it is not the machine that lacks something.
std::string no_nvidia_gpu();
std::string no_amd_gpu();

}  // namespace {{ cookiecutter.__identifier }}
