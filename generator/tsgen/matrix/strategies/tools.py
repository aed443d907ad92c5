"""The programs that a strategy needs: where they are, what is said when they are not, and which versions they have."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tsgen.errors import BuildError
from tsgen.system import process
from tsgen.types.matrix import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBERED = re.compile(r"(?P<name>.+?)(?P<number>-\d+)?")


def numbered(compiler: str) -> tuple[str, str]:
    """`("clang++", "-19")` for `clang++-19`; the number is empty where there is none."""
    match = _NUMBERED.fullmatch(compiler)
    return (match["name"], match["number"] or "") if match else (compiler, "")


def lacking(packages: Mapping[tuple[str, ...], str]) -> Refusal | None:
    """The programs that are not on the PATH under any of their names, with the Debian packages that bring them."""
    missing = [names for names in packages if not any(map(shutil.which, names))]
    if not missing:
        return None
    said, verb = " and ".join(names[0] for names in missing), "is" if len(missing) == 1 else "are"
    wanted = dict.fromkeys(packages[each] for each in missing)
    return Refusal(f"{said} {verb} not on this machine", f"`apt-get install {' '.join(wanted)}`")


def path_of(*names: str) -> str:
    """The first of `names` on the PATH. Raises BuildError when none is, which `lacks` tells before."""
    found = next(filter(None, map(shutil.which, names)), None)
    if not found:
        raise BuildError(
            f"{names[0]} is not on this machine", hint="install it; `tsgen matrix` says which package has it"
        )
    return found


def has_file(compiler: str, name: str) -> bool:
    """Whether a compiler has a file of that name among its own."""
    said = process.run([path_of(compiler), f"-print-file-name={name}"], check=False).stdout.strip()
    return Path(said).is_absolute()


def version(*command: str | Path) -> str:
    """The line in which a program tells its version; some do on stderr."""
    finished = process.run(command, check=False)
    lines = (line.strip() for line in (finished.stdout + finished.stderr).splitlines())
    return next((line for line in lines if re.search(r"\d+\.\d+", line)), "")
