"""`python -m tests.zoo.reference REQUEST.json ARTIFACT_FOLDER OUTPUT_FOLDER`, with the repository as current folder.

Writes for each check a folder with input.*.npy, output.*.npy and constants.json, and report.json beside them.
"""

from __future__ import annotations

import itertools
import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import build, draw
from .call import call, in_fork
from .files import read, write
from .tree import Tree, flat, numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

TRIES = 12
"""Of sizes that the model may not accept."""


class Reference:
    def __init__(self, request: Path, artifact: Path, output: Path) -> None:
        self.manifest = json.loads((artifact / "manifest.json").read_text(encoding="utf-8"))
        self.artifact, self.output = artifact, output
        self.tree = Tree(self.manifest["signature"]["inputs"])
        self.model, _ = build.built(request)

    def check(self, name: str, arguments: dict[str, Any]) -> bool:
        """Save the arguments and eager's answer; False when the model does not take them."""
        folder = self.output / name
        folder.mkdir(parents=True)
        write(folder, "input", flat(arguments))

        def work() -> None:
            answer = call(self.model, arguments)
            named = [(leaf or "output", tensor) for leaf, tensor in flat(answer)]
            write(folder, "output", named)
            (folder / "numbers.json").write_text(json.dumps(sorted(leaf or "output" for leaf in numbers(answer))))

        taken = in_fork(work, folder / "raised.txt")
        if not taken:
            folder.rename(self.output / f"rejected.{name}")
        return taken

    def rebuilt(self) -> str:
        """Why the model built again is not the one that was exported; empty when it takes the inputs of a case.

        The answer is saved, to be compared with the case's. With state, that of the first call alone can be expected.
        """
        case = self._forward_cases()[0]
        leaves = read(self.artifact / "cases" / case, "input")
        taken = self.check(f"again {case}", self.tree.build(leaves))
        return "" if taken else f"the rebuilt model does not take the inputs of case {case}"

    def _forward_cases(self) -> list[str]:
        return [case["name"] for case in self.manifest["cases"] if not case.get("method")]

    def drawn(self) -> Iterator[str]:
        """Checks on inputs drawn here; the names of those the model took."""
        seen = [read(self.artifact / "cases" / case, "input") for case in self._forward_cases()]
        dims = self.manifest.get("dims") or self.manifest["signature"].get("dims") or {}
        choices = draw.other_sizes(self.tree, seen, dims)
        for number, sizes in enumerate(itertools.islice(_combinations(choices, dims), TRIES)):
            leaves = draw.Draw(self.tree, seen, draw.SEED).leaves(sizes)
            if self.check(f"sizes-{number}", self.tree.build(leaves)):
                yield f"sizes-{number}"
                break
        for seed in (1, 2):
            if self.check(f"values-{seed}", self.tree.build(draw.Draw(self.tree, seen, seed).leaves(dims))):
                yield f"values-{seed}"

    def own(self) -> Iterator[str]:
        """Checks on what other_inputs() of the model's module says."""
        function = next((vars(module)["other_inputs"] for module in _user_modules()), None)
        for number, arguments in enumerate(function() if function else ()):
            if not self.check(f"own-{number}", arguments):
                raise RuntimeError((self.output / f"rejected.own-{number}" / "raised.txt").read_text())
            yield f"own-{number}"


def _combinations(choices: dict[str, list[int]], dims: dict[str, int]) -> Iterator[dict[str, int]]:
    """All dimensions changed in as many ways as there are choices, then each one alone."""
    longest = max(map(len, choices.values()), default=0)
    for index in range(min(longest, TRIES // 2)):
        yield {name: sizes[index % len(sizes)] if sizes else dims[name] for name, sizes in choices.items()}
    yield from ({**dims, name: size} for name, sizes in choices.items() for size in sizes[:3])


def _user_modules() -> list[Any]:
    modules = [module for name, module in sys.modules.items() if name.startswith("tsgen_model_")]
    return [module for module in modules if "other_inputs" in vars(module)]


def main() -> None:
    build.register()
    request, artifact, output = map(Path, sys.argv[1:])
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    reference = Reference(request, artifact, output)
    own = list(reference.own())
    drawn = [] if own else list(reference.drawn())
    rebuilt = "" if own else reference.rebuilt()
    report = {"checks": own + drawn, "rebuilt": rebuilt}
    (output / "report.json").write_text(json.dumps(report), encoding="utf-8")


if __name__ == "__main__":
    main()
