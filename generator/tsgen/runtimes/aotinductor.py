"""AOTInductor: the model is C++ of its own, which the project compiles to a library beside its programs."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tsgen.errors import ConfigError, LibTorchError
from tsgen.types import system_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tsgen.config import Config
    from tsgen.types import Artifact, Build

HERE = "linux-x86_64"
PACKAGED = "model.so"
_HINT = "leave it out, or take --runtime torchscript"
_LACKS = frozenset({"tsgen test --bisect", "tsgen add op", "tsgen matrix --github", "tsgen matrix --gitlab"})

_SOURCES_ALONE = frozenset({"tsgen matrix"})


@dataclass(frozen=True)
class AOTInductor:
    files: tuple[str, ...] = ("model.cpp", "weights.bin", "signature.tsgen", PACKAGED)
    platforms: tuple[str, ...] = (HERE, "linux-aarch64", "macos-arm64", "windows-x86_64")
    calls_cxx: bool = False
    depends_on_model: bool = True
    loads_in_python: bool = False

    def known_by(self, *, packaged: bool) -> str:
        return PACKAGED if packaged else self.files[0]

    def refuse_words(self, config: Config) -> None:
        if not (sys.platform == "linux" and platform.machine() == "x86_64"):
            raise ConfigError(
                f"--runtime aotinductor is for {HERE} so far, this is {sys.platform} on {platform.machine()}",
                hint="take --runtime torchscript",
            )
        for words in _refused(config):
            raise ConfigError(f"--runtime aotinductor does not go with {words} yet", hint=_HINT)

    def refuse_command(self, command: str, *, packaged: bool = False) -> None:
        if packaged and command in _SOURCES_ALONE:
            raise ConfigError(
                f"`{command}` does not know --packaged yet: what the export compiled is for machines like this one",
                hint="leave `packaged` out of tsgen.toml: the C++ that is exported then is built for each leg",
            )
        if command not in _LACKS:
            return
        raise ConfigError(
            f"`{command}` does not know --runtime aotinductor yet",
            hint='with `runtime = "torchscript"` in tsgen.toml the project has the command',
        )

    def refuse_operators(self) -> None:
        raise ConfigError(
            "--runtime aotinductor does not call operators of the project's own, in ops/, yet", hint=_HINT
        )

    def check_libtorch(self, version: str, exported_by: str) -> None:
        ours, theirs = (each.partition("+")[0] for each in (version, exported_by))
        if ours != theirs:
            raise LibTorchError(
                f"what AOTInductor makes is for the torch that made it, {theirs}, and the LibTorch is {ours}",
                hint=f"leave --torch-version and --libtorch out, or name a Python with torch {ours} (--python)",
            )

    def library(self, folder: Path, platform: str) -> Path | None:
        return folder / "model" / f"model{'.dll' if system_of(platform) == 'windows' else '.so'}"

    def loaded(self, build: Build, artifact: Artifact) -> Path:
        if artifact.packaged:
            return artifact.path
        return build.runner.parent / "model" / f"model{'.dll' if build.runner.suffix == '.exe' else '.so'}"


def _refused(config: Config) -> Iterator[str]:
    """What the user said and it does not do, in the words of the command line."""
    allowed = (HERE,) if config.packaged else AOTInductor.platforms
    elsewhere = [name for name in config.platforms if name not in allowed]
    said = {
        "--device cuda": config.device != "cpu",
        f"--method {config.method}": config.method != "auto",
        f"--tune {config.tune}": config.tune != "none",
        "--preprocess": bool(config.preprocess),
        "--op-library": bool(config.op_libraries),
        f"the platform {elsewhere[0] if elsewhere else ''}": bool(elsewhere),
    }
    return (words for words, given in said.items() if given)
