"""The real files that are mutated: a project as `tsgen new` makes it, and what else people hand to tsgen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NET = """
import torch


class Net(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = torch.nn.Linear(4, 8)
        self.second = torch.nn.Linear(8, 3)

    def forward(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        y = self.first(x)
        return {"scores": self.second(y.relu()), "best": y.argmax(1)}
"""
# Run by the Python that has torch, in the folder of net.py.
_SAVE = """
import argparse, torch, net
from safetensors.torch import save_file
torch.manual_seed(1)
model = net.Net().eval()
state = model.state_dict()
torch.save(state, "plain.pt")
torch.save(state, "old.pth", _use_new_zipfile_serialization=False)
torch.save({"state_dict": {"model." + k: v for k, v in state.items()}, "epoch": 3, "args": argparse.Namespace(lr=1)},
           "nested.ckpt")
save_file(state, "tensors.safetensors")
torch.jit.save(torch.jit.script(model), "scripted.pt")
try:
    import transformers
    config = transformers.BertConfig(hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8,
                                     vocab_size=16, max_position_embeddings=16)
    transformers.BertModel(config).save_pretrained("bert")
except ImportError:
    pass
batch = torch.export.Dim("batch")
torch.export.save(torch.export.export(model, (torch.ones(2, 4),), dynamic_shapes=({0: batch},)), "program.pt2")
"""
_STORE = """
import sys
from pathlib import Path
from tests.unit.stores import facts, maker, source
from tsgen.libtorch.store import Store
Store(Path(sys.argv[1])).add(facts(), maker(source()), sources=(source(),))
"""


def make(place: Path, environment: Mapping[str, str], python: Path) -> None:
    """Fill `place`: net.py, the files that a user brings, a store, and `app`, built and with the result of a leg.

    Raises CalledProcessError, with what was said in it.
    """
    place.mkdir(parents=True)
    (place / "net.py").write_text(NET, encoding="utf-8")
    tsgen = [sys.executable, "-m", "tsgen"]
    _run([str(python), "-W", "ignore", "-c", _SAVE], place, environment)
    _run([*tsgen, "new", "app", "--model", "net.py:Net", "--input", "Nx4", "--python", str(python)], place, environment)
    _run([*tsgen, "matrix", "--run", "app"], place, environment)
    repository = str(Path(__file__).parents[2])
    searched = os.pathsep.join(filter(None, [repository, os.environ.get("PYTHONPATH", "")]))
    _run([sys.executable, "-c", _STORE, environment["TSGEN_STORE"]], place, {**environment, "PYTHONPATH": searched})


def _run(command: list[str], place: Path, environment: Mapping[str, str]) -> None:
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise RuntimeError(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
