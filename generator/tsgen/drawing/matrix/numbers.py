"""Numbers as people read them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tsgen.types import FLOORS_ALLOWED

if TYPE_CHECKING:
    from tsgen.types import OutputParity, ParityReport

_TOLERANCE = "A tolerance is allowed"
_SAME = 0.05
"""A ratio this near to 1 is no difference: two runs of the same program differ more."""
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def milliseconds(number: float) -> str:
    """`14.7 ms`, `1.24 s`."""
    if number >= 1000:  # noqa: PLR2004 - a second
        return f"{number / 1000:.3g} s" if number < 100_000 else f"{number / 1000:.0f} s"  # noqa: PLR2004
    return f"{number:.3g} ms" if number < 100 else f"{number:.0f} ms"  # noqa: PLR2004 - no exponents


def seconds(number: float) -> str:
    return f"{number:.1f} s" if number < 100 else f"{number:.0f} s"  # noqa: PLR2004


def ratio(ours: float, python: float) -> str:
    """How the program's time stands to Python's; empty when one of them is nothing."""
    if ours <= 0 or python <= 0:
        return ""
    if abs(python / ours - 1) < _SAME:
        return "as fast as Python"
    if python > ours:
        return f"{_times(python / ours)} as fast as Python"
    return f"takes {_times(ours / python)} as long as Python"


def _times(number: float) -> str:
    return f"{number:.0f} times" if number >= 10 else f"{number:.2g} times"  # noqa: PLR2004


def power(exponent: int) -> str:
    """A power of ten: `10⁻⁷`."""
    return f"10{str(exponent).translate(_SUPERSCRIPTS)}"


def difference(number: float) -> str:
    """`2.4·10⁻⁷`, as the axis is labelled; small and large, never an `e`."""
    if not number:
        return "0"
    exponent = math.floor(math.log10(number))
    if -3 <= exponent < 4:  # noqa: PLR2004 - short enough as they are
        return f"{number:.2g}" if exponent < 1 else f"{number:.0f}"
    mantissa = f"{number / 10.0**exponent:.1f}"
    return power(exponent) if mantissa == "1.0" else f"{mantissa}·{power(exponent)}"


def demanded(report: ParityReport) -> str:
    """The rule of the proof."""
    if report.demand == "exact":
        return "Every bit must agree."
    rule = f"No further from float64 than {FLOORS_ALLOWED} times Python is" if report.demand == "floor" else _TOLERANCE
    return f"{rule}: {report.reason}."


def compared(result: OutputParity) -> str:
    """What came of one output."""
    if result.problem:
        return result.problem
    if not result.passed and not result.max_abs:
        return "NaN or Inf in another place"
    if result.max_abs is None:
        return "equal, no value is finite"
    return difference(result.max_abs) if result.max_abs else "0, bit for bit"
