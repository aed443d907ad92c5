"""What a library imports at its start for a rare use of it: brought in when it is used.

torchvision wants one function of torch's compiler, for a fallback of one of its operators, and pays with as long an
import as that of all of torch.
"""

from __future__ import annotations

import importlib
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

IMPORTER = "torchvision.ops.roi_align"
COSTLY = "torch._dynamo.utils"
WANTED = "is_compile_supported"


def install() -> None:
    """Install the finder, from now on and for whoever imports torchvision: a user's file, timm, the worker itself."""
    sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path) if fullname == IMPORTER and COSTLY not in sys.modules else None
        if spec is None or type(spec.loader) is not SourceFileLoader:
            return None  # the usual finders will do
        spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


class _Loader(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        sys.modules[COSTLY] = _StandIn(COSTLY)
        try:
            super().exec_module(module)
        finally:
            _leave()


class _StandIn(ModuleType):
    """Only while IMPORTER is executed. Who asks it for anything else gets the real module."""

    def __getattr__(self, name: str) -> Any:
        if name == WANTED:
            return _when_called
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(_real(), name)


def _when_called(*given: Any, **named: Any) -> Any:
    return getattr(_real(), WANTED)(*given, **named)


def _real() -> ModuleType:
    _leave()
    return importlib.import_module(COSTLY)


def _leave() -> None:
    if isinstance(sys.modules.get(COSTLY), _StandIn):
        del sys.modules[COSTLY]
