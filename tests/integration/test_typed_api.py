"""The typed API of many signatures: the compiler takes it, and its values go there and back."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tests.unit.make import artifact
from tests.unit.signatures import ECHO, SIGNATURES
from tsgen import render

from .conftest import VENDORED, run

if TYPE_CHECKING:
    from tsgen.types import Signature

PROGRAMS = Path(__file__).parent / "projects" / "typed"
WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror")
SOURCES = ("tensor.cpp", "dtype.cpp", "numbers.cpp", "text.cpp")
ALL = (*SIGNATURES.values(), ECHO)
COMPILER = shutil.which("g++") or shutil.which("clang++") or "c++"


def header(signature: Signature, folder: Path) -> Path:
    path = folder / "my-app" / "model.hpp"
    path.parent.mkdir(parents=True)
    path.write_text(render.api(artifact(signature=signature), "my-app"), encoding="utf-8")
    return path


def test_the_compiler_takes_them_without_a_warning(tmp_path: Path) -> None:
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
    flags = ("-std=c++17", "-fsyntax-only", *WARNINGS, f"-I{tmp_path}", f"-I{VENDORED / 'include'}")
    compiled = run(COMPILER, *flags, source)
    assert compiled.ok, compiled.output


def test_what_goes_in_comes_out_again(tmp_path: Path) -> None:
    header(ECHO, tmp_path)
    flags = ("-std=c++17", *WARNINGS, f"-I{tmp_path}", f"-I{VENDORED / 'include'}", f"-I{VENDORED / 'src'}")
    program = tmp_path / "echo"
    sources = [PROGRAMS / "echo.cpp", *(VENDORED / "src/core" / source for source in SOURCES)]
    compiled = run(COMPILER, *flags, *sources, "-o", program)
    assert compiled.ok, compiled.output
    done = run(program)
    assert (done.status, done.output) == (0, "0 wrong\n")


def test_it_compiles_with_a_library_that_cannot_warm_up_yet(tmp_path: Path) -> None:
    """`tsgen build` of a newer tsgen writes the header again, and leaves third_party/tsgen to `tsgen update`."""
    older = tmp_path / "include" / "tsgen"
    shutil.copytree(VENDORED / "include" / "tsgen", older)
    lines = (older / "model.hpp").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if "warm_up" not in line and "WARM_UP" not in line]
    (older / "model.hpp").write_text("\n".join(kept), encoding="utf-8")
    made = header(ECHO, tmp_path)
    compiled = run(COMPILER, "-std=c++17", "-fsyntax-only", "-x", "c++", f"-I{tmp_path / 'include'}", made)
    assert compiled.ok, compiled.output
    assert len(lines) - len(kept) == 4
