"""An index in a folder that answers where pip would; tests/integration asks the real pip."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from tests.unit.wheels import sha256
from tsgen.errors import UnsafeError
from tsgen.libtorch.wheels.pip import NoSuchWheelError, WheelReport

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Index:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[tuple[str, str | None]] = []
        self.downloaded: list[str] = []
        self.down: dict[str | None, Exception] = {}
        """What is raised for the index that is not pip's own, or for that (None)."""
        self.tells_hashes = True

    def report(
        self, requirements: Sequence[str], platform_tags: Sequence[str], python_version: str, index: str | None = None
    ) -> tuple[WheelReport, ...]:
        self.asked += [(requirement, index) for requirement in requirements]
        if index in self.down:
            raise self.down[index]
        return tuple(self._report(self._one(each, platform_tags, python_version, index)) for each in requirements)

    def download(
        self,
        requirement: str,
        sha: str | None,
        folder: Path,
        platform_tags: Sequence[str],
        python_version: str,
        index: str | None = None,
    ) -> Path:
        if index in self.down:
            raise self.down[index]
        found = self._one(requirement, platform_tags, python_version, index)
        if sha and sha != sha256(found):
            raise UnsafeError(f"{found.name} is not the file it should be")
        self.downloaded.append(found.name)
        folder.mkdir(parents=True)
        return Path(shutil.copy(found, folder))

    def _one(self, requirement: str, platforms: Sequence[str], python: str, index: str | None) -> Path:
        fitting = dict(self._fitting(requirement, platforms, index))
        mine = [found for found, pythons in fitting.items() if pythons is None or python in pythons]
        if not mine:
            others = tuple(sorted({each for pythons in fitting.values() for each in pythons or ()}))
            raise NoSuchWheelError(f"no wheel of {requirement}", pythons=others)
        return max(mine)

    def _fitting(
        self, requirement: str, platforms: Sequence[str], index: str | None
    ) -> Iterator[tuple[Path, tuple[str, ...] | None]]:
        """With the Pythons of each, None for any."""
        wanted = Requirement(requirement)
        for found in (self.folder / (index or "pip").rpartition("/")[2]).glob("*.whl"):
            name, version, _, tags = parse_wheel_filename(found.name)
            if name != canonicalize_name(wanted.name) or not wanted.specifier.contains(str(version), prereleases=True):
                continue
            if any(tag.platform in platforms for tag in tags):
                pythons = tuple(f"3.{tag.interpreter[3:]}" for tag in tags if tag.interpreter.startswith("cp"))
                yield found, pythons or None

    def _report(self, found: Path) -> WheelReport:
        name, version, *_ = parse_wheel_filename(found.name)
        with ZipFile(found) as opened:
            about = next(member for member in opened.namelist() if member.endswith("/METADATA"))
            lines = opened.read(about).decode().splitlines()
        return WheelReport(
            name=name,
            version=str(version),
            file=found.name,
            url=found.as_uri(),
            sha256=sha256(found) if self.tells_hashes else None,
            requires=tuple(
                line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist: ")
            ),
        )
