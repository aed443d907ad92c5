"""One row of the catalog, put together from the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen.libtorch.catalog import load, rules
from tsgen.types import Distribution, system_of

if TYPE_CHECKING:
    from packaging.version import Version

    from tsgen.types import BuildType


def distribution(
    version: Version, platform: str, accelerator: str, build_type: BuildType, *, cxx11_abi: bool
) -> Distribution | None:
    archive = rules.archive_rule(version, platform, accelerator, build_type, cxx11_abi=cxx11_abi)
    wheel = _wheel_rule(version, platform, accelerator, build_type, cxx11_abi=cxx11_abi)
    if not archive and not wheel:
        return None
    return Distribution(
        version=str(version),
        platform=platform,
        accelerator=accelerator,
        build_type=build_type,
        cxx11_abi=cxx11_abi,
        cxx_standard=rules.cxx_standard(version),
        floors=rules.floors(version, platform, accelerator, archive, wheel),
        archive=rules.archive(version, accelerator, archive) if archive else None,
        wheel=rules.wheel(version, accelerator, wheel) if wheel else None,
        origin="wheel" if wheel else "archive",
        source=_source(version, accelerator, archive),
        remarks=tuple(rules.remarks(version, platform, accelerator) if archive else ()),
    )


def _wheel_rule(
    version: Version, platform: str, accelerator: str, build_type: BuildType, *, cxx11_abi: bool
) -> load.WheelRule | None:
    rule = rules.wheel_rule(version, platform)
    debug = build_type == "debug" and system_of(platform) == "windows"
    if not rule or debug or rules.wheel_abi(version, accelerator, rule) != cxx11_abi:
        return None
    return rule


def _source(version: Version, accelerator: str, archive: load.ArchiveRule | None) -> str:
    release = load.releases()[version]
    silent_specialization = "not confirmed by anyone: " if accelerator in release.unconfirmed else ""
    parts = [f"{silent_specialization}{release.source}", archive.source if archive else "wheel: the package index"]
    return "; ".join(parts)
