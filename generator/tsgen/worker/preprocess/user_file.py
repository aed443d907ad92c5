"""`file.py:transform`: a module, a Compose, a function of a tensor, or a function that makes one of them."""

from __future__ import annotations

import importlib.util
import inspect
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from ..messages import Problem
from ..suggest import did_you_mean, format_names
from ..users_code.failures import user_code

if TYPE_CHECKING:
    from types import ModuleType

    from .words import Words


def transform_of(words: Words) -> Any:
    """Raises Problem."""
    path = Path(words.path)
    if not path.is_file():
        raise Problem("bad_input", f"--preprocess: the file {path} does not exist", "give the path of a Python file")
    module = _module(path)
    if not hasattr(module, words.name):
        own = [name for name in vars(module) if not name.startswith("_")]
        known = did_you_mean(words.name, own) or f"it has {format_names(own)}"
        raise Problem("bad_input", f"--preprocess: {path.name} has no {words.name!r}", known)
    found = _made(getattr(module, words.name), words)
    return found.eval() if isinstance(found, torch.nn.Module) else found


def _module(path: Path) -> ModuleType:
    """The model's own file is not run a second time."""
    for module in list(sys.modules.values()):
        if getattr(module, "__file__", None) == str(path):
            return module
    name = "tsgen_preprocess_" + re.sub(r"\W", "_", path.stem, flags=re.ASCII)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise Problem("bad_input", f"--preprocess: {path} is not a Python file", "give the path of a .py file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, str(path.parent))
    with user_code(f"importing {path.name}"):
        spec.loader.exec_module(module)
    return module


def _made(value: Any, words: Words) -> Any:
    if inspect.isclass(value) or (inspect.isfunction(value) and not inspect.signature(value).parameters):
        with user_code(f"calling {words.name}()"):
            return value()
    return value
