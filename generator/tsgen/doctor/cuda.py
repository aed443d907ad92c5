"""The driver of NVIDIA GPUs: which CUDA it runs, and whether it sees a GPU."""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.version import Version

from tsgen.doctor import limited, remedy
from tsgen.doctor.findings import Finding
from tsgen.system import codec

if TYPE_CHECKING:
    from tsgen.doctor.findings import Torch

SECONDS = 20.0
# In a process of its own: a broken driver takes with it whoever asks.
_ASK = """
import ctypes, json, sys
name = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
try:
    cuda = ctypes.CDLL(name)
except OSError:
    print(json.dumps({}))
    sys.exit()
version, count = ctypes.c_int(), ctypes.c_int()
answer = {"init": cuda.cuInit(0), "version": 0, "devices": 0}
if cuda.cuDriverGetVersion(ctypes.byref(version)) == 0:
    answer["version"] = version.value
if answer["init"] == 0 and cuda.cuDeviceGetCount(ctypes.byref(count)) == 0:
    answer["devices"] = count.value
print(json.dumps(answer))
"""
_REASONS = {
    34: "only the stub library of a toolkit is there",
    100: "it sees no GPU",
    802: "it is not ready yet",
    803: "its kernel module is of another version: restart the machine",
    999: "it failed for an unknown reason: restart the machine",
}


@dataclass(frozen=True, kw_only=True)
class Driver:
    cuda: str | None
    """The newest CUDA that it runs, `13.0`; None without a driver."""
    devices: int
    problem: str = ""


def driver() -> Driver:
    done = limited.run([sys.executable, "-I", "-S", "-c", _ASK], seconds=SECONDS)
    try:
        answer = codec.parsed(done.stdout) if done else {}
    except codec.FormError:
        late = done is not None and done.status == limited.LATE
        return Driver(cuda=None, devices=0, problem="it does not answer" if late else "it crashes when it is asked")
    if not answer:
        return Driver(cuda=None, devices=0)
    number, status = answer["version"], answer["init"]
    version = f"{number // 1000}.{number % 1000 // 10}" if number else None
    reason = _REASONS.get(status, f"cuInit says {status}") if status else ""
    return Driver(cuda=version, devices=answer["devices"], problem=reason)


def major(accelerator: str) -> int | None:
    """13 of `cu130`, 9 of `cu92`; None for what is not CUDA."""
    match = re.fullmatch(r"cu(\d+)\d", accelerator)
    return int(match[1]) if match else None


def too_old(torch: Torch | None, found: Driver) -> bool:
    """Within one major version of CUDA an older driver runs newer programs, across them it does not."""
    wanted = major(torch.accelerator) if torch else None
    return bool(wanted and found.cuda and Version(found.cuda).major < wanted)


def examine(torch: Torch | None, found: Driver) -> Finding:
    wanted = major(torch.accelerator) if torch else None
    needed = f"only to run on a GPU (--device cuda){f', one for CUDA {wanted}.x or newer' if wanted else ''}"
    advice = remedy.install("driver", "install NVIDIA's driver; a container needs --gpus all")
    if not found.cuda:
        came = f"a driver, but {found.problem}" if found.problem else "none (no libcuda)"
        return Finding(topic="GPU driver", state="missing", found=came, needed=needed, fix=_driver_fix(advice))
    came = f"for CUDA up to {found.cuda}, {found.devices} GPU{_release()}"
    if found.problem or not found.devices:
        came = f"for CUDA up to {found.cuda}, but {found.problem or 'it sees no GPU'}"
        return Finding(topic="GPU driver", state="missing", found=came, needed=needed, fix=advice)
    old = too_old(torch, found)
    fix = f"{advice}, or take a torch for CUDA {Version(found.cuda).major}" if old else ""
    return Finding(topic="GPU driver", state="old" if old else "ok", found=came, needed=needed, fix=fix)


def _driver_fix(advice: str) -> str:
    return f"nothing, when there is no NVIDIA GPU; else {advice}"


def _release() -> str:
    """` (driver 580.65)`, when nvidia-smi tells."""
    smi = shutil.which("nvidia-smi")
    done = limited.run([smi, "--query-gpu=driver_version", "--format=csv,noheader"], seconds=SECONDS) if smi else None
    first = done.stdout.strip().partition("\n")[0] if done and not done.status else ""
    return f" (driver {first})" if re.fullmatch(r"[\d.]+", first) else ""
