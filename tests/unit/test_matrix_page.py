"""The page of a matrix: every state, zero on the logarithmic scale, and nothing of a report taken for markup."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import get_args

import pytest

from tsgen.drawing import matrix_page
from tsgen.drawing.matrix import bars, numbers, overview, parity
from tsgen.drawing.matrix.scale import FIRST, LAST, NOWHERE, ZERO, scale
from tsgen.types import PROVEN, Reason, Verdict
from tsgen.types.matrix import WORDS, LegResult, State

from .legs import CASES, NASTY, compared, leg, measured, proven, realistic, report, result

VOID = {"meta", "link", "input", "br"}
STATES: tuple[State, ...] = get_args(State)


class Page(HTMLParser):
    """Every element with its attributes; all must be closed in their order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.said = ""
        self._open: list[str] = []
        self.feed(text)
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self._open):
            self.said += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


def page(*legs: LegResult) -> Page:
    return Page(matrix_page(report(*legs)))


def test_a_realistic_matrix_is_whole() -> None:
    made, legs = Page(matrix_page(realistic())), realistic().legs
    assert len(made.all("details")) == len(legs)
    ids = [attributes["id"] for _, attributes in made.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {each["href"][1:] for each in made.all("a") if each["href"].startswith("#")}
    assert targets <= set(ids)
    assert "14 of 23 legs proven" in made.said


def test_the_fixture_has_every_state() -> None:
    """Else the tests below and the browser would not see them."""
    assert {each.state for each in realistic().legs} == set(STATES)


@pytest.mark.parametrize("state", STATES)
def test_a_state_has_a_word_a_shape_and_a_colour_of_its_own(state: State) -> None:
    text = matrix_page(report(result(leg(), state, None), proven(leg(version="2.13.0"))))
    made = Page(text)
    assert WORDS[state] in made.said
    shapes = dict(re.findall(r'<symbol id="is-(\w+)"[^>]*>(.*?)</symbol>', text))
    assert set(shapes) == set(STATES)
    assert len(set(shapes.values())) == len(shapes)
    assert f".is-{state} {{ color: var(--{state}); --tint: var(--{state}-tint); }}" in text
    assert len(re.findall(rf"--{state}: (#\w+)", text)) == len(re.findall(rf"--{state}-tint: (#\w+)", text)) == 2
    cell = next(each for each in made.all("a") if "cell" in each.get("class", "") and f"is-{state}" in each["class"])
    assert WORDS[state] in cell["title"]


def test_no_text_of_a_report_becomes_markup() -> None:
    broken = replace(compared(0.1)[0], passed=False, problem=NASTY, output=NASTY, name=NASTY)
    nasty = proven(
        replace(leg(), compiler=NASTY, platform=NASTY), broken, state="failed", reason=NASTY, hint=NASTY,
        facts=(NASTY,), machine=NASTY, date=NASTY, timings={NASTY: 1.0}, log=NASTY, compiler=NASTY,
    )  # fmt: skip
    for legs in ((nasty,), (nasty, proven(leg()))):
        text = matrix_page(report(*legs, project=NASTY, model=NASTY, torch_version=NASTY, model_sha256=NASTY))
        made = Page(text)
        assert len(made.all("script")) == 1
        assert "<script>alert" not in text
        assert made.said.count(NASTY) > 10


@pytest.mark.parametrize("log", ["javascript:alert(1)", "//example.org/log", "https://example.org/log", "a leg/log"])
def test_a_log_is_only_ever_below_the_page(log: str) -> None:
    made = page(proven(leg(), log=log))
    links = [each["href"] for each in made.all("a") if not each["href"].startswith("#")]
    assert len(links) == 1
    assert links[0].startswith("./")
    assert ":" not in links[0]


def test_the_page_asks_no_network() -> None:
    text = matrix_page(realistic())
    made = Page(text)
    assert "://" not in text
    assert not re.search(r"url\(|@import|@font-face", text)
    assert not [tag for tag in ("img", "iframe", "object", "embed", "audio", "video") if made.all(tag)]
    assert [each["href"] for each in made.all("link")] == ["data:,"]
    assert not [each for each in made.all("script") if "src" in each]


def test_a_browser_is_told_to_run_its_one_script_alone() -> None:
    text = matrix_page(realistic())
    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)
    assert script
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    policy = next(each for each in Page(text).all("meta") if each.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy["content"]
    assert f"script-src 'sha256-{digest}'" in policy["content"]


def test_a_matrix_without_legs_says_so() -> None:
    made = page()
    assert "The matrix has no legs." in made.said
    assert not made.all("table")


def test_one_leg_is_shown_open_and_without_a_grid() -> None:
    made = page(proven(leg()))
    assert [("open" in each) for each in made.all("details")] == [True]
    assert not [each for each in made.all("table") if "grid" in each.get("class", "")]
    assert not made.all("input")


def test_what_all_legs_share_is_said_once() -> None:
    made = overview.grid(realistic().legs)
    assert [row.title for _, rows in made.platforms for row in rows][:2] == ["g++", "clang++-19"]
    cuda = proven(replace(leg(), accelerator="cu130"))
    titles = [row.title for _, rows in overview.grid((proven(leg()), cuda)).platforms for row in rows]
    assert titles == ["g++ · cpu", "g++ · cu130"]


def test_every_leg_has_its_cell() -> None:
    legs = realistic().legs
    made = overview.grid(legs)
    cells = [cell for _, rows in made.platforms for row in rows for cell in row.cells]
    assert sorted(cell.name for cell in cells if cell) == sorted(each.name for each in legs)
    for _, rows in made.platforms:
        for row in rows:
            found = [(cell, column) for cell, column in zip(row.cells, made.columns, strict=True) if cell]
            assert all((cell.leg.torch_version, cell.leg.build_type) == column for cell, column in found)


def test_legs_with_the_same_reason_are_told_together_and_the_failed_ones_first() -> None:
    made = overview.reasons(realistic().legs)
    assert made[0].state == "failed"
    assert [len(each.legs) for each in made if each.state == "linked"] == [2]
    assert sum(len(each.legs) for each in made) == 9


def test_zero_has_a_place_that_no_other_difference_has() -> None:
    axis = scale([1e-12, 3e-7, 0.5])
    assert axis.place(0.0) == ZERO < FIRST
    assert axis.place(1e-12) == FIRST
    assert FIRST < axis.place(3e-7) < axis.place(0.5) < LAST
    assert axis.place(1.0) == LAST


def test_decades_are_equally_far_apart() -> None:
    axis = scale([1e-8, 1e-2])
    gaps = {round(axis.place(10.0 ** (power + 1)) - axis.place(10.0**power), 1) for power in range(-8, -2)}
    assert gaps == {10.0}
    assert scale([]).ticks
    assert scale([0.5, 0.5]).place(0.5) > FIRST


def test_the_worst_case_of_an_output_is_what_is_said() -> None:
    strip = parity.parity([proven(leg(), *compared(0.0, 3e-7, 1e-7, 0.0))]).panels[0].strips[0]
    assert strip.said == "3.0·10⁻⁷"
    assert len(strip.marks) == len(CASES)
    assert [mark.place for mark in strip.marks[:2]] == [ZERO, ZERO]


def test_what_cannot_be_compared_stands_apart_and_never_at_zero() -> None:
    lost = replace(compared(None)[0], passed=False, problem="C++ gives float64[2], Python float32[2]")
    nan = replace(compared(0.0)[0], passed=False, mismatches=3)
    for bad, said in ((lost, lost.problem), (nan, "NaN or Inf in another place")):
        found = parity.parity([proven(leg(), bad, state="failed")])
        strip = found.panels[0].strips[0]
        assert found.nowhere
        assert (strip.marks[-1].place, strip.marks[-1].passed, strip.said) == (NOWHERE, False, said)


def test_the_tolerance_drawn_is_that_of_the_outputs_own_type() -> None:
    legs = [proven(leg(), *compared(1e-7), *compared(0.0, output="half", dtype="float16"))]
    lines = {each.output: [limit.absolute for limit in each.limits] for each in parity.parity(legs).panels}
    assert lines == {"output": [1e-5], "half": [1e-3]}


def test_an_exact_demand_has_no_tolerance_to_draw() -> None:
    assert '<line class="limit"' not in matrix_page(report(proven(leg())))
    assert '<line class="limit"' in matrix_page(report(proven(leg(), *compared(1e-7))))


def test_of_many_outputs_those_that_differ_most_are_drawn() -> None:
    many = [each for number in range(20) for each in compared(number * 1e-7, output=f"o{number}")]
    made = parity.parity([proven(leg(), *many)])
    assert [panel.output for panel in made.panels] == [f"o{number}" for number in range(12, 20)]
    assert made.left_out == 12
    assert "12 more outputs differ no more than these" in page(proven(leg(), *many)).said


def test_the_times_of_an_emulator_are_said_but_not_drawn() -> None:
    slow = proven(leg("linux-aarch64"), strategy="emulated", time=measured(90_000.0))
    rows = bars.times([proven(leg()), slow], bars.call)
    assert [len(row.bars) for row in rows] == [2, 0]
    assert max(bar.width for bar in rows[0].bars) == 100
    assert rows[1].said == "90 s, emulated: tells nothing of real hardware"
    assert page(slow).said.count("tells nothing of real hardware") >= 2


def test_what_wine_ran_is_never_shown_without_saying_so() -> None:
    why = "with Windows' LibTorch, compiled by mingw and run by wine"
    windows = proven(leg("windows-x86_64", runtime="aotinductor"), strategy="wine", reason=why)
    shown = page(proven(leg()), windows)
    assert shown.said.count("by wine") >= 3  # the cell, the row of its errors, its own part
    assert why in shown.said


def test_legs_that_differ_in_their_runtime_have_rows_of_their_own() -> None:
    both = [proven(leg()), proven(leg(runtime="aotinductor"))]
    rows = [row for _, rows in overview.grid(both).platforms for row in rows]
    assert [row.title for row in rows] == ["g++ · torchscript", "g++ · aotinductor"]
    assert [row.cells for row in rows] == [(both[0],), (both[1],)]


def test_a_start_that_python_did_not_make_is_said_to_be_missing() -> None:
    rows = bars.times([proven(leg(), time=measured(python_cold_start_milliseconds=None))], bars.cold_start)
    assert [bar.title for bar in rows[0].bars] == ["C++"]
    assert rows[0].said == "Python's was not measured"


def test_the_verdict_on_each_device_is_told_with_its_reason() -> None:
    devices = {"cpu": PROVEN, "cuda": Verdict("not exercised", Reason("absent", "no <driver>"))}
    made = proven(leg())
    assert made.parity
    said = page(replace(made, parity=replace(made.parity, devices=devices))).said
    assert "cpu: proven; cuda: not exercised: no <driver>." in said


def test_a_call_that_python_was_not_timed_for_is_told() -> None:
    said = page(proven(leg(), time=measured(python_milliseconds=None))).said
    assert "One call: 14.7 ms; Python's was not measured" in said
    assert "None" not in said


@pytest.mark.parametrize(
    ("ours", "python", "said"),
    [
        (10.0, 14.2, "1.4 times as fast as Python"),
        (10.0, 230.0, "23 times as fast as Python"),
        (20.0, 10.0, "takes 2 times as long as Python"),
        (10.0, 10.2, "as fast as Python"),
        (0.0, 1.0, ""),
    ],
)
def test_a_ratio_is_said_in_words(ours: float, python: float, said: str) -> None:
    assert numbers.ratio(ours, python) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [(0.0, "0"), (2.4e-7, "2.4·10⁻⁷"), (1e-5, "10⁻⁵"), (0.031, "0.031"), (120.4, "120"), (3e6, "3.0·10⁶")],
)
def test_a_difference_is_said_as_the_axis_is_labelled(number: float, said: str) -> None:
    assert numbers.difference(number) == said
