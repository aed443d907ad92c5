"""What an emulated program sees of `/`: the cross compiler's libraries, and a processor of its own kind."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tsgen.errors import BuildError
from tsgen.matrix.strategies import toolchain_file
from tsgen.system import files

if TYPE_CHECKING:
    from pathlib import Path

# qemu 7.2 shows the host's /proc/cpuinfo, on which the cpuinfo library in LibTorch crashes: it expects the form of
# arch/arm64/kernel/cpuinfo.c in Linux. The processor is a Neoverse N1: implementer and part are of Arm's MIDR_EL1
# (Arm Neoverse N1 Core Technical Reference Manual, 100616), and the features those that qemu emulates for every -cpu.
_FEATURES = "fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp ssbs"
_PROCESSOR = f"""\
processor\t: {{number}}
BogoMIPS\t: 243.75
Features\t: {_FEATURES}
CPU implementer\t: 0x41
CPU architecture: 8
CPU variant\t: 0x3
CPU part\t: 0xd0c
CPU revision\t: 1

"""
# The same processor as a register; xbyak_aarch64 complains on stderr when it is not there.
_MIDR = "0x00000000413fd0c1\n"
_REGISTER = "sys/devices/system/cpu/cpu{number}/regs/identification/midr_el1"


def cpuinfo(cores: int) -> str:
    """The text of /proc/cpuinfo. `cores`: as many as the host has, as a thread may ask about its own."""
    return "".join(_PROCESSOR.format(number=number) for number in range(cores))


def write(root: Path, libraries: Path, cores: int) -> Path:
    """`libraries` is the folder with the loader and libc. Raises BuildError when it cannot be written."""
    toolchain_file.put(root / "proc/cpuinfo", cpuinfo(cores))
    for number in range(cores):
        toolchain_file.put(root / _REGISTER.format(number=number), _MIDR)
    with files.writing(root, BuildError):
        _link(root / "lib", libraries)
    return root


def _link(place: Path, target: Path) -> None:
    if place.is_symlink() and place.readlink() == target:
        return
    place.unlink(missing_ok=True)
    os.symlink(target, place)  # noqa: PTH211 - reads in the order of `ln -s`
