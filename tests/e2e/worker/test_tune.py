"""--tune: a faster export, judged as any other, and never without a word."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Answer, Server

pytestmark = pytest.mark.e2e

INEXACT = "not bit-exact, because --tune freeze folds what never changes into the weights"


def normed(export: Server, **changes: Any) -> Answer:
    return export("tuned.py:Normed", "Nx3x32x32", **changes)


def code(answer: Answer) -> str:
    with zipfile.ZipFile(answer.folder / "model.pt") as archive:
        names = [name for name in archive.namelist() if name.endswith(".py")]
        return "".join(archive.read(name).decode() for name in names)


def signature(answer: Answer) -> str:
    """The line about tuning."""
    with zipfile.ZipFile(answer.folder / "model.pt") as archive:
        name = next(name for name in archive.namelist() if name.endswith("/extra/signature.tsgen"))
        return "".join(line for line in archive.read(name).decode().splitlines() if line.startswith("tune"))


def test_a_frozen_export_is_told_as_not_bit_exact(export: Server) -> None:
    answer = normed(export, tune="freeze")
    assert not answer.ok["exact"]
    assert INEXACT in answer.ok["notes"]
    assert "batch_norm" not in code(answer)


def test_what_cannot_be_saved_is_done_by_whoever_loads_it(export: Server) -> None:
    """The file is a frozen one, and its signature says the rest; it was judged with the rest done."""
    answer = normed(export, tune="optimize")
    assert any(note.startswith("not bit-exact, because --tune optimize ") for note in answer.ok["notes"])
    frozen = normed(export, tune="freeze")
    assert code(answer) == code(frozen)
    assert (signature(answer), signature(frozen)) == ("tune\toptimize", "tune\tfreeze")


def test_nothing_is_frozen_unasked(export: Server) -> None:
    answer = normed(export)
    assert answer.ok["exact"]
    assert answer.ok["notes"] == []
    assert "torch.batch_norm(" in code(answer)


def test_an_exact_one_says_so(export: Server) -> None:
    answer = export("branches.py:Straight", "x=Nx8", tune="freeze")
    assert answer.ok["exact"]
    assert answer.ok["notes"] == ["tuned (--tune freeze), and still bit-exact"]


def test_beyond_the_tolerance_it_is_refused_and_the_hint_says_what_to_leave_out(export: Server) -> None:
    strict = {"float32": {"rtol": 0, "atol": 0}}
    answer = normed(export, tune="freeze", tolerance=strict)
    assert "results differ on input '" in answer.error["message"]
    assert answer.error["hint"].startswith("leave out --tune freeze: ")
    assert "[tolerance]" in answer.error["hint"]
    assert normed(export, tolerance=strict).ok["exact"]


def test_methods_and_branches_are_kept(export: Server) -> None:
    """Folding rounds differently on each CPU, which is not what is asked here."""
    wide = {"float32": {"rtol": 1e-3, "atol": 1e-3}}
    assert set(normed(export, tune="freeze", method="script", tolerance=wide).ok["methods"]) == {"features"}
    answer = export("tuned.py:Choosing", "2x3x32x32", tune="freeze")
    assert answer.ok["method"] == "script"
    assert INEXACT in answer.ok["notes"]


def test_state_is_not_frozen(export: Server) -> None:
    answer = export("tuned.py:Counting", "2x4", tune="freeze")
    assert answer.ok["sequence"]
    assert any("keeps state from call to call (`calls`)" in note for note in answer.ok["notes"])


def test_the_same_bytes_each_time(export: Server) -> None:
    first, second = (normed(export, tune="freeze").folder / "model.pt" for _ in range(2))
    assert first.read_bytes() == second.read_bytes()
