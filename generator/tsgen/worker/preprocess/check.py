"""Whether the compiled preprocessing gives what the original gives, before any model is involved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from ..messages import Problem
from ..users_code.failures import format_error, user_frames
from .baked import run_compiled
from .steps import WAY_OUT

if TYPE_CHECKING:
    from ..aliases import TorchTensor
    from .steps import Step

SIZES = ((256, 256), (97, 131), (413, 300), (271, 402), (40, 61), (9, 5))
"""Heights and widths: as large as a usual target, landscape and portrait, odd, smaller, larger, tiny."""
ALL_KINDS = 2
"""At that many sizes smooth images are tried besides noise."""
BATCH = 2
FRAMES = 2
"""Of a clip: each is treated alike."""
_CLOSE = {"rtol": 1e-5, "atol": 1e-5}
"""For what the user wrote: a batch may be summed up in another order than one image."""


def images(height: int, width: int, channels: int, frames: int = 0) -> list[tuple[str, Any]]:
    """Images by name, from hard to smooth: uint8 [BATCH, (frames,) channels, height, width]."""
    generator = torch.Generator(device="cpu").manual_seed(height * 10007 + width)
    shape = (BATCH, *((frames,) if frames else ()), channels, height, width)
    noise = torch.randint(0, 256, shape, generator=generator, dtype=torch.uint8, device="cpu")
    edges = (torch.arange(height)[:, None] // 3 + torch.arange(width) // 5) % 2 * 255
    slope = torch.arange(height)[:, None] * 200 // height + torch.arange(width) * 55 // width
    return [("noise", noise), ("edges", _all(edges, shape)), ("slope", _all(slope, shape))]


def _all(picture: Any, shape: tuple[int, ...]) -> TorchTensor:
    return picture.to(torch.uint8).expand(shape).contiguous()


def original(steps: list[Step], image: Any) -> Any:
    for step in steps:
        image = step.original(image)
    return image.as_subclass(torch.Tensor) if isinstance(image, torch.Tensor) else image


def singly(steps: list[Step], batch: Any) -> list[Any]:
    """What the original makes of each image alone: of [C, H, W], or where it takes none, of [1, C, H, W]."""
    try:
        return [original(steps, image.clone()) for image in batch]
    except Exception:  # noqa: BLE001 - whatever the user's own step raises
        return [original(steps, image[None].clone())[0] for image in batch]


def check(steps: list[Step], parts: Any, channels: int, frames: int = 0) -> None:
    """Raises Problem where they differ, or where the original takes no image at all."""
    refused: Exception | None = None
    accepted = 0
    for number, (height, width) in enumerate(SIZES):
        tried = images(height, width, channels, min(frames, FRAMES))
        for kind, batch in tried if number < ALL_KINDS else tried[:1]:
            try:
                wanted = singly(steps, batch)
            except Exception as error:  # noqa: BLE001 - whatever the user's own step raises
                refused = error
                continue
            accepted += 1
            _compare(steps, parts, batch, wanted, f"{kind} of {height}x{width}")
    if refused is not None and not accepted:
        raise _takes_none(refused)


def _takes_none(error: Exception) -> Problem:
    frames = user_frames(error.__traceback__)
    message = f"--preprocess cannot be baked: given a uint8 image of 3xHxW as a tensor, it raised {format_error(error)}"
    return Problem("unsupported", message, WAY_OUT, f"{frames}\n{format_error(error)}" if frames else "")


def _compare(steps: list[Step], parts: Any, batch: Any, wanted: list[Any], shown: str) -> None:
    _check_answers(wanted, singly(steps, batch[:1])[0])
    expected, exact = torch.stack(wanted), all(step.kernel is not None for step in steps)
    try:
        together = original(steps, batch.clone())
        found = run_compiled(parts, batch.clone())
    except Exception as error:
        raise _of_a_batch(f"{shown}: a batch raised {format_error(error)}") from error
    if not _alike(together, expected, exact=exact):
        raise _of_a_batch(f"{shown}: {_difference(together, expected)}")
    if not _alike(found, together, exact=exact):
        message = (
            f"--preprocess cannot be baked: compiled, it answers otherwise ({shown}: {_difference(found, together)})"
        )
        raise Problem("unsupported", message, WAY_OUT)


def _check_answers(wanted: list[Any], again: Any) -> None:
    if wrong := [value for value in wanted if not isinstance(value, torch.Tensor)]:
        message = f"--preprocess cannot be baked: it gives a {type(wrong[0]).__name__}, not a tensor"
        raise Problem("unsupported", message, WAY_OUT)
    if not torch.equal(wanted[0], again):
        message = "--preprocess cannot be baked: it draws at random, and an exported model answers alike each time"
        raise Problem("unsupported", message, "name the transform of the evaluation, not of the training")


def _alike(found: Any, wanted: Any, *, exact: bool) -> bool:
    if found.dtype != wanted.dtype or found.shape != wanted.shape:
        return False
    return bool(torch.equal(found, wanted) if exact else torch.allclose(found, wanted, **_CLOSE))


def _difference(found: Any, wanted: Any) -> str:
    if found.dtype != wanted.dtype or found.shape != wanted.shape:
        return f"{found.dtype} {tuple(found.shape)} in place of {wanted.dtype} {tuple(wanted.shape)}"
    return f"values differ by up to {float((found.double() - wanted.double()).abs().max()):.3g}"


def _of_a_batch(where: str) -> Problem:
    return Problem(
        "unsupported",
        f"--preprocess cannot be baked: on a batch it is not what it is on single images ({where})",
        "write the transform for images of [..., C, H, W], any number of them at once",
    )
