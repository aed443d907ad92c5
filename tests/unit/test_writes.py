"""What operators' declarations say of memory, and where it is followed to."""

from __future__ import annotations

import pytest

from tsgen.worker.messages import Signature, Writes
from tsgen.worker.signature_text import lines
from tsgen.worker.writes import declarations
from tsgen.worker.writes.heap import INPUT, MADE, STATE, Heap, Place, settle
from tsgen.worker.writes.reported import of

X, SCRATCH, PAIR, FEATURES = Place(INPUT, "x"), Place(STATE, "scratch"), Place(MADE, "pair"), Place(MADE, "features")


@pytest.mark.parametrize(
    ("schema", "written", "shared"),
    [
        ("aten::relu(Tensor self) -> Tensor", [], []),
        ("aten::add_.Tensor(Tensor(a!) self, Tensor other, *, Scalar alpha=1) -> Tensor(a!)", ["self"], ["self"]),
        ("aten::slice.Tensor(Tensor(a) self, int dim=0, SymInt? start=None) -> Tensor(a)", [], ["self"]),
        ("aten::as_tensor(Tensor(a) data, *, int? dtype=None) -> Tensor(a|b)", [], ["data"]),
        ("aten::append.t(t[](a!) self, t(c -> *) el) -> t[](a!)", ["self"], ["self"]),
        ("aten::_set_item.str(Dict(str, t)(a!) l, str(b -> *) idx, t(c -> *) v) -> ()", ["l"], []),
        ("aten::pad(Tensor self, SymInt[] pad, str mode='a,b(c)', float? value=None) -> Tensor", [], []),
        ("aten::max.out(Tensor self, *, Tensor(a!) max, Tensor(b!) at) -> (Tensor(a!) v, Tensor(b!) i)", ["max", "at"],
         ["max"]),
    ],
)  # fmt: skip
def test_what_an_operator_writes_and_shares(schema: str, written: list[str], shared: list[str]) -> None:
    found = declarations.read(schema)
    assert found
    assert [each.name for each in found.arguments if each.writes] == written
    sets = found.results[0].sets if found.results else frozenset()
    assert [each.name for each in found.arguments if each.sets & sets] == shared


def test_a_mark_may_be_about_the_elements_of_a_list() -> None:
    found = declarations.read("aten::_foreach_add_.Scalar(Tensor(a!)[] self, Scalar scalar) -> ()")
    assert found
    assert (found.arguments[0].elements, found.arguments[0].type, found.results) == (True, "Tensor[]", ())
    whole = declarations.read("aten::append.t(t[](a!) self, t(c -> *) el) -> t[](a!)")
    assert whole
    assert not whole.arguments[0].elements


def test_a_pair_of_results_is_no_pair_of_marks() -> None:
    found = declarations.read("aten::items.str(Dict(str, t) self) -> ((str, t)[])")
    assert found
    assert [each.type for each in found.results] == ["(str, t)[]"]


def test_a_step_without_a_declaration() -> None:
    assert declarations.read("(no schema)") is None


def test_the_elements_of_a_tuple_are_told_apart() -> None:
    heap = Heap()
    heap.hold([PAIR], [SCRATCH], 0)
    heap.hold([PAIR], [X], 1)
    assert heap.read([PAIR], 1) == {X}
    assert heap.read([PAIR]) == {PAIR, SCRATCH, X}


def test_the_elements_of_a_list_are_not() -> None:
    heap = Heap()
    heap.hold([FEATURES], [SCRATCH])
    heap.hold([FEATURES], [X])
    assert heap.read([FEATURES], 1) == {FEATURES, SCRATCH, X}


def test_what_is_found_late_reaches_the_rules_before() -> None:
    heap = Heap()
    rules = [
        lambda heap: heap.write(heap.of("view"), "tensor"),
        lambda heap: heap.point("view", heap.of("buffer")),
        lambda heap: heap.point("buffer", [SCRATCH]),
    ]
    settle(heap, rules)
    assert heap.written == {(SCRATCH, "tensor")}


def test_all_that_a_place_holds_is_reached() -> None:
    heap = Heap()
    heap.hold([SCRATCH], [FEATURES])
    heap.hold([FEATURES], [X])
    assert heap.within([SCRATCH]) == {SCRATCH, FEATURES, X}


def test_names_are_written_as_everywhere() -> None:
    assert of({"b", "a b"}, {"y.*", "x"}, ["x", "y.*", "z"]) == Writes(("a b", "b"), ("x", "y.*"))
    described = Signature((), (), writes=Writes(("a b",), ("y.*",)))
    assert lines(described) == ["writes\tstate\ta%20b", "writes\tinput\ty.*"]
    assert not Writes()
