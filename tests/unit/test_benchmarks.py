"""The parts of the benchmarks that measure nothing: medians, ratios, the table, and whose memory is counted."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from benchmarks import machine, run, sides, stock, table
from benchmarks.measure import Failed, Ran, Watch, alternating, below, environment, in_turn
from benchmarks.rows import ROWS, named

from tests.conftest import HERE

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.table import Pair

ROW = table.Row(key="new", title="`tsgen new` / by hand", unit="s", target=0.7)
PAGE = "# Page\n\n<!-- measured: table -->\nold\n<!-- end -->\n\nand more\n"


def document(*rows: dict[str, Any], rounds: int = 3) -> dict[str, Any]:
    return {"machine": {"CPU": "a CPU, 2 cores"}, "rounds": rounds, "rows": list(rows)}


def whole(rounds: int = 3) -> dict[str, Any]:
    return document(*(table.summary(row, [(1.0, 2.0)] * rounds) for row in ROWS), rounds=rounds)


def test_the_ratio_is_that_of_the_medians() -> None:
    found = table.summary(ROW, [(7.0, 10.0), (90.0, 12.0), (8.0, 20.0)])
    assert (found["ours"], found["against"]) == (8.0, 12.0)
    assert found["ratio"] == pytest.approx(2 / 3)
    assert found["ratios"] == pytest.approx([0.7, 7.5, 0.4])


@pytest.mark.parametrize(("pair", "reached"), [((7.0, 10.0), True), ((7.01, 10.0), False)])
def test_a_target_is_reached_by_no_more_than_it(pair: Pair, *, reached: bool) -> None:
    assert table.summary(ROW, [pair])["reached"] is reached


def test_a_missed_target_is_not_rounded_to_it() -> None:
    text = table.markdown(document(table.summary(ROW, [(7.01, 10.0)])))
    assert "| 7.01 s | 10.00 s | **0.71** | 0.71 to 0.71 | 0.70 | missed |" in text


def test_a_ratio_below_its_target_is_not_rounded_up_to_it() -> None:
    assert "| **0.69** |" in table.markdown(document(table.summary(ROW, [(6.99, 10.0)])))


def test_a_row_that_cannot_be_measured_keeps_its_place_with_the_reason() -> None:
    text = table.markdown(document(table.summary(ROW, "there is no LibTorch for the CPU")))
    assert "| `tsgen new` / by hand |  |  |  |  | 0.70 | not measured: there is no LibTorch for the CPU |" in text


def test_every_line_of_the_table_has_as_many_cells_as_its_head() -> None:
    rows = (table.summary(ROW, "no"), table.summary(ROW, [(1.0, 2.0)]))
    lines = table.markdown(document(*rows)).partition("\n\n")[0].splitlines()
    assert {line.count("|") for line in lines} == {8}
    assert len(lines) == 4


@pytest.mark.parametrize(("rounds", "told"), [(1, True), (2, True), (3, False)])
def test_too_few_rounds_are_told(rounds: int, *, told: bool) -> None:
    assert ("a look, not a measurement" in table.markdown(document(rounds=rounds))) is told


def test_the_table_is_put_between_its_marks_as_often_as_one_likes() -> None:
    page = table.put(table.put(PAGE, "| a \\1 |\n"), "| b |\n")
    assert page == PAGE.replace("old", "| b |")


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="measured: table"):
        table.put("# Page\n", "| a |\n")


def test_the_page_in_the_docs_takes_the_table(tmp_path: Path) -> None:
    page = tmp_path / "speed.md"
    page.write_text(run.PAGE.read_text(encoding="utf-8"), encoding="utf-8")
    run.write_page(whole(), page)
    assert table.markdown(whole()) in page.read_text(encoding="utf-8")


def test_a_part_of_the_table_does_not_replace_the_whole(tmp_path: Path) -> None:
    page = tmp_path / "speed.md"
    page.write_text(PAGE, encoding="utf-8")
    part = whole()
    del part["rows"][-2:]
    with pytest.raises(ValueError, match="missing are latency-tutorial, start"):
        run.write_page(part, page)
    assert page.read_text(encoding="utf-8") == PAGE


def test_a_table_that_was_measured_before_is_written_again(tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    known.write_text(json.dumps(whole()), encoding="utf-8")
    command = (sys.executable, "-m", "benchmarks.run", "--from", known, "--output", tmp_path / "out")
    done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=True)
    assert done.stdout == table.markdown(whole()) + "\n"
    assert json.loads((tmp_path / "out" / "bench.json").read_text(encoding="utf-8")) == whole()
    assert (tmp_path / "out" / "bench.md").read_text(encoding="utf-8") == table.markdown(whole())


def test_a_part_of_the_table_has_files_of_its_own(tmp_path: Path) -> None:
    run.write(whole(), tmp_path)
    run.write(document(table.summary(ROW, [(1.0, 2.0)])), tmp_path)
    assert json.loads((tmp_path / "bench.json").read_text(encoding="utf-8")) == whole()
    assert len(json.loads((tmp_path / "part.json").read_text(encoding="utf-8"))["rows"]) == 1


def test_rows_are_taken_by_their_keys_in_the_order_of_the_table() -> None:
    assert [row.key for row in named(["start", "new"])] == ["new", "start"]
    with pytest.raises(ValueError, match="there is no row nwe; the rows are new, second"):
        named(["nwe", "start"])


def test_a_call_that_is_timed_is_of_a_batch_of_one_on_ones_as_eagers_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The runner's own choice is the batch of the example, which is of two and takes twice as long."""
    words: list[object] = []

    def run_nothing(*given: object, **_: object) -> Ran:
        words.extend(given)
        return Ran('{"bench": {"p50_ms": 40.5}}', 1.0)

    monkeypatch.setattr(sides, "run", run_nothing)
    assert sides.latency(tmp_path, 7) == 40.5
    image = np.load(str(words[words.index("--input") + 1]).removeprefix("x="))
    assert (image.shape, image.dtype) == ((1, 3, 224, 224), np.float32)
    assert (image == 1).all()


