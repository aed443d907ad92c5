// SPDX-License-Identifier: 0BSD
// One translation unit, as core/all.cpp is. No header of LibTorch is in it.
#include "runtimes/aotinductor/aotinductor.cpp"
//
#include "runtimes/aotinductor/container.cpp"
#include "runtimes/aotinductor/cpu.cpp"
#include "runtimes/aotinductor/held.cpp"
#include "runtimes/aotinductor/library.cpp"
#include "runtimes/aotinductor/needs.cpp"
#include "runtimes/aotinductor/section.cpp"
#include "runtimes/aotinductor/threads.cpp"
#include "runtimes/aotinductor/values.cpp"
