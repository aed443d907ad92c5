"""What is exported on the CPU is not bound to it, and what is bound to it says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Server

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    ("name", "inputs", "method"),
    [
        ("PlainLstm", ("x=NxLx4",), "trace"),
        ("Baked", ("x=NxLx4",), "trace"),
        ("Constants", ("x=Nx4",), "trace"),
        ("Scripted", ("x=NxLx4",), "script"),
        ("Packed", ("x=Nx5x4", "mask=Nx5:int64"), "trace"),
        ("GivenLengths", ("x=Nx5x4", "lengths=N:int64"), "trace"),
    ],
)
def test_it_runs_where_its_inputs_are(name: str, inputs: tuple[str, ...], method: str, export: Server) -> None:
    """On the meta device no tensor of the CPU is met; on the CPU nothing changes."""
    answer = export(f"devices.py:{name}", *inputs).ok
    assert (answer["method"], answer["exact"]) == (method, True)
    assert (answer["cpu_only"], answer["device_unchecked"]) == ("", "")
    assert not [note for note in answer["notes"] if "CPU" in note]


def test_where_nothing_names_a_device_nothing_is_run_to_know(export: Server) -> None:
    answer = export("devices.py:Distinct", "x=8").ok
    assert (answer["cpu_only"], answer["device_unchecked"]) == ("", "")


@pytest.mark.parametrize(
    ("name", "inputs", "why"),
    [
        ("device_lists.py:Sum", (), "device_lists.py:13: total = total + image"),
        ("devices.py:quantized", ("Nx4",), "its quantized operators compute on the CPU alone"),
    ],
)
def test_what_holds_it_on_the_cpu_is_told(name: str, inputs: tuple[str, ...], why: str, export: Server) -> None:
    answer = export(name, *inputs).ok
    assert answer["cpu_only"] == why
    assert f"it runs on the CPU only: {why}" in answer["notes"]


def test_what_the_meta_device_does_not_have_refuses_nothing(export: Server) -> None:
    answer = export("devices.py:Unknown", "x=8").ok
    assert answer["cpu_only"] == ""
    assert "unique" in answer["device_unchecked"]
    assert not [note for note in answer["notes"] if "CPU" in note]
