"""Which LibTorch may run a model: TorchScript promises that a newer one reads an older file, not the reverse."""

from __future__ import annotations

from packaging.version import Version

from tsgen.errors import LibTorchError


def check_direction(exported_by: str, libtorch: str, *, older: bool) -> str:
    """A sentence for the user when the versions differ, empty when they are equal; local parts do not count.

    Raises LibTorchError for a LibTorch older than the torch that exported the model, unless `older` accepts it.
    Source: pytorch/caffe2/serialize/versions.h, where a reader refuses files of a newer format.
    """
    model, here = (Version(Version(word).public) for word in (exported_by, libtorch))
    if here == model:
        return ""
    if here > model:
        return (
            f"LibTorch {here} runs a model that torch {model} exported: a newer LibTorch reads older files, "
            "and the proof is within a tolerance"
        )
    if not older:
        raise LibTorchError(
            f"LibTorch {here} is older than torch {model}, which exports the model; TorchScript promises only that "
            "newer ones read older files",
            hint=f"--torch-version {model}, or export with torch {here} (--python), "
            "or --older-libtorch to let the proof decide",
        )
    return (
        f"LibTorch {here} is older than torch {model}, which exported the model: PyTorch does not promise that it "
        "reads the file; the proof is within a tolerance"
    )
