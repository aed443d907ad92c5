"""`tsgen add op`: the files of a new operator in a project's ops/ folder, with a kernel that works, to be edited."""

from __future__ import annotations

import keyword
import re
from importlib.resources import files as package_files
from pathlib import Path

from tsgen import files
from tsgen.errors import ConfigError, RenderError

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)


def add(root: Path, project: str, name: str, *, cuda: bool) -> list[Path]:
    """Write ops/NAME.cpp, its test and, with `cuda`, ops/NAME.cu; only the last when the operator is already there.

    Returns what was written. Raises ConfigError.
    """
    _check(name)
    folder = root / "ops"
    wanted = {"op.cpp": f"{name}.cpp", "test_op.py.in": f"test_{name}.py"}
    if cuda and (folder / f"{name}.cpp").exists():
        wanted = {}
    wanted.update({"op.cu": f"{name}.cu"} if cuda else {})
    for file in wanted.values():
        _refuse_existing(folder / file, name)
    with files.writing(folder, RenderError):
        for template, file in wanted.items():
            files.write_text(folder / file, _filled(template, project, name))
    return [folder / file for file in wanted.values()]


def namespace(project: str) -> str:
    """Where a project's operators are: torch.ops.NAMESPACE.NAME. None of LibTorch's own ends so."""
    return f"{project.replace('-', '_')}_ops"


def sources(root: Path) -> list[Path]:
    """What the project's operator library is built from."""
    return sorted(path for path in (root / "ops").glob("*") if path.suffix in {".cpp", ".cu", ".h", ".hpp", ".cuh"})


def _check(name: str) -> None:
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise ConfigError(
            f"`{name}` cannot be an operator's name: lower-case ASCII letters, digits and _ can, a letter first, "
            "and no word of Python's own",
            hint="name it as Python is to call it, such as scale_add",
        )


def _refuse_existing(path: Path, name: str) -> None:
    if path.exists():
        raise ConfigError(f"{path} is already there", hint=f"edit it, or choose another name than {name}")


def _filled(template: str, project: str, name: str) -> str:
    text = (_templates() / template).read_text(encoding="utf-8")
    words = {"@NAME@": name, "@NAMESPACE@": namespace(project), "@PROJECT@": project}
    return re.sub("|".join(words), lambda found: words[found[0]], text)


def _templates() -> Path:
    """Those inside the wheel; in an editable install, those of the repository."""
    shipped = Path(str(package_files("tsgen"))) / "_templates"
    return (shipped if shipped.is_dir() else Path(__file__).resolve().parents[3] / "templates") / "ops"
