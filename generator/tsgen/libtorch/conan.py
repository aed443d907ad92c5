"""A LibTorch on this machine as a Conan package: the recipe, and telling Conan about it.

The recipe is templates/conan/conanfile.py as it is; `libtorch.json` beside it says which LibTorch it stands for. Both
lie in the store's folder, whatever the root is: an installed torch is not ours to write into.
"""

from __future__ import annotations

import re
import shutil
import sys
from functools import cache
from importlib.resources import files as package_files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from packaging.version import Version

from tsgen.errors import LibTorchError, ToolFailedError, ToolMissingError
from tsgen.libtorch.look.libraries import library
from tsgen.libtorch.store import location
from tsgen.system import codec, files, process

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tsgen.types import LibTorch

How: TypeAlias = Literal["editable", "export-pkg"]

NAME = "libtorch-prebuilt"
FACTS = "libtorch.json"
PROFILE = "profile"
_CONAN_FLOOR = Version("2.4")
_SYSTEMS = {"linux": "Linux", "macos": "Macos", "windows": "Windows"}
_MACHINES = {"x86_64": "x86_64", "aarch64": "armv8", "arm64": "armv8"}
# What a program links; the others are loaded by these.
_LINKED = ("torch_cpu", "c10")
# Beside a wheel's torch: what made it self-contained put there, as on aarch64.
_BUNDLED = ("torch.libs",)
# Likewise, from NVIDIA's wheels; the second is where cuSPARSELt was in the time of torch 2.7.
_NVIDIA = ("nvidia", "cusparselt")


def reference(libtorch: LibTorch) -> str:
    """What a conanfile.py requires: `libtorch-prebuilt/2.14.1`; the accelerator is its option `variant`."""
    return f"{NAME}/{Version(libtorch.version).public}"


def write_recipe(libtorch: LibTorch) -> Path:
    """The folder with the recipe of this LibTorch, written when it says something new. Raises LibTorchError."""
    folder = _recipe_folder(libtorch)
    with files.writing(folder, LibTorchError):
        files.write_if_changed(folder / "conanfile.py", _recipe().read_text(encoding="utf-8"))
        files.write_if_changed(folder / PROFILE, _profile(libtorch))
        files.write_if_changed(folder / FACTS, codec.text_of(_facts(libtorch)))
    return folder


def register(libtorch: LibTorch, how: How) -> str:
    """Tell Conan's cache about this LibTorch and return the reference.

    `editable` uses it where it lies, one variant of a version at a time; `export-pkg` copies it.
    Raises ToolMissingError without Conan 2, LibTorchError with Conan's reason.
    """
    folder = write_recipe(libtorch)
    if how == "editable":
        run(["editable", "add", folder])
    else:
        # An editable would stand before the package.
        run(["editable", "remove", "--refs", reference(libtorch)])
        run(["export-pkg", folder, "--profile:all", folder / PROFILE, "--no-remote"])
    return reference(libtorch)


def run(words: Sequence[str | Path]) -> str:
    """What `conan WORDS` prints on stdout. Raises ToolMissingError and LibTorchError."""
    try:
        return process.run([_program(), *words]).stdout
    except ToolFailedError as error:
        reason = re.search(r"^ERROR: ((?:.|\n)*)", error.output, re.MULTILINE)
        raise LibTorchError(
            f"`conan {words[0]}` failed",
            details=(reason[1] if reason else error.output).strip(),
            hint="-v shows the command",
        ) from error


def _program() -> Path:
    """On the PATH, or in the environment that runs tsgen."""
    found = shutil.which("conan") or shutil.which("conan", path=str(Path(sys.executable).parent))
    if not found:
        raise ToolMissingError("Conan is not on this machine", hint="pip install conan")
    _require_new_enough(found)
    return Path(found)


@cache
def _require_new_enough(program: str) -> None:
    answer = re.search(r"[\d.]+\d", process.run([program, "--version"]).stdout)
    if not answer or Version(answer[0]) < _CONAN_FLOOR:
        came = answer[0] if answer else "one that does not say its version"
        raise ToolMissingError(
            f"Conan {_CONAN_FLOOR} or newer is needed; {program} is {came}", hint="pip install --upgrade conan"
        )


def _recipe() -> Path:
    """Inside the wheel; in an editable install, the repository's."""
    shipped = Path(str(package_files("tsgen"))) / "_templates"
    templates = shipped if shipped.is_dir() else Path(__file__).resolve().parents[3] / "templates"
    return templates / "conan" / "conanfile.py"


def _recipe_folder(libtorch: LibTorch) -> Path:
    """One for each LibTorch, the same for the same: Conan remembers it."""
    abi = "cxx11" if libtorch.cxx11_abi else "pre-cxx11"
    words = (libtorch.version, libtorch.platform, libtorch.accelerator, libtorch.build_type, abi)
    name = "-".join((*words, files.digest_of(str(libtorch.root))[:8]))
    return location() / "conan" / name


def _facts(libtorch: LibTorch) -> dict[str, Any]:
    """What the recipe reads. `root`, `beside` and `licenses` are of this machine, and stay out of the package."""
    root = libtorch.root.absolute()
    linked = [path for path in (library(root, name) for name in _LINKED) if path]
    return {
        **codec.plain(libtorch),
        "root": str(root),
        "beside": [str(path) for path in _beside(root.resolve(), libtorch.version)],
        "licenses": sorted(str(path) for path in root.resolve().parent.glob("torch-*.dist-info/licenses")),
        "libraries": {path.relative_to(root).as_posix(): files.sha256(path) for path in linked},
    }


def _beside(root: Path, version: str) -> list[Path]:
    """The folders that the run paths of a wheel's libraries lead to; a +cpu wheel needs nothing of NVIDIA's."""
    names = _BUNDLED if Version(version).local == "cpu" else (*_BUNDLED, *_NVIDIA)
    return [root.parent / name for name in names if (root.parent / name).is_dir()]


def _profile(libtorch: LibTorch) -> str:
    """The platform of the package. No compiler: nothing is compiled, and the user's profile may be another's."""
    system, _, machine = libtorch.platform.partition("-")
    build_type = libtorch.build_type.capitalize()
    lines = ("[settings]", f"os={_SYSTEMS[system]}", f"arch={_MACHINES[machine]}", f"build_type={build_type}", "")
    return "\n".join(lines)
