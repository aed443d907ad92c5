"""`tsgen add op`, and what is done with operator libraries beside a model."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING

import pytest

from tsgen import build, operators
from tsgen.commands import add
from tsgen.errors import BuildError, ExportError
from tsgen.types import Project

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Tsgen


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "tsgen.toml").write_text('name = "my-app"\nmodel = "resnet18"\n', encoding="utf-8")
    return tmp_path


def names(project: Path) -> list[str]:
    return sorted(path.name for path in (project / "ops").iterdir())


def test_an_operator_is_schema_kernel_meta_function_and_test(tsgen: Tsgen, project: Path) -> None:
    assert tsgen("add", "op", "scale_add", str(project)) == 0
    assert names(project) == ["scale_add.cpp", "test_scale_add.py"]
    source = (project / "ops/scale_add.cpp").read_text(encoding="utf-8")
    assert "TORCH_LIBRARY_FRAGMENT(my_app_ops, library)" in source
    assert 'library.def("scale_add(Tensor x, float a, float b) -> Tensor")' in source
    assert all(f"TORCH_LIBRARY_IMPL(my_app_ops, {key}, library)" in source for key in ("CPU", "Meta"))
    test = (project / "ops/test_scale_add.py").read_text(encoding="utf-8")
    assert "torch.ops.my_app_ops.scale_add(" in test
    assert "*/*my-app-ops.*" in test
    ast.parse(test)


def test_nothing_of_the_template_is_left(tsgen: Tsgen, project: Path) -> None:
    assert tsgen("add", "op", "scale_add", str(project), "--cuda") == 0
    assert names(project) == ["scale_add.cpp", "scale_add.cu", "test_scale_add.py"]
    for path in (project / "ops").iterdir():
        assert "@" not in path.read_text(encoding="utf-8").replace("@pytest", ""), path.name


def test_a_cuda_kernel_comes_later_to_an_edited_operator(tsgen: Tsgen, project: Path) -> None:
    assert tsgen("add", "op", "mine", str(project)) == 0
    (project / "ops/mine.cpp").write_text("// edited\n", encoding="utf-8")
    assert tsgen("add", "op", "mine", str(project), "--cuda") == 0
    assert names(project) == ["mine.cpp", "mine.cu", "test_mine.py"]
    assert (project / "ops/mine.cpp").read_text(encoding="utf-8") == "// edited\n"


def test_a_second_one_of_the_name_is_refused_and_writes_nothing(tsgen: Tsgen, project: Path) -> None:
    assert tsgen("add", "op", "mine", str(project)) == 0
    (project / "ops/test_mine.py").unlink()
    (project / "ops/mine.cpp").write_text("// edited\n", encoding="utf-8")
    assert tsgen("add", "op", "mine", str(project)) == 2
    assert "ops/mine.cpp is already in" in tsgen.err
    assert "hint: edit it, choose another name than mine, or overwrite with --force" in tsgen.err
    assert names(project) == ["mine.cpp"]


def test_force_begins_an_operator_again(tsgen: Tsgen, project: Path) -> None:
    assert tsgen("add", "op", "mine", str(project)) == 0
    (project / "ops/mine.cpp").write_text("// edited\n", encoding="utf-8")
    assert tsgen("add", "op", "mine", str(project), "--cuda", "--force") == 0
    assert names(project) == ["mine.cpp", "mine.cu", "test_mine.py"]
    assert "TORCH_LIBRARY_FRAGMENT" in (project / "ops/mine.cpp").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["Scale", "scale-add", "1st", "_x", "größe", "../x", "lambda", "", "x" * 65])
def test_a_name_that_python_or_cpp_cannot_say_is_refused(tsgen: Tsgen, project: Path, name: str) -> None:
    assert tsgen("add", "op", name, str(project)) == 2
    assert "hint: name it as Python is to call it" in tsgen.err
    assert not (project / "ops").exists()


def test_only_a_project_can_have_one(tsgen: Tsgen, tmp_path: Path) -> None:
    assert tsgen("add", "op", "mine", str(tmp_path)) == 2
    assert "is not a tsgen project" in tsgen.err


def test_json_names_operator_and_files(tsgen: Tsgen, project: Path) -> None:
    assert tsgen("add", "op", "mine", str(project), "--json") == 0
    document = json.loads(tsgen.out)
    assert document["operator"] == "torch.ops.my_app_ops.mine"
    assert [name.rpartition("/")[2] for name in document["files"]] == ["mine.cpp", "test_mine.py"]


def test_the_sources_are_what_is_compiled(project: Path) -> None:
    add.operator(project, "my-app", "b", cuda=True)
    add.operator(project, "my-app", "a", cuda=False)
    assert [path.name for path in operators.sources(project)] == ["a.cpp", "b.cpp", "b.cu"]
    assert operators.sources(project / "elsewhere") == []


def test_what_is_no_elf_file_stays_as_it_is(tmp_path: Path) -> None:
    library = tmp_path / "ops/_C.pyd"
    library.parent.mkdir()
    library.write_bytes(b"MZ not for Linux")
    operators.make_portable(tmp_path, tmp_path / "no-libtorch")
    assert library.read_bytes() == b"MZ not for Linux"
    assert operators.misfit(tmp_path, tmp_path / "no-libtorch") == ""


def test_a_broken_library_is_told(tmp_path: Path) -> None:
    library = tmp_path / "ops/lib.so"
    library.parent.mkdir()
    library.write_bytes(b"\x7fELF\x02\x01\x01" + b"\0" * 3)
    with pytest.raises(ExportError, match=r"lib\.so is broken"):
        operators.make_portable(tmp_path, tmp_path / "no-libtorch")


def test_without_libraries_libtorch_is_not_even_looked_at(tmp_path: Path) -> None:
    operators.make_portable(tmp_path, tmp_path / "no-libtorch")
    assert operators.misfit(tmp_path, tmp_path / "no-libtorch") == ""


def test_another_torch_cannot_load_the_projects_operators() -> None:
    build.require_same_torch("2.14.1", "2.14.1+cu130")
    build.require_same_torch("2.14.1", None)
    with pytest.raises(BuildError, match=r"LibTorch 2\.13\.0, and the Python that exports has torch 2\.14\.1"):
        build.require_same_torch("2.13.0", "2.14.1+cu130")


def test_the_library_lies_beside_the_program(tmp_path: Path) -> None:
    project = Project(name="my-app", root=tmp_path)
    assert build.operator_library(project, "debug").parent == build.runner(project, "debug").parent
