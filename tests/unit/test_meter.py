"""How far a download is, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tsgen.console.meter import Meter, size

if TYPE_CHECKING:
    from .conftest import Recorder


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_meter_says_how_much_how_fast_and_how_long() -> None:
    clock = Clock()
    meter = Meter(501_000_000, clock=clock)
    assert meter.text(0) == "0 of 501 MB"
    clock.now += 6.5
    assert meter.text(312_000_000) == "312 of 501 MB · 48 MB/s · 4 s left"


def test_the_speed_is_that_of_the_last_seconds() -> None:
    clock = Clock()
    meter = Meter(1_000_000_000, clock=clock)
    for done in (0, 100, 200, 300, 301, 302, 303, 304, 305):
        meter.text(done * 1_000_000)
        clock.now += 1
    assert meter.text(306_000_000) == "0.3 of 1.0 GB · 1.0 MB/s · 11 min 34 s left"


def test_what_was_there_before_does_not_count_as_speed() -> None:
    clock = Clock()
    meter = Meter(400_000_000, clock=clock)
    meter.text(300_000_000)
    clock.now += 2
    assert meter.text(302_000_000) == "302 of 400 MB · 1.0 MB/s · 1 min 38 s left"


def test_a_meter_without_a_total_promises_no_end() -> None:
    clock = Clock()
    meter = Meter(None, doing="unpack", clock=clock)
    meter.text(0)
    clock.now += 1
    assert meter.text(3_500_000) == "unpack 3.5 MB · 3.5 MB/s"


def test_a_standstill_is_not_divided_by() -> None:
    clock = Clock()
    meter = Meter(100, clock=clock)
    meter.text(10)
    clock.now += 60
    assert meter.text(10) == "10 of 100 bytes"


def test_texts_come_a_few_times_in_a_second(recorder: Recorder) -> None:
    clock = Clock()
    meter = Meter(100, clock=clock)
    for done in range(100):
        meter.tell(done)
        clock.now += 0.01
    assert 3 <= len(recorder.all("progress")) <= 6
    assert recorder.all("progress")[0].startswith("─")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_500, "1.5 kB"),
        (50_000, "50 kB"),
        (500_687_821, "501 MB"),
        (5_763_186_289, "5.8 GB"),
        (12_000_000_000, "12.0 GB"),
    ],
)
def test_a_size_is_rounded_for_people(number: int, text: str) -> None:
    assert size(number) == text


@pytest.mark.parametrize(("seconds", "text"), [(59, "59 s"), (60, "1 min 0 s"), (3_661, "1 h 1 min")])
def test_a_time_is_rounded_for_people(seconds: int, text: str) -> None:
    clock = Clock()
    meter = Meter(1_000 + 1_000 * seconds, clock=clock)
    meter.text(0)
    clock.now += 1
    assert meter.text(1_000).endswith(f" · {text} left")
