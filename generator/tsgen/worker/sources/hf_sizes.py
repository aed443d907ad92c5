"""Sizes in the configurations of transformers, which name them differently from model to model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..aliases import HfConfig, Model


LENGTH = 16
"""Of a text, where the model takes one so long."""
IMAGE = 224
"""Where the configuration says nothing: a model without fixed positions."""
SAMPLES = 4000
"""A quarter of a second of speech at 16 kHz."""
CHANNELS = 3
_LIMITS = ("max_position_embeddings", "n_positions", "max_seq_len", "seq_length", "max_sequence_length", "n_ctx")
_IMAGE_SIZES = ("image_size", "crop_size", "img_size", "input_size")
_ROOM = 4
"""Some models count their positions from the padding's number on."""


def part(config: HfConfig, *names: str) -> Any:
    """The configuration of one modality where there are several, else the whole one."""
    found = (getattr(config, name, None) for name in names)
    return next((entry for entry in found if entry is not None and not isinstance(entry, (dict, str))), config)


def text_of(config: HfConfig) -> Any:
    return part(config, "text_config", "encoder", "llm_config")


def vision_of(config: HfConfig) -> Any:
    return part(config, "vision_config", "encoder", "backbone_config")


def audio_of(config: HfConfig) -> Any:
    return part(config, "audio_config", "encoder", "encoder_config")


def number(config: HfConfig, *names: str) -> int | None:
    """The first of these attributes that is a whole number."""
    values = (getattr(config, name, None) for name in names)
    return next((value for value in values if isinstance(value, int) and not isinstance(value, bool)), None)


def vocabulary(config: HfConfig, model: Model) -> int:
    """The number of ids that the model's first embedding takes; a model may have more rows than words."""
    said = number(text_of(config), "vocab_size", "n_tokens") or number(config, "vocab_size")
    try:
        rows = model.get_input_embeddings().num_embeddings
    except (AttributeError, NotImplementedError):
        rows = None
    return min([size for size in (said, rows) if size], default=2)


def decoder_vocabulary(config: HfConfig, model: Model) -> int:
    decoder = part(config, "decoder", "decoder_config", "text_config")
    return number(decoder, "decoder_vocab_size", "vocab_size", "tgt_vocab_size") or vocabulary(config, model)


def length(config: HfConfig) -> int:
    limit = number(text_of(config), *_LIMITS) or 0
    return LENGTH if limit <= 0 else max(min(LENGTH, limit - _ROOM), 1)


def image(config: HfConfig) -> tuple[int, int]:
    vision = vision_of(config)
    places = ((entry, name) for entry in (vision, config) for name in _IMAGE_SIZES)
    size: Any = next((found for entry, name in places if (found := getattr(entry, name, None)) is not None), None)
    if hasattr(size, "get"):
        size = (size.get("height"), size.get("width"))
    if isinstance(size, (list, tuple)) and len(size) == 2 and all(size):  # noqa: PLR2004 - height and width
        return int(size[0]), int(size[1])
    return (size, size) if isinstance(size, int) and size else (IMAGE, IMAGE)


def channels(config: HfConfig) -> int:
    names = ("num_channels", "in_channels", "in_chans", "num_input_channels")
    return number(vision_of(config), *names) or number(config, *names) or CHANNELS


def frames(config: HfConfig) -> int | None:
    """None for a model of single images."""
    return number(vision_of(config), "num_frames", "frames_per_clip")
