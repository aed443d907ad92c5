"""What AOTInductor makes of a model, compiled in several ways, and called by its C interface from this process."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from benchmarks.bench import ROOT

sys.path.insert(0, str(ROOT / "generator"))
from tsgen.worker.aotinductor import inductor, library, program, sources

if TYPE_CHECKING:
    from collections.abc import Mapping

VENDORED = ROOT / "templates/cpp/{{cookiecutter.project_slug}}/third_party/tsgen"
TORCH = Path(torch.__file__).parent
# As TsgenCompiled.cmake has them, and CMake in a Release build.
FLAGS = (
    *("-std=c++20", "-O3", "-DNDEBUG", "-fPIC", "-shared", "-fopenmp", "-ffp-contract=off", "-w", "-fno-lto"),
    *("-fno-gnu-unique", "-fvisibility=hidden", "-DTORCH_INDUCTOR_CPP_WRAPPER", "-DSTANDALONE_TORCH_HEADER"),
    *("-DC10_USING_CUSTOM_GENERATED_MACROS", f"-I{TORCH / 'include'}"),
)
LINKED = (f"-L{TORCH / 'lib'}", "-ltorch_cpu", "-lc10", "-Wl,--unresolved-symbols=ignore-in-shared-libs")
PLAIN_LOOPS = ("-fno-tree-loop-vectorize", "-fno-tree-slp-vectorize")
V3 = "-march=x86-64-v3"
VECTORS: Mapping[str, Any] = {"cpp.simdlen": 256}


@dataclass(frozen=True)
class Way:
    """One way from a program to a library."""

    title: str
    flags: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    """Besides those of the sources."""
    packaged: bool = False
    """Inductor compiles it."""


WAYS: Mapping[str, Way] = {
    "sources": Way("sources"),
    "plain": Way("sources, loops not vectorised", PLAIN_LOOPS),
    "v3": Way("sources, `-march=x86-64-v3`", (V3,)),
    "vectors": Way("vectorised sources, `-march=x86-64-v3`", (V3, "-DCPU_CAPABILITY_AVX2"), VECTORS),
    "packaged": Way("packaged", packaged=True),
}


@dataclass(frozen=True)
class Built:
    library: Path
    wrote: float
    """Seconds of the CPU until Inductor had written it, without the export."""
    compiled: float
    """Seconds of the compiler; of the packaged form they are in `wrote`."""


def exported(model: Any, example: tuple[Any, ...]) -> program.Program:
    with torch.no_grad():
        return program.Program(torch.export.export(model, example), {}, (), ())


def built(way: Way, made: program.Program, folder: Path) -> Built:
    folder.mkdir(parents=True)
    begun = cpu_seconds()
    with inductor.place(folder) as place:
        if way.packaged:
            (folder / "model.so").write_bytes(library.made(made, "it", lambda needs: needs, place))
            return Built(folder / "model.so", cpu_seconds() - begun, 0)
        files = inductor.package(made, place, {**sources.OPTIONS, **way.options})
    (folder / "model.cpp").write_text(sources.portable(inductor.of_kind(files, ".cpp").decode()), encoding="utf-8")
    weights = sources.weights_in(files)
    (folder / "weights.bin").write_bytes(weights)
    (folder / "signature.tsgen").touch()
    wrote = cpu_seconds() - begun
    compile_sources(way, folder)
    return Built(folder / "model.so", wrote, cpu_seconds() - begun - wrote)


def compile_sources(way: Way, folder: Path) -> None:
    data = (VENDORED / "cmake/compiled_model.cpp.in").read_text(encoding="utf-8")
    (folder / "data.cpp").write_text(data.replace("@TSGEN_MODEL_FOLDER@", str(folder)), encoding="utf-8")
    compiler = os.environ.get("CXX", "g++")
    files: list[str | Path] = [folder / "model.cpp", folder / "data.cpp", "-o", folder / "model.so"]
    subprocess.run([compiler, *FLAGS, *way.flags, *files, *LINKED], check=True)


def cpu_seconds() -> float:
    """Of this process and of those that it waited for: what else the machine does is not in it."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


class Compiled:
    """A library of AOTInductor's, open: tensors of float32 in, one out."""

    def __init__(self, file: Path) -> None:
        self._torch = ctypes.CDLL(str(TORCH / "lib/libtorch_cpu.so"))
        self._library = ctypes.CDLL(str(file))
        self._container = ctypes.c_void_p()
        self._done(self._library.AOTInductorModelContainerCreateWithDevice(
            ctypes.byref(self._container), ctypes.c_size_t(1), b"cpu", None
        ))  # fmt: skip

    def __call__(self, given: torch.Tensor) -> int:
        """The answer's handle, for `taken`."""
        inputs, outputs = (ctypes.c_void_p * 1)(self._view(given)), (ctypes.c_void_p * 1)()
        one = ctypes.c_size_t(1)
        self._done(self._library.AOTInductorModelContainerRun(self._container, inputs, one, outputs, one, None, None))
        return int(outputs[0] or 0)

    def taken(self, handle: int, shape: torch.Size) -> torch.Tensor:
        """A copy of the answer, whose memory is then given back."""
        place = ctypes.c_void_p()
        self._done(self._torch.aoti_torch_get_data_ptr(ctypes.c_void_p(handle), ctypes.byref(place)))
        memory = (ctypes.c_float * shape.numel()).from_address(place.value or 0)
        answer = torch.frombuffer(memory, dtype=torch.float32).reshape(shape).clone()
        self.drop(handle)
        return answer

    def drop(self, handle: int) -> None:
        self._done(self._torch.aoti_torch_delete_tensor_object(ctypes.c_void_p(handle)))

    def _view(self, given: torch.Tensor) -> int:
        sizes = (ctypes.c_int64 * given.dim())(*given.shape)
        strides = (ctypes.c_int64 * given.dim())(*given.stride())
        made, zero, float32 = ctypes.c_void_p(), ctypes.c_int64(0), 6
        self._done(self._torch.aoti_torch_create_tensor_from_blob(
            ctypes.c_void_p(given.data_ptr()), ctypes.c_int64(given.dim()), sizes, strides, zero, float32, 0, 0,
            ctypes.byref(made),
        ))  # fmt: skip
        return int(made.value or 0)

    @staticmethod
    def _done(status: int) -> None:
        if status:
            raise RuntimeError(f"expected 0 of a C function of AOTInductor's, came {status}")
