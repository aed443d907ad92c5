"""From a name to a class of transformers, its configuration and what builds the model."""

from __future__ import annotations

import inspect
from functools import partial
from typing import TYPE_CHECKING, Any, Callable

from ..messages import Problem
from ..suggest import did_you_mean, format_names
from ..users_code.failures import format_error
from . import library

if TYPE_CHECKING:
    from ..aliases import HfConfig, Model
    from ..messages import ExportRequest

_CONFIG = "Config"
_AUTO = "Auto"
_ATTENTION = "attn_implementation"


def names(transformers: Any) -> list[str]:
    """Classes of models and of configurations."""
    return [
        name for name in dir(transformers) if name.endswith((_CONFIG, "Model")) or ("For" in name and name[0].isupper())
    ]


def is_known(transformers: Any, name: str) -> bool:
    found = _found(transformers, name)
    model_or_config = name.endswith(_CONFIG) or name.startswith(_AUTO) or hasattr(found, "config_class")
    return inspect.isclass(found) and model_or_config


def _found(transformers: Any, name: str) -> Any:
    try:
        return getattr(transformers, name, None)
    except Exception:  # noqa: BLE001 - a class whose own requirements are not installed
        return None


def maker(transformers: Any, name: str, request: ExportRequest) -> tuple[Callable[[], Any], Any]:
    """(what builds the model, its configuration). Raises Problem."""
    found = getattr(transformers, name)
    config_class = found if name.endswith(_CONFIG) else getattr(found, "config_class", None)
    if config_class is None or name.startswith(_AUTO):  # PreTrainedModel, AutoModelForMaskedLM
        raise Problem(
            "bad_input",
            f"{name} can be any architecture",
            "name one: hf:BertConfig, hf:BertForMaskedLM, or a folder with a config.json",
        )
    arguments = dict(request.model_args)
    attention = arguments.pop(_ATTENTION, None)
    _check_known(config_class, arguments)
    with library.building(request, f"{config_class.__name__} takes {', '.join(_known(config_class)[:20])}, ..."):
        config = config_class(**arguments)
        if attention is not None:
            config._attn_implementation = attention  # noqa: SLF001 - the only way without from_pretrained
    cls = transformers.AutoModel if name.endswith(_CONFIG) else found
    return partial(from_config, cls, config), config


def from_config(cls: Any, config: HfConfig) -> Model:
    """The model of a configuration, with random weights."""
    return cls.from_config(config) if cls.__name__.startswith(_AUTO) else cls(config)


def of_architecture(transformers: Any, config: HfConfig) -> Any:
    """The class that the configuration names, or the bare model of its type. Raises Problem."""
    wanted = (getattr(config, "architectures", None) or [""])[0]
    if not wanted:
        return transformers.AutoModel
    found = _found(transformers, wanted)
    if found is None:
        raise Problem(
            "unsupported",
            f"the configuration names {wanted}, which transformers {transformers.__version__} does not have",
            "use a Python with another transformers (--python), or write a factory: file.py:factory",
        )
    return found


def _check_known(config_class: Any, arguments: dict[str, Any]) -> None:
    """A configuration takes any word and ignores it: a misspelt one would be lost."""
    known = _known(config_class)
    unknown = [key for key in arguments if known and key not in known and not hasattr(config_class, key)]
    if unknown:
        guess = did_you_mean(unknown[0], known)
        raise Problem(
            "bad_input",
            f"{config_class.__name__} has no argument {unknown[0]!r}",
            guess or f"it has {format_names(known, most=40)}",
        )


def _known(config_class: Any) -> list[str]:
    signature = inspect.signature(config_class.__init__).parameters.values()
    named = [entry.name for entry in signature if entry.kind in (entry.POSITIONAL_OR_KEYWORD, entry.KEYWORD_ONLY)]
    aliases = getattr(config_class, "attribute_map", {})
    try:
        default = vars(config_class())
    except Exception as error:  # noqa: BLE001 - one that is made of others has no default
        default = {"": format_error(error)}
    return [
        key for key in dict.fromkeys([*named, *aliases, *default]) if key and not key.startswith("_") and key != "self"
    ]
