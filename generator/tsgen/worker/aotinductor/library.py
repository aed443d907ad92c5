"""The library that Inductor has this machine's compiler make of a program, for CPUs like this machine's.

In it is a section `.tsgen`, which is read before the library is opened: the signature, and what of a CPU it needs.
"""

from __future__ import annotations

import os
import platform
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from ..users_code.needs import is_memory
from . import inductor

if TYPE_CHECKING:
    from collections.abc import Callable

    from .program import Program

OPTIONS: dict[str, Any] = {
    **inductor.OPTIONS,
    "aot_inductor.package_cpp_only": False,
    # The same names, whatever the content and the folder.
    "aot_inductor.model_name_for_generated_files": "model",
    "aot_inductor.enable_line_tables": False,
    "aot_inductor.enable_frame_pointer": False,
}
LEVELS = {512: "x86-64-v4", 256: "x86-64-v3"}
"""By the width of the vectors that Inductor writes for, in bits: the level of the x86-64 psABI that has them."""
_V2 = ("cx16", "lahf_lm", "popcnt", "sse3", "sse4.1", "sse4.2", "ssse3")
_V3 = (*_V2, "avx", "avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe")
FEATURES = {
    "x86-64": (),
    "x86-64-v2": _V2,
    "x86-64-v3": _V3,
    "x86-64-v4": (*_V3, "avx512bw", "avx512cd", "avx512dq", "avx512f", "avx512vl"),
}
"""By level, in the spelling of GCC's -m options."""
_SECTION = """.section .tsgen,"",@progbits
.incbin "{text}"
.text
.globl tsgen_set_threads
.type tsgen_set_threads, @function
tsgen_set_threads: jmp omp_set_num_threads@PLT
.size tsgen_set_threads, .-tsgen_set_threads
.section .note.GNU-stack,"",@progbits
"""
"""With the function by which a caller sets the number of threads of its loops, as in compiled_model.cpp.in."""
_EDIT = r"""s/ at 0x[0-9a-f]\{6,\}//g
/^[[:blank:]]*std::cerr << .*\\$/d
"""
"""For sed: no addresses of this process's Python objects, and no printing, as in `sources.portable`."""
_COMMAND = """#!/bin/sh
for word; do
  shift
  case "$word" in
    *.cpp) sed -i -f {edit} "$word"; set -- "$@" "-ffile-prefix-map=${{word%/*}}=." "$word";;
    -ltorch) ;;
    -ltorch_cpu) set -- "$@" "$word" {section};;
    *) set -- "$@" "$word";;
  esac
done
exec {compiler} -ffile-prefix-map={torch}=libtorch {unique} -s -Wl,--build-id=none "$@"
"""


def made(program: Program, label: str, text: Callable[[str], str], place: Path) -> bytes:
    """`text`: the section's, of a line about the CPU. `place`: where Inductor works. Raises Problem."""
    with inductor.told(label):
        section = place / "section.txt"
        options = {**OPTIONS, "cpp.cxx": (None, str(_compiler(place, section)))}
        with torch._inductor.config.patch(options):  # noqa: SLF001 - the documented name
            march, needs = _target()
        section.write_text(text(needs), encoding="utf-8")
        return inductor.of_kind(_files(program, place, {**options, "cpp.march": march}), ".so")


def _files(program: Program, place: Path, options: dict[str, Any]) -> dict[str, bytes]:
    """With what depends on weights alone computed ahead, batch norms in convolutions, and weights laid out for oneDNN.

    It is speed alone, and a few operators of it have no C function: without it then.
    """
    try:
        return inductor.package(program, place, {**options, "freezing": True})
    except Exception as error:
        if is_memory(error):
            raise
        return inductor.package(program, place, options)


def _target() -> tuple[str, str]:
    """What the compiler may use, -march=native being more than Inductor records, and the same as a line."""
    from torch._inductor.cpu_vec_isa import pick_vec_isa  # noqa: PLC0415 - as above

    isa = pick_vec_isa()
    level = LEVELS.get(isa.bit_width() if isa else 0, "x86-64")
    flags = [flag[2:] for flag in str(isa.build_arch_flags()).split() if flag.startswith("-m")] if isa else []
    words = (platform.machine(), str(isa).upper() if isa else level, ",".join(sorted({*FEATURES[level], *flags})))
    return level, "\t".join(("needs", *words)) + "\n"


def _compiler(place: Path, text: Path) -> Path:
    """A command of the compiler's name that leaves out what belongs to this machine, and adds the section.

    And libtorch.so, a list of the other libraries, by which those of CUDA would be loaded.
    """
    words = shlex.split(os.environ.get("CXX", "")) or ["g++"]
    section = place / "section.s"
    section.write_text(_SECTION.format(text=text), encoding="utf-8")
    (place / "edit.sed").write_text(_EDIT, encoding="utf-8")
    command = place / Path(words[-1]).name
    command.write_text(
        _COMMAND.format(
            edit=shlex.quote(str(place / "edit.sed")),
            section=shlex.quote(str(section)),
            compiler=shlex.join(words),
            torch=shlex.quote(str(Path(torch.__file__).parent)),
            # Unique symbols would be one for all compiled models of a process; clang makes none.
            unique="-fno-gnu-unique" if re.fullmatch(r"(.*-)?g\+\+(-[\d.]+)?", command.name) else "",
        ),
        encoding="utf-8",
    )
    command.chmod(0o700)
    return command
