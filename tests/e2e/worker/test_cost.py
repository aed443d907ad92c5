"""What an export costs, in counts that no machine's speed changes."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Arguments

pytestmark = pytest.mark.e2e

LATE = {"sympy", "torch._dynamo", "torch._inductor", "functorch"}
"""Of torch's compiler: what comes with torch itself is not in it."""


@dataclass(frozen=True)
class Cost:
    counts: dict[str, int]
    modules: set[str]
    response: dict[str, Any]
    said: list[str]


@pytest.fixture(scope="module")
def cost(model_python: Path, tmp_path_factory: pytest.TempPathFactory, arguments_for: Arguments) -> Callable[..., Cost]:
    def counted(spec: str, *inputs: str, costly: bool = True, **changes: Any) -> Cost:
        folder = tmp_path_factory.mktemp("cost")
        worker, request, response = arguments_for(folder, spec, *inputs, **changes)
        command = [str(model_python), str(Path(__file__).with_name("counted.py")), worker, request, response]
        command += [str(folder / "counts.json"), *(["costly"] if costly else [])]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        answer = json.loads(Path(response).read_text())
        assert answer["ok"], (answer, run.stderr)
        found = json.loads((folder / "counts.json").read_text())
        return Cost(found["counts"], set(found["modules"]), answer, run.stdout.splitlines())

    return counted


@pytest.fixture(scope="module")
def straight(cost: Callable[..., Cost]) -> Cost:
    return cost("branches:Straight", "Nx8")


@pytest.fixture(scope="module")
def resnet(cost: Callable[..., Cost]) -> Cost:
    return cost("resnet18", "Nx3x32x32", weights="none")


def test_a_plain_model_imports_torch_and_no_library_of_models(straight: Cost) -> None:
    assert "torch" in straight.modules
    assert not {"torchvision", "timm", "transformers", "PIL", "lief", *LATE} & straight.modules


def test_a_model_of_torchvision_imports_no_compiler(resnet: Cost) -> None:
    """Of which torchvision wants one function, for a rare use of one operator."""
    assert "torchvision.ops.roi_align" in resnet.modules
    assert not LATE & resnet.modules


def test_a_plain_model_is_built_traced_saved_and_loaded_once(straight: Cost, resnet: Cost) -> None:
    for made in (straight, resnet):
        once = {name: made.counts.get(name, 0) for name in ("build", "trace", "script", "save", "load")}
        assert once == {"build": 1, "trace": 1, "script": 0, "save": 1, "load": 1}


def test_a_straight_and_costly_model_is_called_no_more_than_needed(straight: Cost) -> None:
    """Python: three cases, the first again and watched, N of 3 and 1. The file: those five."""
    assert straight.counts["forward"] == (3 + 1 + 2) + 5
    assert not straight.counts.get("fork", 0)  # in which a model is called as though its values were others
    assert not any("negative" in line or "N = " in line for line in straight.said)


def test_a_costly_file_whose_optimised_graph_is_another_is_called_by_that_too(cost: Callable[..., Cost]) -> None:
    """The first call ran before it was, and what other sizes need may have been made at their first calls."""
    said = cost("cost:Unrolled", "Nx8").said
    assert [said.count(f"check trace: {name}") for name in ("ones", "random-1", "N=1", "size-N-3")] == [2, 1, 2, 2]


def test_a_size_that_values_decide_is_found_apart(cost: Callable[..., Cost]) -> None:
    assert cost("cost:Hits", "Nx8").counts["fork"] > 0


def test_a_model_that_answers_otherwise_when_watched_keeps_no_state(cost: Callable[..., Cost]) -> None:
    assert not cost("cost:FastPath", "Nx8").response["sequence"]


def test_what_livening_asked_is_not_asked_again(straight: Cost, resnet: Cost) -> None:
    """Two batches for the norms, and two calls of which the cases are made."""
    assert resnet.counts["forward"] == straight.counts["forward"] + 2
    assert not resnet.counts.get("fork", 0)


def test_a_cheap_model_is_tried_with_all_values_and_sizes(cost: Callable[..., Cost]) -> None:
    tried = cost("branches:Straight", "Nx8", costly=False).said
    assert {"check trace: negative", "check trace: zeros", "N = 8"} <= set(tried)


@pytest.mark.parametrize(
    ("spec", "sign"),
    [
        ("cost:Sized", "N = 8"),  # Python asks for a size
        ("branches:ScaleBranch", "check trace: large"),  # Python takes a value
        ("cost:SilencedSize", "N = 8"),
        ("cost:Unbound", "N = 8"),
        ("cost:ScriptedPart", "check trace: large"),  # the branch is in the trace itself
    ],
)
def test_a_costly_model_that_may_depend_on_a_value_or_a_size_is_tried_whole(
    cost: Callable[..., Cost], spec: str, sign: str
) -> None:
    assert sign in cost(spec, "Nx8").said


def test_a_costly_model_that_hides_a_branch_on_its_size_is_not_wrong(cost: Callable[..., Cost]) -> None:
    made = cost("cost:SilencedSize", "Nx8").response
    assert made["method"] != "trace"
    assert made["signature"]["inputs"][0]["shape"] == ["N", 8]
