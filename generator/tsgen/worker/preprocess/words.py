"""`--preprocess` taken apart: `weights`, `imagenet`, `timm` or `file.py:transform`, and `,hwc` behind any of them."""

from __future__ import annotations

from dataclasses import dataclass

from ..messages import Problem
from ..suggest import did_you_mean

KINDS = ("weights", "imagenet", "timm")
HWC = "hwc"
_LAYOUTS = ("chw", HWC)


@dataclass(frozen=True)
class Words:
    kind: str
    """One of KINDS, or `file`."""
    hwc: bool
    """Images come with their channels last."""
    path: str = ""
    name: str = ""


def parse(text: str) -> Words:
    what, _, layout = text.partition(",") if ":" not in text else _file_words(text)
    if layout and layout not in _LAYOUTS:
        raise Problem(
            "bad_input",
            f"--preprocess: `{layout}` is not a layout of images",
            f"one of {', '.join(_LAYOUTS)}, as in imagenet,hwc",
        )
    path, colon, name = what.rpartition(":")
    if colon:
        return Words("file", layout == HWC, path, name)
    if what not in KINDS:
        known = f"one of {', '.join(KINDS)}, or file.py:transform"
        raise Problem("bad_input", f"--preprocess: `{what}` is unknown", did_you_mean(what, list(KINDS)) or known)
    return Words(what, layout == HWC)


def _file_words(text: str) -> tuple[str, str, str]:
    """The comma is looked for behind the colon: a folder's name may have one."""
    path, _, rest = text.rpartition(":")
    name, comma, layout = rest.partition(",")
    return f"{path}:{name}", comma, layout
