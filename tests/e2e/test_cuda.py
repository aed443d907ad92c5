"""A program for CUDA on a machine that need not have a toolkit, a driver or a GPU."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .conftest import Made, make, run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .conftest import Tsgen

DRIVER = """
int cuInit(unsigned int flags) {{ return {status}; }}
int cuDeviceGetCount(int* count) {{ *count = 1; return 0; }}
"""
NO_DEVICE = 100
"""CUDA_ERROR_NO_DEVICE of cuda.h."""


@pytest.fixture(scope="module")
def torch(model_python: Path) -> Path:
    """The torch package of the model's Python, when it is one for CUDA."""
    code = "import importlib.util as util; print(*util.find_spec('torch').submodule_search_locations)"
    root = Path(run(model_python, "-c", code).stdout.strip())
    if not (root / "lib/libtorch_cuda.so").exists():
        pytest.skip("the torch here is not one for CUDA")
    return root


@pytest.fixture(scope="module")
def project(torch: Path, tsgen: Tsgen, tmp_path_factory: pytest.TempPathFactory) -> Made:
    del torch
    return make(tsgen, tmp_path_factory.mktemp("cuda"), "myapp", "--model", "squeezenet1_1", "--cuda")


@pytest.fixture
def no_gpu(project: Made) -> None:
    """Stand-ins for a driver would hide a real one."""
    if cuda(project)["state"] != "absent":
        pytest.skip("this machine has a GPU")


def cuda(project: Made, env: Mapping[str, str] | None = None) -> dict[str, Any]:
    status: dict[str, Any] = run(project.runner, "--info", "--json", env=env).document["cuda"]
    return status


def driver(folder: Path, status: int) -> dict[str, str]:
    """The environment with a driver that answers `status` and counts one GPU."""
    source = folder / "driver.c"
    source.write_text(DRIVER.format(status=status), encoding="utf-8")
    library = folder / "libcuda.so.1"
    subprocess.run(["cc", "-shared", "-fPIC", "-Wl,-soname,libcuda.so.1", "-o", library, source], check=True)
    return {"LD_LIBRARY_PATH": str(folder)}


def without(torch: Path, missing: str, folder: Path) -> dict[str, str]:
    """The environment with the same LibTorch, beside which one of NVIDIA's packages is missing."""
    for kept in (*(torch / "lib").iterdir(), *(torch.parent / "nvidia").iterdir()):
        if kept.name != missing:
            link = folder / kept.relative_to(torch.parent)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(kept)
    return {"LD_LIBRARY_PATH": str(folder / "torch/lib")}


def test_it_is_built_without_a_toolkit_and_proven_on_the_cpu(project: Made) -> None:
    assert project.outcome["libtorch"]["accelerator"].startswith("cu")
    devices = project.outcome["parity"]["devices"]
    assert devices["cpu"] == "proven"
    assert devices["cuda"] == ("proven" if cuda(project)["state"] == "ready" else f"not exercised: {why(project)}")
    assert 'device = "cuda"' in (project.root / "tsgen.toml").read_text(encoding="utf-8")
    needed = run("readelf", "-d", project.runner).stdout
    assert "libtorch_cpu.so" in needed
    assert "cuda" not in needed


@pytest.mark.usefixtures("torch")
def test_a_model_that_stays_on_the_cpu_is_refused_before_anything_is_compiled(tsgen: Tsgen, tmp_path: Path) -> None:
    model = Path(__file__).parent / "worker/models/device_lists.py"
    ended = tsgen("new", "lists", "--model", f"{model}:Sum", "--cuda", "--output", tmp_path)
    assert ended.status == 4
    assert "runs on the CPU only: device_lists.py:13: total = total + image" in ended.stderr
    assert (
        "hint: make the tensors there on the device of an input (device=x.device), or use --device cpu" in ended.stderr
    )


def why(project: Made) -> str:
    return str(cuda(project)["problem"])


@pytest.mark.usefixtures("no_gpu")
def test_without_a_driver_the_runner_says_so_and_runs_on_the_cpu(project: Made) -> None:
    ended = run(project.runner, "--device", "cuda", "--json")
    assert ended.status == 2
    assert ended.document["error"]["message"] == "no CUDA device: no NVIDIA driver on this machine"
    assert "myapp-runner: error: no CUDA device: no NVIDIA driver on this machine\n" in ended.stderr
    assert run(project.runner, "--device", "cpu", "--verify").status == 0


@pytest.mark.usefixtures("no_gpu")
def test_what_was_not_exercised_is_said_each_time(project: Made, tsgen: Tsgen) -> None:
    ended = tsgen("build", project.root)
    assert ended.status == 0
    assert "cpu: C++ = Python, bit for bit" in ended.stderr + ended.stdout
    assert "cuda: not exercised (no NVIDIA driver)" in ended.stderr + ended.stdout
    document = tsgen("build", project.root, "--json").document
    assert document["up_to_date"] == ["export", "build", "prove"]
    assert document["parity"]["devices"]["cuda"] == "not exercised: no NVIDIA driver on this machine"


@pytest.mark.usefixtures("no_gpu")
def test_a_driver_without_a_gpu_is_not_exercised_either(project: Made, tsgen: Tsgen, tmp_path: Path) -> None:
    document = tsgen("build", project.root, "--json", env=driver(tmp_path, NO_DEVICE)).document
    assert document["parity"]["devices"]["cuda"] == "not exercised: the NVIDIA driver finds no GPU on this machine"


@pytest.mark.usefixtures("no_gpu")
def test_a_gpu_that_came_and_cannot_be_used_fails_in_spite_of_the_earlier_proof(
    project: Made, tsgen: Tsgen, tmp_path: Path
) -> None:
    ended = tsgen("build", project.root, "--json", env=driver(tmp_path, 0))
    assert ended.status == 8
    assert ended.document["error"]["message"].startswith("on CUDA: failed: LibTorch cannot use this machine's GPU")
    assert ended.document["parity"]["devices"]["cpu"] == "proven"


@pytest.mark.usefixtures("no_gpu")
def test_a_libtorch_whose_cuda_cannot_be_loaded_fails(project: Made, torch: Path, tsgen: Tsgen, tmp_path: Path) -> None:
    if not (torch.parent / "nvidia/cudnn").is_dir():
        pytest.skip("this wheel has its own cuDNN")
    env = without(torch, "cudnn", tmp_path)
    ended = tsgen("test", project.root, "--json", env=env)
    assert ended.status == 8
    assert "LibTorch's CUDA library cannot be loaded (libcudnn" in ended.document["error"]["message"]
    assert run(project.runner, env=env).stdout.startswith("ok\n")
    assert json.loads(run(project.runner, "--device", "cuda", "--json", env=env).stdout)["error"]["hint"]


def test_a_project_for_the_cpu_is_not_asked_for_cuda(project: Made, tsgen: Tsgen) -> None:
    document = tsgen("test", project.root, "--device", "cpu", "--json").document
    assert document["parity"]["devices"] == {"cpu": "proven"}
