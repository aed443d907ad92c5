"""A CUDA source in a generated project, compiled by nvcc. No GPU is needed: its operator also has a CPU side."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .conftest import run
from .test_cmake import cmake

if TYPE_CHECKING:
    from .conftest import Made

SOURCE = Path(__file__).parent / "projects/scale.cu"
CALLER = """
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/ones.h>

int main() {
  const auto scale = c10::Dispatcher::singleton().findSchemaOrThrow("my_ops::scale", "");
  const auto typed = scale.typed<at::Tensor(const at::Tensor&, double)>();
  return static_cast<int>(typed.call(at::ones({2}), 21.0).sum().item<float>());
}
"""


@pytest.fixture
def with_cuda_source(resnet: Made, tmp_path: Path) -> Path:
    """The project with an operator in src/cuda, and a program that calls it by name alone."""
    if not shutil.which("nvcc"):
        pytest.skip("no nvcc on this machine")
    if resnet.outcome["libtorch"]["accelerator"][:2] != "cu":
        pytest.skip("the torch of the tests is not built for CUDA")
    ignore = shutil.ignore_patterns("build", "CMakeUserPresets.json")
    root = Path(shutil.copytree(resnet.root, tmp_path / "clone", ignore=ignore))
    (root / "src/cuda").mkdir()
    shutil.copy(SOURCE, root / "src/cuda")
    (root / "caller.cpp").write_text(CALLER)
    with (root / "CMakeLists.txt").open("a") as file:
        file.write(
            "\nadd_executable(caller caller.cpp)\ntarget_link_libraries(caller PRIVATE myapp::model Torch::Torch)\n"
        )
    return root


def test_it_is_compiled_and_its_operator_is_there(with_cuda_source: Path, resnet: Made) -> None:
    root = resnet.outcome["libtorch"]["root"]
    ended = cmake("--preset", "release", cwd=with_cuda_source, Torch_ROOT=root)
    assert ended.status == 0, ended.stdout + ended.stderr
    ended = cmake("--build", "--preset", "release", "--target", "myapp-runner", "caller", cwd=with_cuda_source)
    assert ended.status == 0, ended.stdout + ended.stderr
    build = with_cuda_source / "build/release"
    assert run(build / "caller").status == 42
    assert run(build / "myapp-runner", "--verify").status == 0


def test_without_a_compiler_a_sentence_says_what_is_missing(with_cuda_source: Path, resnet: Made) -> None:
    root = resnet.outcome["libtorch"]["root"]
    ended = cmake("--preset", "release", cwd=with_cuda_source, Torch_ROOT=root, CUDACXX="/bin/false")
    assert ended.status != 0
    assert "there is no CUDA compiler that works" in " ".join(ended.stderr.split())
