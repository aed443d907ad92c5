"""`python -m tests.gpu [--wheels DIR]`: five models on the CPU and on the GPU, and a sentence that says how it went.

The exit status is 0 when each was proven on a GPU, 1 when one failed, and 77 when there is no GPU to exercise.
"""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.gpu import environment, parity

SKIPPED = 77
_ABSENT = "not exercised: "
_CORES_A_MODEL = 4


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nox -s gpu --", description="CUDA parity of five models.")
    parser.add_argument("--wheels", type=Path, metavar="DIR", help="what tsgen needs, for a machine without a network")
    parser.add_argument("--python", type=Path, default=Path(sys.executable), help="one that has a torch for CUDA")
    parser.add_argument("--only", default="", metavar="NAME", help="one of them")
    parser.add_argument("--place", type=Path, default=Path("build/gpu"), help="where the projects are made")
    return parser.parse_args()


def main() -> int:
    chosen = _arguments()
    place = chosen.place.absolute()
    place.mkdir(parents=True, exist_ok=True)
    try:
        world = environment.prepared(chosen.python, chosen.wheels, place)
    except environment.NoTorchError as error:
        return _ended(place, f"{_ABSENT}{error}", SKIPPED)
    except environment.CannotStartError as error:
        return _ended(place, f"failed: {error}", 1)
    _say(f"torch {world.has.torch} for CUDA {world.has.cuda}, {world.has.gpu or 'no GPU that it can use'}")
    wanted = [entry for entry in parity.ENTRIES if chosen.only in {"", entry.name}]
    with ThreadPoolExecutor(max(1, (os.cpu_count() or 1) // _CORES_A_MODEL)) as pool:
        results = list(pool.map(lambda entry: _one(entry, world, place), wanted))
    return _ended(place, *_verdict(results, world.has.gpu))


def _one(entry: parity.Entry, world: environment.Environment, place: Path) -> parity.Result:
    result = parity.proven(entry, world, place)
    _say(_line(result))
    return result


def _line(result: parity.Result) -> str:
    devices = ", ".join(f"{device}: {state}" for device, state in result.states.items())
    largest = "" if result.largest is None else f" · differs by {result.largest:.2g} at most"
    return f"  {result.name:<13} {result.error or devices}{largest} · {result.seconds:.0f} s"


def _verdict(results: list[parity.Result], gpu: str) -> tuple[str, int]:
    """In words, and as an exit status."""
    failed = [result.name for result in results if not _is_excused(result)]
    there = [result.name for result in results if result.states.get("cuda") == "proven"]
    missing = [result for result in results if result.name not in {*failed, *there}]
    if failed:
        return f"failed: {', '.join(failed)}", 1
    if not there:
        return f"{_ABSENT}{_why(missing[0]) if missing else 'there is no such model'}", SKIPPED
    told = "; ".join(f"{result.name}: {_why(result)}" for result in missing)
    rest = f"; {_ABSENT}{told}" if missing else ""
    return f"proven on {gpu}: {', '.join(there)}{rest}", 0


def _is_excused(result: parity.Result) -> bool:
    if result.error:
        return result.error.startswith(_ABSENT)
    return result.states.get("cpu") == "proven" and result.states.get("cuda", "").startswith(("proven", _ABSENT))


def _why(result: parity.Result) -> str:
    return (result.error or result.states.get("cuda", "")).removeprefix(_ABSENT)


def _ended(place: Path, sentence: str, status: int) -> int:
    (place / "verdict.txt").write_text(sentence + "\n", encoding="utf-8")
    _say(sentence)
    return status


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
