"""`python -m tests.fuzz --mutations 2000 --seed 1`: what each door said of files that lie, and every fault."""

from __future__ import annotations

import argparse
import resource
import sys
from pathlib import Path

from tests.fuzz import session

_MEMORY = 24 << 30
"""Of addresses: torch alone takes several gigabytes of them; what a file's numbers ask for is told from it."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nox -s fuzz --", description="Mutate real files; nothing may go wrong.")
    parser.add_argument("--mutations", type=int, default=2000, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="of the first of them")
    parser.add_argument("--door", default="", metavar="TEXT", help="only doors that have it in their name")
    parser.add_argument("--python", type=Path, default=Path(sys.executable), help="one that has torch")
    parser.add_argument("--place", type=Path, default=Path("build/fuzz"), help="where it happens, and faults are kept")
    return parser.parse_args()


def main() -> int:
    chosen = _arguments()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    made = session.Session(chosen.place.absolute(), chosen.python)
    try:
        counts = made.run(range(chosen.first, chosen.first + chosen.mutations), chosen.seed, chosen.door)
    finally:
        made.close()
    print(counts.told())  # noqa: T201
    return 1 if counts.faults else 0


if __name__ == "__main__":
    sys.exit(main())
