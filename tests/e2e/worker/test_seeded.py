"""A weight that is wrong by one part in a thousand, in any layer, is further from float64 than the noise allows."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tsgen.config import DEFAULT_TOLERANCES
from tsgen.types import FLOORS_ALLOWED, Case, Float64
from tsgen.verify import floors
from tsgen.verify.compare import compare

torch = pytest.importorskip("torch")  # of this Python: the weights are changed in the model

from tsgen.worker.export import noise  # noqa: E402 - needs torch
from tsgen.worker.reference.eager import Probe, attempt, call  # noqa: E402
from tsgen.worker.values import npy  # noqa: E402
from tsgen.worker.values.flatten import leaves_of  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tsgen.types import NoiseFloor

pytestmark = pytest.mark.e2e

WRONG = 1e-3


def resnet18() -> Any:
    """With batch norms that have seen something: fresh ones hand on next to nothing."""
    model = pytest.importorskip("torchvision").models.resnet18()
    for _ in range(5):
        model(torch.randn(4, 3, 64, 64))
    return model


def bert() -> Any:
    """Attends to some words more than to others, as a trained one does: fresh weights are a fifth as large."""
    transformers = pytest.importorskip("transformers")
    config = transformers.BertConfig(
        vocab_size=100, hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=128,
        max_position_embeddings=12, initializer_range=0.1,
    )  # fmt: skip
    return transformers.BertModel(config)


def lstm() -> Any:
    return torch.nn.LSTM(8, 32, num_layers=2, bidirectional=True)


def words(*shape: int) -> Any:
    return torch.randint(0, 100, shape)


NETS: dict[str, tuple[Callable[[], Any], str, Callable[..., Any], tuple[int, ...]]] = {
    "resnet18": (resnet18, "x", torch.randn, (2, 3, 64, 64)),
    "bert": (bert, "input_ids", words, (2, 12)),
    "lstm": (lstm, "input", torch.randn, (12, 2, 8)),
}
UNSEEN = {
    # Softmax is the same whatever is added to all its arguments: a query times the bias of the keys.
    "bert": {f"encoder.layer.{number}.attention.self.key.bias" for number in range(2)},
}
"""What no answer shows, by mathematics."""


@dataclass
class Judged:
    """A model with its cases, their answers in float64 and the floors, as an export leaves them."""

    model: Any
    saved: list[noise.Saved]
    floors: tuple[NoiseFloor, ...]
    folder: Path

    def worst(self) -> float:
        """The largest error of what the model answers now, in noise floors; the proof must agree with it."""
        results = [result for one in self.saved for result in self._results(one)]
        found = max(each.float64_error / each.limit * FLOORS_ALLOWED for each in results)
        assert all(each.passed for each in results) == (found <= FLOORS_ALLOWED)
        return float(found)

    def _results(self, one: noise.Saved) -> list[Any]:
        now = self.folder / "now" / one.name
        _write(now, leaves_of(call(self.model, one.probe.call)))
        exact = floors.exact(
            Float64(folder=self.folder, floors=self.floors), Case(name=one.name), "floor", DEFAULT_TOLERANCES
        )
        return [compare(one.name, name, self.folder / one.name, now, {}, limits) for name, limits in exact.items()]


def _write(folder: Path, leaves: list[Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for leaf in leaves:
        npy.write(folder / f"output.{leaf.name}.npy", leaf.tensor, leaf.dtype)


@pytest.fixture(scope="module", params=NETS)
def judged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    make, name, draw, shape = NETS[request.param]
    folder, threads = tmp_path_factory.mktemp(request.param), torch.get_num_threads()
    torch.set_num_threads(1)
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(0)
        model = make().eval()
        for key, parameter in model.named_parameters():
            if "bias" in key:  # those that begin at zero stay there, whatever they are multiplied with
                parameter.normal_(0, 0.1)
        probes = [attempt(model, str(number), {name: draw(*shape)}, {}, case=True) for number in range(2)]
    saved = [noise.Saved(each.name, "", each, each.expected) for each in probes if isinstance(each, Probe)]
    assert len(saved) == len(probes)
    for one in saved:
        _write(folder / one.name, one.outputs)
    yield Judged(model, saved, noise.write(folder, model, saved, dict(DEFAULT_TOLERANCES)), folder)
    torch.set_num_threads(threads)


@contextmanager
def wrong(parameter: Any) -> Iterator[None]:
    """Each of its weights is larger or smaller by one part in a thousand."""
    before = parameter.detach().clone()
    generator = torch.Generator().manual_seed(1)
    signs = torch.randint(0, 2, parameter.shape, generator=generator) * 2 - 1
    with torch.no_grad():
        parameter.mul_(1 + WRONG * signs)
        yield
        parameter.copy_(before)


def test_every_layer_is_seen_but_what_no_answer_shows(judged: Judged, request: pytest.FixtureRequest) -> None:
    found = {}
    for name, parameter in judged.model.named_parameters():
        with wrong(parameter):
            found[name] = judged.worst()
    unseen = {name for name, ratio in found.items() if ratio <= FLOORS_ALLOWED}
    assert unseen == UNSEEN.get(request.node.callspec.params["judged"], set()), found


@pytest.mark.filterwarnings("ignore:TF32 acceleration")
def test_the_same_weights_in_another_order_pass(judged: Judged) -> None:
    """The kernels of another library add up otherwise."""
    assert judged.worst() <= 1
    with torch.backends.mkldnn.flags(enabled=False):
        assert judged.worst() <= FLOORS_ALLOWED


def test_no_floor_is_as_wide_as_the_tolerance(judged: Judged) -> None:
    largest = DEFAULT_TOLERANCES["float32"].rtol
    assert judged.floors
    for floor in judged.floors:
        sizes = [abs(leaf.tensor).max() for one in judged.saved for leaf in one.outputs if leaf.name == floor.output]
        assert floor.floor is not None
        assert FLOORS_ALLOWED * floor.floor < largest * float(max(sizes)) / 2
