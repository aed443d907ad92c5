"""Wheels for machines that are not this one, fetched from the real index: read, pinned, and never run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tsgen.libtorch import catalog
from tsgen.libtorch.look.inspect import inspect
from tsgen.libtorch.providers import wheel

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.e2e, pytest.mark.network]

# With libraries in torch/lib, and in torch.libs. The wheel of 2.14.1 for aarch64 is built for CUDA and has 454 MB.
MACHINES: dict[str, tuple[str, set[str], set[str]]] = {
    "macos-arm64": ("2.14.1", {"libc10.dylib", "libtorch_cpu.dylib", "libtorch.dylib", "libomp.dylib"}, set()),
    "windows-x86_64": (
        "2.14.1",
        {"c10.dll", "c10.lib", "torch_cpu.dll", "torch_cpu.lib", "torch.dll", "torch.lib", "uv.dll", "libiomp5md.dll"},
        set(),
    ),
    "linux-aarch64": (
        "2.6.0",
        {"libc10.so", "libtorch_cpu.so", "libtorch.so"},
        {"libopenblasp", "libgomp", "libarm_compute"},
    ),
}


@pytest.mark.parametrize("platform", MACHINES)
def test_a_libtorch_for_another_machine(platform: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    version, libraries, beside = MACHINES[platform]
    # A constraint of pip's may allow only one torch.
    (tmp_path / "none.txt").touch()
    monkeypatch.setenv("PIP_CONSTRAINT", str(tmp_path / "none.txt"))
    distribution = catalog.find(version, platform)
    tree = tmp_path / "tree"
    sources = wheel.make_tree(distribution, tree, downloads=tmp_path / "downloads", accelerator="cpu")
    assert sources == wheel.pins(distribution, "cpu")
    assert len(sources[0].sha256) == 64
    found = inspect(tree / "torch", distribution, origin="wheel", sources=sources)
    assert (found.platform, found.version.partition("+")[0], found.accelerator) == (platform, version, "cpu")
    assert libraries <= {path.name for path in tree.glob("torch/lib/*")}
    assert beside <= {path.name.partition("-")[0] for path in tree.glob("torch.libs/*")}
    assert [*tree.rglob("*.py*"), *tree.glob("torch/lib/*python*")] == [tree / "torch/version.py"]
    assert (tree / "torch/include/torch/csrc/api/include/torch/torch.h").is_file()
    assert (tree / "torch/share/cmake/Torch/TorchConfig.cmake").is_file()
