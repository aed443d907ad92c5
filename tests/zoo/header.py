"""The typed header of an exported model: rendered as a project gets it, and read by the compiler."""

from __future__ import annotations

import hashlib
import re
import shutil
from typing import TYPE_CHECKING

from tsgen import model, render

from .steps import Broken, Step

if TYPE_CHECKING:
    from pathlib import Path

SLUG = "zoo"


def check(artifact: Path, include: Path, place: Path) -> None:
    """Raises Broken when it is not C++. One that differs from another in comments alone is not read again."""
    text = render.api(model.read(artifact), SLUG)
    code = re.sub(r"//.*", "", text)
    known = place / "headers" / hashlib.sha256(code.encode()).hexdigest()
    if known.exists():
        return
    vendored = place / SLUG / "third_party/tsgen/include"
    (include / SLUG).mkdir(parents=True, exist_ok=True)
    (include / SLUG / "model.hpp").write_text(text, encoding="utf-8")
    source = include / "use.cpp"
    source.write_text(f'#include "{SLUG}/model.hpp"\nint main() {{}}\n', encoding="utf-8")
    step = Step(include, "compiler")
    if step.run(["c++", "-std=c++17", "-Wall", "-Wextra", "-fsyntax-only", "-I", include, "-I", vendored, source]):
        raise Broken(f"the typed header is not C++: {step.last_words()}")
    known.parent.mkdir(exist_ok=True)
    known.touch()
    shutil.rmtree(include)
