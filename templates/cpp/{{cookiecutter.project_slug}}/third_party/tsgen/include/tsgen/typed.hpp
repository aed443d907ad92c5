// SPDX-License-Identifier: 0BSD
#pragma once

// What a generated model.hpp is made of.
#include "tsgen/answer.hpp"
#include "tsgen/arguments.hpp"
