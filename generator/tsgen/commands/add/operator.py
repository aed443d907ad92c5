"""The files of a new operator in a project's ops/ folder, with a kernel that works, to be edited."""

from __future__ import annotations

import keyword
import re
from typing import TYPE_CHECKING

from tsgen import operators
from tsgen.commands.add import templates
from tsgen.commands.add.writing import Written, write
from tsgen.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)


def operator(root: Path, project: str, name: str, *, cuda: bool, force: bool = False) -> Written:
    """Write ops/NAME.cpp, its test and, with `cuda`, ops/NAME.cu; only the last when the operator is already there.

    Raises ConfigError and RenderError.
    """
    _check(name)
    wanted = {f"ops/{name}.cpp": "op.cpp", f"ops/test_{name}.py": "test_op.py.in"}
    if cuda and not force and (root / f"ops/{name}.cpp").exists():
        wanted = {}
    wanted.update({f"ops/{name}.cu": "op.cu"} if cuda else {})
    words = {"NAME": name, "NAMESPACE": operators.namespace(project), "PROJECT": project}
    texts = {place: templates.filled(templates.folder("op") / template, words) for place, template in wanted.items()}
    return write(root, texts, force=force, hint=f"edit it, choose another name than {name}, or overwrite with --force")


def _check(name: str) -> None:
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise ConfigError(
            f"`{name}` cannot be an operator's name: lower-case ASCII letters, digits and _ can, a letter first, "
            "and no word of Python's own",
            hint="name it as Python is to call it, such as scale_add",
        )
