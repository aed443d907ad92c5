"""Why a model is refused is a kind, not a sentence; each kind has its one way out."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, get_args

import pytest

from tsgen.worker import hints
from tsgen.worker.reasons import ReasonKind

if TYPE_CHECKING:
    from .conftest import Answer, Server

pytestmark = pytest.mark.e2e

WORD = {"name": "word", "is_value": True, "value": "abc"}
X = {"name": "x", "dtype": "float32", "shape": ["N", 8]}
REFUSED: dict[ReasonKind, tuple[str, str]] = {
    "compiled": ("Compiled", "auto"),
    "transform": ("Mapped", "auto"),
    "gradient": ("Forces", "auto"),
    "untraceable_output": ("Worded", "auto"),
    "shape": ("DataDependent", "auto"),
    "branch": ("Branch", "auto"),
    "loop": ("Loop", "auto"),
    "number": ("Number", "auto"),
    "list": ("Listed", "auto"),
    "length": ("Length", "auto"),
    "array": ("Arrays", "auto"),
    "constant": ("MadeInPython", "auto"),
    "differs": ("Bytes", "auto"),
    "raises": ("ShapedByBytes", "auto"),
    "left_to_python": ("Unused", "script"),
    "interface": ("MoreByBytes", "auto"),
    "not_stored": ("ForeignLayout", "auto"),
    "state": ("Streaming", "auto"),
    "untyped_state": ("NoneFirst", "auto"),
    "optional_state": ("NoneAtFirst", "auto"),
    "hook": ("Hooked", "auto"),
    "own_call": ("OwnCall", "auto"),
    "not_compiled": ("Opaque", "script"),
    "part_called": ("ByName", "mixed"),
    "not_traced": ("ForeignConstant", "trace"),
    "died": ("Crashing", "trace"),
    "untraceable_input": ("Spelled", "trace"),
    "keyword_only": ("Keyword", "trace"),
    "no_part": ("Holder", "mixed"),
    "own_forward": ("Holder", "mixed"),
    "no_number": ("OnlyWords", "flat"),
    "no_tensor": ("OnlyWords", "flat"),
}
WITHOUT = {"Crashing": {"trace": "ended Python itself by signal 11 (SIGSEGV)"}}
INPUTS = {"Spelled": [X, WORD], "OnlyWords": [WORD]}


MENDED = sorted({model for model, method in REFUSED.values() if method == "auto"} | {"Unused"})
"""The file of that name has them as the hint says."""
SEEN = {"name": "seen", "dtype": "float32", "shape": []}


class Refused(Protocol):
    def __call__(self, model: str, method: str = "auto") -> dict[str, str]: ...


@pytest.fixture(scope="module")
def refused(export: Server) -> Refused:
    """Each model is asked for once."""

    @cache
    def answer(model: str, method: str = "auto") -> dict[str, str]:
        return export(
            f"refused.py:{model}", inputs=INPUTS.get(model, [X]), method=method, without=WITHOUT.get(model, {})
        ).error

    return answer


def test_every_kind_of_reason_has_its_model_and_its_own_hint() -> None:
    kinds = set(get_args(ReasonKind))
    assert set(REFUSED) == set(hints.HINTS) == kinds
    assert len(set(hints.HINTS.values())) == len(kinds)


@pytest.mark.parametrize("kind", REFUSED)
def test_the_hint_follows_the_kind(kind: ReasonKind, refused: Refused) -> None:
    model, method = REFUSED[kind]
    error = refused(model, method)
    assert error["kind"] == "unfaithful", error["message"]
    assert hints.HINTS[kind] in error["hint"], error["message"]


@pytest.mark.parametrize("kind", sorted(hints.ALONE))
def test_what_is_in_the_way_of_every_method_is_told_alone(kind: ReasonKind, refused: Refused) -> None:
    assert refused(*REFUSED[kind])["hint"] == hints.HINTS[kind]


@pytest.mark.parametrize("kind", [kind for kind in REFUSED if kind not in ("branch", "hook", "own_call")])
def test_no_branch_is_to_be_written_where_there_is_none(kind: ReasonKind, refused: Refused) -> None:
    assert "torch.where" not in refused(*REFUSED[kind])["hint"]


@pytest.mark.parametrize("model", MENDED)
def test_the_way_out_is_one(model: str, export: Server) -> None:
    assert export(f"mended.py:{model}", inputs=[X, *([SEEN] if model == "Streaming" else [])]).ok


def test_the_ways_out_of_two_methods_are_one_hint(refused: Refused) -> None:
    hint = refused("Branch")["hint"]
    assert hint == "write the branch with torch.where or make the source acceptable to torch.jit.script"


def test_a_branch_that_torch_passes_over_is_told_as_one(refused: Refused) -> None:
    error = refused("Silent")
    assert "trace: it froze a branch (refused.py:" in error["message"]
    assert hints.HINTS["branch"] in error["hint"]


def test_functions_of_functions_are_told_as_such(export: Server) -> None:
    answer: Answer = export("refused.py:Jacobian", "x=8")
    assert answer.error["hint"] == hints.HINTS["transform"]


@pytest.mark.parametrize(
    ("spec", "kind"),
    [("misbehaving.py:Leaving", "exit"), ("refused.py:OfWeights", "gradient"), ("refused.py:NoneFirst", "raised")],
)
def test_what_eager_python_does_not_answer_has_its_hint(export: Server, spec: str, kind: Any) -> None:
    error = export(spec, "x=Nx8" if kind != "raised" else "x=Nx9").error
    assert error["kind"] == "model_raised"
    assert error["hint"] == hints.REJECTIONS[kind]
