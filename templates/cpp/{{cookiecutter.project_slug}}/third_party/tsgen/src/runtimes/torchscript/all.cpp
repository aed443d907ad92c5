// SPDX-License-Identifier: 0BSD
// One translation unit, as core/all.cpp is. The first file is the one with LibTorch's headers.
#include "runtimes/torchscript/torchscript.cpp"
//
#include "runtimes/torchscript/archive.cpp"
#include "runtimes/torchscript/facts.cpp"
#include "runtimes/torchscript/gpu_driver.cpp"
#include "runtimes/torchscript/libraries.cpp"
#include "runtimes/torchscript/model_file.cpp"
#include "runtimes/torchscript/reason.cpp"
