"""What is linked for linux-aarch64, judged before it is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tsgen.errors import BuildError
from tsgen.matrix.strategies import elf

from .binaries import write_elf

if TYPE_CHECKING:
    from pathlib import Path

LIBTORCH = ("libtorch_cpu.so", "libc10.so", "libc.so.6")


def test_a_program_of_the_build_machine_is_refused(tmp_path: Path) -> None:
    program = write_elf(tmp_path / "app", "x86_64", needed=LIBTORCH)
    with pytest.raises(BuildError, match="app is for X86_64, not for AARCH64"):
        elf.check(program, tmp_path)


def test_a_program_without_libtorch_is_refused(tmp_path: Path) -> None:
    program = write_elf(tmp_path / "app", "aarch64", needed=LIBTORCH[1:])
    with pytest.raises(BuildError, match=r"is not linked with libtorch_cpu\.so"):
        elf.check(program, tmp_path)


def test_a_program_that_would_not_find_libtorch_is_refused(tmp_path: Path) -> None:
    program = write_elf(tmp_path / "app", "aarch64", needed=LIBTORCH)
    with pytest.raises(BuildError, match=r"run path does not lead to .*/lib \(there is none\)"):
        elf.check(program, tmp_path)


def test_what_is_no_program_is_refused(tmp_path: Path) -> None:
    (tmp_path / "app").write_text("#!/bin/sh\n")
    with pytest.raises(BuildError, match="app is not an ELF program"):
        elf.check(tmp_path / "app", tmp_path)
