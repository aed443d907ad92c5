"""What eager Python answers in float64, and how far its own answer lies from that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests.e2e.worker.conftest import request_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Answer, Server

    Ask = Callable[..., "Asked"]

pytestmark = pytest.mark.e2e


class Asked:
    """The floors of an export, asked for afterwards, and the files of both."""

    def __init__(self, made: Answer, answer: Answer, folder: Path) -> None:
        self.floors: dict[tuple[str, str], dict[str, Any]] = {
            (each["method"], each["output"]): each for each in answer.ok["floors"]
        }
        self.saved, self.folder = made.folder / "cases", folder

    def why(self, output: str = "output") -> tuple[str, str]:
        floor = self.floors["", output]
        assert (floor["error"], floor["floor"]) == (None, None)
        assert not list(self.folder.rglob(f"float64.{output}.npy"))
        return floor["lacks"], floor["text"]

    def pairs(self, output: str = "output") -> list[tuple[Any, Any]]:
        """Of each case that has it, what was saved and what float64 answers."""
        files = sorted(self.folder.rglob(f"float64.{output}.npy"))
        return [
            (np.load(self.saved / path.parent.name / f"output.{output}.npy", allow_pickle=False), np.load(path))
            for path in files
        ]

    def error(self, output: str = "output") -> float:
        return max(float(np.abs(saved - exact).max()) for saved, exact in self.pairs(output))

    def check(self, output: str = "output", method: str = "", *, count: int) -> None:
        """The floor is what the files say, and not less than one unit in the last place."""
        pairs = self.pairs(output)
        assert len(pairs) == count
        assert {exact.dtype.name for _, exact in pairs} == {"float64"}
        unit = max(float(np.abs(exact).max()) for _, exact in pairs) * 2.0**-23
        floor = self.floors[method, output]
        assert floor["error"] == self.error(output)
        assert floor["floor"] == max(self.error(output), unit)


@pytest.fixture
def ask(export: Server, tmp_path: Path) -> Ask:
    def ask(name: str, *inputs: str, change: Callable[[Path], None] | None = None, **words: Any) -> Asked:
        spec, folder = f"float64.py:{name}", tmp_path / "float64"
        folder.mkdir()
        made = export(spec, *(inputs or ("2x4",)))
        if change:
            change(made.folder / "cases")
        request = {**request_of(spec, folder, inputs or ("2x4",)), **words}
        message = {"format": 2, "action": "floors", "export": request, "cases": str(made.folder / "cases")}
        return Asked(made, export.asked(message), folder)

    return ask


def test_the_floor_is_the_largest_error_of_all_cases(ask: Ask) -> None:
    asked = ask("Plain", "Nx4")
    assert asked.floors.keys() == {("", "0"), ("encode", "output")}
    asked.check("0", count=4)
    asked.check("output", "encode", count=4)
    assert 0 < asked.error("0") < 1e-5


def test_forwards_own_casts_are_to_float64_too(ask: Ask) -> None:
    """A reference with float32 in it would lie as far from the truth as what it is to judge."""
    asked = ask("Casting")
    asked.check(count=3)
    case = asked.saved / "random-1"
    weights = np.load(asked.folder / "random-1" / "float64.output.npy")
    assert len(weights) == len(np.load(case / "input.x.npy"))
    angle = np.sin(np.arange(4) / 3)
    sums = weights[:, 1:] / (angle[1:] * np.float64(np.float32(1 / 3)))  # the first angle is 0
    ratio = weights[:, 2] / weights[:, 1] * angle[1] / angle[2]
    assert np.allclose(sums[:, 1] / sums[:, 0], ratio, rtol=1e-14)
    assert 0 < asked.error() < 1e-7


def test_half_the_width_has_a_floor_as_coarse(ask: Ask) -> None:
    asked = ask("Half")
    floor = asked.floors["", "output"]
    assert floor["dtype"] == "bfloat16"
    assert 1e-4 < floor["error"] < 1e-2


def test_where_eager_is_exact_one_unit_is_the_floor(ask: Ask) -> None:
    asked = ask("Copying")
    asked.check("0", count=3)
    asked.check("1", count=3)
    assert asked.floors["", "0"]["error"] == 0
    assert asked.floors["", "0"]["floor"] > 0


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Wide", ("wide", "")),
        ("Refusing", ("raised", "TypeError: float32 or nothing")),
        ("Scratch", ("narrow", "aten::copy_")),
    ],
)
def test_what_has_no_floor_says_why(ask: Ask, name: str, why: tuple[str, str]) -> None:
    assert ask(name).why() == why


def test_another_answer_in_float64_is_no_reference(ask: Ask) -> None:
    asked = ask("Branching")
    assert asked.why("1") == ("differs", "")
    asked.check("0", count=3)


def test_elements_of_a_list(ask: Ask) -> None:
    asked = ask("Lists")
    asked.check("0", count=3)
    asked.check("1", count=3)


def test_a_model_that_keeps_state_is_called_in_the_same_order(ask: Ask) -> None:
    asked = ask("Adding")
    asked.check(count=len(list(asked.saved.iterdir())))
    totals = [exact for _, exact in asked.pairs()]
    inputs = [np.load(folder / "input.x.npy").astype("float64") for folder in sorted(asked.saved.iterdir())]
    assert np.allclose(totals[-1], sum(each.sum(0) / 3 for each in inputs), rtol=1e-14)


def _other_input(cases: Path) -> None:
    np.save(cases / "ones" / "input.x.npy", np.zeros((2, 4), np.float32))


def _other_output(cases: Path) -> None:
    saved = cases / "random-1" / "output.0.npy"
    np.save(saved, np.load(saved) * 1.01)


def _rounded_otherwise(cases: Path) -> None:
    saved = cases / "random-1" / "output.0.npy"
    np.save(saved, np.nextafter(np.load(saved), np.float32(9)))


@pytest.mark.parametrize("change", [_other_input, _other_output])
def test_cases_of_another_model_are_no_measure(ask: Ask, change: Callable[[Path], None]) -> None:
    assert ask("Copying", change=change).why("0") == ("changed", "")


def test_cases_of_another_machine_are(ask: Ask) -> None:
    """Its last bits are other ones, and the floor is that of what it saved."""
    ask("Copying", change=_rounded_otherwise).check("0", count=3)
