"""What `tsgen doctor` says of GPUs: the driver, the toolkit, NVIDIA's wheels; with stand-ins."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tsgen.doctor import cuda, limited, runtime, toolkit
from tsgen.system.process import Finished

from .test_doctor import torch

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Script

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are sh scripts")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing in it but what a test puts there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    for name in ("CUDACXX", "CUDA_PATH", "CUDA_HOME"):
        monkeypatch.delenv(name, raising=False)
    return folder


def answers(monkeypatch: pytest.MonkeyPatch, stdout: str, status: int = 0) -> None:
    """Whatever is run says this."""
    monkeypatch.setattr(limited, "run", lambda *_, **__: Finished(status=status, stdout=stdout, stderr=""))


# --- The driver ---


@pytest.mark.parametrize(
    ("answer", "driver", "state", "word"),
    [
        ({}, cuda.Driver(cuda=None, devices=0), "missing", "none"),
        (
            {"init": 0, "version": 13000, "devices": 2},
            cuda.Driver(cuda="13.0", devices=2),
            "ok",
            "CUDA up to 13.0, 2 GPU",
        ),
        ({"init": 0, "version": 12080, "devices": 1}, cuda.Driver(cuda="12.8", devices=1), "old", "12.8"),
        ({"init": 100, "version": 13000, "devices": 0}, None, "missing", "sees no GPU"),
        ({"init": 34, "version": 0, "devices": 0}, None, "missing", "stub"),
        ({"init": 12345, "version": 13000, "devices": 0}, None, "missing", "cuInit says 12345"),
    ],
)
def test_what_the_driver_says(
    path: Path, monkeypatch: pytest.MonkeyPatch, answer: Any, driver: cuda.Driver | None, state: str, word: str
) -> None:
    assert path.is_dir()
    answers(monkeypatch, json.dumps(answer))
    found = cuda.driver()
    assert driver in {None, found}
    told = cuda.examine(torch(), found)
    assert (told.state, told.blocking, bool(told.fix)) == (state, False, state != "ok")
    assert word in told.found


def test_a_driver_that_crashes_takes_nobody_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda, "_ASK", "import os; os.abort()")
    assert cuda.driver() == cuda.Driver(cuda=None, devices=0, problem="it crashes when it is asked")


def test_a_driver_that_hangs_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, "", limited.LATE)
    assert cuda.driver().problem == "it does not answer"


def test_the_question_to_the_driver_is_answered_everywhere() -> None:
    """With or without a GPU: the child ends well, and says what it found."""
    assert cuda.driver().problem not in {"it crashes when it is asked", "it does not answer"}


@pytest.mark.parametrize(
    ("name", "major"), [("cu130", 13), ("cu92", 9), ("cu118", 11), ("cpu", None), ("rocm7.2", None)]
)
def test_the_major_version_of_an_accelerator(name: str, major: int | None) -> None:
    assert cuda.major(name) == major


# --- The toolkit ---


def nvcc(path: Path, shell: Script, root: Path, version: str = "13.0") -> None:
    shell(
        path / "nvcc",
        f'case "$*" in *--version*) echo "Cuda compilation tools, release {version}, V{version}.88";;\n'
        f'*) echo "#\\$ TOP={root}/bin/.." >&2;; esac\n',
    )


def tree(root: Path, *names: str) -> Path:
    for name in ("bin/nvcc", *names):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


WHOLE = ("include/cuda_runtime.h", "lib64/libcudart.so", "lib64/libnvrtc.so")


@pytest.mark.parametrize(
    ("names", "version", "state", "word"),
    [
        (WHOLE, "13.0", "ok", "13.0"),
        (WHOLE, "12.4", "old", "12.4"),
        (WHOLE[:2], "13.0", "missing", "not whole: no libnvrtc"),
        (WHOLE[1:], "13.0", "missing", "cuda_runtime.h"),
    ],
)
def test_a_toolkit_is_whole_or_not(
    path: Path, shell: Script, tmp_path: Path, names: tuple[str, ...], version: str, state: str, word: str
) -> None:
    """The nvcc in PATH is a script that calls that of the toolkit."""
    root = tree(tmp_path / "cuda", *names)
    nvcc(path, shell, root, version)
    (found,) = toolkit.examine(torch())
    assert (found.state, found.blocking) == (state, False)
    assert word in found.found
    assert str(root) in found.found


def test_no_toolkit_is_no_problem(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert path.is_dir()
    monkeypatch.setattr(toolkit, "_nvcc", lambda: None)
    (found,) = toolkit.examine(torch())
    assert (found.state, found.blocking) == ("missing", False)
    assert found.fix.startswith("nothing, unless")


# --- The wheels ---


def wheel(site: Path, name: str, version: str, *requires: str) -> None:
    folder = site / f"{name.replace('-', '_')}-{version}.dist-info"
    folder.mkdir(parents=True)
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {each}" for each in requires]
    (folder / "METADATA").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A torch that names a wheel of NVIDIA, two more through cuda-toolkit, and others."""
    site = tmp_path / "site-packages"
    named = 'nvidia-cudnn-cu13==9.24.0; platform_system == "Linux" or platform_system == "Darwin"'
    wheel(site, "torch", "2.14.1", "filelock", named, "cuda-toolkit[cudart,nvrtc]==13.0.2", "nvidia-x; extra == 'y'")
    parts = ("nvidia-cuda-runtime~=13.0.96; extra == 'cudart'", "nvidia-cuda-nvrtc~=13.0.88; extra == 'nvrtc'")
    wheel(site, "cuda-toolkit", "13.0.2", *parts, "nvidia-cufft~=12.0; extra == 'cufft'")
    wheel(site, "nvidia-cuda-runtime", "13.0.97")
    wheel(site, "nvidia-cuda-nvrtc", "13.0.88")
    return site


def test_all_wheels_that_torch_names_are_there(site: Path) -> None:
    wheel(site, "nvidia-cudnn-cu13", "9.24.0")
    (found,) = runtime.examine(torch(root=site / "torch"))
    assert (found.state, found.found) == ("ok", "all 4 that torch names are there")


def test_a_missing_wheel_is_named_in_the_fix(site: Path) -> None:
    (found,) = runtime.examine(torch(root=site / "torch"))
    assert (found.state, found.blocking) == ("missing", False)
    assert found.fix.endswith("-m pip install 'nvidia-cudnn-cu13==9.24.0'")


def test_a_wheel_of_another_version_is_told(site: Path) -> None:
    wheel(site, "nvidia-cudnn-cu13", "9.1.0")
    (found,) = runtime.examine(torch(root=site / "torch"))
    assert (found.state, "3 of 4" in found.found) == ("old", True)


def test_a_torch_for_the_cpu_names_no_wheels(site: Path) -> None:
    assert runtime.examine(torch(root=site / "torch", accelerator="cpu")) == []


def test_a_torch_without_metadata_is_unknown(tmp_path: Path) -> None:
    (found,) = runtime.examine(torch(root=tmp_path / "torch"))
    assert found.state == "unknown"
