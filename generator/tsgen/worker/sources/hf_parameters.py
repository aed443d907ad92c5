"""What the parameters of transformers' models mean: name -> dtype, shape, bound of integers.

The shapes are those of the models' documentation. A rule gives None where the configuration does not say enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from ..messages import InputRequest
from . import hf_sizes as sizes

if TYPE_CHECKING:
    from ..aliases import HfConfig, Model
    from ..messages import Dim

Rule = Callable[[str, Any, Any], "InputRequest | None"]
"""(name, configuration, model) -> request"""

_CHOICES = 2


def request(name: str, config: HfConfig, model: Model) -> InputRequest | None:
    """None for a parameter that is left out."""
    rule = RULES.get(name)
    return rule(name, config, model) if rule else None


def _integers(name: str, shape: tuple[Dim, ...], high: int, config: HfConfig) -> InputRequest:
    return InputRequest(name, "int64", shape, _given(shape, config), high)


def _floats(name: str, shape: tuple[Dim, ...], config: HfConfig) -> InputRequest:
    return InputRequest(name, None, shape, _given(shape, config))


def _given(shape: tuple[Dim, ...], config: HfConfig) -> dict[str, int]:
    length = sizes.length(config)
    known = {"S": length, "T": max(length // 2, 1), "V": 6, "L": sizes.SAMPLES, "F": 64}
    return {dim: known[dim] for dim in shape if isinstance(dim, str) and dim in known}


def _ids(name: str, config: HfConfig, model: Model) -> InputRequest:
    return _integers(name, _text(model), sizes.vocabulary(config, model), config)


def _text(model: Model) -> tuple[Dim, ...]:
    """A multiple choice is several texts at once."""
    return ("N", _CHOICES, "S") if type(model).__name__.endswith("ForMultipleChoice") else ("N", "S")


def _mask(name: str, config: HfConfig, model: Model) -> InputRequest:
    return _integers(name, _text(model), 2, config)


def _decoder_ids(name: str, config: HfConfig, model: Model) -> InputRequest | None:
    if not getattr(config, "is_encoder_decoder", False):
        return None
    return _integers(name, ("N", "T"), sizes.decoder_vocabulary(config, model), config)


def _pixels(name: str, config: HfConfig, _model: Model) -> InputRequest:
    frames = sizes.frames(config)
    many: tuple[Dim, ...] = (frames,) if frames else ()
    return _floats(name, ("N", *many, sizes.channels(config), *sizes.image(config)), config)


def _waveform(name: str, config: HfConfig, _model: Model) -> InputRequest:
    audio = sizes.audio_of(config)
    bins, longest = sizes.number(audio, "num_mel_bins"), sizes.number(audio, "max_length")
    if bins and longest and not hasattr(audio, "conv_stride"):  # a spectrogram under this name
        return _floats(name, ("N", longest, bins), config)
    channels = sizes.number(audio, "audio_channels")
    codec = channels or (1 if sizes.number(audio, "hop_length", "codebook_size") else None)
    return _floats(name, ("N", codec, "L") if codec else ("N", "L"), config)


def _spectrogram(name: str, config: HfConfig, _model: Model) -> InputRequest | None:
    audio = sizes.audio_of(config)
    bins, positions = sizes.number(audio, "num_mel_bins", "input_dim"), sizes.number(audio, "max_source_positions")
    features = sizes.number(audio, "input_feat_per_channel", "feature_projection_input_dim")
    square = sizes.number(audio, "spec_size")
    if features:
        return _floats(name, ("N", "F", features), config)
    if bins and square:  # time is folded into rows of a square picture
        return _floats(name, ("N", 1, square * (square // bins), bins), config)
    if bins and positions:  # two frames for each position, as the first layers halve them
        return _floats(name, ("N", bins, 2 * positions), config)
    return _floats(name, ("N", "F", bins), config) if bins else None


def _past(config: HfConfig) -> int | None:
    """Length of the past: what the lags look back to comes before the context."""
    context = sizes.number(config, "context_length")
    return context + max(getattr(config, "lags_sequence", None) or [0]) if context else None


def _past_values(name: str, config: HfConfig, _model: Model) -> InputRequest | None:
    past = _past(config)
    width = sizes.number(config, "num_input_channels") or sizes.number(config, "input_size") or 1
    several = (width,) if hasattr(config, "num_input_channels") or width > 1 else ()
    return _floats(name, ("N", past, *several), config) if past else None


def _past_time(name: str, config: HfConfig, _model: Model) -> InputRequest | None:
    past, width = _past(config), sizes.number(config, "num_time_features")
    return _floats(name, ("N", past, width), config) if past and width is not None else None


def _future_values(name: str, config: HfConfig, _model: Model) -> InputRequest | None:
    future = sizes.number(config, "prediction_length")
    lagged = hasattr(config, "lags_sequence")
    return _floats(name, ("N", future), config) if future and lagged else None


def _future_time(name: str, config: HfConfig, _model: Model) -> InputRequest | None:
    future, width = sizes.number(config, "prediction_length"), sizes.number(config, "num_time_features")
    return _floats(name, ("N", future, width), config) if future and width is not None else None


def _observed(name: str, config: HfConfig, model: Model) -> InputRequest | None:
    return _past_values(name, config, model) if hasattr(config, "lags_sequence") else None


def _wide(*attributes: str, high: str = "") -> Rule:
    """A vector for each place of the sequence, as wide as the configuration says."""

    def rule(name: str, config: HfConfig, _model: Model) -> InputRequest | None:
        width = sizes.number(config, *attributes) if attributes else 1
        if high:
            return _integers(name, ("N", "S"), sizes.number(config, high) or 2, config)
        return _floats(name, ("N", "S", width), config) if width else None

    return rule


def _visual(attribute: str) -> Rule:
    def rule(name: str, config: HfConfig, _model: Model) -> InputRequest | None:
        width = sizes.number(config, attribute)
        return _floats(name, ("N", "V", width), config) if width else None

    return rule


def _task(name: str, config: HfConfig, model: Model) -> InputRequest | None:
    places = sizes.number(config, "task_seq_len")
    return _integers(name, ("N", places), sizes.vocabulary(config, model), config) if places else None


RULES: dict[str, Rule] = {
    "input_ids": _ids,
    "attention_mask": _mask,
    "bbox": lambda name, config, model: _integers(name, (*_text(model), 4), 100, config),
    "decoder_input_ids": _decoder_ids,
    "pixel_values": _pixels,
    "pixel_values_videos": _pixels,
    "input_values": _waveform,
    "input_features": _spectrogram,
    "past_values": _past_values,
    "past_time_features": _past_time,
    "past_observed_mask": _observed,
    "future_values": _future_values,
    "future_time_features": _future_time,
    "states": _wide("state_dim"),
    "actions": _wide("act_dim"),
    "rewards": _wide(),
    "returns_to_go": _wide(),
    "timesteps": _wide(high="max_ep_len"),
    "visual_feats": _visual("visual_feat_dim"),
    "visual_pos": _visual("visual_pos_dim"),
    "task_inputs": _task,
}
