"""How long `tsgen --help` takes, as a multiple of `python -c "import click"`: the target is at most 3.

    python benchmarks/help.py

A measurement for people, not a test: it depends on what else the machine does. Both commands take turns, so that a
busy moment hits both; medians are compared.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

TARGET = 3.0
COMMANDS = {
    "import click": [sys.executable, "-c", "import click"],
    "tsgen --help": [sys.executable, "-m", "tsgen", "--help"],
}


def seconds(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def medians(runs: int) -> dict[str, float]:
    for command in COMMANDS.values():
        seconds(command)  # the first run writes the bytecode
    samples = [{name: seconds(command) for name, command in COMMANDS.items()} for _ in range(runs)]
    return {name: statistics.median(sample[name] for sample in samples) for name in COMMANDS}


def main() -> int:
    parser = argparse.ArgumentParser(description="tsgen --help against `import click`")
    parser.add_argument("--runs", type=int, default=21)
    measured = medians(parser.parse_args().runs)
    for name, median in measured.items():
        print(f"{name:<14}{median * 1000:7.1f} ms")
    ratio = measured["tsgen --help"] / measured["import click"]
    print(f"{'ratio':<14}{ratio:7.2f}     (target: at most {TARGET:g})")
    return 0 if ratio <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
