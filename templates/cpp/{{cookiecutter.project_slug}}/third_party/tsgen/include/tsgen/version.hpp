// SPDX-License-Identifier: 0BSD
#pragma once

/// This library's version: that of the tsgen it came with, as in the file VERSION.
#define TSGEN_VERSION "0.2.0"

/// Everything is in tsgen::TSGEN_ABI, which is inline: code compiled against the headers of one
/// version cannot be linked with the library of another.
#define TSGEN_ABI v0_2_0
