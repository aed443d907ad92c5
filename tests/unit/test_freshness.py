"""When a model must be exported again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tsgen.config import Config
from tsgen.model import Freshness, freshness, record, request_of
from tsgen.types import Tolerance

from .make import config, exported

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.worker.messages import ExportRequest

TORCH = "2.14.1+cpu"


class Checkout:
    """A project that was exported from a file outside of it, in a folder that can be cloned."""

    def __init__(self, folder: Path) -> None:
        self.root, self.source, self.weights = folder / "myapp", folder / "nets" / "net.py", folder / "trained.pt"
        for path in (self.source, self.weights):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(path.name, encoding="utf-8")
        self.config = config(model="../nets/net.py:Net", weights="../trained.pt", inputs=("Nx3",))
        self.artifact = exported(self.root / "model")
        self.locked = record(self.request(), [self.source, self.weights], self.artifact, self.root)

    def request(self, **changes: Any) -> ExportRequest:
        return request_of(replace(self.config, **changes), self.root)

    def freshness(self, torch_version: str | None = TORCH, **changes: Any) -> Freshness:
        return freshness(self.request(**changes), self.locked, self.root, self.root / "model", torch_version)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "here")


def test_what_nobody_touched_is_fresh(checkout: Checkout) -> None:
    assert checkout.freshness() == Freshness()


def test_without_an_export_it_is_stale(checkout: Checkout) -> None:
    (checkout.root / "model" / "manifest.json").unlink()
    assert checkout.freshness().stale == "nothing was exported yet"


def test_a_broken_manifest_counts_as_no_export(checkout: Checkout) -> None:
    (checkout.root / "model" / "manifest.json").write_text('{"format": 1}', encoding="utf-8")
    assert checkout.freshness().stale == "nothing was exported yet"


@pytest.mark.parametrize("name", ["model.pt", "cases/ones/input.x.npy"])
def test_a_changed_or_missing_artifact_is_stale(checkout: Checkout, name: str) -> None:
    path = checkout.root / "model" / name
    path.write_bytes(b"changed")
    assert checkout.freshness().stale == f"{name} changed"
    path.unlink()
    assert checkout.freshness().stale == f"{name} changed"


@pytest.mark.parametrize(
    "changes",
    [
        {"model": "../nets/net.py:Other"},
        {"model": "resnet18"},
        {"model_args": ("n=3",)},
        {"weights": "none"},
        {"inputs": ("Nx4",)},
        {"method": "script"},
        {"seed": 1},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_another_wish_is_stale(checkout: Checkout, changes: dict[str, Any]) -> None:
    assert checkout.freshness(**changes).stale == "the request changed"


@pytest.mark.parametrize(
    "changes",
    [{"build_type": "debug"}, {"libtorch": "/opt/libtorch"}],
    ids=lambda changes: next(iter(changes)),
)
def test_what_only_builds_is_not(checkout: Checkout, changes: dict[str, Any]) -> None:
    assert checkout.freshness(**changes) == Freshness()


def test_a_changed_source_is_stale_and_named(checkout: Checkout) -> None:
    checkout.source.write_text("changed", encoding="utf-8")
    assert checkout.freshness().stale == "../nets/net.py changed"


def test_changed_weights_are_stale_and_named(checkout: Checkout) -> None:
    checkout.weights.write_text("changed", encoding="utf-8")
    assert checkout.freshness().stale == "../trained.pt changed"


def test_a_source_that_was_only_touched_is_fresh(checkout: Checkout) -> None:
    checkout.source.touch()
    assert checkout.freshness() == Freshness()


def test_a_missing_source_is_a_note_and_keeps_the_model(checkout: Checkout) -> None:
    checkout.source.unlink()
    found = checkout.freshness()
    assert not found.stale
    assert found.note == "../nets/net.py is not here: the model that was exported from it is kept"


def test_another_torch_is_stale(checkout: Checkout) -> None:
    assert checkout.freshness("2.15.0").stale == f"torch 2.15.0 took the place of {TORCH}"


def test_a_machine_without_torch_keeps_the_model(checkout: Checkout) -> None:
    assert checkout.freshness(None) == Freshness()


def test_a_missing_source_counts_more_than_another_torch(checkout: Checkout) -> None:
    checkout.source.unlink()
    assert not checkout.freshness("2.15.0").stale


def test_an_empty_lock_is_stale(checkout: Checkout) -> None:
    checkout.locked = {}
    assert checkout.freshness().stale == "manifest.json is not the one of tsgen.lock"


def test_a_tolerance_by_which_candidates_are_judged_is_part_of_the_wish(checkout: Checkout) -> None:
    narrow = {"float32": Tolerance(rtol=0, atol=0)}
    assert checkout.freshness(tolerance=narrow).stale == "the request changed"


def test_a_model_from_elsewhere_is_stale(checkout: Checkout) -> None:
    """model/ of another export put over this one vouches for its own files, but tsgen.lock does not know it."""
    checkout.locked = {**checkout.locked, "manifest": "0" * 64}
    assert checkout.freshness().stale == "manifest.json is not the one of tsgen.lock"


def test_an_export_that_did_not_look_for_what_forward_writes_is_stale(checkout: Checkout) -> None:
    del checkout.locked["finds"]
    assert "did not look for what forward writes" in checkout.freshness().stale
    kept = checkout.freshness(torch_version=None)
    assert not kept.stale
    assert "call the model from one thread" in kept.note


def test_clones_in_other_folders_agree(tmp_path: Path, checkout: Checkout) -> None:
    clone = Checkout(tmp_path / "elsewhere" / "a clone")
    assert clone.locked == checkout.locked
    assert str(tmp_path) not in str(checkout.locked)


def test_sources_that_are_no_files_are_not_recorded(checkout: Checkout) -> None:
    locked = record(checkout.request(), [checkout.source.parent / "<string>"], checkout.artifact, checkout.root)
    assert locked["sources"] == {}


def test_the_request_of_a_torchvision_model_knows_no_folder(tmp_path: Path) -> None:
    plain = Config(name="a", model="resnet18")
    assert request_of(plain, tmp_path) == request_of(plain, tmp_path / "other")


def test_a_field_that_got_another_name_or_is_new_makes_no_committed_model_stale(checkout: Checkout) -> None:
    """The number was written by the tsgen that said `livened` and knew no `tune`."""
    request = checkout.request(inputs=("x=Nx3xH@8:float32", "k==3"))
    recorded = record(request, [], checkout.artifact, checkout.root)["request"]
    assert recorded == "721ed4a7c94850120e9e7997972e16009e48d943ab13c6e3fc5ea8dffb71d2d9"


@pytest.mark.parametrize(
    "changes",
    [
        {"tune": "freeze"},
        {"runtime": "aotinductor"},
        {"packaged": True},
        {"reinit_weights": True},
        {"inputs": ("N@4x3",)},
    ],
)
def test_what_was_renamed_or_is_new_counts_all_the_same(checkout: Checkout, changes: dict[str, Any]) -> None:
    assert checkout.freshness(**changes).stale == "the request changed"
