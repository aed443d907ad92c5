"""The words of --preprocess, looked at before a Python with torch is started."""

from __future__ import annotations

import os.path
from typing import TYPE_CHECKING

from tsgen.config import suggestion
from tsgen.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

KINDS = ("weights", "imagenet", "timm")
LAYOUTS = ("chw", "hwc")
_FORMS = f"one of {', '.join(KINDS)}, or path/to/file.py:transform; `,hwc` behind it says that channels come last"


def located(words: str, root: Path) -> str:
    """The words with the file of `file.py:transform` as an absolute path, a relative one taken from `root`.

    Raises ConfigError for words of no such form.
    """
    if not words:
        return ""
    file, colon, rest = words.rpartition(":")
    what, comma, layout = rest.partition(",")
    if comma and layout not in LAYOUTS:
        raise ConfigError(
            f"--preprocess {words}: `{layout}` is not a layout of images", hint=f"one of {', '.join(LAYOUTS)}"
        )
    if colon:
        _check_file(words, file, what)
        return f"{os.path.normpath(root / file)}:{rest}"
    if what not in KINDS:
        raise ConfigError(f"--preprocess: `{what}` is unknown", hint=suggestion(what, KINDS) or _FORMS)
    return words


def _check_file(words: str, file: str, name: str) -> None:
    if not file.endswith(".py") or not name.isidentifier():
        raise ConfigError(f"--preprocess: `{words}` is not file.py:transform", hint=f"give {_FORMS}")
