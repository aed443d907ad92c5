"""The NVIDIA runtime wheels that a wheel of torch names, as it names them for a machine that may not be this one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tsgen.libtorch.wheels import pip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tsgen.libtorch.wheels.pip import WheelReport
    from tsgen.libtorch.wheels.tags import Target

META = "cuda-toolkit"
"""A wheel without files, from torch 2.11 on: its extras name the parts of one CUDA release."""
CPU_PARTS = ("cuda-runtime", "cuda-cupti")
"""What libtorch_cpu of a wheel for CUDA is linked with, for its profiler."""
_PREFIX = "nvidia-"
_PARTS = {
    "libcublas": "cublas",
    "libcublasLt": "cublas",
    "libcudart": "cuda-runtime",
    "libcudnn": "cudnn",
    "libcufft": "cufft",
    "libcufile": "cufile",
    "libcupti": "cuda-cupti",
    "libcurand": "curand",
    "libcusolver": "cusolver",
    "libcusparse": "cusparse",
    "libcusparseLt": "cusparselt",
    "libnccl": "nccl",
    "libnvJitLink": "nvjitlink",
    "libnvToolsExt": "nvtx",
    "libnvrtc": "cuda-nvrtc",
    "libnvshmem_host": "nvshmem",
}


def part_of(library: str) -> str | None:
    """`cuda-runtime` for `libcudart.so.13`; None for what no NVIDIA wheel holds, such as the driver's libcuda.so.1."""
    return _PARTS.get(library.partition(".so")[0])


def part(name: str) -> str:
    """`cuda-runtime` for `nvidia-cuda-runtime` and for `nvidia-cuda-runtime-cu12`."""
    return re.sub(r"-cu\d+$", "", name.removeprefix(_PREFIX))


def wheels(torch: WheelReport, target: Target, parts: Iterable[str] | None = None) -> tuple[WheelReport, ...]:
    """The NVIDIA wheels that `torch` requires on `target` with all that they require, or `parts` of them alone.

    pip is not left to follow requirements: it would read their markers as of this machine. Raises as `pip.report`.
    """
    wanted = None if parts is None else set(parts)
    found: dict[str, WheelReport] = {}
    asked = _named(torch.requires, target, wanted)
    while asked:
        reports = pip.report([str(requirement) for requirement in asked], target.other_tags, target.python)
        found |= {report.name: report for report in reports}
        required = [word for report in reports for word in report.requires] if wanted is None else []
        asked = [each for each in _named(required, target, wanted) if canonicalize_name(each.name) not in found]
    return tuple(found.values())


def cpu_wheels(torch: WheelReport, target: Target) -> tuple[WheelReport, ...]:
    """Those that the CPU libraries will turn out to need. 1.13 carries its own and does not name cupti."""
    found = wheels(torch, target, CPU_PARTS)
    return found if {part(report.name) for report in found} == set(CPU_PARTS) else ()


def is_named(torch: WheelReport, target: Target) -> bool:
    """Whether `torch` is built for CUDA on `target`."""
    return any(True for _ in _applicable(torch.requires, target, ("",)))


def _named(requires: Iterable[str], target: Target, parts: set[str] | None) -> list[Requirement]:
    """The NVIDIA wheels among `requires`, each once, what stands first having the word."""
    chosen: dict[str, Requirement] = {}
    for requirement in _applicable(requires, target, ("",)):
        name = canonicalize_name(requirement.name)
        each = _of_meta(requirement, target) if name == META else [requirement]
        for one in each:
            if parts is None or part(canonicalize_name(one.name)) in parts:
                chosen.setdefault(canonicalize_name(one.name), one)
    return list(chosen.values())


def _of_meta(requirement: Requirement, target: Target) -> list[Requirement]:
    bare = f"{requirement.name}{requirement.specifier}"
    (report,) = pip.report([bare], target.other_tags, target.python)
    return list(_applicable(report.requires, target, sorted(requirement.extras)))


def _applicable(requires: Iterable[str], target: Target, extras: Iterable[str]) -> Iterator[Requirement]:
    for text in requires:
        requirement = Requirement(text)
        ours = requirement.name.startswith(_PREFIX) or requirement.name == META
        environments = ({**target.markers, "extra": extra} for extra in extras)
        if ours and (not requirement.marker or any(map(requirement.marker.evaluate, environments))):
            requirement.marker = None
            yield requirement
