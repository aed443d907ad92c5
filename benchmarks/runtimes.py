"""A call of four nets as AOTInductor's forms compute it, against eager Python in the same process: batch 1, one thread.

    python -m benchmarks.runtimes                    # the table, on stdout
    python -m benchmarks.runtimes --write-docs       # also into docs/explanation/runtimes.md
    python -m benchmarks.runtimes --nets lstm --calls 20

The ways take turns, call by call, and a call counts by the CPU's seconds of its thread, so that a busy machine shows
less. It needs torch 2.14 or newer and torchvision, a C++ compiler, and a CPU with AVX2.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
import torchvision
from torch import nn

from benchmarks import machine
from benchmarks.bench import ROOT
from benchmarks.compiled import WAYS, Built, Compiled, built, exported

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PAGE = ROOT / "docs/explanation/runtimes.md"
BEGIN, END = "<!-- measured: runtimes -->\n", "<!-- end -->"
CALLS, WARM_UP = 60, 3
CLOSE = 1e-3
"""The largest difference to eager that is no other model."""


class Bert(nn.Module):  # type: ignore[misc] # torch is Any here
    """Two layers of BERT, 256 wide, of 64 tokens that are embedded already."""

    def __init__(self) -> None:
        super().__init__()
        layer = nn.TransformerEncoderLayer(256, 4, 1024, dropout=0.0, activation="gelu", batch_first=True)
        self.layers = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layers(x)


class Recurrent(nn.Module):  # type: ignore[misc] # torch is Any here
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(64, 128, batch_first=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.lstm(x)[0]


class Pointwise(nn.Module):  # type: ignore[misc] # torch is Any here
    """No matrix is multiplied: norms, GELU, softmax and gates."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.LayerNorm(512), nn.LayerNorm(512)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        hidden = nn.functional.gelu(self.first(x)) * torch.sigmoid(x) + x
        hidden = torch.softmax(hidden * 0.5, -1) + torch.tanh(hidden)
        return nn.functional.gelu(self.second(hidden)) + nn.functional.silu(hidden)


NETS: Mapping[str, tuple[str, Callable[[], nn.Module], tuple[int, ...]]] = {
    "resnet18": ("resnet18", torchvision.models.resnet18, (1, 3, 224, 224)),
    "bert": ("BERT-like: 2 layers, 256 wide, 64 tokens", Bert, (1, 64, 256)),
    "lstm": ("LSTM: 64 to 128, 32 steps", Recurrent, (1, 32, 64)),
    "pointwise": ("pointwise: norms, GELU, softmax, 256 x 512", Pointwise, (1, 256, 512)),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--nets", default=",".join(NETS), help="comma-separated")
    parser.add_argument("--calls", type=int, default=CALLS)
    parser.add_argument("--write-docs", action="store_true")
    given = parser.parse_args()
    torch.set_num_threads(1)
    names = given.nets.split(",")
    with tempfile.TemporaryDirectory() as folder:
        rows = {name: measured(name, Path(folder) / name, given.calls) for name in names}
    table = markdown(rows)
    print(table)
    if given.write_docs:
        put(PAGE, table)
    return 0


def measured(name: str, folder: Path, calls: int) -> dict[str, Any]:
    """Milliseconds of eager, then of each way its ratio, and what was built."""
    torch.manual_seed(0)
    _, make, shape = NETS[name]
    model, given = make().eval(), torch.randn(shape)
    made = exported(model, (given,))
    libraries: dict[str, Built] = {}
    for way in WAYS:
        print(f"{name}: {way}", file=sys.stderr, flush=True)
        libraries[way] = built(WAYS[way], made, folder / way)
    times = in_turn(model, {way: Compiled(each.library) for way, each in libraries.items()}, given, calls)
    eager = statistics.median(times.pop("eager"))
    ratios = {way: statistics.median(each) / eager for way, each in times.items()}
    return {"eager": eager, "ratios": ratios, "built": libraries}


def in_turn(
    model: nn.Module, libraries: Mapping[str, Compiled], given: torch.Tensor, calls: int
) -> dict[str, list[float]]:
    """Milliseconds of the CPU of each call. Raises RuntimeError for a library that answers otherwise than eager."""
    times: dict[str, list[float]] = {"eager": [], **{way: [] for way in libraries}}
    with torch.no_grad():
        expected = model(given)
        for way, each in libraries.items():
            difference = float((each.taken(each(given), expected.shape) - expected).abs().max())
            if not difference < CLOSE:
                raise RuntimeError(f"expected {way} to answer as eager does, it differs by {difference}")
        for call in range(WARM_UP + calls):
            for way, spent in times.items():
                milliseconds = once(model if way == "eager" else libraries[way], given)
                if call >= WARM_UP:
                    spent.append(milliseconds)
    return times


def once(called: nn.Module | Compiled, given: torch.Tensor) -> float:
    begun = time.thread_time_ns()
    answer = called(given)
    spent = (time.thread_time_ns() - begun) / 1e6
    if isinstance(called, Compiled):
        called.drop(answer)
    return spent


def markdown(rows: Mapping[str, Mapping[str, Any]]) -> str:
    head = ("net", "eager Python", *(way.title for way in WAYS.values()))
    lines = [head, ("---",) * len(head)]
    for name, row in rows.items():
        lines.append((NETS[name][0], f"{row['eager']:.2f} ms", *(f"{row['ratios'][way]:.2f}" for way in WAYS)))
    made = [("net", *(f"{way.title}: made, compiled" for way in WAYS.values())), ("---",) * (len(WAYS) + 1)]
    for name, row in rows.items():
        each = (row["built"][way] for way in WAYS)
        made.append((NETS[name][0], *(f"{one.wrote:.0f} s, {one.compiled:.0f} s" for one in each)))
    tables = ("\n".join(f"| {' | '.join(line)} |" for line in part) for part in (lines, made))
    compiler, cpu = machine.first_line("g++"), machine.cpu()
    return "\n\n".join((*tables, f"{cpu}, one thread, {compiler}, torch {torch.__version__.partition('+')[0]}.")) + "\n"


def put(page: Path, table: str) -> None:
    """Between the page's marks. Raises ValueError for a page without them."""
    text = page.read_text(encoding="utf-8")
    before, mark, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise ValueError(f"expected the marks {BEGIN.strip()} and {END} in {page.name}; put them there")
    page.write_text(before + mark + table + end + after, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