def test_who_comes_first_changes_from_round_to_round() -> None:
    order: list[str] = []

    def side(name: str, value: float) -> float:
        order.append(name)
        return value

    for number in (0, 1, 2):
        assert in_turn(number, lambda: side("ours", 1.0), lambda: side("theirs", 2.0)) == (1.0, 2.0)
    assert order == ["ours", "theirs", "theirs", "ours", "ours", "theirs"]


def test_what_is_short_is_run_several_times_and_gives_medians() -> None:
    ours, theirs = iter([1.0, 9.0, 2.0]), iter([5.0, 3.0, 4.0])
    assert alternating(3, lambda: next(ours), lambda: next(theirs)) == (2.0, 4.0)


def test_memory_is_that_of_all_descendants_and_of_nobody_else() -> None:
    assert below(10, {10: 1, 11: 10, 12: 11, 13: 12, 20: 1, 21: 20}) == {10, 11, 12, 13}


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's /proc")
def test_memory_of_a_child_is_seen() -> None:
    """The parent has almost nothing itself; the child 200 MB, for half a second."""
    child = "import time; kept = bytearray(b'1') * 200_000_000; time.sleep(0.5)"
    parent = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]], check=True)"
    with subprocess.Popen([sys.executable, "-c", parent, child]) as process:
        watch = Watch(process.pid)
        process.wait()
        assert 190 < watch.stop() < 290


def test_choices_of_the_person_who_measures_reach_no_side(monkeypatch: pytest.MonkeyPatch) -> None:
    unseen = {"TSGEN_METHOD", "CMAKE_CXX_COMPILER_LAUNCHER", "Torch_ROOT", "PYTHONDONTWRITEBYTECODE"}
    for name in (*unseen, "CCACHE_DIR"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("CXX", "clang++")
    found = environment(CCACHE_DIR="empty")
    assert found["CXX"] == "clang++"
    assert found["CCACHE_DIR"] == "empty"
    assert not unseen & set(found)


@pytest.mark.parametrize(
    "path", ["templates/cpp/{{cookiecutter.project_slug}}/src/main.cpp", "benchmarks/tutorial/example-app.cpp"]
)
def test_both_programs_have_the_text_that_an_edit_replaces(path: str, tmp_path: Path) -> None:
    source = tmp_path / "program.cpp"
    source.write_text((HERE.parent / path).read_text(encoding="utf-8"), encoding="utf-8")
    sides.edit(source, "edited 2")
    assert '"edited 2\\n"' in source.read_text(encoding="utf-8")
    with pytest.raises(Failed, match=r'expected the text "ok'):
        sides.edit(source, "edited 3")


def test_cuda_is_switched_off_as_pytorchs_build_does() -> None:
    text = 'if(1)\n  include("cuda.cmake")\n  if(1 AND NOT X)\nif(ON)\n  "torch_cpu_library;torch_cuda_library"\n'
    wanted = 'if(0)\n  include("cuda.cmake")\n  if(0 AND NOT X)\nif(ON)\n  "torch_cpu_library"\n'
    assert stock.without_cuda(text) == wanted


def test_a_program_is_described_without_its_folder(tmp_path: Path) -> None:
    program = tmp_path / "cmake"
    program.write_text(f"#!/bin/sh\necho {program} version 3\n", encoding="utf-8")
    program.chmod(0o755)
    assert machine.first_line(str(program)) == "cmake version 3"


def test_the_page_in_the_docs_has_every_row_with_its_target() -> None:
    lines = run.PAGE.read_text(encoding="utf-8").splitlines()
    for row in ROWS:
        (line,) = (line for line in lines if line.startswith(f"| {row.title} |"))
        assert f"| {row.target:.2f} |" in line
