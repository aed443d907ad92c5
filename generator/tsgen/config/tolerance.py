"""[tolerance] of tsgen.toml, by dtype."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

from tsgen.config.values import expect, suggestion
from tsgen.errors import ConfigError
from tsgen.types import Tolerance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tsgen.types import NoiseFloor

# Used only where the demand cannot be zero difference: another LibTorch version, another CPU, more threads.
# The 16-bit figures are two units in the last place; the rest leave room for another order of summation
# in a deep network.
DEFAULT_TOLERANCES: Mapping[str, Tolerance] = {
    "float64": Tolerance(rtol=1e-7, atol=1e-9),
    "float32": Tolerance(rtol=1e-4, atol=1e-5),
    "float16": Tolerance(rtol=2e-3, atol=1e-3),
    "bfloat16": Tolerance(rtol=1.6e-2, atol=1e-2),
    "complex64": Tolerance(rtol=1e-4, atol=1e-5),
    "complex128": Tolerance(rtol=1e-7, atol=1e-9),
}


def tolerances(value: Any, where: str) -> dict[str, Tolerance]:
    table = cast("dict[str, Any]", expect(value, dict, "tolerance", where))
    given = {dtype: _tolerance(dtype, item, where) for dtype, item in table.items()}
    return {**DEFAULT_TOLERANCES, **given}


def deciding(floors: Iterable[NoiseFloor], tolerance: Mapping[str, Tolerance]) -> list[NoiseFloor]:
    """The floors that decide: whoever gives a dtype a tolerance of his own is judged by that."""
    ours = {dtype for dtype, limits in DEFAULT_TOLERANCES.items() if tolerance.get(dtype) == limits}
    return [each for each in floors if each.floor is not None and each.dtype in ours]


def _tolerance(dtype: str, item: Any, where: str) -> Tolerance:
    if dtype not in DEFAULT_TOLERANCES:
        raise ConfigError(
            f"{where}: `tolerance.{dtype}` is not a dtype with a tolerance",
            hint=suggestion(dtype, DEFAULT_TOLERANCES)
            or f"one of {', '.join(DEFAULT_TOLERANCES)}; others must be equal",
        )
    table = item if isinstance(item, dict) else {}
    if set(table) != {"rtol", "atol"} or not all(type(n) in {int, float} and 0 <= n < math.inf for n in table.values()):
        raise ConfigError(
            f"{where}: `tolerance.{dtype}` must be two numbers of 0 or more",
            hint=f"write `{dtype} = {{ rtol = 1e-4, atol = 1e-5 }}`",
        )
    return Tolerance(rtol=float(item["rtol"]), atol=float(item["atol"]))
