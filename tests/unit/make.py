"""Values the tests start from, each with sensible fields unless told otherwise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tsgen.config import Config
from tsgen.model import manifest
from tsgen.system import files
from tsgen.system.names import encode
from tsgen.types import (
    Artifact,
    Build,
    Case,
    LibTorch,
    LibTorchRequest,
    Node,
    OutputParity,
    ParityReport,
    Signature,
    Verdict,
)

from .binaries import NEW_ABI, OLD_ABI, write_elf, write_macho, write_pe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.types import Dim, Kind, VerdictState


def leaf(name: str = "x", dtype: str = "float32", *shape: Dim) -> Node:
    return Node(name=name, dtype=dtype, shape=shape)


def node(name: str, kind: Kind, **changes: Any) -> Node:
    return Node(name=name, kind=kind, **changes)


def signature(*outputs: Node) -> Signature:
    return Signature(
        inputs=(leaf("x", "float32", "N"),), outputs=outputs or (leaf("output", "float32", "N"),), dims={"N": 2}
    )


def artifact(folder: Path = Path("model"), **changes: Any) -> Artifact:
    """One dynamic input, one output, two cases."""
    made = Artifact(
        path=folder / manifest.MODEL,
        model="net.py:Net",
        method="trace",
        torch_version="2.14.1+cpu",
        sha256="0" * 64,
        signature=signature(),
        cases=(Case(name="ones", python_milliseconds=2.0), Case(name="random-1", python_milliseconds=4.0)),
        exact=True,
        cpu="GenuineIntel/Some CPU/AVX2",
        parameters=12,
    )
    return replace(made, **changes)


def write_case(folder: Path, case: str, **tensors: Any) -> None:
    """Save arrays as a case's files: input_x=..., output_NAME=... (the first underscore is the dot)."""
    home = folder / manifest.CASES / case
    home.mkdir(parents=True, exist_ok=True)
    for key, value in tensors.items():
        side, _, name = key.partition("_")
        np.save(home / f"{side}.{encode(name)}.npy", value)


def exported(folder: Path, **changes: Any) -> Artifact:
    """The files of an artifact with their manifest, as an export leaves them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / manifest.MODEL).write_bytes(b"the model")
    made = artifact(folder, sha256=files.sha256(folder / manifest.MODEL), **changes)
    for number, case in enumerate(made.cases):
        values = np.arange(2, dtype="float32") + number
        write_case(folder, case.name, input_x=values, output_output=values * 2)
    manifest.write(made, folder)
    return made


def untimed(made: Artifact) -> Artifact:
    """What a clone knows of it."""
    return replace(made, cases=tuple(replace(case, python_milliseconds=None) for case in made.cases))


def config(**changes: Any) -> Config:
    return replace(Config(name="myapp", model="resnet18"), **changes)


def libtorch(root: Path = Path("libtorch"), **changes: Any) -> LibTorch:
    made = LibTorch(
        version="2.14.1+cpu",
        platform="linux-x86_64",
        accelerator="cpu",
        build_type="release",
        cxx11_abi=True,
        cxx_standard=20,
        origin="installed",
        root=root,
    )
    return replace(made, **changes)


def libtorch_request(libtorch: str = "auto", torch: Path | None = None, **changes: Any) -> LibTorchRequest:
    made = LibTorchRequest(libtorch=libtorch, platform="linux-x86_64", build_type="release", torch=torch)
    return replace(made, **changes)


def torch_folder(
    root: Path,
    version: str = "2.14.1",
    libraries: tuple[str, ...] = ("libtorch_cpu.so",),
    *,
    machine: str | None = None,
    cxx11_abi: bool | None = True,
) -> Path:
    """What can be seen of a wheel's torch package without loading it: of its libraries, only libc10 is a real one."""
    (root / "include" / "torch").mkdir(parents=True)
    (root / "lib").mkdir()
    for name in libraries:
        (root / "lib" / name).touch()
    write_c10(root / "lib", Path(libraries[0]).suffix, machine=machine, cxx11_abi=cxx11_abi)
    (root / "version.py").write_text(f"__version__ = '{version}'\n", encoding="utf-8")
    return root


def write_c10(folder: Path, suffix: str, *, machine: str | None = None, cxx11_abi: bool | None = True) -> None:
    """The library that tells its machine and its ABI; None for one whose symbols do not tell."""
    if suffix == ".dll":
        write_pe(folder / "c10.dll", machine or "x86_64")
    elif suffix == ".dylib":
        write_macho(folder / "libc10.dylib", machine or "arm64")
    else:
        symbols = {True: (NEW_ABI,), False: (OLD_ABI,), None: ("c10_answer",)}
        write_elf(folder / "libc10.so", machine or "x86_64", symbols=symbols[cxx11_abi])


def build(runner: Path, executable: Path | None = None) -> Build:
    return Build(
        executable=executable,
        runner=runner,
        compiler="g++ 12.2",
        generator="Ninja",
        build_type="release",
        cmake="3.25.1",
    )


def parity(**changes: Any) -> OutputParity:
    made = OutputParity(name="ones", output="output", passed=True, max_abs=0.0, max_rel=0.0, mismatches=0)
    return replace(made, **changes)


def report(*cases: OutputParity, cpu: VerdictState = "proven", **changes: Any) -> ParityReport:
    made = ParityReport(
        passed=cpu == "proven",
        demand="exact",
        reason="",
        tolerance={},
        devices={"cpu": Verdict(cpu)},
        cases=cases or (parity(),),
        milliseconds=1.5,
        python_milliseconds=3.0,
    )
    return replace(made, **changes)


def contents(folder: Path) -> Mapping[str, bytes]:
    """Every file below `folder`."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
