"""What CI systems are told: the legs that have a runner, in the form that each system reads."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from tsgen.errors import ConfigError
from tsgen.matrix.systems import github, gitlab
from tsgen.matrix.systems.system import Job, Jobs, System
from tsgen.runtimes import RUNTIMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tsgen.types.matrix import Leg, Planned

__all__ = ["SYSTEMS", "Job", "Jobs", "System", "jobs", "runner"]

SYSTEMS: Mapping[str, System] = MappingProxyType(
    {
        "github": cast("System", github),
        "gitlab": cast("System", gitlab),
    }
)


def jobs(system: str, planned: Sequence[Planned], runners: Mapping[str, tuple[str, ...]]) -> Jobs:
    """The text for `system`, and a sentence for each leg that is left out because no runner is known for it.

    Legs that cannot exist are left out without a word: `tsgen matrix` says why. `runners` is [matrix.runners].
    Raises ConfigError when no leg is left, and for more legs than the system takes.
    """
    legs = [each.leg for each in planned if each.target_state != "impossible"]
    refused = {leg: why for leg in legs if (why := _refusal(leg, system))}
    legs = [leg for leg in legs if leg not in refused]
    found = [Job(leg=leg, runner=labels) for leg in legs if (labels := runner(system, leg, runners)) is not None]
    left_out = tuple(_left_out(leg, system) for leg in legs if runner(system, leg, runners) is None)
    left_out = (*(f"{leg.name} is left out: {why}" for leg, why in refused.items()), *left_out)
    _check_number(len(found), system, left_out)
    return Jobs(text=SYSTEMS[system].text(found), left_out=left_out)


def runner(system: str, leg: Leg, runners: Mapping[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    """The labels of the leg's runner, none at all for the system's usual one; None when no runner is known."""
    key = _key(leg)
    return runners[key] if key in runners else SYSTEMS[system].RUNNERS.get(key)


def _key(leg: Leg) -> str:
    """The key in [matrix.runners]: a GPU's legs have a runner of their own, since the usual ones have no GPU."""
    kind = {"cu": ":cuda", "ro": ":rocm"}.get(leg.accelerator[:2], "")
    return f"{leg.platform}{kind if leg.accelerator != 'cpu' else ''}"


def _refusal(leg: Leg, system: str) -> str:
    """Why the leg's runtime cannot have it on another machine than the one that exports."""
    try:
        RUNTIMES[leg.runtime].refuse_command(f"tsgen matrix --{system}")
    except ConfigError as error:
        return error.message
    return ""


def _left_out(leg: Leg, system: str) -> str:
    return (
        f"{leg.name} is left out: {SYSTEMS[system].NAME} has no usual runner for {_key(leg)}; "
        f'name one of yours in tsgen.toml, `[matrix.runners]`, `"{_key(leg)}" = "LABEL"`'
    )


def _check_number(number: int, system: str, left_out: tuple[str, ...]) -> None:
    name, limit = SYSTEMS[system].NAME, SYSTEMS[system].LIMIT
    if not number:
        raise ConfigError(
            f"no leg of the matrix is left for {name}",
            details="\n".join(left_out),
            hint="`tsgen matrix` says what each leg needs; change [matrix] in tsgen.toml",
        )
    if number > limit:
        raise ConfigError(
            f"the matrix has {number} legs, and {name} takes at most {limit}",
            hint="take some out with `exclude` in [matrix] of tsgen.toml",
        )
