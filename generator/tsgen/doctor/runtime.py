"""NVIDIA's runtime wheels beside a torch, against those that its metadata names."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from tsgen.doctor import remedy
from tsgen.doctor.findings import Finding
from tsgen.types import accelerator_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tsgen.doctor.findings import Torch

META = "cuda-toolkit"
"""A wheel without files, from torch 2.11 on: its extras name the parts of one CUDA release."""
TOPIC = "NVIDIA wheels"


def examine(torch: Torch | None) -> list[Finding]:
    """Nothing for a torch that is not for CUDA, or was not installed by pip."""
    if not torch or accelerator_kind(torch.accelerator) != "cuda":
        return []
    installed = _installed(torch.root.parent)
    named = dict(_named(installed, "torch", ()))
    needed = "named by torch: libcupti and libcudart for every program, the others for --device cuda"
    if not named:
        return [Finding(topic=TOPIC, state="unknown", found="torch's metadata names none", needed=needed)]
    lacking = sorted(text for name, text in named.items() if name not in installed)
    other = sorted(text for name, text in named.items() if name in installed and not _fits(installed[name], text))
    amiss = [*lacking, *other]
    if not amiss:
        found = f"all {len(named)} that torch names are there"
        return [Finding(topic=TOPIC, state="ok", found=found, needed=needed)]
    found = f"{len(named) - len(amiss)} of {len(named)}; missing or of another version: {', '.join(amiss)}"
    fix = remedy.pip(*(f"'{text}'" for text in amiss))
    return [Finding(topic=TOPIC, state="missing" if lacking else "old", found=found, needed=needed, fix=fix)]


def _installed(folder: Path) -> dict[str, metadata.Distribution]:
    found = metadata.distributions(path=[str(folder)])
    return {canonicalize_name(each.metadata["Name"]): each for each in found if each.metadata["Name"]}


def _named(installed: dict[str, metadata.Distribution], name: str, extras: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Name and requirement of each NVIDIA wheel that the wheel `name` requires, through META."""
    for requirement in _requirements(installed.get(name), tuple(extras) or ("",)):
        required = canonicalize_name(requirement.name)
        if required == META:
            yield required, f"{META}{requirement.specifier}"
            yield from _named(installed, META, sorted(requirement.extras))
        elif required.startswith("nvidia-"):
            yield required, f"{required}{requirement.specifier}"


def _requirements(wheel: metadata.Distribution | None, extras: Iterable[str]) -> Iterator[Requirement]:
    for text in (wheel.requires or ()) if wheel else ():
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        if not requirement.marker or any(requirement.marker.evaluate({"extra": extra}) for extra in extras):
            yield requirement


def _fits(wheel: metadata.Distribution, text: str) -> bool:
    return Requirement(text).specifier.contains(wheel.version, prereleases=True)
