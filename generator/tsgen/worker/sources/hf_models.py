"""Models of transformers: from a folder (`hf:path/to/folder`), or from a class with arguments (`hf:BertConfig`).

Nothing is downloaded unless the DEFAULT weights of a name on the Hugging Face Hub are asked for.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

from ..host import pickles
from ..host.seed import seed_everything
from ..messages import Problem
from ..suggest import did_you_mean, format_names
from ..users_code.failures import format_error
from ..users_code.torch_messages import REMOTE_CODE
from ..weights.load import load_named
from . import hf_classes, hf_examples, library, room
from .loaded import Loaded

if TYPE_CHECKING:
    from ..aliases import HfConfig
    from ..messages import ExportRequest

_CONFIG = "config.json"
_WEIGHTS = ("model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json")


def load_by_name(request: ExportRequest) -> Loaded:
    """`BertConfig`, `BertForSequenceClassification`, or with --weights DEFAULT the name of a model on the Hub."""
    transformers = _transformers(request)
    name = request.source["name"]
    if not hf_classes.is_known(transformers, name):
        return _load_from_hub(transformers, name, request)
    if request.weights == "DEFAULT":
        raise Problem(
            "bad_weights",
            f"{name} is a class of transformers, which has no DEFAULT weights",
            "name the folder of a saved model (hf:path/to/folder), a model on the Hugging Face Hub (hf:owner/name), "
            "or use --weights none",
        )
    build, config = hf_classes.maker(transformers, name, request)
    return _built(build, config, request)


def load_folder(request: ExportRequest) -> Loaded:
    transformers = _transformers(request)
    folder = Path(request.source["path"])
    _check_folder(folder)
    _refuse_arguments(request)
    config = _config(transformers, str(folder), request)
    cls = hf_classes.of_architecture(transformers, config)
    weights = [folder / name for name in _WEIGHTS if (folder / name).is_file()]
    if request.weights == "DEFAULT" and not weights:
        raise Problem("bad_weights", f"{folder} holds no weights", f"one of {', '.join(_WEIGHTS)} is looked for")
    if request.weights not in ("none", "DEFAULT") or not weights:
        loaded = _built(partial(hf_classes.from_config, cls, config), config, request)
    else:
        loaded = _pretrained(cls, str(folder), config, request)
    files = tuple(str(path.resolve()) for path in (folder / _CONFIG, *sorted(folder.glob("*.safetensors")), *weights))
    return replace(loaded, files=tuple(sorted({*files, *loaded.files})))


def _transformers(request: ExportRequest) -> Any:
    transformers = library.imported("transformers", request)
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    return transformers


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        message = f"the model's folder {folder} {what}"
        raise Problem(
            "unknown_model", message, "give the folder that save_pretrained() wrote, or a class: hf:BertConfig"
        )
    if not (folder / _CONFIG).is_file():
        raise Problem(
            "unknown_model",
            f"{folder} has no {_CONFIG}, so it is no folder of transformers",
            "give the folder that save_pretrained() wrote",
        )


def _refuse_arguments(request: ExportRequest) -> None:
    if request.model_args:
        raise Problem(
            "bad_input",
            f"{request.label} has its configuration in {_CONFIG}: it takes no arguments "
            f"({', '.join(request.model_args)})",
            f"edit {_CONFIG}, or name a class and give it the arguments: hf:BertConfig --model-arg hidden_size=64",
        )


def _built(build: Callable[[], Any], config: HfConfig, request: ExportRequest) -> Loaded:
    """The model with random weights, or the user's file of them."""
    room.check(build, request)
    seed_everything(request.seed)
    with library.building(request, "its configuration does not fit together"):
        model = build()
    weights = load_named(model, request)
    fresh = request.weights == "none"
    return Loaded(
        model, lambda: hf_examples.example(model, config), fresh=fresh, files=weights.files, notes=weights.notes
    )


def _load_from_hub(transformers: Any, name: str, request: ExportRequest) -> Loaded:
    if request.weights != "DEFAULT":
        raise _unknown(transformers, name)
    _refuse_arguments(request)
    config = _config(transformers, name, request)
    return _pretrained(hf_classes.of_architecture(transformers, config), name, config, request)


def _unknown(transformers: Any, name: str) -> Problem:
    guess = did_you_mean(name, hf_classes.names(transformers)) if "/" not in name else ""
    return Problem(
        "unknown_model",
        f"{name!r} is no folder here and no class of transformers {transformers.__version__}; a model of that name on "
        "the Hugging Face Hub is only downloaded with --weights DEFAULT",
        guess or f"give a folder (hf:./path), a class (hf:BertConfig), or hf:{name} with --weights DEFAULT",
    )


def _config(transformers: Any, where: str, request: ExportRequest) -> Any:
    offline = request.weights != "DEFAULT" or os.path.isabs(where)  # noqa: PTH117 - a word, not yet a path
    try:
        with library.quiet():
            return transformers.AutoConfig.from_pretrained(where, local_files_only=offline, trust_remote_code=False)
    except Exception as error:
        raise _no_config(where, error, offline=offline) from error


def _no_config(where: str, error: Exception, *, offline: bool) -> Problem:
    if any(sign in str(error) for sign in REMOTE_CODE):
        return Problem(
            "unsupported",
            f"{where} brings Python code of its own, which is not run",
            "write a factory that loads it (trust_remote_code=True), and name that: file.py:factory",
        )
    if offline:
        return Problem(
            "bad_file", f"{where}/{_CONFIG} is not understood: {format_error(error)}", "is transformers too old?"
        )
    return Problem(
        "bad_weights",
        f"{where} cannot be had from the Hugging Face Hub ({format_error(error)})",
        "check its name and the network, or download it and give its folder: hf:path/to/folder",
    )


def _pretrained(cls: Any, where: str, config: HfConfig, request: ExportRequest) -> Loaded:
    offline = os.path.isabs(where)  # noqa: PTH117 - a word, not yet a path
    room.check(partial(hf_classes.from_config, cls, config), request)
    try:
        with library.quiet(), contextlib.nullcontext() if request.unsafe_pickle else pickles.only_tensors():
            model, found = cls.from_pretrained(where, config=config, local_files_only=offline, output_loading_info=True)
    except Exception as error:
        library.reraise_memory(error)
        hint = "is the download complete, and is it of this transformers' version?"
        raise Problem("bad_weights", f"the weights of {where} cannot be read: {format_error(error)}", hint) from error
    _check_complete(where, found)
    return Loaded(model, lambda: hf_examples.example(model, config))


def _check_complete(where: str, found: dict[str, Any]) -> None:
    """What is missing in the file, transformers makes up at random."""
    faults = {"missing": found.get("missing_keys"), "of another shape": found.get("mismatched_keys")}
    listed = [f"{what}: {format_names(sorted(map(_key, keys)))}" for what, keys in faults.items() if keys]
    if listed:
        raise Problem(
            "bad_weights",
            f"the weights in {where} do not fit the model that {_CONFIG} names; {'; '.join(listed)}",
            f"correct `architectures` in {_CONFIG}, or fine-tune and save the model with the head that it names",
        )


def _key(entry: Any) -> str:
    return str(entry[0] if isinstance(entry, (tuple, list)) else entry)
