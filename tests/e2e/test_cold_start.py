"""The file that Python's cold start is timed with, on real torch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tests.unit.make import artifact, node, write_case
from tests.unit.make import leaf as tensor
from tsgen.types import Case, Signature
from tsgen.verify import measure

from .conftest import run

if TYPE_CHECKING:
    from pathlib import Path

NESTED = """
import sys, torch
from typing import Dict, List, Optional

class Net(torch.nn.Module):
    def forward(self, images: List[torch.Tensor], batch: Dict[str, torch.Tensor], k: int, word: str,
                mask: Optional[torch.Tensor] = None) -> torch.Tensor:
        assert len(images) == 2 and images[1].dtype == torch.bfloat16 and float(images[1]) == 1.5
        assert torch.equal(batch["ids"], torch.tensor([[1, 2], [3, 4]])) and k == 3 and word == "hé" and mask is None
        return images[0]

torch.jit.script(Net()).save(sys.argv[1])
"""


def test_python_gets_what_the_first_case_holds(model_python: Path, tmp_path: Path) -> None:
    """The model itself looks at its inputs; a wrong one ends in an error, which is no time."""
    model = tmp_path / "model" / "model.pt"
    model.parent.mkdir()
    (tmp_path / "net.py").write_text(NESTED, encoding="utf-8")
    ended = run(model_python, tmp_path / "net.py", model)
    assert ended.status == 0, ended.stderr
    write_case(
        model.parent, "two",
        **{
            "input_images.0": np.zeros(2, "float32"), "input_images.1": np.array(0x3FC0, "<u2").view("V2"),
            "input_batch.ids": np.array([[1, 2], [3, 4]]), "input_k": np.array(3),
            "input_word": np.frombuffer("hé".encode(), "uint8"),
        },
    )  # fmt: skip
    inputs = (
        node("images", "list"), tensor("images.*", "float32", "N"), node("batch", "record"),
        tensor("batch.ids", "int64", "N", 2), node("k", "int"), node("word", "str"),
        node("mask", "tensor", dtype="float32", optional=True),
    )  # fmt: skip
    made = artifact(model.parent, signature=Signature(inputs=inputs, outputs=(tensor("output"),)))
    made = replace(made, cases=(Case(name="two", python_milliseconds=1.0),))
    assert measure.cold_start_of_python(model_python, made)
    (model.parent / "cases/two/input.k.npy").unlink()
    np.save(model.parent / "cases/two/input.k.npy", np.array(4))
    assert measure.cold_start_of_python(model_python, made) is None
