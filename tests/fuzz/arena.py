"""A folder in which everything may break, and the fence around it that nothing may cross."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OUTSIDE = {"canary": b'{"a": 1}\n', "folder/canary": b"mine\n"}


@dataclass
class Arena:
    """`place` holds the files, `home` is a user's, `outside` nobody's to touch."""

    root: Path
    states: dict[Path, object] = field(default_factory=dict)
    """Of each file below `place` and `outside`."""

    @property
    def place(self) -> Path:
        return self.root / "a/place"

    @property
    def outside(self) -> Path:
        return self.root / "outside"

    @property
    def pristine(self) -> Path:
        return self.root / "pristine"

    def freeze(self) -> None:
        """What lies there now is what `restore` brings back."""
        for name, contents in _OUTSIDE.items():
            (self.outside / name).parent.mkdir(parents=True, exist_ok=True)
            (self.outside / name).write_bytes(contents)
        shutil.copytree(self.place, self.pristine / "place", symlinks=True)
        shutil.copytree(self.outside, self.pristine / "outside", symlinks=True)
        self.states = dict(self._states())

    def restore(self) -> list[str]:
        """Put everything back; the names of what had changed, from the arena's root on."""
        now = dict(self._states())
        changed = sorted(path for path in {*now, *self.states} if now.get(path) != self.states.get(path))
        for path in changed:
            self._put_back(path)
        return [path.relative_to(self.root).as_posix() for path in changed]

    def _put_back(self, path: Path) -> None:
        if path.is_symlink() or path.is_file():
            path.unlink()
        elif path.is_dir():
            shutil.rmtree(path)
        if path in self.states:
            parts = path.relative_to(self.root).parts
            origin = self.pristine.joinpath(*parts[1:] if parts[0] == "a" else parts)
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(origin, path, follow_symlinks=False)
            self.states[path] = _state(path)

    def _states(self) -> Iterator[tuple[Path, object]]:
        for top in (self.place, self.outside):
            yield from ((path, _state(path)) for path in top.rglob("*") if path.is_symlink() or not path.is_dir())


def _state(path: Path) -> object:
    status = path.lstat()
    return status.st_mtime_ns, status.st_size, status.st_ino
