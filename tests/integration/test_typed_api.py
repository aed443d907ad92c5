"""The typed API of many signatures: the compiler takes it, clang-format leaves it, and its values go there and back."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.unit.make import artifact
from tests.unit.signatures import ECHO, SIGNATURES
from tsgen import render

from .conftest import TEMPLATE, run
from .test_project import render as rendered

if TYPE_CHECKING:
    from tsgen.types import Signature

PROGRAMS = Path(__file__).parent / "projects" / "typed"
WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror")
SOURCES = ("src/runtime/tensor.cpp", "src/runtime/dtype.cpp")
ALL = (*SIGNATURES.values(), ECHO)
COMPILER = shutil.which("g++") or shutil.which("clang++") or "c++"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template's own files, without a model."""
    return rendered(tmp_path_factory.mktemp("typed"))


def header(signature: Signature, folder: Path) -> Path:
    path = folder / "my-app" / "model.hpp"
    path.parent.mkdir(parents=True)
    path.write_text(render.api(artifact(signature=signature), "my-app"), encoding="utf-8")
    return path


def test_the_compiler_takes_them_without_a_warning(project: Path, tmp_path: Path) -> None:
    """All in one file, each in a namespace of its own: LibTorch is not needed, only our headers."""
    source = tmp_path / "use.cpp"
    parts = []
    for number, signature in enumerate(ALL):
        path = header(signature, tmp_path / str(number))
        text = path.read_text(encoding="utf-8").replace("namespace my_app", f"namespace my_app::n{number}")
        path.write_text(text.replace("my-app/model.hpp", f"{number}/my-app/model.hpp"), encoding="utf-8")
        call = f"my_app::n{number}::Outputs call(const my_app::n{number}::Model& model) {{ return model({{}}); }}"
        parts.append(f'#include "{number}/my-app/model.hpp"\n{call}')
    source.write_text("\n".join(parts), encoding="utf-8")
    flags = ("-std=c++17", "-fsyntax-only", *WARNINGS, f"-I{tmp_path}", f"-I{project / 'include'}")
    compiled = run(COMPILER, *flags, source)
    assert compiled.ok, compiled.output


def test_what_goes_in_comes_out_again(project: Path, tmp_path: Path) -> None:
    header(ECHO, tmp_path)
    flags = ("-std=c++17", *WARNINGS, f"-I{tmp_path}", f"-I{project / 'include'}", f"-I{project / 'src'}")
    program = tmp_path / "echo"
    sources = [PROGRAMS / "echo.cpp", *(project / source for source in SOURCES)]
    compiled = run(COMPILER, *flags, *sources, "-o", program)
    assert compiled.ok, compiled.output
    done = run(program)
    assert (done.status, done.output) == (0, "0 wrong\n")


def test_clang_format_leaves_it(tmp_path: Path) -> None:
    shutil.copy(TEMPLATE / ".clang-format", tmp_path)
    headers = [header(signature, tmp_path / str(number)) for number, signature in enumerate(ALL)]
    checked = run(Path(sys.executable).with_name("clang-format"), "--dry-run", "--Werror", *headers)
    assert checked.ok, checked.output
