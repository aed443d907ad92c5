"""`tsgen doctor --explain`: each known message by itself, and logs as they come."""

from __future__ import annotations

import io
import re
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from tsgen.doctor import log
from tsgen.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from tsgen.doctor.findings import Explanation
    from tsgen.doctor.log import Message

    from .conftest import Tsgen

ROWS = log.known()
CAFFE2 = "Your installed Caffe2 version uses CUDA but I cannot find the CUDA"
BEFORE: dict[str, set[str]] = {
    "nvrtc-notfound": {"linker-notfound"},
    "libcxx": {"undefined-torch"},
    "abi-new-library": {"undefined-torch"},
    "abi-old-library": {"undefined-torch"},
    "abi-runtime": {"symbol-of-another-version"},
}
"""The particular messages, and the general ones that would fit too and stand below them."""


def explained(tmp_path: Path, content: bytes | str) -> Explanation:
    file = tmp_path / "build.log"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return log.explain(file)


def ids(explanation: Explanation) -> list[str]:
    return [message.id for message in explanation.messages]


def test_there_are_many_and_each_has_its_own_name() -> None:
    assert len(ROWS) >= 50
    assert len({row.id for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_message_is_known_by_its_example(row: Message, tmp_path: Path) -> None:
    assert ids(explained(tmp_path, f"before\n{row.example}\nafter\n")) == [row.id]


def test_no_other_message_fits_an_example() -> None:
    fitting = {
        row.id: {other.id for other in ROWS if other is not row and other.searched.search(row.example)} for row in ROWS
    }
    assert {row: others for row, others in fitting.items() if others} == BEFORE


def test_a_general_message_stands_below_the_particular() -> None:
    order = [row.id for row in ROWS]
    for particular, generals in BEFORE.items():
        assert all(order.index(particular) < order.index(general) for general in generals)


def test_every_message_says_cause_fix_and_source() -> None:
    for row in ROWS:
        assert row.cause.endswith("."), row.id
        assert row.fix.endswith("."), row.id
        assert re.search(r"#\d+|tried with|\w+/[\w+]+\.(?:h|cpp|cc)\b|release notes", row.source), row.id


def test_no_pattern_is_slow_in_a_long_line() -> None:
    """None starts with what fits anywhere, and none repeats without an end."""
    assert [row.id for row in ROWS if ".*" in row.pattern or row.pattern.startswith((".", "\\S", "\\w"))] == []


@pytest.mark.parametrize(
    "text",
    [
        "[1/3] Building CXX object CMakeFiles/myapp.dir/src/model.cpp.o\n[2/3] Linking CXX executable myapp\n",
        "-- Found Torch: /opt/libtorch (found version 2.14.1)\n-- Configuring done (0.3s)\n",
        "src/main.cpp:3:1: error: 'vektor' was not declared in this scope\n",
        "",
    ],
)
def test_an_ordinary_log_has_none(tmp_path: Path, text: str) -> None:
    assert explained(tmp_path, text).messages == ()


def test_the_line_its_number_and_how_often_are_told(tmp_path: Path) -> None:
    found = explained(tmp_path, f"one\n  {CAFFE2} libraries.\nthree\n{CAFFE2}\n").messages
    assert [(each.line, each.times, each.text) for each in found] == [(2, 2, f"{CAFFE2} libraries.")]


def test_messages_come_in_the_order_of_the_log(tmp_path: Path) -> None:
    first, last = ROWS[-1], ROWS[0]
    assert ids(explained(tmp_path, f"{first.example}\n{last.example}\n")) == [first.id, last.id]


def test_a_general_message_is_still_seen_elsewhere(tmp_path: Path) -> None:
    particular = next(row for row in ROWS if row.id == "libcxx")
    general = next(row for row in ROWS if row.id == "undefined-torch")
    assert ids(explained(tmp_path, f"{particular.example}\n{general.example}\n")) == [particular.id, general.id]


def test_a_message_that_cmake_broke_over_lines_is_known(tmp_path: Path) -> None:
    broken = CAFFE2.replace(" but I ", " but\n    I ")
    found = explained(tmp_path, f"CMake Error\n  {broken}\n").messages
    assert [(each.id, each.line) for each in found] == [("caffe2-cuda-not-found", 2)]


@pytest.mark.parametrize(
    "content",
    [
        f"\x1b[31m\x1b[1mYour\x1b[0m {CAFFE2[5:]}\n".encode(),
        b"\xff\xfe\x80 garbage \xc3\n" + CAFFE2.encode() + b"\n",
        CAFFE2.encode(),
        f"a\r\n{CAFFE2}\r\nb\r\n".encode(),
        b"\xff\xfe" + f"a\r\n{CAFFE2}\r\n".encode("utf-16-le"),
        b"\xfe\xff" + f"a\n{CAFFE2}\n".encode("utf-16-be"),
        ("10%\r20%\r" + CAFFE2 + "\n").encode(),
    ],
    ids=["colours", "no UTF-8", "no end of line", "Windows", "PowerShell", "big-endian", "progress"],
)
def test_a_log_may_be_in_any_shape(tmp_path: Path, content: bytes) -> None:
    if content.startswith(b"\xff\xfe\x80"):
        content = content[2:]
    assert ids(explained(tmp_path, content)) == ["caffe2-cuda-not-found"]


def test_the_curved_quotes_of_compilers_are_plain(tmp_path: Path) -> None:
    assert ids(explained(tmp_path, "error: \u2018requires\u2019 does not name a type\n")) == ["cxx-standard-requires"]


def test_a_message_across_two_reads_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = CAFFE2.replace(" but I ", " but\n    I ")
    text = "\n".join(["filler"] * 20 + [broken] + ["filler"] * 20)
    for size in range(1, 120, 7):
        monkeypatch.setattr(log, "CHUNK", size)
        found = explained(tmp_path, text)
        assert [(each.line, each.times) for each in found.messages] == [(21, 1)], size
        assert found.lines == 42


def test_a_huge_line_is_no_trouble(tmp_path: Path) -> None:
    found = explained(tmp_path, "x " * 500_000 + f"\n{CAFFE2}{'y' * 10_000}\n").messages
    assert [(each.line, len(each.text)) for each in found] == [(2, log.WIDTH)]


def test_a_log_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file") as caught:
        log.explain(tmp_path / "missing.log")
    assert "tsgen-build.log" in caught.value.hint


def test_the_command_tells_cause_and_fix(tsgen: Tsgen, tmp_path: Path) -> None:
    file = tmp_path / "build.log"
    file.write_text(f"  {CAFFE2}\n", encoding="utf-8")
    assert tsgen("doctor", "--explain", str(file)) == 0
    assert "line 1:" in tsgen.out
    assert "FindTorch.cmake of a tsgen project" in tsgen.out
    assert "pytorch#23066" in tsgen.out


def test_the_command_says_when_it_knows_nothing(tsgen: Tsgen, tmp_path: Path) -> None:
    file = tmp_path / "build.log"
    file.write_text("all is well\n", encoding="utf-8")
    assert tsgen("doctor", "--explain", str(file)) == 0
    assert f"none of the {len(ROWS)} messages" in tsgen.out


def test_the_command_reads_stdin_and_gives_json(tsgen: Tsgen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(CAFFE2.encode())))
    assert tsgen("doctor", "--explain", "-", "--json") == 0
    document = tsgen.document
    assert (document["log"], document["lines"], document["known"]) == ("stdin", 1, len(ROWS))
    assert document["messages"][0]["id"] == "caffe2-cuda-not-found"


def test_the_command_refuses_a_log_that_is_not_there(tsgen: Tsgen, tmp_path: Path) -> None:
    assert tsgen("doctor", "--explain", str(tmp_path / "none"), "--json") == 2
    assert tsgen.document["error"]["hint"]
