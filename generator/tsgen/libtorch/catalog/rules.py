"""What is published under which name, by the rules of the data files; nothing here asks a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsgen.libtorch.catalog import load
from tsgen.types import ArchiveFile, Floors, WheelFile, accelerator_kind, system_of

if TYPE_CHECKING:
    from packaging.version import Version

    from tsgen.libtorch.catalog.load import ArchiveRule, Row, WheelRule
    from tsgen.types import BuildType

HOST = "https://download.pytorch.org"


def accelerators(version: Version, platform: str) -> tuple[str, ...]:
    """All that this release was built for, `cpu` first."""
    release = load.releases()[version]
    if platform == "windows-x86_64":
        return ("cpu", *(name for name in release.cuda if name not in release.linux_only))
    if platform == "linux-x86_64":
        return ("cpu", *release.cuda, *release.rocm)
    rule = wheel_rule(version, platform)
    return tuple(dict.fromkeys(("cpu", built_for(version, rule)) if rule else ("cpu",)))


def archive_rule(
    version: Version, platform: str, accelerator: str, build_type: BuildType, *, cxx11_abi: bool
) -> ArchiveRule | None:
    for rule in load.archive_rules():
        if (
            (rule.platform, rule.cxx11_abi) == (platform, cxx11_abi)
            and rule.build_type == _kept_apart(build_type, platform)
            and accelerator_kind(accelerator) in rule.accelerators
            and version in rule.versions
            and (not rule.seen or str(version) in rule.seen)
        ):
            return rule
    return None


def archive(version: Version, accelerator: str, rule: ArchiveRule) -> ArchiveFile:
    plain = not rule.local or any(
        row.holds(version, accelerators=accelerator) for row in load.rows("archives", "plain")
    )
    file = f"{rule.stem}-{version}{'' if plain else f'+{accelerator}'}.zip"
    return ArchiveFile(
        file=file,
        url=f"{HOST}/libtorch/{accelerator}/{file.replace('+', '%2B')}",
        sha256=load.pins().get(f"{accelerator}/{file}"),
    )


def wheel_rule(version: Version, platform: str) -> WheelRule | None:
    return next((rule for rule in load.wheel_rules() if rule.platform == platform and version in rule.versions), None)


def built_for(version: Version, rule: WheelRule) -> str:
    """The accelerator of the wheel on the package index."""
    return next(word for tag, versions, word in load.built_for() if tag == rule.tag and version in versions)


def wheel_abi(version: Version, accelerator: str, rule: WheelRule) -> bool:
    other = _other_build(version, accelerator, rule)
    return bool(other.values["cxx11_abi"]) if other else rule.cxx11_abi


def _other_build(version: Version, accelerator: str, rule: WheelRule) -> Row | None:
    rows = load.rows("wheels", "other_build")
    return next((row for row in rows if row.holds(version, platform=rule.platform, accelerators=accelerator)), None)


def wheel(version: Version, accelerator: str, rule: WheelRule) -> WheelFile:
    on_index = built_for(version, rule)
    local = accelerator != on_index
    tags = next(row.values["pythons"] for row in load.rows("wheels", "pythons") if row.holds(version, tags=rule.tag))
    other = _other_build(version, accelerator, rule)
    return WheelFile(
        requirement=f"torch=={version}{f'+{accelerator}' if local else ''}",
        platform_tag=other.values["tag"] if other else rule.tag,
        python_tags=tuple(tags),
        accelerator=accelerator,
        index=load.local_index() + accelerator if local else None,
    )


def cxx_standard(version: Version) -> int:
    return int(_floor("cxx_standard", version) or 0)


def floors(
    version: Version, platform: str, accelerator: str, archive_rule: ArchiveRule | None, wheel_rule: WheelRule | None
) -> Floors:
    """The glibc is the archive's where there is one, else the wheel's."""
    return Floors(
        glibc=_glibc(version, platform, archive_rule, wheel_rule),
        cmake=_floor("cmake", version) or "",
        cuda_toolkit=_floor("cuda_toolkit", version) if accelerator_kind(accelerator) == "cuda" else None,
        macos=_floor("macos", version, platforms=platform) if system_of(platform) == "macos" else None,
    )


def remarks(version: Version, platform: str, accelerator: str) -> list[str]:
    found = load.rows("archives", "remark")
    facts = {"platform": platform, "accelerators": accelerator_kind(accelerator)}
    return [row.values["text"] for row in found if row.holds(version, **facts)]


def _glibc(
    version: Version, platform: str, archive_rule: ArchiveRule | None, wheel_rule: WheelRule | None
) -> str | None:
    if system_of(platform) != "linux":
        return None
    if archive_rule:
        return _floor("glibc", version, cxx11_abi=archive_rule.cxx11_abi)
    rows = load.rows("floors", "glibc_of_tag")
    return next((row.values["floor"] for row in rows if wheel_rule and wheel_rule.tag in row.values["tags"]), None)


def _floor(table: str, version: Version, **facts: object) -> str | None:
    rows = load.rows("floors", table)
    return next((str(row.values["floor"]) for row in rows if row.holds(version, **facts)), None)


def _kept_apart(build_type: BuildType, platform: str) -> BuildType:
    """Only Windows has Debug distributions; elsewhere Debug and Release programs use the same LibTorch."""
    return build_type if system_of(platform) == "windows" else "release"
