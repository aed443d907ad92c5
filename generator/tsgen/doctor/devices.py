"""What each word of --device needs here, and whether it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen.doctor import cuda, index, runtime
from tsgen.doctor.findings import DeviceAnswer
from tsgen.types import accelerator_kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tsgen.doctor.cuda import Driver
    from tsgen.doctor.findings import Finding, Torch


def answers(
    torch: Torch | None, driver: Driver, findings: Sequence[Finding], *, builds: bool
) -> tuple[DeviceAnswer, ...]:
    lacking = ", ".join(dict.fromkeys(finding.topic for finding in findings if finding.blocking))
    no = f"does not build here: see {lacking}"
    states = {finding.topic: finding.state for finding in findings}
    return (
        DeviceAnswer(device="cpu", builds=builds, runs=builds, words="builds and runs here" if builds else no),
        _cuda(torch, driver, states) if builds else DeviceAnswer(device="cuda", builds=False, runs=False, words=no),
    )


def _cuda(torch: Torch | None, driver: Driver, states: Mapping[str, str]) -> DeviceAnswer:
    builds, how = _builds(torch, states)
    runs, why = _runs(torch, driver)
    if not builds:
        return DeviceAnswer(device="cuda", builds=False, runs=False, words=how)
    return DeviceAnswer(device="cuda", builds=True, runs=runs, words=f"{how}; {why}")


def _builds(torch: Torch | None, states: Mapping[str, str]) -> tuple[bool, str]:
    """A program for CUDA is linked with torch's own libraries: a toolkit is only for sources in CUDA."""
    if torch and cuda.major(torch.accelerator):
        lacking = states.get(runtime.TOPIC) == "missing"
        return (not lacking), (
            "does not build with this torch: NVIDIA wheels are missing" if lacking else "builds here, without a toolkit"
        )
    if torch and accelerator_kind(torch.accelerator) == "rocm":
        return False, "this torch is for ROCm: take one for CUDA"
    reached = states.get(index.TOPIC)
    if reached == "missing":
        return False, "this torch is for the CPU, and no index is reached to fetch a LibTorch for CUDA from"
    fetched = "a LibTorch for CUDA is fetched (several GB), this torch being for the CPU"
    return True, f"builds here: {fetched}" + ("" if reached == "ok" else ", which needs an index")


def _runs(torch: Torch | None, driver: Driver) -> tuple[bool, str]:
    if not driver.cuda:
        return False, f"running needs an NVIDIA driver: {driver.problem or 'none found'}"
    if driver.problem or not driver.devices:
        return False, f"running needs a GPU: {driver.problem or 'the driver sees none'}"
    if cuda.too_old(torch, driver):
        return False, f"running needs a newer driver: this one ends at CUDA {driver.cuda}"
    return True, f"runs here, {driver.devices} GPU"
