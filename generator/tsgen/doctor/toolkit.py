"""The CUDA toolkit: nvcc, and whether the rest is there too."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.version import Version

from tsgen.doctor import limited
from tsgen.doctor.cuda import major
from tsgen.doctor.findings import Finding, State

if TYPE_CHECKING:
    from tsgen.doctor.findings import Torch

SECONDS = 20.0


def examine(torch: Torch | None) -> list[Finding]:
    floor = torch.cuda_toolkit if torch and major(torch.accelerator) else None
    needed = (
        f"only to compile CUDA sources of your own{f', {floor} or newer' if floor else ''}; --device cuda needs none"
    )
    nvcc = _nvcc()
    if not nvcc:
        fix = "nothing, unless the project has .cu sources; then NVIDIA's CUDA toolkit"
        return [Finding(topic="CUDA toolkit", state="missing", found="none (no nvcc)", needed=needed, fix=fix)]
    version, root = _version(nvcc), _root(nvcc)
    lacking = _lacking(root)
    found = f"{version or 'of unknown version'} ({root})" + (f", not whole: no {', '.join(lacking)}" if lacking else "")
    old = bool(floor and version and Version(version) < Version(floor))
    state: State = "old" if old else "missing" if lacking else "ok" if version else "unknown"
    fix = "" if state == "ok" else "install the whole toolkit of NVIDIA, and name it with CUDA_PATH"
    return [Finding(topic="CUDA toolkit", state=state, found=found, needed=needed, fix=fix)]


def _nvcc() -> Path | None:
    """As CMake looks: CUDACXX, PATH, then the usual places."""
    homes = [os.environ.get("CUDA_PATH"), os.environ.get("CUDA_HOME"), "/usr/local/cuda"]
    bins = os.pathsep.join(str(Path(home) / "bin") for home in homes if home)
    named = os.environ.get("CUDACXX", "nvcc")
    found = shutil.which(named) or shutil.which("nvcc", path=bins)
    return Path(found) if found else None


def _version(nvcc: Path) -> str | None:
    done = limited.run([nvcc, "--version"], seconds=SECONDS)
    match = re.search(r"release (\d+\.\d+)", done.stdout) if done else None
    return match[1] if match else None


def _root(nvcc: Path) -> Path:
    """What nvcc says: the one in PATH may be a script that calls the real one."""
    done = limited.run([nvcc, "--dryrun", "-x", "cu", os.devnull], seconds=SECONDS, merge=True)
    match = re.search(r"^#\$ TOP=(.+)$", done.stdout, re.MULTILINE) if done else None
    return Path(match[1].strip()).resolve() if match else nvcc.resolve().parents[1]


def _lacking(root: Path) -> list[str]:
    wanted = {
        "headers (cuda_runtime.h)": ("include/cuda_runtime.h", "targets/*/include/cuda_runtime.h"),
        "libcudart": ("lib*/libcudart.so", "lib/x64/cudart.lib", "targets/*/lib/libcudart.so"),
        "libnvrtc": ("lib*/libnvrtc.so", "lib/x64/nvrtc.lib", "targets/*/lib/libnvrtc.so"),
    }
    return [name for name, patterns in wanted.items() if not any(any(root.glob(each)) for each in patterns)]
